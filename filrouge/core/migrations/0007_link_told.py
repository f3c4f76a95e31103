from django.db import migrations, models

import filrouge.core.clock


class Migration(migrations.Migration):
    dependencies = [("core", "0006_links_by_moment")]

    operations = [
        migrations.AlterField(
            model_name="link",
            name="at",
            field=models.DateTimeField(default=filrouge.core.clock.now),
        ),
    ]
