"""What runs by itself, and when. The list is in the setting SCHEDULE."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from filrouge.jobs.models import Job, State, Tick

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Every:
    """Run a task every so many minutes, counted from midnight UTC."""

    name: str
    task: str
    minutes: int

    def tick(self, now: datetime) -> datetime:
        """The latest moment at which it was due."""
        step = self.minutes * 60
        return datetime.fromtimestamp(int(now.timestamp()) // step * step, UTC)

    def strike(self, at: datetime) -> Job | None:
        """Enqueue this tick, once whoever asks; None when it is done or its forerunner still waits."""
        with transaction.atomic():
            if not self._first(at):
                return None
            before = (
                Tick.objects.filter(name=self.name, at__lt=at).select_related("job").order_by("-at").first()
            )
            if before and before.job and before.job.state == State.READY:
                Tick.objects.filter(name=self.name, at=at).update(job=before.job)
                return None
            job = Job.objects.get(pk=import_string(self.task).enqueue().id)
            Tick.objects.filter(name=self.name, at=at).update(job=job)
            return job

    def _first(self, at: datetime) -> bool:
        return Tick.objects.get_or_create(name=self.name, at=at)[1]


class Clock:
    """Remembers what this process has already struck, so that a quiet second costs nothing."""

    def __init__(self) -> None:
        self.struck: dict[str, datetime] = {}

    def strike(self) -> None:
        """Enqueue whatever has become due."""
        now = timezone.now()
        for entry in import_string(settings.SCHEDULE):
            at = entry.tick(now)
            if self.struck.get(entry.name) != at:
                self._strike(entry, at)
                self.struck[entry.name] = at

    def _strike(self, entry: Every, at: datetime) -> None:
        try:
            entry.strike(at)
        except DatabaseError:
            raise
        except Exception:  # one wrong entry must not stop the others
            log.exception("the schedule could not start %s", entry.name)
