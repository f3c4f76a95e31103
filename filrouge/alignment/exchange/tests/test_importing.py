"""Rows become roadmap items by Verbs: planned by the team's product manager, proposed by anybody else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from filrouge.alignment.exchange.importing import Importing
from filrouge.alignment.exchange.models import PlanImport, Pointer, SetAside
from filrouge.alignment.exchange.receiving import opened
from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.alignment.roadmap.models import Initiative
from filrouge.cli import cli
from filrouge.core.errors import BadInput
from filrouge.core.models import Item
from filrouge.core.origins import Origin, source_called
from filrouge.core.plain import as_csv
from filrouge.jobs.run import DirectRun
from filrouge.people.models import User
from tests.fixtures.cast import Cast

from . import files

pytestmark = pytest.mark.django_db


def bring(
    content: bytes, by: User, name: str = "keps.csv", dry_run: bool = False, **more: Any
) -> dict[str, Any]:
    made = opened(name, content, by=by, **more)
    made.save()
    made.restart(dry_run=dry_run)
    Importing(made, DirectRun()).go()
    receipt = made.receipt()
    assert receipt["read"] == sum(receipt[name] for name in ("new", "updated", "unchanged", "rejected"))
    return receipt


def counts(receipt: dict[str, Any]) -> tuple[int, ...]:
    return tuple(receipt[name] for name in ("new", "proposed", "updated", "unchanged", "rejected"))


def said(receipt: dict[str, Any]) -> str:
    return "\n".join(f"{one['line']} {one['column']} {one['reason']}" for one in receipt["errors"])


def named(title: str) -> Initiative:
    found: Initiative = Initiative.objects.get(title=title)
    return found


def test_the_product_managers_rows_come_onto_the_roadmap(cast: Cast) -> None:
    receipt = bring(files.KEPS, cast.pm)
    assert counts(receipt) == (5, 0, 0, 0, 0)
    assert named("Fountain pen").status == "started"
    nib = named("Gold nib")
    assert (nib.status, nib.version, nib.team, nib.shipped_on) == ("shipped", "v1.5", cast.team, None)
    assert [row.verb for row in nib.history.order_by("id")] == ["create", "ship"]
    assert (named("Quill").status, named("Quill").reason) == ("dropped", "withdrawn")


def test_what_is_dirty_or_leads_nowhere_is_reported_and_kept(cast: Cast) -> None:
    receipt = bring(files.KEPS, cast.pm)
    told = said(receipt)
    assert "4 status “imlpemented” is not a status known here" in told
    assert "4 see_also “keps/sig-ink/0006-sand.md” is neither in this file nor here" in told
    assert (
        "2 team There is no team “sig-ink” here: its rows went to Notebook." in told
        and told.count("sig-ink” here") == 1
    )
    assert "6 stage “alpha|beta|stable” is not a stage" in told
    assert receipt["tied"] == 4
    (loose,) = Pointer.objects.dangling()
    assert (loose.name, loose.origin.item.title) == ("keps/sig-ink/0006-sand.md", "Blotting")
    assert Pointer.objects.get(relation="replaced_by").target == Item.objects.get(title="Gold nib")


def test_what_led_nowhere_leads_there_once_it_is_here(cast: Cast) -> None:
    bring(files.keps(files.NIB), cast.pm)
    assert Pointer.objects.dangling().count() == 2
    receipt = bring(files.keps(files.PEN), cast.pm)
    assert receipt["tied"] == 2 and not Pointer.objects.dangling()


def test_anybody_elses_rows_wait_in_the_tray(cast: Cast) -> None:
    receipt = bring(files.KEPS, cast.ops, team=cast.team)
    assert counts(receipt) == (5, 5, 0, 0, 0)
    assert set(Initiative.objects.values_list("status", "team")) == {("proposed", cast.team.pk)}
    assert "status: shipped" in named("Gold nib").outcome, (
        "what the file says is before the product manager's eyes"
    )
    again = bring(files.KEPS, cast.ops, team=cast.team)
    assert counts(again) == (0, 0, 0, 5, 0)


def test_a_product_manager_who_imports_what_waits_takes_it_on(cast: Cast) -> None:
    bring(files.KEPS, cast.ops, team=cast.team)
    receipt = bring(files.KEPS, cast.pm)
    assert counts(receipt) == (0, 0, 5, 0, 0)
    assert named("Gold nib").status == "shipped" and named("Quill").status == "dropped"
    assert "status: shipped" not in named("Gold nib").outcome


def test_rows_for_another_team_wait_in_its_tray(cast: Cast) -> None:
    bring(files.JIRA, cast.pm, "jira.csv")
    assert named("Write by hand").team == cast.other_team and named("Write by hand").status == "proposed"
    assert named("Odd").team == cast.team and named("Odd").status == "planned"


def test_twice_changes_nothing(cast: Cast) -> None:
    bring(files.PRODUCTS, cast.pm, "products.jsonl")
    before = list(Initiative.objects.values_list("pk", "revision"))
    receipt = bring(files.PRODUCTS, cast.pm, "products.jsonl")
    assert counts(receipt) == (0, 0, 0, 3, 0)
    assert list(Initiative.objects.values_list("pk", "revision")) == before


def test_what_changed_in_the_file_is_taken_and_what_people_changed_here_stays(cast: Cast) -> None:
    bring(files.KEPS, cast.pm)
    named("Fountain pen").revise(by=cast.pm, outcome="Ours")
    moved = files.PEN | {"status": "implemented", "stage": "stable", "stable": "v1.6", "beta": "v1.4"}
    receipt = bring(files.keps({**moved, "title": "Fountain pens"}), cast.pm)
    assert counts(receipt) == (0, 0, 1, 0, 0)
    item = named("Fountain pens")
    assert (item.status, item.version) == ("shipped", "v1.6")
    same = files.keps({**files.NIB, "title": "Silver nib"})
    named("Gold nib").revise(by=cast.pm, outcome="Ours too")
    bring(same, cast.pm)
    assert named("Silver nib").outcome == "Ours too"


def test_what_may_not_be_changed_is_set_aside_and_the_rest_comes_in(cast: Cast) -> None:
    bring(files.KEPS, cast.pm)
    receipt = bring(
        files.keps({**files.PEN, "title": "Stylo"}, files.kep("16", "Ink")), cast.ops, team=cast.team
    )
    assert counts(receipt) == (1, 1, 0, 0, 1)
    assert named("Fountain pen") and "Only the team’s product manager" in said(receipt)
    row = SetAside.objects.get()
    assert row.raw["title"] == "Stylo" and b"Stylo" not in bytes(row.sealed)


def test_a_row_is_taken_whole_or_not_at_all(cast: Cast) -> None:
    bring(files.keps(files.NIB), cast.pm)
    back = files.keps({**files.NIB, "title": "Undone", "status": "withdrawn"})
    receipt = bring(back, cast.pm)
    assert counts(receipt) == (0, 0, 0, 0, 1) and named("Gold nib").revision == 2


def test_an_id_that_comes_again_is_taken_once(cast: Cast) -> None:
    content = files.keps(files.PEN, {**files.PEN, "title": "Ballpoint"})
    for expected in ((1, 0, 0, 0, 1), (0, 0, 0, 1, 1)):
        receipt = bring(content, cast.pm)
        assert counts(receipt) == expected and "line 3 again" in said(receipt)
    assert named("Ballpoint")


def test_a_dry_run_changes_nothing_and_says_the_same(cast: Cast) -> None:
    tried = bring(files.KEPS, cast.pm, dry_run=True)
    assert not Initiative.objects.exists() and not Origin.objects.exists() and not Pointer.objects.exists()
    done = bring(files.KEPS, cast.pm)
    assert tried | {"tied": 0} == done | {"tied": 0}


def test_the_same_id_at_two_sources(cast: Cast) -> None:
    table = b"id,title\n1,Ours\n"
    bring(table, cast.pm, "a.csv")
    receipt = bring(table.replace(b"Ours", b"Theirs"), cast.pm, "b.csv", given={"external_id": "id"})
    assert counts(receipt)[0] == 1 and set(Origin.objects.values_list("source", flat=True)) == {"a", "b"}


def test_who_is_in_no_team_is_asked_for_one(cast: Cast) -> None:
    receipt = bring(files.KEPS, cast.admin)
    assert counts(receipt) == (0, 0, 0, 0, 5) and "Say which team these are for" in said(receipt)


def test_a_bad_file_or_mapping_is_said(cast: Cast) -> None:
    for name, content, more, why in (
        ("a.csv", b"", {}, "empty"),
        ("a.csv", files.KEPS, {"shape": "jira"}, "a column that it needs is missing"),
        ("a.csv", files.KEPS, {"shape": "gantt"}, "not a format"),
        ("a.csv", b"id,name\n1,x\n", {"given": {"title": "nome"}}, "no column “nome”"),
        ("a.csv", b"id,name\n1,x\n", {"given": {"colour": "id"}}, "no field"),
        ("a.xlsx", b"PK\x03\x04", {}, "format"),
        ("a.jsonl.gz", b"\x1f\x8b\x08\x00\r\x00\x0d\xff", {}, "damaged"),
        ("a.csv.gz", gzip.compress(b"title\n" * 3_000_000), {}, "too large"),
        ("a.csv", b"title\x07\x01\x02\ra\x01", {}, "format"),
        ("okr.csv", b"a\rb,\rc", {"shape": "okr-table"}, "a column that it needs is missing"),
    ):
        with pytest.raises(BadInput, match=why):
            opened(name, content, by=cast.pm, **more)


def test_a_record_of_json_may_leave_a_column_out(cast: Cast) -> None:
    rows = [{"number": 1, "title": "A", "state": "open", "body": "x"}, {"number": 2, "title": "B"}]
    assert counts(bring(json.dumps(rows).encode(), cast.pm, "issues.json")) == (2, 0, 0, 0, 0)


def test_what_ships_in_the_future_is_in_progress_until_then(cast: Cast) -> None:
    table = b"title,status,shipped_on\nPen,shipped,2199-12-31\n"
    told = bring(table, cast.pm, "plan.csv")
    assert counts(told) == (1, 0, 0, 0, 0) and "2 shipped_on It shipped on 2199-12-31" in said(told)
    assert (item := Initiative.objects.get()).status == "started" and item.ends.year == 2199
    assert counts(bring(table, cast.pm, "plan.csv")) == (0, 0, 0, 1, 0)


def test_what_was_odd_names_its_column(cast: Cast) -> None:
    table = b"title,starts,ends,link\nPen,2027-03-01,2027-01-01,ftp://pen\n"
    told = said(bring(table, cast.pm, "plan.csv"))
    assert (
        "2 ends It ends before it starts" in told and "2 address \u201cftp://pen\u201d does not begin" in told
    )


def test_a_table_without_titles_is_refused_whole_by_the_command(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("text,rating\nFine,5\n")
    told = CliRunner().invoke(
        cli, ["import", "roadmap", str(tmp_path / "words.csv"), "--as", "pm@example.org"]
    )
    assert told.exit_code == 1 and "No column is mapped to the title" in told.output
    assert not PlanImport.objects.exists()


def test_a_file_may_be_packed(cast: Cast) -> None:
    assert counts(bring(gzip.compress(files.KEPS), cast.pm, "keps.csv.gz")) == (5, 0, 0, 0, 0)
    assert counts(bring(files.KEPS, cast.pm, "keps.csv")) == (0, 0, 0, 5, 0), "the same source"


def test_killed_half_way_it_goes_on_where_it_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("filrouge.alignment.exchange.importing.BATCH", 2)
    made = opened("keps.csv", files.KEPS, by=cast.pm)
    made.save()
    made.restart(dry_run=False)

    class Killed(BaseException):
        pass

    class Dying(DirectRun):
        def progress(self, done: int, total: int | None = None, note: str = "") -> None:
            raise Killed

    with pytest.raises(Killed):
        Importing(made, Dying()).go()
    assert Initiative.objects.count() == 2
    again = PlanImport.objects.get(pk=made.pk)
    assert again.position == again.new == 2
    Importing(again, DirectRun()).go()
    assert counts(again.receipt()) == (5, 0, 0, 0, 0) and Initiative.objects.count() == 5


def test_a_command_that_was_killed_is_given_again(cast: Cast) -> None:
    bring(files.keps(files.PEN, files.NIB), cast.pm)
    assert counts(bring(files.KEPS, cast.pm)) == (3, 0, 0, 2, 0)


def test_a_date_keeps_its_precision_and_comes_back_by_the_list_that_is_exported(cast: Cast) -> None:
    bring(b"title,starts,ends\nPen,2027-02,Q3 2027\n", cast.pm, name="plan.csv")
    item = Initiative.objects.get()
    assert (item.starts_label, item.ends_label) == ("Feb 2027", "Q3 2027")
    exported = b"".join(as_csv(Initiative, [item]))
    item.schedule(by=cast.pm, horizon="later")
    assert counts(bring(exported, cast.pm, name="list.csv", source="again")) == (1, 0, 0, 0, 0)
    again = Initiative.objects.latest("pk")
    assert (again.starts_label, again.ends_label) == ("Feb 2027", "Q3 2027")
    proposal = bring(b"title,ends\nNib,H2 2027\n", cast.maker, name="plan.csv", source="tray")
    assert proposal["proposed"] == 1 and "ends: H2 2027" in Initiative.objects.get(title="Nib").outcome


def test_a_date_said_less_exactly_later_is_a_change(cast: Cast) -> None:
    bring(b"title,ends\nPen,2027-09-30\n", cast.pm, name="plan.csv")
    known = Origin.objects.get().known
    Origin.objects.update(known={name: known[name] for name in known if not name.endswith("_precision")})
    assert counts(bring(b"title,ends\nPen,2027-09-30\n", cast.pm, name="plan.csv")) == (0, 0, 0, 1, 0)
    assert counts(bring(b"title,ends\nPen,2027-Q3\n", cast.pm, name="plan.csv")) == (0, 0, 1, 0, 0)
    assert Initiative.objects.get().ends_label == "Q3 2027"


LINKED = (
    b"Summary,Issue key,Issue Type,Status,Project name,Outward issue link (Blocks),"
    b"Inward issue link (Blocks)\n"
    b"Paper,A-1,Epic,To Do,Notebook,A-2,\n"
    b"Ink,A-2,Epic,To Do,Notebook,,A-1\n"
    b"Desk,A-3,Epic,To Do,Terminal,A-2,\n"
)


def needs() -> list[tuple[str, str, str]]:
    rows = Dependency.objects.order_by("pk").values_list("item__title", "needs__title", "state")
    return list(rows)


def test_what_blocks_in_jira_is_a_dependency(cast: Cast) -> None:
    """Within one's own team it is accepted at once; of a proposal nothing is asked until it is planned."""
    receipt = bring(LINKED, cast.pm, name="jira.csv")
    assert needs() == [("Ink", "Paper", "accepted")]
    assert "“Desk” is on no roadmap" in said(receipt) and receipt["tied"] == 3
    assert counts(bring(LINKED, cast.other_pm, name="jira.csv"))[2] == 1, "Terminal’s own takes Desk on"
    again = bring(LINKED, cast.pm, name="jira.csv")
    assert needs() == [("Ink", "Paper", "accepted"), ("Ink", "Desk", "asked")] and said(again) == ""
    Initiative.objects.get(title="Desk").accept_dependency(
        by=cast.other_pm, dependant=Initiative.objects.get(title="Ink").pk
    )
    assert counts(bring(LINKED, cast.pm, name="jira.csv")) == (0, 0, 0, 3, 0)
    assert needs()[1] == ("Ink", "Desk", "accepted"), "an answer is not asked for again"


def test_a_dependency_that_was_taken_away_does_not_come_back(cast: Cast) -> None:
    bring(LINKED, cast.pm, name="jira.csv")
    ink, paper = (Initiative.objects.get(title=title) for title in ("Ink", "Paper"))
    ink.drop_dependency(by=cast.pm, needs=paper.pk)
    bring(LINKED, cast.pm, name="jira.csv")
    assert needs() == []


def test_who_does_not_plan_the_item_asks_for_nothing(cast: Cast) -> None:
    receipt = bring(LINKED, cast.maker, name="jira.csv")
    assert needs() == [] and "decides what is on its roadmap" in said(receipt)


def test_no_file_refers_in_the_name_of_another_teams_item(cast: Cast) -> None:
    """Their row, with one more reference: nothing stands at their item, nothing is asked."""
    plain = LINKED.replace(b"Notebook,A-2,", b"Notebook,,").replace(b"Notebook,,A-1", b"Notebook,,")
    bring(plain, cast.pm, name="jira.csv", source="Jira")
    before = list(Pointer.objects.values_list("origin__external_id", "relation", "name"))
    for person in (cast.other_pm, cast.maker):
        receipt = bring(LINKED, person, name="jira.csv", source="Jira")
        assert receipt["rejected"] and "decides what is on its roadmap" in said(receipt)
    assert list(Pointer.objects.values_list("origin__external_id", "relation", "name")) == before
    assert counts(bring(LINKED, cast.pm, name="jira.csv", source="Jira"))[2] == 2


def test_an_import_tells_only_of_what_its_own_rows_need(cast: Cast) -> None:
    bring(LINKED, cast.maker, name="jira.csv", source="Jira")
    other = b"Summary,Issue key,Issue Type,Status,Project name\nLamp,A-9,Epic,To Do,Terminal\n"
    assert "No dependency" not in said(bring(other, cast.other_pm, name="jira.csv", source="Jira"))


def test_items_that_block_one_another_are_said(cast: Cast) -> None:
    circle = LINKED.replace(b"Ink,A-2,Epic,To Do,Notebook,,A-1", b"Ink,A-2,Epic,To Do,Notebook,A-1,")
    receipt = bring(circle, cast.pm, name="jira.csv")
    assert len(needs()) == 1 and "That would be a circle" in said(receipt)
    errors = [one for one in receipt["errors"] if "circle" in one["reason"]]
    assert (errors[0]["line"], errors[0]["column"]) == (3, "blocks")


def test_an_id_that_stands_for_something_else_is_rejected(cast: Cast) -> None:
    goal = json.dumps([{"id": "a", "title": "Aim", "period": "2026 Q1", "motivation": "Why"}]).encode()
    table: dict[str, Any] = {
        "name": "x.csv",
        "source": "Both",
        "given": {"title": "title", "external_id": "id"},
    }
    bring(goal, cast.pm, name="goals.json", source="Both")
    receipt = bring(b"id,title\na,Clash\nb,Fine\n", cast.pm, **table)
    assert counts(receipt) == (1, 0, 0, 0, 1) and "something else" in said(receipt)
    receipt = bring(goal.replace(b'"a"', b'"b"'), cast.pm, name="goals.json", source="Both")
    assert counts(receipt) == (0, 0, 0, 0, 1) and "something else" in said(receipt)


@pytest.mark.parametrize("source", ["", " ", "\x00", "folder", "folder\x00"])
def test_a_source_has_a_name_of_its_own(source: str) -> None:
    with pytest.raises(BadInput):
        source_called(source)
