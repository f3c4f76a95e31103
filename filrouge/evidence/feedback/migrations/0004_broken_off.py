from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0003_ours'),
    ]

    operations = [
        migrations.AlterField(
            model_name='import',
            name='state',
            field=models.CharField(choices=[('uploaded', 'Waiting for you'), ('checking', 'Being checked'), ('checked', 'Checked'), ('running', 'Coming in'), ('done', 'Done'), ('cancelled', 'Cancelled'), ('broken_off', 'Interrupted'), ('refused', 'Refused')], default='uploaded', max_length=10),
        ),
    ]
