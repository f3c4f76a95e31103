"""Each format, read purely: what a row says of status, dates and other rows, and what was odd about it."""

from __future__ import annotations

import io
from datetime import date

import pytest

from filrouge.alignment.exchange.importing import Told, survey
from filrouge.alignment.exchange.models import PlanImport
from filrouge.alignment.exchange.plans import Plan, Unfit, day_of
from filrouge.alignment.exchange.shapes import shape_of, shaped
from filrouge.alignment.exchange.tables import Table, propose
from filrouge.lib.formats import Row, header, read

from . import files


def plans(content: bytes, name: str = "plans.csv") -> tuple[str, list[Plan | str]]:
    stream = io.BytesIO(content)
    shape = shape_of(header(stream, name))
    return shape, [plan(shape, record.values) for record in read(stream, name) if isinstance(record, Row)]


def plan(shape: str, values: dict[str, str]) -> Plan | str:
    try:
        return shaped(shape, {}).plan(values).within_limits()
    except Unfit as unfit:
        return str(unfit.reason)


def read_all(content: bytes, name: str, shape: str) -> list[Plan]:
    found, rows = plans(content, name)
    assert found == shape
    assert all(isinstance(row, Plan) for row in rows), rows
    return rows  # type: ignore[return-value]


def test_keps() -> None:
    pen, nib, blot, quill, draft = read_all(files.KEPS, "keps.csv", "keps")
    assert (pen.external_id, pen.status, pen.horizon) == ("keps/sig-ink/12-fountain-pen", "started", "now")
    assert (nib.status, nib.version, nib.team) == ("shipped", "v1.5", "sig-ink")
    assert [one.name for one in nib.refers] == ["12", "keps/sig-ink/12-fountain-pen"]
    assert (blot.status, [one.name for one in blot.refers]) == ("planned", ["keps/sig-ink/0006-sand.md"])
    assert "imlpemented" in str(blot.notes[0].reason) and "status: imlpemented" in blot.outcome
    assert "https://ink.example/why" in blot.outcome
    assert (quill.status, quill.reason) == ("dropped", "withdrawn")
    assert {(one.relation, one.name) for one in quill.refers} == {
        ("replaces", "12"),
        ("replaced_by", "keps/sig-ink/13-gold-nib"),
    }
    assert draft.names == () and len(draft.notes) == 2, "the number 0 is no name; status and stage are odd"


def test_products_of_beta_gouv() -> None:
    blue, moved, left = read_all(files.PRODUCTS, "products.jsonl", "beta.gouv")
    assert (blue.status, blue.starts, blue.team) == ("started", date(2025, 1, 20), "plume")
    assert "investigation: 2025-01-20 → 2025-03-01" in blue.outcome and "## Contexte" in blue.outcome
    assert (moved.status, moved.starts, moved.shipped_on) == ("shipped", date(2024, 5, 2), date(2025, 9, 19))
    assert (left.status, left.address, len(left.notes)) == ("dropped", "", 1)


def test_jira() -> None:
    hand, erase, boat, pencil, odd = read_all(files.JIRA, "jira.csv", "jira")
    assert (hand.status, hand.ends, hand.team) == ("started", date(2027, 1, 15), "Terminal")
    assert [(one.relation, one.name) for one in hand.refers] == [("blocks", "INK-2")]
    assert (erase.status, erase.horizon) == ("planned", "next")
    assert [(one.relation, one.name) for one in erase.refers] == [("blocked_by", "INK-1")]
    assert (boat.status, boat.reason) == ("dropped", "Won't Do")
    assert (pencil.status, pencil.version, pencil.shipped_on) == ("shipped", "2.1", date(2026, 2, 3))
    assert (odd.status, odd.ends, [note.column for note in odd.notes]) == (
        "planned",
        None,
        ["Status", "Due date"],
    )


def test_the_month_first_where_the_file_says_so() -> None:
    table = b"title,due\nOne,01/02/2027\nTwo,03/31/2027\n"
    made = PlanImport(name="us.csv", content=table, shape="table", mapping={"title": "title", "ends": "due"})
    told = [row.plan for row in survey(made).rows if isinstance(row, Told)]
    ends = [plan.ends for plan in told if isinstance(plan, Plan)]
    assert ends == [date(2027, 1, 2), date(2027, 3, 31)]


def test_issues_and_milestones() -> None:
    shape, (refill, cap, feather, pull) = plans(files.ISSUES, "issues.json")
    assert shape == "github-issues" and isinstance(refill, Plan)
    assert (refill.external_id, refill.ends, refill.horizon) == ("ink/pen#1", date(2027, 3, 31), "next")
    assert isinstance(cap, Plan) and (cap.status, cap.shipped_on) == ("shipped", date(2026, 2, 3))
    assert isinstance(feather, Plan) and (feather.status, feather.reason) == ("dropped", "not planned")
    assert pull == "This is a pull request, not an issue."
    (clip,) = read_all(files.GH, "gh.json", "github-issues")
    assert (clip.status, clip.ends, clip.shipped_on) == ("shipped", date(2026, 1, 31), date(2026, 1, 30))
    three, two = read_all(files.MILESTONES, "milestones.json", "github-milestones")
    assert (three.external_id, three.ends, three.status) == (
        "ink/pen/milestone/3",
        date(2027, 3, 31),
        "planned",
    )
    assert (two.status, two.shipped_on, two.horizon) == ("shipped", date(2026, 1, 31), "now")


TABLE = "Fonctionnalité;Réf;Statut;Début;Échéance;Équipe\nÉcrire;A1;en cours;01/02/2026;31/03/2026;Plume\n"


def test_any_table_in_french() -> None:
    stream = io.BytesIO(TABLE.encode())
    mapping = propose(header(stream, "plan.csv"))
    assert mapping == {
        "title": "Fonctionnalité", "external_id": "Réf", "status": "Statut", "starts": "Début",
        "ends": "Échéance", "team": "Équipe",
    }  # fmt: skip
    (row,) = (record for record in read(stream, "plan.csv") if isinstance(record, Row))
    plan = shaped("table", mapping).plan(row.values)
    assert (plan.external_id, plan.status, plan.team) == ("A1", "started", "Plume")
    assert (plan.starts, plan.ends) == (date(2026, 2, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2026-03-31", date(2026, 3, 31)), ("31/03/2026", date(2026, 3, 31)), ("TBD", None), ("", None),
     (" - ", None), ("2199-01-01", date(2199, 1, 1))],
)  # fmt: skip
def test_days(cell: str, day: date | None) -> None:
    assert day_of(cell) == day


@pytest.mark.parametrize("cell", ["someday", "0001-01-01", "9999-12-31", "31/31/2026", "１２３"])
def test_what_is_no_day(cell: str) -> None:
    with pytest.raises(ValueError):
        day_of(cell)


def test_what_is_too_long_is_cut_and_said() -> None:
    plan = Plan("1", "x" * 400, "y" * 30_000, address="ftp://here").within_limits()
    assert len(plan.title) == 300 and len(plan.outcome) == 20_000 and plan.address == ""
    assert plan.outcome.startswith("x" * 400) and len(plan.notes) == 3


def test_ends_before_it_starts() -> None:
    plan = Plan("1", "Back", starts=date(2026, 5, 1), ends=date(2026, 4, 1)).within_limits()
    assert (plan.starts, plan.ends) == (None, None) and "2026-05-01" in str(plan.notes[0].reason)


@pytest.mark.parametrize(
    ("plan", "why"),
    [(Plan("1", ""), "This row has no title."), (Plan("", "x"), "This row has no id."),
     (Plan("x" * 301, "x"), "This id is too long: at most 300 characters.")],
)  # fmt: skip
def test_what_cannot_come_in(plan: Plan, why: str) -> None:
    with pytest.raises(Unfit) as unfit:
        plan.within_limits()
    assert str(unfit.value.reason) == why


@pytest.mark.parametrize(
    ("cell", "ends", "precision"),
    [("2026-Q3", date(2026, 9, 30), "quarter"), ("Q3 2026", date(2026, 9, 30), "quarter"),
     ("T3 2026", date(2026, 9, 30), "quarter"), ("2026-07", date(2026, 7, 31), "month"),
     ("07/2026", date(2026, 7, 31), "month"), ("juillet 2026", date(2026, 7, 31), "month"),
     ("Sept. 2026", date(2026, 9, 30), "month"), ("H2 2026", date(2026, 12, 31), "half"),
     ("2026 s1", date(2026, 6, 30), "half"), ("2026", date(2026, 12, 31), "year"),
     ("2026-07-14", date(2026, 7, 14), "day")],
)  # fmt: skip
def test_a_date_is_as_exact_as_it_is_written(cell: str, ends: date, precision: str) -> None:
    plan = Table({"title": "t", "ends": "e", "starts": "s"}).plan({"t": "Pen", "e": cell, "s": cell})
    assert (plan.ends, plan.ends_precision, plan.starts_precision) == (ends, precision, precision)
    assert not plan.notes
    assert plan.starts is not None and plan.starts.day == (14 if precision == "day" else 1)


@pytest.mark.parametrize("cell", ["Q5 2026", "2026-13", "H3 2026", "Q0 2026", "1066", "Blumber 2026", "Q3"])
def test_what_is_no_period(cell: str) -> None:
    plan = Table({"title": "t", "ends": "e"}).plan({"t": "Pen", "e": cell})
    assert plan.ends is None and plan.notes[0].column == "e"


def test_what_shipped_did_so_on_a_day() -> None:
    plan = Table({"title": "t", "shipped_on": "d"}).plan({"t": "Pen", "d": "Q3 2026"})
    assert plan.shipped_on is None and "is not a date" in str(plan.notes[0].reason)
