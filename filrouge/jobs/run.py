"""What a task knows about the job it is running in: `current_run()`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResult
from django_tasks.utils import normalize_json

from filrouge.jobs.models import Job, JobQuerySet, State, lease

SAVE_EVERY_SECONDS = 0.5


class LostLease(Exception):
    """Another worker has the job, or a person ended it: this one may write nothing more."""


class Cancelled(Exception):
    """A person asked the job to stop, and it did."""


class Interrupted(BaseException):
    """The worker must stop now: the job goes back, at no cost to its tries."""


class GiveUp(Exception):
    """Trying again cannot help: the job goes straight to the failed list."""


class RetryLater(Exception):
    """Try again after so many seconds, as the other side asked."""

    def __init__(self, reason: str, *, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Run:
    """One attempt at a job. Everything it changes goes through `commit()`."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.attempt = job.attempts
        self.memo: dict[str, Any] = job.memo
        self.result: Any = None
        self.ended = False
        self.cancel_seen = False
        self.leaving = False  # the worker was told to stop
        self.progress_so_far: dict[str, Any] = job.progress
        self._saved_at = self._asked_at = 0.0
        self._committing = False

    @property
    def task_result(self) -> TaskResult[Any]:
        """The task's result so far, as `takes_context` promises."""
        from filrouge.jobs.backend import result_of

        return result_of(self.job)

    def held(self) -> JobQuerySet:
        """The job's row, as long as it is still ours: the fencing number has not moved."""
        return Job.objects.filter(pk=self.job.pk, state=State.RUNNING, attempts=self.attempt)

    def heartbeat(self) -> None:
        """Renew the lease, or learn that it is lost."""
        self._write()

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the job is. Cheap: written at most twice a second."""
        self.progress_so_far = {"done": done, "total": total, "note": str(note)}
        due = time.monotonic() - self._saved_at > SAVE_EVERY_SECONDS
        if not self._committing and (due or done == total):
            self._write(progress=self.progress_so_far)
            self._saved_at = time.monotonic()

    def cancelled(self) -> bool:
        """Whether a person asked to stop. Cheap: asks the database at most twice a second.

        A job asks where it can be left, so a worker that was told to stop leaves it here.
        """
        if self.leaving:
            raise Interrupted
        if not self.cancel_seen and time.monotonic() - self._asked_at > SAVE_EVERY_SECONDS:
            asked = self.held().values_list("cancel_requested", flat=True).first()
            if asked is None:
                raise LostLease(str(self.job))
            self.cancel_seen, self._asked_at = asked, time.monotonic()
        return self.cancel_seen

    def stop_if_cancelled(self) -> None:
        """A safe point: ends the job here if a person asked for it."""
        if self.cancelled():
            raise Cancelled

    @contextmanager
    def commit(self, *, last: bool = False) -> Iterator[dict[str, Any]]:
        """One transaction of effects, refused when the lease is lost.

        Yields the memo: what it holds at the end is saved with the effects, and the next attempt
        starts from it. With `last=True` the job is done in the same transaction.
        """
        memo = deepcopy(self.memo)
        with transaction.atomic():
            self._write()  # locks the row first: nobody can take the job over before the effects are in
            self._committing = True
            try:
                yield memo
            finally:
                self._committing = False
            self._write(memo=memo, progress=self.progress_so_far, **(self._ending() if last else {}))
        self.memo, self.ended = memo, self.ended or last

    def end(self, state: State, **changes: Any) -> bool:
        """Leave the running state, if the job is still ours."""
        self.ended = True
        finished = None if state == State.READY else timezone.now()
        changes = {"state": state, "lease_until": None, "finished_at": finished} | changes
        return bool(self.held().update(**changes))

    def _ending(self) -> dict[str, Any]:
        return {
            "state": State.DONE, "finished_at": timezone.now(), "lease_until": None,
            "last_error": "", "result": normalize_json(self.result),
        }  # fmt: skip

    def _write(self, **changes: Any) -> None:
        if self.ended:
            raise LostLease(f"{self.job}: it has already ended")
        if not self.held().update(**{"lease_until": timezone.now() + lease()} | changes):
            raise LostLease(str(self.job))


class DirectRun(Run):
    """Stands in when a task's function is called without a worker: plain transactions, no job."""

    def __init__(self) -> None:
        super().__init__(Job(task="direct"))

    def _write(self, **changes: Any) -> None:
        return None

    def cancelled(self) -> bool:
        """Nobody can ask a direct call to stop."""
        return False


_current: ContextVar[Run | None] = ContextVar("run", default=None)


def current_run() -> Run:
    """The run this code is part of."""
    return _current.get() or DirectRun()


@contextmanager
def running(run: Run) -> Iterator[Run]:
    """Make `run` the current one."""
    token = _current.set(run)
    try:
        yield run
    finally:
        _current.reset(token)
