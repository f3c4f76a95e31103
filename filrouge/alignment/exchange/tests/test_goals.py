"""Goals in: OKRs in Markdown and tables, goals of teams in JSON, by who sets a team's goals."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from filrouge.alignment.exchange.aims import Aim, days_of, shape_of
from filrouge.alignment.exchange.importing import Told, survey, text_of
from filrouge.alignment.exchange.models import PlanImport
from filrouge.alignment.strategy.models import Goal, KeyResult, Observation
from filrouge.cli import cli
from filrouge.core.traces import Link
from filrouge.voices.receipts import Remark
from tests.fixtures.cast import Cast

from .test_importing import bring, counts, said

pytestmark = pytest.mark.django_db

TABLES = """# Ink Team OKRs

## 2026 Q1

|  **Ink** | **Priority** | **Owner** | **Mid-Q Actual** | **End-Q** |
| :---: | :---: | :---: | --- | --- |
|  **** | P0-P4 |  | **0.3** | **0.4** |
|  **1 Write without stains** |  |  |  |  |
|  [Ship the new nib](https://ink.example "nib") | **P0** | Kim | 0.6 | 0.5 |
|  Dry in a second | P1 | Lou | 0.1 |  |
|  Three guides: |  |  |  |  |
|   |  |  |  |  |
|  **2 Reach left-handers** |  |  |  |  |
|  Talk to ten of them | ![P0](https://ink.example/p0.svg) | Kim | soon | many |

- [All of it](https://ink.example)

## 2025 Q4

- [Elsewhere](https://ink.example)
"""
LISTS = """# Notebook

## 2026 H1

### Objective 1: People write everywhere
- KR1: Works on trains: 0.7
- Works on planes (40%)
* Nobody loses a word

### Less waiting
1. Opens in a second
"""
TEAMS = json.dumps(
    {"teams": [{"team": "Terminal", "period": "2026-Q4", "objectives": [
        {"title": "Make it native", "motivation": "Agents too",
         "key_results": ["Set it up end to end", "Fix what is weak"]},
        {"title": "Alerts", "key_results": []}]}]}
)  # fmt: skip
RUST = json.dumps(
    [{"id": "2025h2/ink", "period": "2025h2", "title": "Dry faster", "status": "Accepted",
      "flagship": "Paper", "teams": ["Notebook", "lang"], "tracking": "[goals#1]", "summary": "Dry.",
      "motivation": "Why", "links": [],
      "tasks": [{"task": "Standard reviews", "owner_kind": "team", "teams": ["lang"]}]},
     {"id": "2025h2/quill", "period": "2025h2", "title": "Quills", "status": "Not accepted", "teams": [],
      "summary": None, "motivation": "Feathers", "tasks": [], "links": []}]
)  # fmt: skip
CSV = (
    "group,period,objective,key_result,priority,mid_actual,end_score\n"
    "INK,2019 Q2,1 Write more,Ship it,P0,0.6,0.5\nINK,2019 Q2,1 Write more,Tell of it,P1,0.2,\n"
    "INK,spring,2 Read more,Open it,P1,,2\n"
)


def aims(name: str, text: str | bytes) -> list[Aim]:
    content = text if isinstance(text, bytes) else text.encode()
    made = PlanImport(name=name, content=content, shape=shape_of(name, text_of(content)))
    return [row.plan for row in survey(made).rows if isinstance(row, Told) and isinstance(row.plan, Aim)]


def measures(aim: Aim) -> list[tuple[str, Decimal | None]]:
    return [(one.title, one.score) for one in aim.measures]


def test_markdown_with_tables() -> None:
    stains, left = aims("okr.md", TABLES)
    assert (stains.title, stains.team, stains.period) == ("1 Write without stains", "Ink", "2026 Q1")
    assert measures(stains)[:2] == [("Ship the new nib", Decimal("0.5")), ("Dry in a second", Decimal("0.1"))]
    assert measures(stains)[2:] == [("Three guides:", None)], (
        "a row with nothing beside it is one all the same"
    )
    assert measures(left) == [("Talk to ten of them", None)] and "“many” is not a score" in str(
        left.notes[0].reason
    )


def test_what_stands_beside_a_key_result_is_kept_but_for_people() -> None:
    stains, left = aims("okr.md", TABLES)
    assert stains.measures[0].text == "priority: P0\nmid-q actual: 0.6"
    assert left.measures[0].text == "priority: P0\nmid-q actual: soon"
    write, read = aims("okr.csv", CSV)
    assert [one.text for one in write.measures] == ["priority: P0\nmid_actual: 0.6", "priority: P1"]
    assert read.measures[0].text == "priority: P1"


def test_one_text_where_a_list_was_meant() -> None:
    goal = {"title": "Make it native", "key_results": "Set it up"}
    (aim,) = aims("goals.json", json.dumps({"teams": [{"team": "T", "period": 5, "objectives": [goal]}]}))
    assert measures(aim) == [("Set it up", None)]
    told = {"id": 1, "title": "Ink", "period": "2027", "motivation": "", "teams": 7, "tasks": [1]}
    (aim,) = aims("goals.json", json.dumps([told]))
    assert (aim.title, aim.team) == ("Ink", "7")


def test_an_entry_that_is_no_goal_is_told_of(cast: Cast) -> None:
    goal = {"id": 1, "title": "Ink", "period": "2027", "motivation": "", "teams": []}
    told = bring(json.dumps(["Pen", goal]).encode(), cast.pm, "goals.json")
    assert (told["new"], told["rejected"]) == (1, 1) and said(told).startswith(
        "1  A record must be an object"
    )
    team = {"team": "", "period": "2027", "objectives": ["Pen", {"title": "Paper", "key_results": ["Full"]}]}
    told = bring(json.dumps({"teams": [7, team]}).encode(), cast.pm, "teams.json")
    assert (told["new"], told["rejected"]) == (1, 2) and Goal.objects.filter(title="Paper").exists()


def test_a_table_as_a_spreadsheet_writes_it() -> None:
    content = "group;period;objective;key_result;end_score\nINK;2019 Q2;Écrire;Livré;0,5\n".encode("cp1252")
    (aim,) = aims("okr.csv", content)
    assert (aim.title, measures(aim)) == ("Écrire", [("Livré", Decimal("0.5"))])


def test_a_broken_row_of_a_table_is_said_and_stops_no_other() -> None:
    content = CSV + "INK,2019 Q2\nINK,2019 Q2,3 Last,Seen,P1,,soon\n"
    made = PlanImport(name="okr.csv", content=content.encode(), shape=shape_of("okr.csv", content))
    (broken,) = [row for row in survey(made).rows if isinstance(row, Remark)]
    assert (broken.line, broken.column) == (5, "objective") and "too few cells" in str(broken.reason)
    last = aims("okr.csv", content)[-1]
    assert (last.title, last.notes[0].column) == ("3 Last", "end_score"), "the name of the file's column"


def test_markdown_with_lists() -> None:
    write, wait = aims("okr.md", LISTS)
    assert (write.title, write.team, write.period) == ("People write everywhere", "Notebook", "2026 H1")
    assert measures(write) == [
        ("Works on trains", Decimal("0.7")), ("Works on planes", Decimal("0.4")),
        ("Nobody loses a word", None),
    ]  # fmt: skip
    assert measures(wait) == [("Opens in a second", None)]


def test_tables_and_json() -> None:
    more, read = aims("okr.csv", CSV)
    assert measures(more) == [("Ship it", Decimal("0.5")), ("Tell of it", Decimal("0.2"))]
    assert len(read.notes) == 2, "neither the period nor the score can be read"
    native, alerts = aims("goals.json", TEAMS)
    assert (native.team, native.period, len(native.measures), alerts.measures) == (
        "Terminal",
        "2026-Q4",
        2,
        (),
    )
    dry, quills = aims("rust.json", RUST)
    assert (dry.team, dry.dropped) == ("Notebook", "") and "- Standard reviews" in dry.description
    assert quills.dropped == "Not accepted"


@pytest.mark.parametrize(
    ("period", "days"),
    [("2025h2", ("2025 H2", date(2025, 7, 1), date(2025, 12, 31))),
     ("2026-Q4", ("2026 Q4", date(2026, 10, 1), date(2026, 12, 31))),
     ("2019 Q2", ("2019 Q2", date(2019, 4, 1), date(2019, 6, 30))),
     ("2027", ("2027", date(2027, 1, 1), date(2027, 12, 31))),
     ("2025h3", None), ("spring", None), ("2026 Q5", None)],
)  # fmt: skip
def test_periods(period: str, days: Any) -> None:
    assert days_of(period) == days


def test_goals_with_their_key_results_and_where_they_stand(cast: Cast) -> None:
    receipt = bring(CSV.encode(), cast.pm, "okr.csv")
    assert counts(receipt) == (2, 0, 0, 0, 0), said(receipt)
    goal = Goal.objects.get(title="1 Write more")
    assert goal.cycle is not None and (goal.cycle.name, goal.team) == ("2019 Q2", cast.team)
    ship = KeyResult.objects.get(title="Ship it")
    assert (ship.value, ship.start, ship.target) == (Decimal("0.5"), 0, 1)
    assert Observation.objects.get(key_result=ship).at.date() == date(2019, 6, 30)
    assert Link.objects.get(source=ship).target_id == goal.pk
    assert KeyResult.objects.get(title="Open it").movement == "binary"


def test_the_same_goals_twice_and_a_score_that_moved(cast: Cast) -> None:
    for content in (CSV, TEAMS, RUST, LISTS):
        name = "okr.csv" if content is CSV else "goals.md" if content is LISTS else f"{len(content)}.json"
        bring(content.encode(), cast.pm, name, team=cast.team)
        before = list(Goal.objects.values_list("pk", "revision")), Observation.objects.count()
        again = bring(content.encode(), cast.pm, name, team=cast.team)
        assert counts(again)[0] == counts(again)[2] == counts(again)[4] == 0, said(again)
        assert (list(Goal.objects.values_list("pk", "revision")), Observation.objects.count()) == before
    moved = bring(CSV.replace("0.6,0.5", "0.6,0.9").encode(), cast.pm, "okr.csv", team=cast.team)
    assert counts(moved) == (0, 0, 1, 1, 0) and KeyResult.objects.get(title="Ship it").value == Decimal("0.9")


def test_only_who_sets_a_teams_goals_imports_them(cast: Cast) -> None:
    receipt = bring(TEAMS.encode(), cast.pm, "goals.json")
    assert (
        counts(receipt) == (0, 0, 0, 0, 2) and "sets its goals" in said(receipt) and not Goal.objects.exists()
    )
    assert counts(bring(TEAMS.encode(), cast.other_pm, "goals.json")) == (2, 0, 0, 0, 0)
    bring(RUST.encode(), cast.pm, "rust.json")
    assert Goal.objects.get(title="Quills").status == "dropped"


def test_a_score_half_way_is_noted_in_the_middle_of_its_time(cast: Cast) -> None:
    bring(CSV.encode(), cast.pm, "okr.csv", team=cast.team)
    days = {title: KeyResult.objects.get(title=title).observations for title in ("Ship it", "Tell of it")}
    assert [one.at.date() for one in days["Ship it"].all()] == [date(2019, 6, 30)]
    assert [one.at.date() for one in days["Tell of it"].all()] == [date(2019, 5, 16)]
    again = bring(CSV.replace("P1,0.2,\n", "P1,0.2,0.2\n").encode(), cast.pm, "okr.csv", team=cast.team)
    assert counts(again) == (0, 0, 1, 1, 0)
    noted = [one.at.date() for one in days["Tell of it"].order_by("at")]
    assert noted == [date(2019, 5, 16), date(2019, 6, 30)]


def test_a_dry_run_makes_nothing(cast: Cast) -> None:
    assert counts(bring(TEAMS.encode(), cast.other_pm, "goals.json", dry_run=True)) == (2, 0, 0, 0, 0)
    assert not Goal.objects.exists()


def test_the_page_knows_goals_by_themselves(cast: Cast, client: Client) -> None:
    client.force_login(cast.pm)
    path = client.post("/plans/", {"file": SimpleUploadedFile("okr.md", TABLES.encode())})["Location"]
    page = client.get(path).text
    assert "OKR Markdown" in page and "3 key results" in page and "1 Write without stains" in page
    assert ">Key results</th>" in page and ">Period</th>" in page and ">Horizon</th>" not in page
    empty = client.post("/plans/", {"file": SimpleUploadedFile("notes.md", b"# Notes\n\nNothing here\n")})
    assert empty.status_code == 422 and "No objective was found" in empty.text


@pytest.mark.parametrize(
    "content", [b"# ", b"{", b'{"teams": [{"objectives": 1}]}', b"[[[[", b"\xff# x", b'{"teams":[1]}']
)
def test_odd_files_are_said(cast: Cast, client: Client, content: bytes) -> None:
    client.force_login(cast.pm)
    for name in ("a.md", "a.json", "a.csv"):
        assert client.post("/plans/", {"file": SimpleUploadedFile(name, content)}).status_code in (302, 422)


def test_the_command(cast: Cast, tmp_path: Any) -> None:
    file = tmp_path / "okr.md"
    file.write_text(LISTS)
    words = ["import", "goals", str(file), "--as", cast.pm.email, "--json"]
    assert json.loads(CliRunner().invoke(cli, words).output)["new"] == 2
    said = "2 goals read, each with its key results: 0 new, 0 updated, 2 unchanged, 0 rejected."
    assert said in CliRunner().invoke(cli, words[:-1]).output
    told = tmp_path / "okr.csv"
    told.write_text(CSV)
    CliRunner().invoke(cli, ["import", "goals", str(told), "--as", cast.pm.email])
    assert KeyResult.objects.get(title="Ship it").description == "priority: P0\nmid_actual: 0.6"
    wrong = CliRunner().invoke(cli, ["import", "roadmap", str(file), "--as", cast.pm.email])
    assert wrong.exit_code == 1 and "filrouge import goals" in wrong.output
