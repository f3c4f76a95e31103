from django.db import migrations

# Each type has statuses of its own. PostgreSQL takes columns for independent unless it is told, and then
# expects a tenth of the rows of "open decisions" and reads the wrong way round.
MAKE = (
    "CREATE STATISTICS item_by_type_and_status (dependencies, mcv) ON type, status, archived_at, circle FROM core_item",
    "ANALYZE core_item",
)
UNDO = ("DROP STATISTICS item_by_type_and_status",)


def _on_postgresql(statements):
    def run(apps, editor):
        if editor.connection.vendor == "postgresql":
            for statement in statements:
                editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("core", "0007_link_told")]
    operations = [migrations.RunPython(_on_postgresql(MAKE), _on_postgresql(UNDO))]
