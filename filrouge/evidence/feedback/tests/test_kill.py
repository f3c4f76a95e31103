"""A worker, or a command, killed in the middle of an import: every row once, and the receipt adds up."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from filrouge.evidence.feedback.jobs import run_import
from filrouge.evidence.feedback.models import Import, Rejected
from filrouge.jobs.models import Job, State
from filrouge.people.models import User
from filrouge.voices.models import Words
from tests.fixtures.shell import FILROUGE, Shell

ROWS, BAD_EVERY, KILLS = 20_000, 100, 4


def worker() -> subprocess.Popen[bytes]:
    env = {
        **os.environ, "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tests.settings"),
        "FILROUGE_TEST_DATABASE": str(connection.settings_dict["NAME"]), "FILROUGE_DATA": str(settings.DATA),
        "FILROUGE_LEASE_SECONDS": "1", "FILROUGE_BACKOFF_SECONDS": "0.1",
    }  # fmt: skip
    program = (
        "import django; django.setup(); from filrouge.jobs.worker import Worker; Worker(['long']).work()"
    )
    return subprocess.Popen([sys.executable, "-c", program], env=env)


def position(pk: int) -> int:
    return Import.objects.get(pk=pk).position


def started(folder: Path) -> Import:
    """An import of many rows, some of them bad, whose job waits for a worker."""
    by = User.objects.create_user("ops@example.org", "product_ops")
    file = folder / "words.csv"
    lines = (f"{n},{'' if n % BAD_EVERY == 0 else f'Text number {n}'}\n" for n in range(ROWS))
    file.write_text("id,text\n" + "".join(lines))
    made = Import(name="words.csv", path=str(file), by=by, source_name="Survey")
    made.mapping = {"text": "text", "external_id": "id"}
    made.save()
    made.restart(dry_run=False)
    made.job = Job.objects.get(pk=run_import.enqueue(made.pk).id)
    made.save()
    return made


def killed_on_the_way(pk: int) -> int:
    """Run workers until the import has ended; kill some of them between batches and within."""
    kills, process, until = 0, worker(), time.monotonic() + 120
    try:
        while Import.objects.get(pk=pk).going and time.monotonic() < until:
            if kills < KILLS and position(pk) > kills * 4_000:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills, process = kills + 1, worker()
            time.sleep(0.05)
    finally:
        process.terminate()
        process.wait(20)
    return kills


@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again(tmp_path: Path) -> None:
    made = started(tmp_path)
    assert killed_on_the_way(made.pk) == KILLS
    made.refresh_from_db()
    job = Job.objects.get(pk=made.job_id or 0)
    assert (made.state, job.state) == ("done", State.DONE), job.last_error
    assert job.attempts > 1
    bad = ROWS // BAD_EVERY
    assert (made.read, made.new, made.rejected, made.unchanged) == (ROWS, ROWS - bad, bad, 0)
    assert Words.objects.count() == ROWS - bad and Rejected.objects.count() == bad
    assert sorted(Rejected.objects.values_list("line", flat=True)) == list(range(2, ROWS + 2, BAD_EVERY))


RECEIPTS = """
from filrouge.evidence.feedback.importing import settle
from filrouge.evidence.feedback.models import Import
for one in Import.objects.order_by("pk"):
    settle(one)
    print(one.state, one.position, one.read, one.new)
"""


def receipts(shell: Shell) -> list[tuple[str, ...]]:
    return [tuple(line.split()) for line in shell.python(RECEIPTS).splitlines()]


def test_a_killed_command_is_seen_as_interrupted_and_brings_in_the_rest(shell: Shell, tmp_path: Path) -> None:
    shell.run("migrate")
    shell.run("user", "create", "--email", "a@example.org", "--role", "admin")
    file = tmp_path / "words.csv"
    file.write_text("id,text\n" + "".join(f"{n},Text number {n}\n" for n in range(ROWS)))
    command = ["import", "feedback", str(file), "--source", "Survey"]
    process = subprocess.Popen([FILROUGE, *command], env=shell.env, stderr=subprocess.DEVNULL)
    until, words = time.monotonic() + 60, sqlite3.connect(shell.data / "filrouge.sqlite3")
    while not words.execute("SELECT 1 FROM voices_words").fetchone() and time.monotonic() < until:
        time.sleep(0.05)
    words.close()
    process.send_signal(signal.SIGSTOP)
    assert receipts(shell)[0][0] == "running"
    process.send_signal(signal.SIGKILL)
    process.wait()
    [(state, position, read, new)] = receipts(shell)
    assert state == "broken_off" and 0 < int(new) == int(read) == int(position) < ROWS
    told = shell.json(*command)
    assert (told["read"], told["new"], told["unchanged"]) == (ROWS, ROWS - int(new), int(new))
    assert [one[0] for one in receipts(shell)] == ["broken_off", "done"]
