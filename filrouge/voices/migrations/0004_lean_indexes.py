import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# By hand: Django would make the tables anew on SQLite, and lose the triggers of the search.
SAID_TWICE = {
    "voices_personsegment_segment_id_d30a0682": "voices_personsegment (segment_id)",
    "voices_words_captured_by_id_a9f1d229": "voices_words (captured_by_id)",
    "voices_words_company_id_2f046414": "voices_words (company_id)",
    "voices_words_person_id_d79af12e": "voices_words (person_id)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("voices", "0003_unread"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {columns}")
                for name, columns in SAID_TWICE.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="personsegment",
                    name="segment",
                    field=models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="voices.segment"
                    ),
                ),
                *(
                    migrations.AlterField(
                        model_name="words",
                        name=name,
                        field=models.ForeignKey(
                            db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL,
                            related_name=related, to=to,
                        ),  # fmt: skip
                    )
                    for name, related, to in (
                        ("captured_by", "+", settings.AUTH_USER_MODEL),
                        ("company", "words", "voices.company"),
                        ("person", "words", "voices.person"),
                    )
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="words",
            index=models.Index(
                condition=models.Q(("captured_by__isnull", False)), fields=["captured_by"], name="words_by_hand"
            ),
        ),
    ]
