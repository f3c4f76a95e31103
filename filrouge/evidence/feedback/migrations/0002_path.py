from django.db import migrations
from django.db.models.functions import Right


def within_folder(apps, schema_editor):
    """Uploads bear names of 32 characters; where the folder lies is no business of theirs."""
    uploads = apps.get_model("feedback", "Import").objects.filter(ours=True)
    uploads.update(path=Right("path", 32))


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_imports")]
    operations = [migrations.RunPython(within_folder, migrations.RunPython.noop)]
