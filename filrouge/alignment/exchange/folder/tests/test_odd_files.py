"""What is wrong in a file is said, and costs only that file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.exchange.folder import sheets
from filrouge.alignment.exchange.folder.contents import Folder
from filrouge.alignment.exchange.folder.outside import export, taken
from filrouge.alignment.exchange.folder.reading import Reading
from filrouge.alignment.exchange.receiving import opened
from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.roadmap.worksheets import Method
from filrouge.alignment.strategy.models import Goal, KeyResult, Observation, Weight
from filrouge.core.errors import BadInput
from filrouge.core.models import Link
from filrouge.core.origins import Origin
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


@pytest.mark.parametrize(("name", "state"), [("pm", "asked"), ("admin", "accepted")])
def test_no_file_agrees_for_another_team(cast: Cast, name: str, state: str) -> None:
    theirs = Initiative.create(by=cast.other_pm, title="Theirs")
    path = Folder(cast.pm).paths[theirs.pk]
    front = {
        "title": "New", "status": "planned", "team": "Notebook", "created_at": "2026-01-01T00:00:00+00:00",
        "dependencies": [
            {"needs": path, "state": "accepted", "answered_by": "other_pm@example.org",
             "asked_at": "2026-01-01T00:00:00+00:00", "answered_at": "2026-01-02T00:00:00+00:00"}
        ],
    }  # fmt: skip
    receipt = Reading(getattr(cast, name), {"initiatives/new.md": sheets.written(front, "")}).go()
    assert counts(receipt) == (1, 0, 0, 0), why(receipt)
    row = Dependency.objects.get()
    assert row.state == state and (row.answered_by == cast.other_pm) is (state == "accepted")


@pytest.mark.parametrize(("name", "tied"), [("pm", 0), ("admin", 1)])
def test_no_new_file_ties_itself_to_another_teams_decision(cast: Cast, name: str, tied: int) -> None:
    theirs = Decision.create(by=cast.other_pm, title="Theirs")
    front = {
        "title": "New", "status": "planned", "team": "Notebook", "created_at": "2026-01-01T00:00:00+00:00",
        "leads_to": [{"to": Folder(cast.pm).paths[theirs.pk], "as": "decided_in"}],
    }  # fmt: skip
    receipt = Reading(getattr(cast, name), {"initiatives/new.md": sheets.written(front, "")}).go()
    assert counts(receipt) == (1, 0, 0, 0) and theirs.links_in.count() == tied
    assert ("decisions" in why(receipt)) is (not tied)


def test_no_file_takes_another_teams_decision_away(cast: Cast, tmp_path: Path) -> None:
    ours, theirs = Initiative.create(by=cast.pm, title="Ours"), Decision.create(by=cast.other_pm, title="It")
    Link.objects.create(source_id=ours.pk, target_id=theirs.pk, relation="decided_in")
    export(tmp_path, cast.pm)
    path = file(tmp_path, "ours")
    front, body = sheets.read(path.read_text())
    del front["leads_to"]
    path.write_text(sheets.written(front, body))
    receipt = read(tmp_path, cast.pm)
    assert receipt.rejected == 1 and theirs.links_in.count() == 1


@pytest.mark.parametrize(("weight", "rejected"), [("50", 1), ("1", 0)])
def test_no_file_says_what_counts_in_another_teams_goal(
    cast: Cast, tmp_path: Path, weight: str, rejected: int
) -> None:
    theirs, ours = Goal.create(by=cast.other_pm, title="Theirs"), Goal.create(by=cast.pm, title="Mine")
    ours.link(by=cast.pm, to=theirs.pk)
    export(tmp_path, cast.pm)
    edit(file(tmp_path, "mine"), "as: contributes", f"as: contributes\n    weight: {weight}")
    receipt = read(tmp_path, cast.pm)
    assert receipt.rejected == rejected and ("is said there" in why(receipt)) is bool(rejected)
    assert Weight.objects.count() == 1 - rejected


def backdate(path: Path, column: str, year: str, after: str) -> None:
    head, mark, rest = path.read_text().partition(after) if after else ("", "", path.read_text())
    text = re.sub(rf"\b{column}: '20\d\d", f"{column}: '{year}", rest, count=1)
    assert year in text
    path.write_text(head + mark + text)


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_link_of_no_such_day_costs_itself_only(aimed: Cast, tmp_path: Path, year: str) -> None:
    export(tmp_path, aimed.pm)
    backdate(file(tmp_path, "saves"), "at", year, after="leads_to:")
    emptied()
    receipt = read(tmp_path, aimed.admin)
    assert counts(receipt) == (3, 0, 0, 0) and "is not possible as" in why(receipt)


@pytest.mark.parametrize("year", ["0001", "1850", "9999", "2999"])
@pytest.mark.parametrize("column", ["at", "created_at"])
def test_no_moment_is_kept_that_a_page_cannot_show(
    aimed: Cast, tmp_path: Path, year: str, column: str
) -> None:
    """One file would have stopped the page of goals for everybody in another time zone."""
    export(tmp_path, aimed.pm)
    path = file(tmp_path, "saves")
    backdate(path, column, year, after="log:" if column == "at" else "")
    if column == "created_at":
        emptied()
    receipt = read(tmp_path, aimed.pm)
    assert receipt.rejected == 1 and "is not possible as" in why(receipt)


@pytest.mark.parametrize("method", Method.values)
@pytest.mark.parametrize(
    "inputs",
    ["{}", "[]", "5", "null", "{reach: x}", "{value: [1]}", "{lines: a}", "'[[1]]'", "'{\"lines\": 5}'"],
)
def test_a_worksheet_that_makes_no_result_is_left_out(
    cast: Cast, client: Client, method: str, inputs: str
) -> None:
    head = "---\ntitle: x\nstatus: planned\nteam: Notebook\ncreated_at: '2026-01-01T00:00:00+00:00'\n"
    at = "'2026-01-01T00:00:00+00:00'"
    rows = f"worksheets:\n  - method: {method}\n    inputs: {inputs}\n    at: {at}\n---\n"
    receipt = Reading(cast.pm, {"initiatives/x.md": head + rows}).go()
    assert counts(receipt) == (1, 0, 0, 0) and receipt.remarks
    client.force_login(cast.pm)
    assert client.get(Initiative.objects.get().get_absolute_url()).status_code == 200


def test_what_an_origin_says_is_text(cast: Cast, client: Client) -> None:
    head = "---\ntitle: x\nstatus: decided\nteam: Notebook\ncreated_at: '2026-01-01T00:00:00+00:00'\n"
    known = 'origins:\n  - source: x\n    external_id: y\n    known: \'{"status": 5, "digest": 1}\'\n---\n'
    assert counts(Reading(cast.pm, {"decisions/x.md": head + known}).go()) == (1, 0, 0, 0)
    client.force_login(cast.maker)
    assert client.get("/decisions/log.zip").status_code == 200


def test_a_line_that_a_file_adds_is_a_check_in_of_today(aimed: Cast, tmp_path: Path) -> None:
    result = KeyResult.objects.get()
    KeyResult.objects.update(movement="binary", start=None, target=None)
    Observation.objects.update(value=0)
    export(tmp_path, aimed.pm)
    path, line = (
        file(tmp_path, "saves"),
        "  - value: {}\n    at: 2025-01-01T00:00:00+00:00\n    noted_at: 2025-01-01T00:00:00+00:00\n",
    )
    edit(path, "log:\n", f"log:\n{line.format(5)}")
    assert read(tmp_path, aimed.pm).rejected == 1 and result.observations.count() == 1
    edit(path, "value: 5\n", "value: 1\n    confidence: 30000\n")
    assert "from 0 to 10" in why(read(tmp_path, aimed.pm)) and result.observations.count() == 1
    edit(path, "    confidence: 30000\n", "")
    assert read(tmp_path, aimed.pm).updated == 1
    added = result.observations.get(value=1)
    assert added.at.year == 2025 and added.noted_at.year > 2025 and added.by == aimed.pm


def test_a_folder_that_is_called_like_a_file_is_passed_over(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "initiatives" / "odd.md").mkdir(parents=True)
    assert taken(tmp_path) == {}


@pytest.mark.parametrize(("name", "author"), [("pm", "pm"), ("admin", "maker")])
def test_no_file_speaks_in_the_name_of_another(cast: Cast, tmp_path: Path, name: str, author: str) -> None:
    front = {
        "title": "Stay", "status": "open", "team": "Notebook", "created_at": "2026-01-01T00:00:00+00:00",
        "author": "maker@example.org", "starts": "2026-01-01", "ends": "2026-03-31", "movement": "increase",
        "start": "0", "target": "10", "cadence": 7,
        "log": [{"value": "5", "at": "2026-02-01T00:00:00+00:00", "by": "maker@example.org"}],
    }  # fmt: skip
    path = tmp_path / "key-results" / "stay.md"
    path.parent.mkdir()
    path.write_text(sheets.written(front, ""))
    receipt = read(tmp_path, getattr(cast, name))
    assert counts(receipt) == (1, 0, 0, 0), why(receipt)
    made = KeyResult.objects.get()
    assert made.author == made.observations.get().by == getattr(cast, author)
    again = "pm@example.org" if name == "pm" else "maker@example.org"
    assert f"author: {again}" in path.read_text()
