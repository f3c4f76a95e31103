"""Where a row came from is kept where every Item's origin is. A source that gave decisions and other rows the same
ids becomes two, by their names."""

import itertools

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Exists, OuterRef

COLUMNS = "source, external_id, item_id, known, at"
MOVE = f"INSERT INTO core_origin ({COLUMNS}) SELECT {COLUMNS} FROM exchange_origin ORDER BY id"
POINT = """
UPDATE exchange_pointer SET origin_id = (
    SELECT later.id FROM {there} later
    JOIN {here} former ON former.source = later.source AND former.external_id = later.external_id
    WHERE former.id = exchange_pointer.origin_id
)"""
BACK = f"""
INSERT INTO exchange_origin ({COLUMNS}) SELECT {COLUMNS} FROM core_origin
WHERE source = 'folder' OR item_id NOT IN (SELECT item_ptr_id FROM decisions_decision) ORDER BY id"""
EMPTY = """
DELETE FROM core_origin WHERE source = 'folder'
OR item_id NOT IN (SELECT item_ptr_id FROM decisions_decision)"""


def tell_apart(apps, schema_editor):
    """The decisions that came in already, where a source gave the same id to something else."""
    old, new = apps.get_model("exchange", "Origin"), apps.get_model("core", "Origin")
    same = old.objects.filter(source=OuterRef("source"), external_id=OuterRef("external_id"))
    for source in new.objects.filter(Exists(same)).values_list("source", flat=True).distinct():
        endings = itertools.chain(["decisions"], (f"decisions {n}" for n in itertools.count(2)))
        names = (f"{source[:90]} ({ending})" for ending in endings)
        free = (
            name
            for name in names
            if not any(model.objects.filter(source=name).exists() for model in (old, new))
        )
        new.objects.filter(source=source).update(source=next(free))


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_origin'),
        ('decisions', '0005_one_origin'),
        ('exchange', '0003_pointer_asked'),
    ]

    operations = [
        migrations.RemoveConstraint('pointer', 'pointer_once'),  # while its rows are numbered anew
        migrations.AlterField(
            'pointer',
            'origin',
            models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='pointers', to='exchange.origin'),
        ),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.RunSQL(
            [MOVE, POINT.format(here='exchange_origin', there='core_origin')],
            [BACK, POINT.format(here='core_origin', there='exchange_origin'), EMPTY],
        ),
        migrations.AlterField(
            'pointer',
            'origin',
            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pointers', to='core.origin'),
        ),
        migrations.AddConstraint('pointer', models.UniqueConstraint(fields=('origin', 'relation', 'name'), name='pointer_once')),
        migrations.DeleteModel('Origin'),
    ]
