"""What decisions do by themselves: they open again on the day that was set; and a log that comes in."""

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.run import current_run

from .assumption import BROKEN, with_latest
from .importing import Importing, entries
from .models import Decision, Log


@task(label=_("Reopen the decisions whose day has come or whose threshold broke"))
def reopen_due() -> int:
    """One transaction a decision; whoever asks twice, or at once, finds it reopened already."""
    come = Q(review_on__lte=timezone.localdate()) | BROKEN
    due = with_latest(Decision.objects.active().filter(status=Decision.Status.DECIDED)).filter(come)
    done = 0
    for one in due.order_by("pk").iterator(chunk_size=200):
        with current_run().commit():
            done += one.reopen_by_itself()
    return done


@task(queue_name="long", label=_("Import a log of decisions"))
def bring_in(pk: int, dry_run: bool) -> None:
    """Each file in a transaction of its own; begun again, those that are in already change nothing."""
    log = Log.objects.filter(pk=pk, state=Log.State.RUNNING).select_related("by", "team").first()
    if log is None or log.by is None:
        return
    run = current_run()
    with translation.override(log.by.language):
        found = entries(log.files, log.format)
        receipt = Importing(log.source, log.by, log.team, dry_run).go(found, run.progress)
    with run.commit():
        if dry_run:
            log.tried, log.state = receipt, Log.State.WAITING
        else:
            log.receipt, log.state, log.files = receipt, Log.State.DONE, []
        log.save()
