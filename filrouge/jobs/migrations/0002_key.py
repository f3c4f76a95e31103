from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_jobs")]
    operations = [migrations.RemoveField("job", "key")]
