"""The jobs that import a file of plans, and drop those that nobody came back to."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.run import current_run
from filrouge.people.models import User
from filrouge.ui.jobs import clear_old

from .folder.outside import files_for, zipped
from .importing import Importing, end, settle
from .models import PlanImport

KEPT = timedelta(days=7)


@task(queue_name="long", max_attempts=20, label=_("Import goals and roadmaps"))
def run_import(pk: int) -> None:
    """Take a file's rows in, from where the last try stopped."""
    import_ = (
        PlanImport.objects.filter(pk=pk, state__in=PlanImport.GOING).select_related("by", "team").first()
    )
    if import_ is not None:
        Importing(import_, current_run()).go()


@task(queue_name="long", label=_("Write the folder of goals, roadmap and decisions"))
def write_folder(reader: int) -> None:
    """The folder as its reader may see it now, in a zip that is complete or absent."""
    clear_old()
    file = Path(settings.EXPORTS) / f"{current_run().job.pk}.zip"
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    with unfinished.open("wb") as out:
        zipped(files_for(User.objects.get(pk=reader)), out)
    unfinished.replace(file)


@task(label=_("Remove files of plans that nobody came back to"))
def forget_files() -> None:
    """Drop files that have waited for an answer for a week, and end what was killed in a terminal."""
    waiting = Q(state__in=PlanImport.WAITING, changed_at__lt=timezone.now() - KEPT)
    for import_ in PlanImport.objects.filter(waiting):
        end(import_, PlanImport.State.CANCELLED)
    for import_ in PlanImport.objects.filter(state__in=PlanImport.GOING, job=None):
        settle(import_)
