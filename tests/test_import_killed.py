"""An import whose process is killed half-way: what came in stays; given again, the rest comes, once."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.fixtures.shell import FILROUGE, Shell

ROWS = 240


@pytest.fixture
def home(shell: Shell, migrated: Path) -> Shell:
    """A workspace with a product manager in a team."""
    shutil.copytree(migrated, shell.data)
    shell.run("user", "create", "--email", "pm@example.org", "--role", "product_manager")
    shell.python(
        "from filrouge.people.models import Membership, Team, User\n"
        "Membership.objects.create(team=Team.objects.create(name='Notebook'), user=User.objects.get())"
    )
    return shell


def roadmap(folder: Path) -> Path:
    file = folder / "plan.csv"
    rows = (f"{n},Item {n},planned,2027-0{1 + n % 9}\n" for n in range(ROWS))
    file.write_text("external_id,title,status,starts\n" + "".join(rows))
    return file


def goals(folder: Path) -> Path:
    file = folder / "okr.md"
    blocks = (f"## Objective {n}: Item {n}\n\n- KR {n} reaches {n + 1} - 0.5\n\n" for n in range(ROWS))
    file.write_text("# Notebook: 2027 Q1\n\n" + "".join(blocks))
    return file


def decisions(folder: Path) -> Path:
    place = folder / "adr"
    place.mkdir()
    for n in range(ROWS):
        text = f"# Item {n}\n\n* Status: accepted\n\n## Decision Outcome\n\nChosen: yes, because {n}.\n"
        (place / f"{n:04}-item.md").write_text(text)
    return place


def held(shell: Shell, kind: str) -> list[str]:
    """The titles of what is committed by now."""
    with closing(sqlite3.connect(f"file:{shell.data}/filrouge.sqlite3?mode=ro", uri=True)) as database:
        return [title for (title,) in database.execute("SELECT title FROM core_item WHERE type = ?", [kind])]


@pytest.mark.parametrize(
    ("what", "write", "kind"),
    [
        ("roadmap", roadmap, "roadmap.Initiative"), ("goals", goals, "strategy.Goal"),
        ("decisions", decisions, "decisions.Decision"),
    ],
)  # fmt: skip
def test_killed_and_given_again(
    home: Shell, tmp_path: Path, what: str, write: Callable[[Path], Path], kind: str
) -> None:
    file = write(tmp_path)
    words = ["import", what, str(file), "--as", "pm@example.org"]
    going = subprocess.Popen([FILROUGE, *words], env=home.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while going.poll() is None and not held(home, kind):
        time.sleep(0.02)
    os.kill(going.pid, signal.SIGKILL)
    going.communicate()
    before = held(home, kind)
    assert going.returncode == -signal.SIGKILL and 0 < len(before) < ROWS
    receipt = home.json(*words)
    after = held(home, kind)
    assert sorted(after) == sorted(f"Item {n}" for n in range(ROWS))
    assert (receipt["unchanged"], receipt["new"], receipt["rejected"]) == (len(before), ROWS - len(before), 0)
