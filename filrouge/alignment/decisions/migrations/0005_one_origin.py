"""Where a decision came from is kept where every Item's origin is. What no source may be called gets another name."""

from django.db import migrations

LATER = " (decisions)"


def move(apps, schema_editor):
    old, new = apps.get_model("decisions", "Origin"), apps.get_model("core", "Origin")
    old.objects.filter(source="folder").update(source=f"folder{LATER}")
    rows = (
        new(
            source=one.source, external_id=one.external_id, item_id=one.decision_id,
            known={"status": one.status, "digest": one.digest},
        )
        for one in old.objects.order_by("pk").iterator(chunk_size=500)
    )
    new.objects.bulk_create(rows, batch_size=500)


def move_back(apps, schema_editor):
    old, new = apps.get_model("decisions", "Origin"), apps.get_model("core", "Origin")
    kept = new.objects.filter(item__type="decisions.Decision").exclude(source="folder")
    rows = (
        old(
            source=one.source, external_id=one.external_id[:200], decision_id=one.item_id,
            status=one.known.get("status", ""), digest=one.known.get("digest", ""),
        )
        for one in kept.order_by("pk").iterator(chunk_size=500)
    )
    old.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    kept.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_origin'),
        ('decisions', '0004_threshold'),
    ]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.DeleteModel(name='Origin'),
    ]
