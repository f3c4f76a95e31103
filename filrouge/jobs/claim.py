"""Who gets which job: claiming, taking back, and ending with or without success."""

import os
import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Max, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_noop

from filrouge.jobs.models import Job, State, lease

LONGEST_WAIT_SECONDS = 3600
LOST = gettext_noop("the worker stopped answering during the job")

CLAIM = """
update jobs_job set state = 'running', attempts = attempts + 1, cancel_requested = false,
       lease_until = %s, started_at = %s
 where state = 'ready' and id = (
       select id from jobs_job where state = 'ready' and lane = %s and priority = %s and run_at <= %s
        order by run_at, id limit 1 {lock})
returning *
"""


def claim(lanes: Iterable[str]) -> Job | None:
    """Take the next due job of these lanes, the most urgent first; None when nothing is due."""
    now = timezone.now()
    for lane in lanes:
        for priority in _priorities(lane):
            if _any_due(lane, priority, now) and (job := _take(lane, priority, now)):
                return job
    return None


def _priorities(lane: str) -> Iterator[int]:
    # One index look-up for each level, instead of reading the jobs of a level to find the next.
    waiting = Job.objects.filter(state=State.READY, lane=lane)
    level = waiting.aggregate(top=Max("priority"))["top"]
    while level is not None:
        yield level
        level = waiting.filter(priority__lt=level).aggregate(top=Max("priority"))["top"]


def _any_due(lane: str, priority: int, now: datetime) -> bool:
    # A read first: an idle worker must not take SQLite's write lock twice a second.
    return Job.objects.filter(state=State.READY, lane=lane, priority=priority, run_at__lte=now).exists()


def _take(lane: str, priority: int, now: datetime) -> Job | None:
    lock = "for update skip locked" if connection.vendor == "postgresql" else ""
    moments = [connection.ops.adapt_datetimefield_value(at) for at in (now + lease(), now)]
    rows = Job.objects.raw(CLAIM.format(lock=lock), [*moments, lane, priority, moments[1]])
    return next(iter(list(rows)), None)


def take_back() -> int:
    """Make jobs whose worker fell silent ready again, or dead when that happened too often."""
    now = timezone.now()
    silent = Q(state=State.RUNNING, lease_until__lt=now)
    if not Job.objects.filter(silent).exists():
        return 0
    with transaction.atomic():
        locked = Job.objects.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )
        ids = list(locked.filter(silent).values_list("pk", flat=True)[:500])
        return Job.objects.filter(silent, pk__in=ids).update(**_after_silence(now))


def _after_silence(now: datetime) -> dict[str, Any]:
    spent = Q(attempts__gte=F("max_attempts"))
    asked = Q(cancel_requested=True)
    return {
        "state": Case(
            When(asked, then=Value(State.CANCELLED)),
            When(spent, then=Value(State.DEAD)),
            default=Value(State.READY),
        ),
        "finished_at": Case(When(asked | spent, then=Value(now)), default=None),
        "run_at": now,
        "lease_until": None,
        "last_error": f"filrouge.jobs.run.LostLease: {LOST}",
    }


def wait_before(attempt: int) -> timedelta:
    """Twice as long each time, up to an hour, spread so that retries do not arrive together."""
    base = float(os.environ.get("FILROUGE_BACKOFF_SECONDS", "5"))
    seconds = min(base * 2 ** min(attempt - 1, 20), LONGEST_WAIT_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))
