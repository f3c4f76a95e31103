"""The housekeeping of background work itself."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.models import Job, Outbox, State, Tick, Worker
from filrouge.jobs.run import current_run

KEEP_DAYS = 14
AT_ONCE = 500


@task(label=_("Clear old finished work"))
def prune() -> dict[str, int]:
    """Forget finished jobs, sent messages and past ticks after two weeks. Failed jobs stay."""
    then = timezone.now() - timedelta(days=KEEP_DAYS)
    yesterday = timezone.now() - timedelta(days=1)
    sent = Q(state=Outbox.State.SENT, sent_at__lt=then)
    orphaned = Q(job=None, created_at__lt=then)  # its job was cancelled or discarded, and is forgotten by now
    return {
        "jobs": _clear(Job.objects.filter(state__in=(State.DONE, State.CANCELLED), finished_at__lt=then)),
        "messages": _clear(Outbox.objects.filter(sent | orphaned)),
        "ticks": _clear(Tick.objects.filter(at__lt=then)),
        "workers": _clear(Worker.objects.filter(seen_at__lt=yesterday)),
    }


def _clear(old: QuerySet[Any]) -> int:
    # Short transactions: nobody should wait for the broom.
    count = 0
    while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        with current_run().commit():
            count += old.model._default_manager.filter(pk__in=ids).delete()[1].get(old.model._meta.label, 0)
    return count
