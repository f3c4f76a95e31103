"""Workers as real processes, on the running test's own database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
STARTED: list["subprocess.Popen[str]"] = []


def launch(*words: str, **extra: str) -> "subprocess.Popen[str]":
    """The launcher, on this test's own database."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tests.settings"),
        "FILROUGE_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "FILROUGE_DATA": str(settings.DATA),
        "FILROUGE_LEASE_SECONDS": "1",
        "FILROUGE_BACKOFF_SECONDS": "0.2",
        **extra,
    }
    command = [sys.executable, "-m", "filrouge.jobs.tests.launcher", *words]
    out = subprocess.PIPE
    process = subprocess.Popen(
        command, env=env, cwd=ROOT, text=True, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
    )
    STARTED.append(process)
    return process


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def end_all() -> None:
    """No worker outlives its test, however that ended."""
    while STARTED:
        process = STARTED.pop()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
