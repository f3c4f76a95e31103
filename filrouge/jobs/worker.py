"""The worker: claims a job, runs it, and says how it ended."""

import logging
import os
import signal
import time
import traceback
from collections.abc import Sequence
from datetime import timedelta
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import F
from django.utils import timezone, translation
from django_tasks.utils import get_module_path, normalize_json

from filrouge.jobs.backend import task_of
from filrouge.jobs.claim import claim, wait_before
from filrouge.jobs.models import Lane, State
from filrouge.jobs.pulse import Pulse
from filrouge.jobs.run import Cancelled, GiveUp, Interrupted, LostLease, RetryLater, Run, running

log = logging.getLogger(__name__)
POLL_SECONDS = 0.5
LONGEST_RECONNECT_SECONDS = 4.0
LOST_DATABASE = (OperationalError, InterfaceError)


def perform(run: Run) -> None:
    """Run one claimed job to its end, whatever that is. Only a lost database gets out."""
    try:
        with running(run), translation.override(settings.LANGUAGE_CODE):
            value = _call(run)
    except LostLease as error:
        log.warning("left alone: %s", error)
    except Cancelled:
        run.end(State.CANCELLED)
    except Interrupted:
        hand_back(run)
    except Exception as error:  # whatever a task raises belongs on its job
        _failed(run, error)
    else:
        _succeeded(run, value)


def hand_back(run: Run) -> None:
    """Another worker may start it now; this attempt does not count."""
    run.end(State.READY, run_at=timezone.now(), max_attempts=F("max_attempts") + 1)


def _call(run: Run) -> Any:
    task = task_of(run.job)
    args, kwargs = run.job.payload["args"], run.job.payload["kwargs"]
    return task.call(run, *args, **kwargs) if task.takes_context else task.call(*args, **kwargs)


def _succeeded(run: Run, value: Any) -> None:
    if run.ended:
        return
    try:
        result = normalize_json(run.result if value is None else value)
    except (TypeError, ValueError) as error:
        return _failed(run, error)
    state = State.CANCELLED if run.cancel_seen else State.DONE
    run.end(state, result=result, last_error="", progress=run.progress_so_far)


def _failed(run: Run, error: Exception) -> None:
    log.error("%s failed", run.job, exc_info=error)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    if isinstance(error, GiveUp) or run.attempt >= run.job.max_attempts:
        run.end(State.DEAD, last_error=_account(error))
    else:
        run.end(State.READY, last_error=_account(error), run_at=timezone.now() + _pause(run, error))


def _account(error: Exception) -> str:
    # PostgreSQL refuses the zero character in text; an error about bad input may well hold one.
    trace = "".join(traceback.format_exception(error))[-8000:]
    return f"{get_module_path(type(error))}: {str(error)[:1000]}\n\n{trace}".replace("\x00", "")


def _pause(run: Run, error: Exception) -> timedelta:
    return timedelta(seconds=error.seconds) if isinstance(error, RetryLater) else wait_before(run.attempt)


def drain(lanes: Sequence[str] = Lane.values, *, limit: int = 1000) -> int:
    """Run what is due, here and now, one after the other; the number of jobs run."""
    for count in range(limit):
        job = claim(lanes)
        if job is None:
            return count
        perform(Run(job))
    return limit


class Worker:
    """One process's loop over its lanes, until it is told to stop."""

    def __init__(self, lanes: Sequence[str], *, parent: int | None = None) -> None:
        self.lanes = lanes
        self.parent = parent
        self.run: Run | None = None
        self.stopping = False
        self.pulse = Pulse(lanes)
        self._wait = POLL_SECONDS

    def work(self) -> None:
        """Claim and run until SIGTERM or SIGINT, or until the crew that started it is gone."""
        self.listen()
        self.pulse.start()
        try:
            while not self.stopping and self.parent in (None, os.getppid()):
                self._turn()
        finally:
            self.pulse.stop()

    def listen(self) -> None:
        """From here on, signals reach this worker."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        signal.signal(signal.SIGALRM, self._interrupt)

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Finish the job in hand if it ends soon; otherwise hand it back, where it can be left if it says."""
        # A plain flag: a lock taken in a signal handler could wait for the very code it interrupted.
        self.stopping = True
        if self.run is not None:
            self.run.leaving = True
            signal.setitimer(signal.ITIMER_REAL, float(os.environ.get("FILROUGE_STOP_SECONDS", "6")))

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.run is not None and not self.run.ended:
            raise Interrupted

    def _turn(self) -> None:
        try:
            busy = self._one()
            self._wait = POLL_SECONDS
        except LOST_DATABASE as error:
            log.warning("the database does not answer, trying again in %.1f s: %s", self._wait, error)
            connection.close()
            busy, self._wait = False, min(self._wait * 2, LONGEST_RECONNECT_SECONDS)
        if not busy and not self.stopping:
            time.sleep(self._wait)

    def _one(self) -> bool:
        job = claim(self.lanes)
        if job is None:
            return False
        self.run = self.pulse.run_in_hand = Run(job)
        try:
            # Told to stop while claiming: no alarm is set for this job yet.
            (hand_back if self.stopping else perform)(self.run)
        finally:
            self.run = self.pulse.run_in_hand = None
            close_old_connections()
        return True
