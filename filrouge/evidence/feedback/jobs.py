"""The job that imports a file."""

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.run import current_run

from .importing import Importing
from .models import Import

TRIES = 50  # a full disk or a database that is away may take an hour to mend


@task(queue_name="long", max_attempts=TRIES, label=_("Import users' words"))
def run_import(pk: int) -> None:
    """Take a file's rows in, from where the last try stopped."""
    import_ = Import.objects.filter(pk=pk, state__in=Import.GOING).select_related("by", "source").first()
    if import_ is not None:
        Importing(import_, current_run()).go()
