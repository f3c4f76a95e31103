"""The tables of background work, and what a person may do to a job."""

import logging
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from filrouge.people.models import User

log = logging.getLogger(__name__)
BEAT_SECONDS = 5
MORE_TRIES = 5


def lease() -> timedelta:
    """How long a silent worker keeps its job."""
    return timedelta(seconds=float(os.environ.get("FILROUGE_LEASE_SECONDS", "30")))


class NotPossible(Exception):
    """The job has moved on since the page was drawn; the message says what to do."""


class Lane(models.TextChoices):
    """Each lane has its own process, so that a long import never delays a mail."""

    DEFAULT = "default", _("Short work")
    LONG = "long", _("Long work")
    MAIL = "mail", _("Mail and messages to the outside")


class State(models.TextChoices):
    READY = "ready", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Failed for good")
    CANCELLED = "cancelled", _("Cancelled")


class JobQuerySet(models.QuerySet["Job"]):
    def dead(self) -> Self:
        """Jobs that nobody will try again unless a person asks."""
        return self.filter(state=State.DEAD).order_by("-finished_at", "-id")

    def running(self) -> Self:
        return self.filter(state=State.RUNNING).order_by("id")

    def waiting(self) -> Self:
        return self.filter(state=State.READY).order_by("run_at", "id")

    def ended(self) -> Self:
        """Done or cancelled, latest first."""
        return self.filter(state__in=(State.DONE, State.CANCELLED)).order_by("-finished_at", "-id")


class Job(models.Model):
    """One call of a task: waiting, running under a lease, or ended."""

    task = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    lane = models.CharField(max_length=20, choices=Lane, default=Lane.DEFAULT)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=5)
    last_error = models.TextField(default="", blank=True)
    progress = models.JSONField(default=dict)
    memo = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("state", "lane", F("priority").desc(), "run_at", "id", name="jobs_claim"),
            models.Index(fields=["state", "lease_until"], name="jobs_lease"),
            models.Index(fields=["state", "run_at"], name="jobs_waiting"),
            models.Index(fields=["state", "-finished_at"], name="jobs_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk} ({self.state})"

    @property
    def title(self) -> str:
        """What the job does, in words: its task's label, or its name."""
        try:
            label = getattr(import_string(self.task), "label", "")
        except ImportError:
            label = ""
        return str(label) or self.task.rpartition(".")[2].replace("_", " ").capitalize()

    @property
    def reason(self) -> str:
        """The first line of the last error; only its sentence when the error is our own."""
        path, _colon, said = self.last_error.partition("\n")[0].partition(": ")
        if path.startswith("filrouge."):
            return gettext(said) if said else ""
        return f"{path.rpartition('.')[2]}: {said}".strip(": ")

    @property
    def percent(self) -> int | None:
        """How far it is, or None when the total is not known."""
        done, total = self.progress.get("done"), self.progress.get("total")
        return min(100, int(100 * done / total)) if total else None

    def retry(self, *, by: "User | None") -> None:
        """Give a job that ended without success a fresh set of tries."""
        # attempts is the fencing number: it only ever grows, so the limit moves instead.
        self._move(
            (State.DEAD, State.CANCELLED), by, state=State.READY, run_at=timezone.now(),
            max_attempts=F("attempts") + MORE_TRIES, cancel_requested=False, finished_at=None,
        )  # fmt: skip

    def discard(self, *, by: "User | None") -> None:
        """Take a failed job off the list without running it again."""
        self._move((State.DEAD,), by, state=State.CANCELLED, finished_at=timezone.now())

    def cancel(self, *, by: "User | None") -> None:
        """Stop a waiting job now; ask a running one to stop at its next safe point."""
        try:
            self._move((State.READY,), by, state=State.CANCELLED, finished_at=timezone.now())
        except NotPossible:
            self._move((State.RUNNING,), by, cancel_requested=True)

    def _move(self, allowed: tuple[State, ...], by: "User | None", **changes: Any) -> None:
        found = Job.objects.filter(pk=self.pk, state__in=allowed)
        if not found.update(handled_by=by, **changes):
            raise NotPossible(
                gettext("This job has changed in the meantime. Reload the page to see where it stands.")
            )
        self.refresh_from_db()
        log.info("job %s is %s, by %s", self.pk, self.state, getattr(by, "pk", None))


class Tick(models.Model):
    """One turn of the schedule: unique, so that two workers start it once."""

    name = models.CharField(max_length=100)
    at = models.DateTimeField()
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "at"], name="jobs_tick_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


class Outbox(models.Model):
    """A message to the outside, written in the transaction that caused it, sent at least once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DEAD = "dead", _("Refused for good")

    message_id = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(default="", blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "outbox"
        indexes = [models.Index(fields=["state", "sent_at"], name="jobs_outbox_state")]

    def __str__(self) -> str:
        return f"{self.message_id} ({self.state})"


class Worker(models.Model):
    """A worker's sign of life."""

    name = models.CharField(max_length=200, unique=True)
    pid = models.PositiveIntegerField()
    lanes = models.CharField(max_length=200)
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


def state() -> dict[str, str | int]:
    """How background work is doing, for /healthz."""
    now = timezone.now()
    ready = Job.objects.filter(state=State.READY)
    oldest = ready.filter(run_at__lte=now).aggregate(at=models.Min("run_at"))["at"]
    return {
        "worker": _worker_state(),
        "ready": ready.count(),
        "dead": Job.objects.filter(state=State.DEAD).count(),
        "oldest_ready_seconds": int((now - oldest).total_seconds()) if oldest else 0,
    }


def _worker_state() -> str:
    if _lanes_seen(4 * BEAT_SECONDS) >= set(Lane.values):
        return "ok"
    return "late" if _lanes_seen(600) else "absent"


def _lanes_seen(seconds: int) -> set[str]:
    since = timezone.now() - timedelta(seconds=seconds)
    workers = Worker.objects.filter(seen_at__gte=since).values_list("lanes", flat=True)
    return {lane for lanes in workers for lane in lanes.split()}
