"""What decisions do by themselves: they open again on the day that was set. They never decide."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.run import current_run

from .models import Decision


@task(label=_("Reopen the decisions whose day has come"))
def reopen_due() -> int:
    """One transaction a decision; whoever asks twice, or at once, finds it reopened already."""
    due = Decision.objects.active().filter(
        status=Decision.Status.DECIDED, review_on__lte=timezone.localdate()
    )
    done = 0
    for one in due.order_by("pk").iterator(chunk_size=200):
        with current_run().commit():
            done += one.reopen_by_itself()
    return done
