from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0006_links_by_moment")]

    operations = [
        migrations.RemoveIndex(model_name="item", name="item_by_team"),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["team", "type", "status"], name="item_by_team"),
        ),
    ]
