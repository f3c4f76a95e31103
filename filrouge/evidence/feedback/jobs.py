"""The job that imports a file."""

import time
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.run import current_run

from .importing import Importing, end, forget, settle
from .models import FOLDER, Import

TRIES = 50  # a full disk or a database that is away may take an hour to mend


@task(queue_name="long", max_attempts=TRIES, label=_("Import users' words"))
def run_import(pk: int) -> None:
    """Take a file's rows in, from where the last try stopped."""
    import_ = Import.objects.filter(pk=pk, state__in=Import.GOING).select_related("by", "source").first()
    if import_ is not None:
        Importing(import_, current_run()).go()


KEPT = timedelta(days=7)  # an upload that nobody came back to


@task(label=_("Remove uploads that nobody came back to"))
def forget_uploads() -> None:
    """Drop files that wait for a mapping since a week, and what a killed process left half-done."""
    for import_ in Import.objects.filter(state__in=Import.GOING, job=None):
        settle(import_)
    waiting = Import.objects.filter(state__in=Import.WAITING)
    for import_ in waiting.filter(changed_at__lt=timezone.now() - KEPT):
        end(import_, Import.State.CANCELLED)
        forget(import_)
    held = set(Import.objects.exclude(state__in=Import.OVER).values_list("path", flat=True))
    for file in FOLDER.glob("*"):
        old = file.stat().st_mtime < time.time() - timedelta(days=1).total_seconds()
        if old and file.name not in held:
            file.unlink(missing_ok=True)
