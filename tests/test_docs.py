"""The commands that the documents show: every ```sh block is run as it stands, on the sample workspace.

A block that must not be run is marked `console` or `text`. Files that a document uses lie in docs/examples/.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.live import House
from tests.fixtures.shell import ROOT

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Setting up and running for ever is what the other tests do.
ELSEWHERE = re.compile(r"^\s*(make|git clone|cd|\.venv/bin/filrouge (up|worker))\b.*$", re.MULTILINE)


def commands(document: Path) -> str:
    return ELSEWHERE.sub("", "\n".join(BLOCK.findall(document.read_text()))).strip()


def documents() -> list[Path]:
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path for path in found if path.exists() and commands(path)]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running installation with the sample workspace, beside the files that documents name."""
    place = tmp_path_factory.mktemp("docs") / "clone"
    examples = ROOT / "docs" / "examples"
    if examples.exists():
        shutil.copytree(examples, place)
    place.mkdir(exist_ok=True)
    (place / ".venv").symlink_to(ROOT / ".venv")
    house = House(place / "data")
    yield house.up(300)
    house.down()


def test_the_readme_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text()
    assert "make run" in text and "make test" in text


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "document" in metafunc.fixturenames:
        found = documents() or [ROOT / "README.md"]
        metafunc.parametrize("document", found, ids=[str(path.relative_to(ROOT)) for path in found])


def test_its_commands_run(document: Path, sample: House) -> None:
    script = commands(document).replace("localhost:8000", f"127.0.0.1:{sample.port}")
    assert script, f"{document.name} shows no command in a ```sh block"
    done = subprocess.run(
        ["sh", "-eu"],
        input=script,
        env=sample.env,
        cwd=sample.data.parent,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{document.name}:\n{script}\n--\n{done.stdout}\n{done.stderr}"
