from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0001_roadmap")]
    operations = [migrations.RenameField("initiative", "url", "address")]
