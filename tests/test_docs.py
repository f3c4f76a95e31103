"""The commands that the documents show: every ```sh block is run as it stands, on the sample workspace.

A block that must not be run is marked `console` or `text`. Files that a document uses lie in docs/examples/;
the commands are run at the root, as a reader does.
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
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
HEAVIEST = 250_000  # bytes of a picture
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
    shutil.copytree(ROOT / "docs" / "examples", place / "docs" / "examples")
    (place / ".venv").symlink_to(ROOT / ".venv")
    house = House(place / "data")
    yield house.up(300)
    house.down()


def test_the_readme_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text()
    assert "make run" in text and "make test" in text


def pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]


def anchors(page: Path) -> set[str]:
    """The headings of a page, as addresses write them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_its_links_lead_somewhere(page: Path) -> None:
    for found in LINK.findall(page.read_text()):
        link = found[0] or found[1]
        if not link.startswith(("http://", "https://", "mailto:")):
            path, _hash, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page.name} leads to {link}"
            assert not anchor or anchor in anchors(target), f"{target.name} has no heading #{anchor}"


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    named = {page.name for page in (ROOT / "docs").glob("*.md") if f"({page.name}" in index}
    assert named | {"README.md"} == {page.name for page in (ROOT / "docs").glob("*.md")}


def test_the_new_type_is_the_one_that_is_tested() -> None:
    shown = CODE.findall((ROOT / "docs" / "develop.md").read_text())
    assert shown and shown[0] in (ROOT / "tests" / "newkind" / "models.py").read_text()


def test_pictures_are_light_and_used() -> None:
    readme = (ROOT / "README.md").read_text()
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert picture.stat().st_size < HEAVIEST, f"{picture.name} is too heavy"
        assert f"docs/pictures/{picture.name}" in readme, f"nothing shows {picture.name}"


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
