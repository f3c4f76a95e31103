from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_search")]

    operations = [
        migrations.RemoveIndex(model_name="face", name="face_by_type"),
        migrations.AddIndex(
            model_name="face",
            index=models.Index(fields=["type", "-approved_at", "-id"], name="face_newest"),
        ),
    ]
