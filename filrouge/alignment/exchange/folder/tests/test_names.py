"""A folder comes from anywhere: what its names and links would do to others is refused."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from filrouge.alignment.exchange.folder import sheets
from filrouge.alignment.exchange.folder.outside import around, export, files_for, taken, zipped
from filrouge.alignment.exchange.folder.reading import Reading
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import BadInput
from tests.fixtures.cast import Cast

from .house import counts, read, why

pytestmark = pytest.mark.django_db

NEW = sheets.written(
    {"title": "New", "status": "planned", "team": "Notebook", "created_at": "2026-01-01T00:00:00+00:00"}, ""
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with something in it that is none of ours."""
    place = tmp_path / "outside"
    place.mkdir()
    (place / "kept.md").write_text(NEW)
    return place


def test_no_export_follows_a_link_out_of_the_folder(told: Cast, tmp_path: Path, outside: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "initiatives").symlink_to(outside)
    with pytest.raises(BadInput, match="“initiatives” is a link that leads out of this folder"):
        export(ours, told.pm)
    assert [file.name for file in outside.iterdir()] == ["kept.md"]


def test_no_export_removes_what_a_link_leads_to(told: Cast, tmp_path: Path, outside: Path) -> None:
    ours = tmp_path / "ours"
    export(ours, told.pm)
    (ours / "initiatives").rename(tmp_path / "moved")
    (ours / "initiatives").symlink_to(tmp_path / "moved")
    Initiative.objects.update(circle="private")
    with pytest.raises(BadInput, match="leads out"):
        export(ours, told.pm)
    assert len([*(tmp_path / "moved").iterdir()]) == 2


def test_an_export_writes_no_file_through_a_link(told: Cast, tmp_path: Path, outside: Path) -> None:
    ours = tmp_path / "ours"
    export(ours, told.pm)
    (file,) = (ours / "initiatives").glob("*offline*")
    file.unlink()
    file.symlink_to(outside / "kept.md")
    file.with_name(f".{file.name}.part").symlink_to(outside / "kept.md")
    export(ours, told.pm)
    assert (outside / "kept.md").read_text() == NEW and not file.is_symlink()


@pytest.mark.parametrize("name", ["initiatives/x.md", "cycles.yaml"])
def test_nothing_is_read_through_a_link_out_of_the_folder(
    cast: Cast, tmp_path: Path, outside: Path, name: str
) -> None:
    file = tmp_path / "ours" / name
    file.parent.mkdir(parents=True)
    file.symlink_to(outside / "kept.md")
    with pytest.raises(BadInput, match="leads out of this folder"):
        taken(tmp_path / "ours"), around(tmp_path / "ours")


@pytest.mark.parametrize(
    ("one", "other"), [("Plan", "plan"), ("\u00c9t\u00e9", "\u00e9t\u00e9"), ("STRASSE", "straße")]
)
def test_two_names_that_many_computers_hold_once(cast: Cast, tmp_path: Path, one: str, other: str) -> None:
    place = tmp_path / "initiatives"
    place.mkdir()
    for name in (one, other):
        (place / f"{name}.md").write_text(NEW)
    receipt = read(tmp_path, cast.pm)
    assert counts(receipt) == (1, 0, 0, 1) and "these are one file" in why(receipt)
    assert counts(read(tmp_path, cast.pm)) == (0, 0, 1, 1)


def test_accents_in_one_sign_or_in_two_are_one_name(cast: Cast, tmp_path: Path) -> None:
    place = tmp_path / "initiatives"
    place.mkdir()
    (place / "\u00e9t\u00e9.md").write_text(NEW)
    assert counts(read(tmp_path, cast.pm)) == (1, 0, 0, 0)
    text = (place / "\u00e9t\u00e9.md").read_text()
    (place / "\u00e9t\u00e9.md").unlink()
    (place / "e\u0301te\u0301.md").write_text(text)
    assert counts(read(tmp_path, cast.pm)) == (0, 0, 1, 0)


@pytest.mark.parametrize("name", ["a\nb", "CON", "nul", "a:b", "a?", "x ", "x.", "\x1b[31m"])
def test_a_name_that_not_every_computer_holds(cast: Cast, tmp_path: Path, name: str) -> None:
    place = tmp_path / "initiatives"
    place.mkdir()
    (place / f"{name}.md").write_text(NEW)
    receipt = read(tmp_path, cast.pm)
    assert counts(receipt) == (0, 0, 0, 1) and "Not every computer" in why(receipt)


def test_a_name_that_is_no_text(cast: Cast, tmp_path: Path) -> None:
    place = tmp_path / "initiatives"
    place.mkdir()
    Path(os.fsdecode(bytes(place) + b"/\xff.md")).write_text(NEW)
    receipt = read(tmp_path, cast.pm)
    assert counts(receipt) == (0, 0, 0, 1)
    assert "initiatives/?.md" in why(receipt).encode().decode()


def test_a_huge_file_is_refused_and_never_read_whole(cast: Cast, tmp_path: Path) -> None:
    place = tmp_path / "initiatives"
    place.mkdir()
    with (place / "huge.md").open("wb") as file:
        file.truncate(50_000_000)
    files = taken(tmp_path)
    assert len(files["initiatives/huge.md"]) == sheets.MOST + 1
    receipt = Reading(cast.pm, files).go()
    assert counts(receipt) == (0, 0, 0, 1) and "over ten million characters" in why(receipt)


def test_a_file_as_long_as_a_measured_year_is_read() -> None:
    """A key result that a tool checks in every hour has some 9,000 lines in its log."""
    assert sheets.read("---\na: b\n---\n" + "A line of a log\n" * 250_000)[0] == {"a": "b"}


@pytest.mark.parametrize(
    "title", ["CON", "..", "../../etc/passwd", "é" * 300, "🧵", "a\tb", "-rf", ".hidden"]
)
def test_a_zip_names_its_files_plainly(cast: Cast, title: str) -> None:
    item = Initiative.create(by=cast.pm, title=title)
    out = BytesIO()
    zipped(files_for(cast.pm), out)
    (name,) = [one for one in ZipFile(out).namelist() if "/initiatives/" in one]
    assert name.startswith(f"filrouge/initiatives/{item.pk:04}-") and name.isascii() and len(name) < 100
