"""`filrouge import roadmap`, killed in the middle and given again: nothing is lost, nothing comes twice."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from tests.fixtures.shell import FILROUGE, Shell

ROWS = 351  # more than three batches
HERE = """
from filrouge.alignment.exchange.models import Pointer
from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.models import History
from filrouge.core.origins import Origin
made = History.objects.filter(verb="create")
print(Initiative.objects.count(), Origin.objects.count(), made.count(), Pointer.objects.count(),
      Pointer.objects.dangling().count(), Dependency.objects.count())
"""


def killed(shell: Shell, command: list[str]) -> int:
    """How many rows were in when the command was killed between two batches, or within one."""
    process = subprocess.Popen([FILROUGE, *command], env=shell.env, stdout=subprocess.DEVNULL)
    until, here = time.monotonic() + 60, sqlite3.connect(shell.data / "filrouge.sqlite3")
    before = here.execute("SELECT count(*) FROM core_origin").fetchone()
    while here.execute("SELECT count(*) FROM core_origin").fetchone() == before and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    (count,) = here.execute("SELECT count(*) FROM core_origin").fetchone()
    here.close()
    return int(count)


def test_a_killed_command_given_again_brings_in_the_rest(
    shell: Shell, migrated: Path, tmp_path: Path
) -> None:
    shutil.copytree(migrated, shell.data)
    shell.run("user", "create", "--email", "pm@example.org", "--role", "product_manager", "--team", "Ink")
    file = tmp_path / "jira.csv"
    blocks = (f"K-{n + 1}" if n % 2 == 0 else "" for n in range(ROWS))
    rows = (f"Row {n},K-{n},In Progress,{blocked}\n" for n, blocked in enumerate(blocks))
    file.write_text("Summary,Issue key,Status,Outward issue link (Blocks)\n" + "".join(rows))
    command = ["import", "roadmap", str(file), "--team", "Ink", "--as", "pm@example.org"]
    first = killed(shell, command)
    second = killed(shell, command)
    assert 0 < first < second < ROWS
    told = shell.json(*command)
    assert (told["read"], told["new"], told["unchanged"]) == (ROWS, ROWS - second, second)
    last = [ROWS, ROWS, ROWS, 176, 1, 175]  # what the last row blocks is not here
    assert [int(word) for word in shell.python(HERE).split()] == last
    assert shell.json(*command)["unchanged"] == ROWS
    assert [int(word) for word in shell.python(HERE).split()] == last
