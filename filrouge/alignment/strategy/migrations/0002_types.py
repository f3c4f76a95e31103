from django.db import migrations

# Each type by its base, and what it may stand under.
TYPES = {
    "vision": [],
    "pillar": ["vision"],
    "objective": ["vision", "pillar", "objective"],
    "input": ["objective", "input"],
}


def make(apps, schema_editor):
    GoalType = apps.get_model("strategy", "GoalType")
    made = {
        base: GoalType.objects.create(name=base, base=base, measured=base != "vision") for base in TYPES
    }
    for base, above in TYPES.items():
        made[base].under.set([made[one] for one in above])


class Migration(migrations.Migration):
    dependencies = [("strategy", "0001_goals")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
