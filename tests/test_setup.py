"""`bin/setup` on machines that lack something, and its second run."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.shell import ROOT

TOOLS = ("sh", "dirname", "sed", "cksum", "cat", "rm", "cut")
NEEDED = ("bin/setup", "pyproject.toml", "uv.lock")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A clone, on a machine with a shell and little else: `programs/` is its whole PATH."""
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "programs").mkdir()
    for tool in TOOLS:
        (tmp_path / "programs" / tool).symlink_to(str(shutil.which(tool)))
    return tmp_path


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def setup(machine: Path, level: str = "run") -> subprocess.CompletedProcess[str]:
    env = {"PATH": str(machine / "programs"), "HOME": str(machine)}
    return subprocess.run(
        [machine / "bin" / "setup", level],
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=30,
    )


def test_without_git_it_says_how_to_install_it(machine: Path) -> None:
    done = setup(machine)
    assert done.returncode == 1 and "git is missing" in done.stderr
    assert "sudo apt-get install git" in done.stderr and "brew install git" in done.stderr


@pytest.mark.parametrize("python", [None, 'case "$2" in *version_info*) exit 1;; esac'])
def test_without_a_new_enough_python_it_says_how_to_install_one(machine: Path, python: str | None) -> None:
    program(machine / "programs" / "git", "")
    if python:
        program(machine / "programs" / "python3", python)
    done = setup(machine)
    assert done.returncode == 1 and "Python 3.11 or newer is missing" in done.stderr
    assert (
        "sudo apt-get install python3 python3-venv" in done.stderr
        and "sudo dnf install python3" in done.stderr
    )


def test_without_venv_it_names_the_package_of_that_python(machine: Path) -> None:
    program(machine / "programs" / "git", "")
    fake = 'case "$2" in *venv*) exit 1;; *print*) echo 3.12;; esac'
    program(machine / "programs" / "python3", fake)
    done = setup(machine)
    assert done.returncode == 1 and "sudo apt-get install python3.12-venv" in done.stderr


@pytest.fixture
def ready(machine: Path) -> Path:
    """Everything is there; `calls` remembers what the installer was asked."""
    program(machine / "programs" / "git", "")
    program(machine / "programs" / "python3", "")
    program(machine / ".venv" / "bin" / "python", "")
    version = "$(sed -n 's/^required-version = \"==\\(.*\\)\"$/\\1/p' pyproject.toml)"
    program(
        machine / ".venv" / "bin" / "uv",
        f'case "$1" in --version) echo "uv {version}";; *) echo "$@" >>calls;; esac',
    )
    return machine


def calls(machine: Path) -> list[str]:
    return (machine / "calls").read_text().splitlines() if (machine / "calls").exists() else []


def test_the_second_run_installs_nothing(ready: Path) -> None:
    assert setup(ready).returncode == 0
    assert ["--frozen" in call and "--no-dev" in call for call in calls(ready)] == [True]
    again = setup(ready)
    assert (again.returncode, again.stdout, len(calls(ready))) == (0, "", 1)


def test_running_after_testing_keeps_the_test_tools(ready: Path) -> None:
    setup(ready, "dev")
    setup(ready, "run")
    assert len(calls(ready)) == 1 and "--no-dev" not in calls(ready)[0]
    (ready / "uv.lock").write_text("changed")
    setup(ready, "run")
    assert len(calls(ready)) == 2 and "--no-dev" not in calls(ready)[1]


def test_a_failed_download_says_what_to_do_and_is_tried_again(ready: Path) -> None:
    uv = ready / ".venv" / "bin" / "uv"
    good = uv.read_text()
    uv.write_text(good.replace('echo "$@" >>calls', "exit 2"))
    failed = setup(ready)
    assert failed.returncode == 1 and "HTTPS_PROXY" in failed.stderr
    uv.write_text(good)
    assert setup(ready).returncode == 0 and len(calls(ready)) == 1


@pytest.mark.parametrize("target", ["run", "test", "bench", "lint", "format", "messages"])
def test_make_knows_its_targets(target: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.returncode == 0 and "bin/setup" in done.stdout


def told(*given: str) -> dict[str, str]:
    """What a command that make starts finds in its environment."""
    bare = {name: value for name, value in os.environ.items() if name not in ("FILROUGE_DATA", "PORT")}
    command = ["make", "--silent", "--eval", "told: ; @env", "told", *given]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=bare)
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


def test_make_hands_on_what_is_given_and_nothing_empty() -> None:
    assert not {"FILROUGE_DATA", "PORT"} & told().keys()
    assert told("FILROUGE_DATA=/srv/words")["FILROUGE_DATA"] == "/srv/words"
