"""One process for each lane: a job that takes its process down takes nobody else with it."""

import logging
import os
import signal
import time
from collections.abc import Sequence
from types import FrameType

from django.db import connections

from filrouge.jobs.models import Lane
from filrouge.jobs.worker import Worker

log = logging.getLogger(__name__)
STOPS = (signal.SIGTERM, signal.SIGINT)


def serve(lanes: Sequence[str] = tuple(Lane.values)) -> None:
    """Work until SIGTERM or SIGINT. Several lanes get a process each."""
    if len(lanes) == 1:
        Worker(lanes).work()
    else:
        Crew(lanes).work()


class Crew:
    """The parent process: starts a worker for each lane, and again when one dies."""

    def __init__(self, lanes: Sequence[str]) -> None:
        self.lanes = lanes
        self.hands: dict[int, str] = {}
        self.stopping = False

    def work(self) -> None:
        """Keep every lane staffed until told to stop."""
        for number in STOPS:
            signal.signal(number, self.stop)
        connections.close_all()  # a connection must not be shared by two processes
        for lane in self.lanes:
            self._hire(lane)
        while self.hands:
            self._watch()

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Ask every worker to stop."""
        self.stopping = True
        for pid in list(self.hands):
            os.kill(pid, signal.SIGTERM)

    def _hire(self, lane: str) -> None:
        crew = os.getpid()
        # Held back until the child listens for itself: a signal in between would be lost on it.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        pid = os.fork()
        if pid == 0:
            _be_a_worker(lane, crew)
        self.hands[pid] = lane
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)

    def _watch(self) -> None:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            time.sleep(0.2)
        elif (lane := self.hands.pop(pid, None)) and not self.stopping:
            log.error("the worker of lane %s ended with status %s: starting another", lane, status)
            time.sleep(1)
            self._hire(lane)
            if self.stopping:  # told while it was being hired
                self.stop()


def _be_a_worker(lane: str, crew: int) -> None:
    # _exit: the parent's clean-up (tests, coverage, files) must not run a second time here.
    code = 1
    try:
        worker = Worker([lane], parent=crew)
        worker.listen()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        worker.work()
        code = 0
    except BaseException:
        log.exception("the worker of lane %s failed", lane)
    finally:
        os._exit(code)
