"""The API's housekeeping."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.run import current_run

from .bodies import KEPT
from .models import Idempotency


@task(label=_("Forget the answers to old requests"))
def forget_answers() -> int:
    """Idempotency keys hold for a day."""
    with current_run().commit():
        return Idempotency.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
