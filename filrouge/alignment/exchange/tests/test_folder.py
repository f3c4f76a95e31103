"""A folder made for git: stable names, no needless difference, and the same state when it is read back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.exchange import sheets
from filrouge.alignment.exchange.folder import Folder, cycles_in, export, kinds, taken, write_again
from filrouge.alignment.exchange.models import Origin
from filrouge.alignment.exchange.reading_back import Reading
from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Cycle, Goal, KeyResult, Observation, Weight
from filrouge.cli import cli
from filrouge.core.models import History, Item, Link
from filrouge.people.models import User
from filrouge.voices.receipts import Receipt
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def read(folder: Path, by: User, dry_run: bool = False) -> Receipt:
    reading = Reading(by, taken(folder), dry_run, cycles_in(folder))
    receipt = reading.go()
    assert receipt.read == len(taken(folder))
    if not dry_run:
        write_again(folder, reading.changed, by)
    return receipt


def counts(receipt: Receipt) -> tuple[int, ...]:
    return receipt.new, receipt.updated, receipt.unchanged, receipt.rejected


def why(receipt: Receipt) -> str:
    return "\n".join(f"{one.column}: {one.reason}" for one in receipt.remarks)


def emptied() -> None:
    History.objects.all().delete()
    Item.objects.all().delete()


@pytest.fixture
def told(cast: Cast) -> Cast:
    item = Initiative.create(
        by=cast.pm, title="Offline mode", outcome="One\n\nTwo: three", ends=date(2027, 1, 31)
    )
    item.start(by=cast.pm)
    decision = Decision.create(
        by=cast.pm, title="Build it?", from_items=[{"item": item.pk, "note": "Now or never"}]
    )
    decision.decide(by=cast.pm, rationale="Trains have tunnels", outcome="Yes")
    item.revise(by=cast.pm, product=cast.area.pk)
    Initiative.propose(by=cast.ops, title="Émojis & co: “yes”?", team=cast.team.pk)
    return cast


def file(folder: Path, name: str) -> Path:
    (found,) = folder.rglob(f"*{name}*.md")
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new, 1))


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
    assert export(tmp_path, told.pm).written == 3
    before = content(tmp_path)
    again = export(tmp_path, told.ops)
    assert (again.written, again.removed) == (0, 0) and content(tmp_path) == before
    Initiative.objects.get(title="Offline mode").revise(by=told.pm, title="Works offline")
    assert export(tmp_path, told.pm).written == 1
    assert set(content(tmp_path)) == set(before), "a file keeps its name"


def test_read_back_here_nothing_changes(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    before = list(Item.objects.values())
    assert counts(read(tmp_path, told.pm)) == (0, 0, 3, 0)
    assert list(Item.objects.values()) == before


def test_read_back_into_an_empty_house(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    before = content(tmp_path)
    emptied()
    receipt = read(tmp_path, told.admin)
    assert counts(receipt) == (3, 0, 0, 0), why(receipt)
    decision = Decision.objects.get()
    assert (decision.status, decision.decided_by, decision.outcome) == ("decided", told.pm, "Yes")
    assert decision.author == told.pm and Link.objects.get().note == "Now or never"
    row = decision.history.get()
    assert (row.verb, row.by) == ("read_back", told.admin)
    export(tmp_path, told.pm)
    assert content(tmp_path) == before
    assert counts(read(tmp_path, told.admin)) == (0, 0, 3, 0)


def test_killed_half_way_another_run_brings_in_the_rest(
    aimed: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(tmp_path, aimed.pm)
    before = content(tmp_path)
    emptied()

    class Killed(BaseException):
        pass

    with monkeypatch.context() as patched:
        patched.setattr(Reading, "_tie_new", lambda *_given: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            read(tmp_path, aimed.admin)
    assert Item.objects.count() == 3 and not Link.objects.exists()
    assert counts(read(tmp_path, aimed.admin)) == (3, 0, 0, 0)
    assert counts(read(tmp_path, aimed.admin)) == (0, 0, 3, 0)
    export(tmp_path, aimed.pm)
    assert content(tmp_path) == before


def test_what_was_changed_in_a_file_is_changed_here(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    path = file(tmp_path, "offline")
    edit(path, "Two: three", "Two: four")
    edit(path, "status: started", "status: dropped\nreason: Too dear")
    assert counts(read(tmp_path, told.pm, dry_run=True)) == (0, 1, 2, 0)
    assert Initiative.objects.get(title="Offline mode").status == "started"
    assert counts(read(tmp_path, told.pm)) == (0, 1, 2, 0)
    item = Initiative.objects.get(title="Offline mode")
    assert (item.outcome, item.status, item.reason) == ("One\n\nTwo: four", "dropped", "Too dear")
    assert item.history.first().after["status"] == "dropped"
    edit(path, "Two: four", "Two: five")
    assert counts(read(tmp_path, told.pm)) == (0, 1, 2, 0), "the file knows its new revision"


def test_what_changed_here_meanwhile_is_not_overwritten(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    edit(file(tmp_path, "offline"), "Two: three", "From the file")
    item = Initiative.objects.get(title="Offline mode")
    item.revise(by=told.pm, outcome="From the page")
    receipt = read(tmp_path, told.pm)
    assert counts(receipt) == (0, 0, 2, 1) and "changed here since it was exported" in why(receipt)
    item.refresh_from_db()
    assert item.outcome == "From the page"


def test_links_come_and_go_with_the_file(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    path = file(tmp_path, "offline")
    front, body = sheets.read(path.read_text())
    edge = front.pop("leads_to")[0]
    path.write_text(sheets.written(front, body))
    assert counts(read(tmp_path, told.pm)) == (0, 1, 2, 0) and not Link.objects.exists()
    front, body = sheets.read(path.read_text())
    path.write_text(sheets.written({**front, "leads_to": [edge]}, body))
    assert counts(read(tmp_path, told.pm)) == (0, 1, 2, 0) and Link.objects.get().relation == "decided_in"


@pytest.mark.parametrize("name", ["admin", "ops", "other_pm", "maker", "design"])
def test_nobody_else_changes_what_is_the_product_managers(told: Cast, tmp_path: Path, name: str) -> None:
    export(tmp_path, told.pm)
    edit(file(tmp_path, "offline"), "status: started", "status: shipped")
    receipt = read(tmp_path, getattr(told, name))
    assert counts(receipt) == (0, 0, 2, 1) and "Only the team’s product manager" in why(receipt)


@pytest.mark.parametrize("name", ["ops", "other_pm", "maker"])
def test_only_who_plans_or_an_administrator_brings_back_what_is_gone(
    told: Cast, tmp_path: Path, name: str
) -> None:
    export(tmp_path, told.pm)
    emptied()
    assert counts(read(tmp_path, getattr(told, name))) == (0, 0, 0, 3) and not Item.objects.exists()


def test_nobody_takes_an_item_to_a_team_that_they_do_not_lead(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    edit(file(tmp_path, "offline"), "team: Notebook", "team: Terminal")
    assert counts(read(tmp_path, told.pm)) == (0, 0, 2, 1)


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


@pytest.fixture
def aimed(cast: Cast) -> Cast:
    goal = Goal.create(by=cast.pm, title="People write everywhere", description="Trains, too")
    low = Goal.create(by=cast.pm, title="Less waiting", parent=goal.pk)
    measured = {"type": "decrease", "start": "8", "target": "2"}
    result = KeyResult.create(by=cast.pm, title="Saves lost", objective=low.pk, **measured)
    result.link(by=cast.pm, to=goal.pk, relation="contributes", weight="0.25", note="A quarter of it")
    result.check_in(by=cast.pm, value="6.5", confidence=7, note="After the new release")
    return cast


def test_goals_with_their_measure_log_and_weights(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.pm)
    before, log = content(tmp_path), list(Observation.objects.values_list("value", "at", "by", "note"))
    assert b"weight: 0.25" in file(tmp_path, "saves").read_bytes()
    emptied()
    Cycle.objects.all().delete()
    receipt = read(tmp_path, aimed.admin)
    assert counts(receipt) == (3, 0, 0, 0) and not receipt.remarks, why(receipt)
    assert list(Observation.objects.values_list("value", "at", "by", "note")) == log
    assert Weight.objects.get().weight == Decimal("0.25")
    export(tmp_path, aimed.pm)
    assert content(tmp_path) == before


def test_a_line_added_to_a_log_is_noted_by_who_reads_it_back(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.head)
    path = file(tmp_path, "saves")
    front, body = sheets.read(path.read_text())
    line = {"value": "5", "at": "2026-11-25T10:00:00+00:00", "noted_at": "2026-11-25T10:00:00+00:00"}
    front["strategy.Observation"].append(line | {"by": "head@example.org"})
    path.write_text(sheets.written(front, body))
    receipt = read(tmp_path, aimed.pm)
    assert counts(receipt) == (0, 1, 2, 0), why(receipt)
    assert Observation.objects.order_by("pk").last().by == aimed.pm  # type: ignore[union-attr]
    front, body = sheets.read(path.read_text())
    front["strategy.Observation"].pop()
    path.write_text(sheets.written(front, body))
    receipt = read(tmp_path, aimed.pm)
    assert receipt.rejected == 1 and "not taken back" in why(receipt) and Observation.objects.count() == 2


def test_goals_that_would_serve_themselves(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.pm)
    top, low = file(tmp_path, "people"), file(tmp_path, "less")
    front, body = sheets.read(top.read_text())
    edge = {"to": str(low.relative_to(tmp_path)), "as": "contributes"}
    top.write_text(sheets.written({**front, "leads_to": [edge]}, body))
    receipt = read(tmp_path, aimed.pm)
    assert receipt.rejected == 1 and "serves “" in why(receipt)


def test_what_stands_around_an_item_is_read_back_with_it(told: Cast, tmp_path: Path) -> None:
    first = Initiative.objects.get(title="Offline mode")
    other = Initiative.create(by=told.other_pm, title="Storage")
    first.depend(by=told.pm, needs=other.pk, note="A place to keep it")
    other.accept_dependency(by=told.other_pm, dependant=first.pk)
    decision = Decision.create(by=told.pm, title="Which store?")
    decision.add_option(by=told.pm, option_title="SQLite", pros="One file\nKnown", cons="One writer")
    decision.involve(by=told.pm, part="informed", by_name="Lyon")
    export(tmp_path, told.pm)
    before = content(tmp_path)
    emptied()
    receipt = read(tmp_path, told.admin)
    assert counts(receipt) == (5, 0, 0, 0) and not receipt.remarks, why(receipt)
    export(tmp_path, told.pm)
    assert content(tmp_path) == before
    edit(file(tmp_path, "offline"), "state: accepted", "state: declined")
    assert "by an act on its page only" in why(read(tmp_path, told.pm))


def test_a_decision_is_taken_on_its_page(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    edit(file(tmp_path, "build"), "status: decided", "status: open")
    receipt = read(tmp_path, told.pm)
    assert receipt.rejected == 1 and "by an act on its page only" in why(receipt)


def test_who_may_not_export_is_told(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied):
        export(tmp_path, cast.stakeholder)


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


def test_the_commands(told: Cast, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["export", "folder", str(tmp_path), "--as", told.pm.email])
    assert done.output == "3 files: 3 written, 0 removed.\n"
    again = CliRunner().invoke(cli, ["import", "folder", str(tmp_path), "--as", told.pm.email, "--json"])
    assert json.loads(again.output)["unchanged"] == 3
    assert CliRunner().invoke(cli, ["import", "folder", str(tmp_path / "none")]).exit_code == 2


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=80).map(
    str.strip
)
TITLE = TEXT.filter(bool)
DAY = st.none() | st.dates(date(1970, 1, 1), date(2199, 12, 31))
HOURS = st.times().map(lambda at: at.replace(tzinfo=UTC))
MOMENT = st.none() | st.builds(datetime.combine, st.dates(date(1970, 1, 2), date(2199, 1, 1)), HOURS)
INITIATIVE = st.fixed_dictionaries(
    {"title": TITLE, "outcome": TEXT, "status": st.sampled_from(Initiative.Status.values),
     "horizon": st.sampled_from(Initiative.Horizon.values), "shipped_on": DAY,
     "version": TEXT.map(lambda text: text[:60].strip()), "notes": TEXT, "reason": TEXT,
     "archived_at": MOMENT}
)  # fmt: skip
DECISION = st.fixed_dictionaries(
    {"title": TITLE, "context": TEXT, "status": st.sampled_from(Decision.Status.values), "due": DAY,
     "outcome": TEXT, "rationale": TEXT, "decided_at": MOMENT}
)  # fmt: skip
NUMBER = st.none() | st.decimals(-(10**6), 10**6, places=5)
GOAL = st.fixed_dictionaries(
    {"title": TITLE, "description": TEXT, "status": st.sampled_from(Goal.Status.values),
     "grade": st.none() | st.decimals(0, 1, places=5), "grade_reason": TEXT, "starts": DAY}
)  # fmt: skip
RESULT = st.fixed_dictionaries(
    {"title": TITLE, "description": TEXT, "status": st.sampled_from(KeyResult.Status.values),
     "target": NUMBER,
     "movement": st.sampled_from(["increase", "reach", "stay_below"]),
     "cadence": st.integers(1, 366),
     "unit": TEXT.map(lambda text: text[:40].strip()), "confidence": st.none() | st.integers(0, 10),
     "value": NUMBER}
)  # fmt: skip
NOTES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), TEXT), max_size=5)


def write(cast: Cast, model: type[Item], values: dict[str, Any]) -> Item:
    made = model(type=model.type_label(), author=cast.pm, team=cast.team, **values)
    made.validate()
    made.remember("create", by=cast.pm, before={})
    return made


def state() -> list[dict[str, Any]]:
    """All that a folder promises to hold, by title and columns."""
    skipped = {"id", "item_ptr_id", "changed_at", "stems", "forms"}
    rows = [row for model in kinds() for row in model.objects.order_by("title", "created_at").values()]
    return [{name: value for name, value in row.items() if name not in skipped} for row in rows]


FEW = partial(st.lists, max_size=4)


@given(FEW(INITIATIVE), FEW(DECISION), FEW(GOAL), FEW(RESULT), NOTES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_read_back_it_is_the_same(
    cast: Cast,
    tmp_path_factory: pytest.TempPathFactory,
    plans: list[Any],
    answers: list[Any],
    goals: list[Any],
    results: list[Any],
    edges: list[Any],
) -> None:
    emptied()
    Origin.objects.all().delete()
    items = [write(cast, Initiative, values) for values in plans]
    decisions = [write(cast, Decision, values) for values in answers]
    aims = [write(cast, Goal, values) for values in goals]
    measured = [write(cast, KeyResult, values) for values in results]
    for source, target, note in edges:
        if source < len(measured) and target < len(aims):
            ends = {"source_id": measured[source].pk, "target_id": aims[target].pk}
            Link.objects.update_or_create(**ends, relation="contributes", defaults={"note": note})
        if source < len(items) and target < len(decisions):
            edge = {
                "source_id": items[source].pk,
                "target_id": decisions[target].pk,
                "relation": "decided_in",
            }
            Link.objects.update_or_create(**edge, defaults={"note": note})
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    export(first, cast.pm)
    before, links = state(), Link.objects.count()
    emptied()
    receipt = read(first, cast.admin)
    assert counts(receipt) == (len(before), 0, 0, 0) and not receipt.remarks, why(receipt)
    assert (state(), Link.objects.count()) == (before, links)
    export(second, cast.pm)
    assert content(first) == content(second)
    assert Folder(cast.pm).files().keys() - {"cycles.yaml"} == taken(second).keys()


@given(st.dictionaries(TITLE, TEXT | st.lists(TEXT), max_size=5), TEXT)
def test_a_sheet_is_read_as_it_was_written(front: dict[str, Any], body: str) -> None:
    assert sheets.read(sheets.written(front, body)) == (front, body)
    windows = sheets.written(front, body).replace("\n", "\r\n")
    assert sheets.read(windows) == (front, body)


def test_no_import_names_a_path_outside_the_folder(cast: Cast, tmp_path: Path) -> None:
    from filrouge.alignment.exchange.receiving import opened
    from filrouge.core.errors import BadInput

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
        "roadmap.Dependency": [
            {"needs": path, "state": "accepted", "answered_by": "other_pm@example.org",
             "asked_at": "2026-01-01T00:00:00+00:00", "answered_at": "2026-01-02T00:00:00+00:00"}
        ],
    }  # fmt: skip
    receipt = Reading(getattr(cast, name), {"initiatives/new.md": sheets.written(front, "")}).go()
    assert counts(receipt) == (1, 0, 0, 0), why(receipt)
    row = Dependency.objects.get()
    assert row.state == state and (row.answered_by == cast.other_pm) is (state == "accepted")


def test_a_folder_that_is_called_like_a_file_is_passed_over(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "initiatives" / "odd.md").mkdir(parents=True)
    assert taken(tmp_path) == {}
