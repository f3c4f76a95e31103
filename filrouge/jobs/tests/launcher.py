"""Run as a process by the tests: `work` forks workers and kills them, `serve` is the real crew."""

import os
import random
import signal
import sys
import time

import django

django.setup()

from django.db import connections  # noqa: E402

from filrouge.jobs.crew import serve  # noqa: E402
from filrouge.jobs.models import Job, State  # noqa: E402
from filrouge.jobs.worker import Worker  # noqa: E402

OPEN = (State.READY, State.RUNNING)


def forked() -> int:
    """A worker in a process of its own."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        Worker(["default"]).work()
    finally:
        os._exit(0)


def ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] != 0


def kill_at_random(times: int, seed: int) -> None:
    """Kill a working worker so many times, each at a moment of its own."""
    chance = random.Random(seed)
    for _ in range(times):
        pid = forked()
        time.sleep(chance.uniform(0.02, 0.35))
        if not ended(pid):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def finish(seconds: float) -> None:
    """Let workers work, and replace those that a job takes down, until nothing is left."""
    until, pid = time.monotonic() + seconds, forked()
    while Job.objects.filter(state__in=OPEN).exists() and time.monotonic() < until:
        time.sleep(0.1)
        if ended(pid):
            pid = forked()
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    if sys.argv[1] == "work":
        kill_at_random(times=int(sys.argv[2]), seed=int(sys.argv[3]))
        finish(seconds=25)
    else:
        serve()
