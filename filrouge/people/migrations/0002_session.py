import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORMER = "django_session"


def end_former(apps, schema_editor):
    if FORMER in schema_editor.connection.introspection.table_names():
        schema_editor.execute(f"DELETE FROM {FORMER}")


class Migration(migrations.Migration):
    """Sessions know their person; those of before end, and everybody signs in once more."""

    dependencies = [("people", "0001_people")]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "session"},
        ),
        migrations.RunPython(end_former, migrations.RunPython.noop),
    ]
