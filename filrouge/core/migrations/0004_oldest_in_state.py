from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_newest_faces")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["status", "created_at", "id"], name="item_oldest_in_state"),
        ),
    ]
