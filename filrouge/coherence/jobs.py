"""The rules run by themselves: after each change, and every night over everything."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.run import current_run

from . import running
from .models import Found, Run, Touched

AT_ONCE = 200
KEPT = timedelta(days=400)


@task(label=_("Check what changed"))
def check_what_changed() -> int:
    """Run the rules over what acts have noted, a batch a transaction."""
    number = 0
    while notes := dict(Touched.objects.order_by("pk").values_list("pk", "item_id")[:AT_ONCE]):
        with current_run().commit():
            running.check_touched(notes.values())
            Touched.objects.filter(pk__in=notes).delete()
        number += len(notes)
    return number


@task(queue_name="long", label=_("Check the coherence of everything"))
def check_everything() -> dict[str, int]:
    """Every rule over every Item; what was mended more than a year ago is forgotten."""
    started, found = running.look_everywhere()
    with current_run().commit():
        run = running.keep_all(started, found)
        then = timezone.now() - KEPT
        Found.objects.filter(gone_at__lt=then).delete()
        Run.objects.filter(started_at__lt=then).delete()
    return {"errors": run.errors, "warnings": run.warnings, "notes": run.notes}
