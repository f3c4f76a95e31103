from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voices", "0002_search")]
    operations = [
        migrations.AddIndex(
            model_name="words",
            index=models.Index(fields=["id"], name="words_unread", condition=models.Q(read_at__isnull=True)),
        ),
    ]
