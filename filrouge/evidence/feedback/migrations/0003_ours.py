from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_path")]
    operations = [migrations.RemoveField("import", "ours")]
