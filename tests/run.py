"""`make test`: every check, then what could not be run, then one line that counts.

`python -m tests.run lint sqlite` runs only these parts. STRICT=1 makes a part that cannot run fail.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests.fixtures.processes import family
from tests.postgres import NoPostgres, server

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STRICT = os.environ.get("STRICT", "") not in {"", "0"}


@dataclass
class Tally:
    """What the parts found, summed."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    failures: int = 0
    not_run: dict[str, int] = field(default_factory=dict)

    def check(self, name: str, good: bool) -> None:
        if good:
            self.passed += 1
        else:
            self.fail(name)

    def fail(self, name: str, count: int = 1) -> None:
        self.failures += count
        self.failed.append(name if count == 1 else f"{name}: {count} tests")

    def skip(self, reason: str) -> None:
        self.not_run[reason] = self.not_run.get(reason, 0) + 1


def call(*command: str | Path, **env: str) -> int:
    """Runs one command from the project's folder, with its output shown as it comes."""
    print(
        f"\n== {' '.join(Path(part).name if isinstance(part, Path) else part for part in command)}",
        flush=True,
    )
    # A group of its own: Ctrl-C reaches us alone, and we stop all that came of it.
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait()
    except BaseException:
        kill(process)
        raise


def kill(process: subprocess.Popen[bytes]) -> None:
    """With every server, worker and browser that it started."""
    whole = family(process.pid)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in whole[1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def django(data: Path, *words: str, **env: str) -> int:
    own = {"DJANGO_SETTINGS_MODULE": "filrouge.settings", "FILROUGE_DATA": str(data), "DATABASE_URL": ""}
    return call(BIN / "python", "-m", "django", *words, **own, **env)


def lint(tally: Tally) -> None:
    """Style, types, layers, migrations, deployment settings, translations."""
    with tempfile.TemporaryDirectory(prefix="filrouge-lint-") as folder:
        data = Path(folder)
        checks: dict[str, Callable[[], int]] = {
            "style (ruff check)": lambda: call(BIN / "ruff", "check", "."),
            "format (make format mends it)": lambda: call(BIN / "ruff", "format", "--check", "--quiet", "."),
            "types (mypy)": lambda: call(BIN / "mypy"),
            "layers (import-linter)": lambda: call(BIN / "lint-imports", "--no-cache"),
            "deployment settings": lambda: django(
                data,
                "check",
                "--deploy",
                "--fail-level",
                "WARNING",
                FILROUGE_URL="https://filrouge.example.org",
            ),
            "migrations match the models": lambda: django(data, "makemigrations", "--check", "--dry-run"),
            "translations (make messages mends them)": lambda: call(
                BIN / "python", ROOT / "bin" / "messages", "--check"
            ),
        }
        for name, check in checks.items():
            tally.check(name, check() == 0)


def read_report(report: Path) -> Iterator[tuple[str, str, str]]:
    """(outcome, test, reason) of each test in pytest's XML report."""
    for case in ET.parse(report).getroot().iter("testcase"):
        outcome, reason = "passed", ""
        for child in case:
            if child.tag in {"failure", "error"}:
                outcome = "failed"
            elif child.tag == "skipped" and child.get("type") != "pytest.xfail":
                outcome, reason = "skipped", child.get("message") or ""
        yield outcome, f"{case.get('classname')}::{case.get('name')}", reason


def pytest(tally: Tally, name: str, chosen: str, **env: str) -> None:
    """Runs the tests that the marker expression chooses and counts them."""
    with tempfile.TemporaryDirectory(prefix="filrouge-report-") as folder:
        report = Path(folder) / "report.xml"
        options = ["-q", "-n", "2", "-p", "no:cacheprovider", "-m", chosen]
        code = call(BIN / "pytest", *options, "--junitxml", report, **env)
        found = list(read_report(report)) if report.exists() else []
    outcomes = [outcome for outcome, _test, _reason in found]
    tally.passed += outcomes.count("passed")
    for outcome, _test, reason in found:
        if outcome == "skipped":
            tally.skip(f"{name}: {reason}")
    if outcomes.count("failed"):
        tally.fail(name, outcomes.count("failed"))
    elif code:
        tally.fail(f"{name}: pytest ended with {code}" + ("; no test was found" if code == 5 else ""))


def on_sqlite(tally: Tally) -> None:
    pytest(tally, "SQLite", "not browser", DATABASE_URL="")


def on_postgresql(tally: Tally) -> None:
    """The half that touches the database, again, on a private server (or the one TEST_DATABASE_URL names)."""
    with ExitStack() as stack:
        try:
            url = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(server())
        except NoPostgres as missing:
            tally.skip(str(missing))
            return
        pytest(tally, "PostgreSQL", "database and not browser", DATABASE_URL=url)


def in_chromium(tally: Tally) -> None:
    pytest(tally, "browser", "browser", DATABASE_URL="")


PARTS: dict[str, Callable[[Tally], None]] = {
    "lint": lint,
    "sqlite": on_sqlite,
    "postgresql": on_postgresql,
    "browser": in_chromium,
}


def conclude(tally: Tally, seconds: float) -> int:
    print()
    for name in tally.failed:
        print(f"FAILED   {name}")
    for reason, count in tally.not_run.items():
        print(f"NOT RUN  {reason}" + (f" ({count} tests)" if count > 1 else ""))
    if not tally.not_run:
        print("Nothing was left out.")
    elif STRICT:
        print("STRICT=1: what could not run counts as failed.")
        tally.failures += sum(tally.not_run.values())
    print(f"{tally.passed} passed, {tally.failures} failed in {seconds:.0f}s")
    return 1 if tally.failures else 0


def main(words: list[str]) -> int:
    unknown = [word for word in words if word not in PARTS]
    if unknown:
        print(f"No part is called {unknown[0]!r}; there are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    tally, start = Tally(), time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="filrouge-checks-", ignore_cleanup_errors=True) as folder:
            os.environ["TMPDIR"] = folder  # what a check that was stopped leaves behind goes with it
            for word in words or PARTS:
                PARTS[word](tally)
    except KeyboardInterrupt:
        print("\nStopped. Nothing of it is still running.", flush=True)
        return 130
    return conclude(tally, time.monotonic() - start)


def stopped(number: int, frame: FrameType | None) -> None:
    """Ctrl-C, or a builder that gives up: once is enough, the clean-up is quick."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stopped)
    sys.exit(main(sys.argv[1:]))
