"""The folder read back: by whom, what changes, what stays."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.exchange.folder import sheets
from filrouge.alignment.exchange.folder.opened import Sheet
from filrouge.alignment.exchange.folder.outside import export
from filrouge.alignment.exchange.folder.reading import Reading
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Cycle, Goal, KeyResult
from filrouge.cli import cli
from filrouge.core.models import Item, Link
from filrouge.core.origins import Origin
from tests.fixtures.cast import Cast

from .house import content, counts, edit, emptied, file, read, there_and_back, why

pytestmark = pytest.mark.django_db


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


def test_plans_that_serve_goals_and_decisions_that_watch_them(aimed: Cast, tmp_path: Path) -> None:
    goal, measure = Goal.objects.get(title="Less waiting"), KeyResult.objects.get()
    plan = Initiative.create(by=aimed.pm, title="Offline mode")
    plan.link(by=aimed.pm, to=goal.pk, relation="contributes")
    plan.link(by=aimed.pm, to=measure.pk, relation="contributes")
    Decision.create(by=aimed.pm, title="Build it?", key_result=measure.pk, breaks="below", threshold="3")
    measure.archive(by=aimed.pm)
    assert there_and_back(tmp_path, aimed.pm) == ""


def test_a_dry_run_says_what_the_run_then_does(
    aimed: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("filrouge.alignment.exchange.folder.reading.BATCH", 1)
    export(tmp_path, aimed.pm)
    emptied()
    Cycle.objects.all().delete()
    would = read(tmp_path, aimed.admin, dry_run=True)
    assert (counts(would), why(would)) == ((3, 0, 0, 0), "")
    assert not Item.objects.exists() and not Cycle.objects.exists()
    assert counts(read(tmp_path, aimed.admin)) == counts(would)


def test_who_noted_a_value_has_gone_the_value_stays(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.pm)
    emptied()
    for path in tmp_path.rglob("*.md"):
        path.write_text(path.read_text().replace("by: pm@", "by: gone@"))
    receipt = read(tmp_path, aimed.admin)
    assert counts(receipt) == (3, 0, 0, 0) and why(receipt).count("gone@example.org") == 1
    result = KeyResult.objects.get()
    assert (result.observations.get().value, result.observations.get().by) == (Decimal("6.5"), None)
    assert result.links_out.count() == 2, "a missing name costs no alignment"


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


def test_a_decision_is_taken_on_its_page(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    edit(file(tmp_path, "build"), "status: decided", "status: open")
    receipt = read(tmp_path, told.pm)
    assert receipt.rejected == 1 and "by an act on its page only" in why(receipt)


def test_how_a_goal_stands_is_said_on_its_page(aimed: Cast, tmp_path: Path) -> None:
    goal = Goal.objects.get(title="Less waiting")
    goal.say(by=aimed.pm, status="behind", reason="Two of us left")
    assert not there_and_back(tmp_path, aimed.pm)
    back = Goal.objects.get(title="Less waiting")
    assert (back.said, back.said_by, back.said_reason) == ("behind", aimed.pm, "Two of us left")
    edit(file(tmp_path, "less-waiting"), "said: behind", "said: on_track")
    receipt = read(tmp_path, aimed.pm)
    assert receipt.rejected == 1 and "by an act on its page only" in why(receipt)


def test_interim_targets_come_back_and_are_changed_by_file(aimed: Cast, tmp_path: Path) -> None:
    made = KeyResult.objects.get(title="Saves lost")
    starts, ends = made.period
    assert starts and ends
    day = starts + (ends - starts) / 2
    made.revise(by=aimed.pm, interim=f"{day} 6")
    assert not there_and_back(tmp_path, aimed.pm)
    assert KeyResult.objects.get(title="Saves lost").promise.interim == ((day, 6),)
    edit(file(tmp_path, "saves"), f"{day} 6", f"{day} 4")
    assert counts(read(tmp_path, aimed.pm)) == (0, 1, 2, 0)
    assert KeyResult.objects.get(title="Saves lost").promise.interim == ((day, 4),)
    edit(file(tmp_path, "saves"), f"{day} 4", f"{ends} 4")
    receipt = read(tmp_path, aimed.pm)
    assert receipt.rejected == 1 and "not between" in why(receipt)


def test_what_was_said_at_no_time_is_refused(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.pm)
    edit(file(tmp_path, "less-waiting"), "status: open", "status: open\nsaid: behind")
    emptied()
    receipt = read(tmp_path, aimed.admin)
    assert receipt.rejected == 1 and "does not tell when" in why(receipt)


def test_the_commands(told: Cast, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["export", "folder", str(tmp_path), "--as", told.pm.email])
    assert done.output == "4 files: 4 written, 0 removed.\n"
    again = CliRunner().invoke(cli, ["import", "folder", str(tmp_path), "--as", told.pm.email, "--json"])
    assert json.loads(again.output)["unchanged"] == 3
    assert CliRunner().invoke(cli, ["import", "folder", str(tmp_path / "none")]).exit_code == 2


def test_a_dry_run_says_what_a_run_would_do_and_does_nothing(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.pm)
    edit(file(tmp_path, "less"), "as: contributes", "as: invented")
    edit(file(tmp_path, "saves"), "to: objectives/", "to: objectives/nowhere-")
    emptied()
    Origin.objects.all().delete()
    dry = read(tmp_path, aimed.admin, dry_run=True)
    assert not Item.objects.exists() and not Origin.objects.exists()
    real = read(tmp_path, aimed.admin)
    assert counts(dry) == counts(real) == (3, 0, 0, 0)
    assert why(dry) == why(real) and "It cannot lead to" in why(dry) and "nowhere-" in why(dry)


@pytest.mark.parametrize("dry_run", [True, False])
def test_no_transaction_holds_more_than_a_batch(
    aimed: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    export(tmp_path, aimed.pm)
    emptied()
    monkeypatch.setattr("filrouge.alignment.exchange.folder.reading.BATCH", 1)
    seen = []
    make = Reading._make

    def counted(reading: Reading, sheet: Sheet) -> None:
        seen.append(Item.objects.count())
        make(reading, sheet)

    monkeypatch.setattr(Reading, "_make", counted)
    assert counts(read(tmp_path, aimed.admin, dry_run)) == (3, 0, 0, 0)
    assert seen == ([0, 0, 0] if dry_run else [0, 1, 2]), "each batch is undone before the next begins"
