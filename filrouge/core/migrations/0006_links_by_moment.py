from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_origin")]

    operations = [
        migrations.AddIndex(
            model_name="link", index=models.Index(fields=["at"], name="link_by_moment")
        ),
    ]
