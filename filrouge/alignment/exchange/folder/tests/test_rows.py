"""What stands in an Item's file beside its own columns."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from filrouge.alignment.decisions.importing import Importing, entries
from filrouge.alignment.decisions.logbook import memo_of
from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.decisions.options import Ground
from filrouge.alignment.exchange.folder import sheets
from filrouge.alignment.exchange.folder.outside import export
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Cycle, Observation, Weight
from filrouge.alignment.strategy.ties import aligned
from filrouge.core.models import Link
from filrouge.core.origins import Origin
from filrouge.evidence.insights.models import Insight
from tests.fixtures.cast import Cast

from .house import content, counts, edit, emptied, file, read, there_and_back, why

pytestmark = pytest.mark.django_db


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
    front["log"].append(line | {"by": "head@example.org"})
    path.write_text(sheets.written(front, body))
    receipt = read(tmp_path, aimed.pm)
    assert counts(receipt) == (0, 1, 2, 0), why(receipt)
    assert Observation.objects.order_by("pk").last().by == aimed.pm  # type: ignore[union-attr]
    front, body = sheets.read(path.read_text())
    front["log"].pop()
    path.write_text(sheets.written(front, body))
    receipt = read(tmp_path, aimed.pm)
    assert receipt.rejected == 1 and "not taken back" in why(receipt) and Observation.objects.count() == 2


def test_what_is_aligned_is_as_old_as_it_was(aimed: Cast, tmp_path: Path) -> None:
    then = datetime(2026, 3, 1, tzinfo=UTC)
    Link.objects.update(at=then)
    assert there_and_back(tmp_path, aimed.pm) == ""
    assert set(Link.objects.values_list("at", flat=True)) == {then}
    edit(file(tmp_path, "saves"), "at: '2026-03-01", "at: '2025-03-01")
    assert counts(read(tmp_path, aimed.pm)) == (0, 0, 3, 0)
    emptied()
    read(tmp_path, aimed.pm)
    assert min(Link.objects.values_list("at", flat=True)) > then, "in one's own name it is from now on"
    assert b"at: '2026-03-01" not in file(tmp_path, "saves").read_bytes()


def test_a_folder_of_before_says_nothing_of_when(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.pm)
    for path in tmp_path.rglob("*.md"):
        front, body = sheets.read(path.read_text())
        for edge in front.get("leads_to", []):
            del edge["at"]
        path.write_text(sheets.written(front, body))
    assert counts(read(tmp_path, aimed.pm)) == (0, 0, 3, 0)
    emptied()
    assert counts(read(tmp_path, aimed.admin)) == (3, 0, 0, 0)


def test_what_a_file_aligns_otherwise_is_kept_of_before(aimed: Cast, tmp_path: Path) -> None:
    export(tmp_path, aimed.pm)
    before, moment = aligned(), timezone.now()
    edit(file(tmp_path, "saves"), "weight: 0.25", "weight: 0.5")
    assert counts(read(tmp_path, aimed.pm)) == (0, 1, 2, 0)
    assert aligned() != before and aligned(moment) == before


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


def test_worksheets_and_where_it_came_from(told: Cast, tmp_path: Path) -> None:
    item = Initiative.objects.get(title="Offline mode")
    item.fill_rice(by=told.pm, reach="1200", impact="2", confidence="80", effort="3")
    item.fill_scorecard(by=told.pm, lines="Retention: 4 x 2\nCost: 1")
    Origin.objects.create(source="jira", external_id="INK-1", item=item, known={"starts": None, "title": "O"})
    assert there_and_back(tmp_path, told.pm) == ""
    front, _body = sheets.read(file(tmp_path, "offline").read_text())
    assert front["worksheets"][0]["inputs"]["reach"] == "1200"
    origin = Origin.objects.get(source="jira")
    assert origin.item.title == "Offline mode" and origin.known == {"starts": None, "title": "O"}


def test_a_decision_keeps_where_it_came_from(told: Cast, tmp_path: Path) -> None:
    adr = entries([("0001-tabs.md", "---\nstatus: rejected\ndate: 2024-05-06\n---\n\n# Tabs\n")], "madr")
    Importing("adr", told.pm).go(adr)
    assert there_and_back(tmp_path, told.pm) == ""
    made = Decision.objects.get(title="Tabs")
    assert memo_of(made, {}).status == "rejected"
    assert Importing("adr", told.pm).go(adr)["unchanged"] == 1
    path = file(tmp_path, "tabs")
    front, body = sheets.read(path.read_text())
    front["origins"][0]["known"] = "[3]"
    path.write_text(sheets.written(front, body))
    emptied()
    assert "origin" in why(read(tmp_path, told.admin)) and not Origin.objects.filter(source="adr").exists()


def test_an_origin_of_another_item_is_not_taken_away(told: Cast, tmp_path: Path) -> None:
    item = Initiative.objects.get(title="Offline mode")
    Origin.objects.create(source="jira", external_id="INK-1", item=item)
    export(tmp_path, told.pm)
    emptied()
    other = Initiative.create(by=told.pm, title="Came first")
    Origin.objects.create(source="jira", external_id="INK-1", item=other)
    assert counts(read(tmp_path, told.admin)) == (3, 0, 0, 0)
    assert Origin.objects.get(source="jira").item.title == "Came first"
    edit(file(tmp_path, "offline"), "source: jira", "source: folder")
    assert not Origin.objects.filter(source="folder", external_id="INK-1").exists()


def weighed(cast: Cast) -> Decision:
    insight = Insight.create(by=cast.pm, title="Tunnels lose work", team=cast.team.pk)
    made: Decision = Decision.create(by=cast.pm, title="Where do drafts live?")
    for title in ("On the device", "In the cloud"):
        made.add_option(by=cast.pm, option_title=title)
    device, cloud = made.options.all()
    evidence = [{"item": insight.pk, "note": "Nine of them"}]
    made.weigh(by=cast.design, option=device.pk, side="for", from_items=evidence)
    made.weigh(by=cast.design, option=cloud.pk, side="against", from_items=evidence)
    return made


def test_evidence_on_options_and_the_frozen_brief(told: Cast, tmp_path: Path) -> None:
    made = weighed(told)
    made.decide(by=told.pm, option=made.options.get(position=1).pk, rationale="It works in a tunnel")
    brief = made.brief
    assert brief["items"] and there_and_back(tmp_path, told.pm) == ""
    (edge,) = sheets.read(file(tmp_path, "where").read_text())[0]["because"]
    assert (edge["for"], edge["against"], edge["note"]) == (
        ["On the device"],
        ["In the cloud"],
        "Nine of them",
    )
    again = Decision.objects.get(title="Where do drafts live?")
    assert again.brief["items"] == brief["items"] and len(again.brief["links"]) == len(brief["links"])
    assert Ground.objects.filter(option__decision=again).count() == 2


def test_a_brief_of_another_house_names_nothing_of_this_one(
    told: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed(told).decide(by=told.pm, rationale="It works in a tunnel")
    export(tmp_path, told.pm)
    emptied()
    monkeypatch.setattr("filrouge.alignment.exchange.folder.briefs.house", lambda: "elsewhere")
    assert "not in this house (1)" in why(read(tmp_path, told.admin))
    assert Decision.objects.get(title="Where do drafts live?").brief == {"items": {}, "links": []}


def test_what_was_known_is_not_rewritten_by_a_file(told: Cast, tmp_path: Path) -> None:
    weighed(told).decide(by=told.pm, rationale="It works in a tunnel")
    export(tmp_path, told.pm)
    path = file(tmp_path, "where")
    front, body = sheets.read(path.read_text())
    path.write_text(sheets.written({**front, "brief": {"items": {}, "links": []}}, body))
    assert "“brief” is changed by an act on its page only" in why(read(tmp_path, told.pm))
