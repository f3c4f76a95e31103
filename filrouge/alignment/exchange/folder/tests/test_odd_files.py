"""What is wrong in a file is said, and costs only that file."""

from __future__ import annotations

from pathlib import Path

import pytest

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.exchange.folder import sheets
from filrouge.alignment.exchange.folder.outside import export
from filrouge.alignment.exchange.folder.reading import Reading
from filrouge.alignment.exchange.models import Origin
from filrouge.alignment.exchange.receiving import opened
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import BadInput
from tests.fixtures.cast import Cast

from .house import counts, edit, emptied, file, read, why

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("status: started", "status: nearly", "“nearly” is not a status"),
        ("horizon: now", "horizon: soon", "“soon” is not possible as horizon"),
        ("ends: 2027-01-31", "ends: someday", "“someday” is not possible as ends"),
        ("team: Notebook", "team: Nobody", "There is no team “Nobody” here"),
        ("title: Offline mode", "titel: Offline mode", "“titel” is nothing that this file can hold"),
        ("title: Offline mode", "title: ''", "Write the title"),
        ("title: Offline mode", "title: [a, b]", "is not possible as title"),
        ("ends: 2027-01-31", "ends: 2027-01-31\nstarts: 2028-01-01", "It ends before it starts"),
        ("  as: decided_in", "  as: invented", "It cannot lead to"),
        ("leads_to:", "leads_to: everywhere\nx:", "nothing that this file can hold"),
        ("---\n", "", "does not begin with front matter"),
        ("status: started", "status: 'started", "not YAML that can be read"),
        ("title: Offline mode", f"title: {'x' * 400}", "is not possible as title"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_and_costs_only_that_file(
    told: Cast, tmp_path: Path, old: str, new: str, said: str
) -> None:
    export(tmp_path, told.pm)
    edit(file(tmp_path, "offline"), old, new)
    receipt = read(tmp_path, told.pm)
    assert receipt.rejected == 1 and receipt.unchanged == 2 and said in why(receipt), why(receipt)
    assert Initiative.objects.get(title="Offline mode").revision == 4


def test_who_has_gone_is_left_out_and_said(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    emptied()
    edit(file(tmp_path, "build"), "decided_by: pm@example.org", "decided_by: gone@example.org")
    receipt = read(tmp_path, told.admin)
    assert counts(receipt) == (3, 0, 0, 0) and "There is no decided by “gone@example.org” here" in why(
        receipt
    )
    assert Decision.objects.get().decided_by is None


def test_a_link_to_what_is_not_there_is_left_out_and_said(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    emptied()
    file(tmp_path, "build").unlink()
    receipt = read(tmp_path, told.admin)
    assert counts(receipt) == (2, 0, 0, 0) and "neither in this folder nor here" in why(receipt)


def test_goals_that_would_serve_themselves(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.pm)
    top, low = file(tmp_path, "people"), file(tmp_path, "less")
    front, body = sheets.read(top.read_text())
    edge = {"to": str(low.relative_to(tmp_path)), "as": "contributes"}
    top.write_text(sheets.written({**front, "leads_to": [edge]}, body))
    receipt = read(tmp_path, aimed.pm)
    assert receipt.rejected == 1 and "serves “" in why(receipt)


def test_odd_files_are_no_failure(told: Cast, tmp_path: Path) -> None:
    place = tmp_path / "initiatives"
    place.mkdir(parents=True)
    for number, text in enumerate(
        [b"", b"---", b"---\n---\n", b"\xff\xfe", b"---\na: &a [*a]\n---\n",
         b"---\n" + b"[" * 5000 + b"\n---\n", b"---\n- x\n---\n", b"---\n? {a: b}\n: c\n---\n",
         b"---\ntitle: \x00\n---\n", b"---\ntitle: x\nteam: Notebook\n---\n"]
    ):  # fmt: skip
        (place / f"{number}.md").write_bytes(text)
    assert counts(read(tmp_path, told.pm)) == (0, 0, 0, 10)


def test_no_import_names_a_path_outside_the_folder(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="own name"):
        opened("x.csv", b"id,title\n../out.txt,Mine\n", by=cast.maker, source=" folder")
    kept = opened("folder.csv", b"id,title\n1,Mine\n", by=cast.maker)
    assert kept.source == "folder (file)"
    item = Initiative.propose(by=cast.maker, title="Mine", team=cast.team.pk)
    Origin.objects.create(source="folder", external_id="../out.txt", item=item)  # from before it was refused
    victim = tmp_path / "out.txt"
    victim.write_text("Not yours")
    export(tmp_path / "ours", cast.pm)
    assert victim.read_text() == "Not yours"
    assert len([*(tmp_path / "ours" / "initiatives").glob("*-mine.md")]) == 1
    Initiative.objects.filter(pk=item.pk).update(circle="private")
    export(tmp_path / "ours", cast.pm)
    assert victim.read_text() == "Not yours"


@pytest.mark.parametrize("value", ["[&a [x], *a]", '"\\ud800"', "[" * 3000])
def test_what_no_file_needs_in_its_head_is_refused(cast: Cast, value: str) -> None:
    receipt = Reading(cast.pm, {"initiatives/x.md": f"---\ntitle: x\nstatus: {value}\n---\n"}).go()
    assert counts(receipt) == (0, 0, 0, 1) and "not YAML" in why(receipt)
