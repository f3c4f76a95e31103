"""What a worker does beside its job: renew the lease, show that it lives, watch the clock."""

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from filrouge.jobs.claim import take_back
from filrouge.jobs.models import BEAT_SECONDS, Worker, lease
from filrouge.jobs.run import LostLease, Run
from filrouge.jobs.schedule import Clock

log = logging.getLogger(__name__)


class Pulse(threading.Thread):
    """The background thread of one worker, with its own database connection."""

    def __init__(self, lanes: Sequence[str]) -> None:
        super().__init__(name="pulse", daemon=True)
        self.lanes = lanes
        self.run_in_hand: Run | None = None
        self.clock = Clock()
        self._over = threading.Event()
        self._next: dict[str, float] = {}

    @property
    def worker_name(self) -> str:
        """This worker among all machines' workers."""
        return f"{socket.gethostname()}:{os.getpid()}"

    def run(self) -> None:
        """Beat until stopped; a lost database only costs beats."""
        while not self._over.is_set():
            try:
                self.beat()
            except (DatabaseError, InterfaceError) as error:
                log.warning("a beat was missed: %s", error)
                connection.close()
            except Exception:  # the lease must go on being renewed, whatever a schedule entry does
                log.exception("a beat failed")
            self._over.wait(min(1.0, lease().total_seconds() / 4))
        self._leave()

    def beat(self) -> None:
        """One round; each part only as often as it needs."""
        if self._due("renew", lease().total_seconds() / 3):
            self._renew()
        if self._due("seen", BEAT_SECONDS):
            self._seen()
        take_back()
        self.clock.strike()

    def stop(self) -> None:
        """End the thread and take the worker off the list."""
        self._over.set()
        self.join(timeout=5)

    def _due(self, what: str, seconds: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, 0):
            return False
        self._next[what] = now + seconds
        return True

    def _renew(self) -> None:
        run = self.run_in_hand
        if run is None or run.ended:
            return
        try:
            run.heartbeat()
        except LostLease:
            log.warning("the lease of %s is lost: its next write will be refused", run.job)

    def _seen(self) -> None:
        facts = {"pid": os.getpid(), "lanes": " ".join(self.lanes), "seen_at": timezone.now()}
        Worker.objects.update_or_create(name=self.worker_name, defaults=facts)

    def _leave(self) -> None:
        try:
            Worker.objects.filter(name=self.worker_name).delete()
        except (DatabaseError, InterfaceError):
            log.warning("could not sign off; the entry will fade by itself")
        finally:
            connection.close()
