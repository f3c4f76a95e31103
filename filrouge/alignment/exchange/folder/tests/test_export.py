"""The folder as it is written: stable names, no needless difference, nothing private."""

from __future__ import annotations

from datetime import date
from difflib import unified_diff
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied

from filrouge.alignment.exchange.folder import sheets
from filrouge.alignment.exchange.folder.outside import export, files_for, zipped
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.models import Item
from tests.fixtures.cast import Cast

from .house import content, file

pytestmark = pytest.mark.django_db


def test_a_file_is_plain_and_named_after_its_title(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.maker)
    item = Initiative.objects.get(title="Offline mode")
    path = tmp_path / f"initiatives/{item.pk:04}-offline-mode.md"
    front, body = sheets.read(path.read_text())
    assert body == "One\n\nTwo: three" and path.read_text().endswith("\nTwo: three\n")
    assert (front["title"], front["status"], front["team"], front["ends"]) == (
        "Offline mode", "started", "Notebook", "2027-01-31",
    )  # fmt: skip
    (edge,) = front["leads_to"]
    assert (
        edge["as"] == "decided_in" and edge["note"] == "Now or never" and edge["to"].startswith("decisions/")
    )
    assert "ends: 2027-01-31\n" in path.read_text() and front["product"] == "Notebook / Cells"


def test_written_again_nothing_differs(told: Cast, tmp_path: Path) -> None:
    assert export(tmp_path, told.pm).written == 4
    before = content(tmp_path)
    again = export(tmp_path, told.ops)
    assert (again.written, again.removed) == (0, 0) and content(tmp_path) == before
    Initiative.objects.get(title="Offline mode").revise(by=told.pm, title="Works offline")
    assert export(tmp_path, told.pm).written == 1
    assert set(content(tmp_path)) == set(before), "a file keeps its name"


def test_what_is_private_stays_out_and_leaves_when_it_becomes_so(told: Cast, tmp_path: Path) -> None:
    mine = Initiative.create(by=told.pm, title="Secret plan", circle="private")
    export(tmp_path, told.pm)
    assert b"Secret" not in b"".join(content(tmp_path).values())
    mine.share(by=told.pm)
    export(tmp_path, told.pm)
    assert file(tmp_path, "secret")
    Item.objects.filter(pk=mine.pk).update(circle="private")
    (tmp_path / "initiatives" / "notes.md").write_text("Mine")
    assert export(tmp_path, told.pm).removed == 1
    assert not list(tmp_path.rglob("*secret*")) and (tmp_path / "initiatives" / "notes.md").exists()


def test_who_may_not_export_is_told(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied):
        export(tmp_path, cast.stakeholder)


def changed_lines(before: str, after: str) -> list[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", f"A title of {'many ' * 40}words"), ("outcome", "One\n\nTwo: four"), ("horizon", "later"),
     ("ends", date(2027, 2, 1)), ("address", "https://example.org/plan")],
)  # fmt: skip
def test_a_changed_field_is_a_changed_line(told: Cast, tmp_path: Path, field: str, value: object) -> None:
    export(tmp_path, told.pm)
    path = file(tmp_path, "offline")
    before = path.read_text()
    item = Initiative.objects.get(title="Offline mode")
    item.revise(by=told.pm, **{field: value})
    export(tmp_path, told.pm)
    changed = changed_lines(before, path.read_text())
    told_again = [line for line in changed if not line[1:].startswith("revision: ")]
    assert sum(line[0] == "+" for line in told_again) == 1 and len(told_again) <= 2, changed


def test_a_zip_holds_the_same_files_and_is_the_same_again(told: Cast) -> None:
    first, second = BytesIO(), BytesIO()
    zipped(files_for(told.pm), first)
    zipped(files_for(told.pm), second)
    assert first.getvalue() == second.getvalue()
    with ZipFile(first) as archive:
        held = {name.removeprefix("filrouge/"): archive.read(name).decode() for name in archive.namelist()}
    assert held == files_for(told.pm)
