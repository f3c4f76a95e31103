"""Adding an Item type is a class and a migration."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_class_and_a_migration_are_all_it_takes(tmp_path: Path) -> None:
    """In a process of its own, where the app is installed; on the same database engine."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/newkind/derived.py",
        "--ds=tests.newkind.settings",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("FILROUGE_TEST", "PYTEST_"))
    }
    env["FILROUGE_DATA"] = str(tmp_path)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and "4 passed" in done.stdout, done.stdout[-4000:] + done.stderr[-2000:]


def test_nothing_is_left_to_migrate() -> None:
    folder = ROOT / "tests" / "newkind"
    assert sorted(path.name for path in (folder / "migrations").glob("0*.py")) == ["0001_rituals.py"]
    ours = {path.name for path in folder.glob("*.py")} - {
        "__init__.py",
        "apps.py",
        "settings.py",
        "derived.py",
    }
    assert ours == {"models.py"}
