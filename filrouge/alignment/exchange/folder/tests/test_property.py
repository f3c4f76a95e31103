"""Whatever a house holds: written, read back into an empty one and written again, it is the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.exchange.folder import sheets
from filrouge.alignment.exchange.folder.contents import ROWS, Folder, kinds
from filrouge.alignment.exchange.folder.outside import export, taken
from filrouge.alignment.exchange.folder.shared import FILES, NAMES
from filrouge.alignment.roadmap.dependencies import Bond, Dependency
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.roadmap.phases import Phase, Stage
from filrouge.alignment.roadmap.precision import Precision
from filrouge.alignment.roadmap.scenarios import Scenario, Thought
from filrouge.alignment.roadmap.worksheets import Worksheet
from filrouge.alignment.strategy.grading import Ambition, Late
from filrouge.alignment.strategy.models import Goal, KeyResult, Observation
from filrouge.core.models import Item, Link
from filrouge.core.origins import Origin
from filrouge.core.thread import references
from filrouge.evidence.insights.models import Insight
from tests.fixtures.cast import Cast

from .house import content, counts, emptied, read, why

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=80).map(
    str.strip
)
TITLE = TEXT.filter(bool)
DAY = st.none() | st.dates(date(1970, 1, 1), date(2199, 12, 31))
HOURS = st.times().map(lambda at: at.replace(tzinfo=UTC))
# What a house tells of has been.
MOMENT = st.none() | st.builds(datetime.combine, st.dates(date(1970, 1, 2), date(2026, 1, 1)), HOURS)
INITIATIVE = st.fixed_dictionaries(
    {"title": TITLE, "outcome": TEXT, "status": st.sampled_from(Initiative.Status.values),
     "horizon": st.sampled_from(Initiative.Horizon.values), "shipped_on": DAY,
     "version": TEXT.map(lambda text: text[:60].strip()), "notes": TEXT, "reason": TEXT,
     "archived_at": MOMENT, "hard_due": DAY, "starts": DAY,
     "starts_precision": st.sampled_from(Precision.values)}
)  # fmt: skip
DECISION = st.fixed_dictionaries(
    {"title": TITLE, "context": TEXT, "status": st.sampled_from(Decision.Status.values), "due": DAY,
     "outcome": TEXT, "rationale": TEXT, "decided_at": MOMENT}
)  # fmt: skip
NUMBER = st.none() | st.decimals(-(10**6), 10**6, places=5)
GOAL = st.fixed_dictionaries(
    {"title": TITLE, "description": TEXT, "status": st.sampled_from(Goal.Status.values),
     "grade": st.none() | st.decimals(0, 1, places=5), "grade_reason": TEXT, "starts": DAY,
     "ambition": st.sampled_from(Ambition.values)}
)  # fmt: skip
RESULT = st.fixed_dictionaries(
    {"title": TITLE, "description": TEXT, "status": st.sampled_from(KeyResult.Status.values),
     "target": NUMBER, "low": NUMBER, "ends": DAY, "late": st.none() | st.sampled_from(Late.values),
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
    skipped = {"id", "item_ptr_id", "key_result_id", "changed_at", "stems", "forms", "brief"}  # ids: new ones
    rows = [row for model in kinds() for row in model.objects.order_by("title", "created_at").values()]
    return [{name: value for name, value in row.items() if name not in skipped} for row in rows]


def rows() -> dict[str, int]:
    """How many there are of all that stands in the files beside columns and links."""
    labels = [*(label for label, _owner in ROWS.values()), *(one.label for one in FILES)]
    labels += ["decisions.Ground", "roadmap.Thought", "strategy.Weight"]
    return {label: apps.get_model(label)._default_manager.count() for label in labels}


def plan(cast: Cast, items: list[Item], number: int, text: str) -> None:
    """A worksheet, a phase, a dependency, an origin and a scenario."""
    here, there = items[number % len(items)], items[(number + 1) % len(items)]
    Worksheet.objects.get_or_create(
        item_id=here.pk, method="scorecard", defaults={"inputs": {"lines": f"Reach: {number % 5} x 2"}}
    )
    days = {"starts": date(2027, 1, 1), "ends": date(2027, 3, 31), "ends_precision": "quarter"}
    Phase.objects.get_or_create(item_id=here.pk, stage=Stage.values[number % 5], defaults=days)
    if here.pk != there.pk:
        told = {"note": text, "asked_by": cast.pm, "kind": Bond.values[number % 4]}
        Dependency.objects.get_or_create(item_id=here.pk, needs_id=there.pk, defaults=told)
    known = {"title": text, "starts": None}
    Origin.objects.create(source=f"jira {number}", external_id=text[:100] or "x", item=here, known=known)
    made = Scenario.objects.create(
        team=cast.team, name=f"{number}{text}"[:120].strip(), note=text, by=cast.pm
    )
    Thought.of(made, here).save()  # type: ignore[arg-type]


def argue(cast: Cast, decision: Any, number: int, text: str) -> None:
    """An option with what speaks for or against it, somebody who has a part, and a frozen brief."""
    option = decision.options.create(position=number, title=f"{number}{text}".strip(), pros=text)
    decision.parts.create(part="informed", name=f"{number}{text}".strip())
    insight = write(cast, Insight, {"title": text or "x"})
    ends = {"source_id": insight.pk, "target_id": decision.pk, "relation": "weighs_in"}
    option.grounds.create(link=Link.objects.create(**ends, note=text), side=("for", "against")[number % 2])
    Decision.objects.filter(pk=decision.pk).update(brief=references(decision))


def measure(cast: Cast, result: Item, number: int, text: str) -> None:
    at = datetime(2026, 1, 1 + number, tzinfo=UTC)
    Observation.objects.create(key_result_id=result.pk, value=Decimal(number), at=at, note=text, by=cast.pm)


def watch(decision: Item, result: Item, number: int) -> None:
    told: dict[str, Any] = {"key_result": result.pk, "breaks": "below", "threshold": Decimal(number)}
    Decision.objects.filter(pk=decision.pk).update(**told)


def tie(sources: list[Any], targets: list[Any], relation: str, note: str) -> None:
    for source, target in zip(sources, targets, strict=False):
        ends = {"source_id": source.pk, "target_id": target.pk, "relation": relation}
        Link.objects.update_or_create(**ends, defaults={"note": note})


FEW = partial(st.lists, max_size=4)


@given(FEW(INITIATIVE), FEW(DECISION), FEW(GOAL), FEW(RESULT), NOTES, FEW(TEXT))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_read_back_it_is_the_same(
    cast: Cast,
    tmp_path_factory: pytest.TempPathFactory,
    plans: list[Any],
    answers: list[Any],
    goals: list[Any],
    results: list[Any],
    edges: list[Any],
    texts: list[str],
) -> None:
    emptied()
    Item.objects.all().delete()
    items = [write(cast, Initiative, values) for values in plans]
    decisions = [write(cast, Decision, values) for values in answers]
    aims = [write(cast, Goal, values) for values in goals]
    measured = [write(cast, KeyResult, values) for values in results]
    for source, target, note in edges:
        tie(measured[source : source + 1], aims[target : target + 1], "contributes", note)
        tie(items[source : source + 1], aims[target : target + 1], "contributes", note)
        tie(items[source : source + 1], decisions[target : target + 1], "decided_in", note)
    for number, text in enumerate(texts):
        if items:
            plan(cast, items, number, text)
        if decisions:
            argue(cast, decisions[number % len(decisions)], number, text)
        if measured:
            measure(cast, measured[number % len(measured)], number, text)
        if measured and decisions:
            watch(decisions[number % len(decisions)], measured[number % len(measured)], number)
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    export(first, cast.pm)
    before, links, around = state(), Link.objects.count(), rows()
    emptied()
    receipt = read(first, cast.admin)
    assert counts(receipt) == (len(before), 0, 0, 0) and not receipt.remarks, why(receipt)
    assert (state(), Link.objects.count(), rows()) == (before, links, around)
    export(second, cast.pm)
    assert content(first) == content(second)
    assert Folder(cast.pm).files().keys() - set(NAMES) == taken(second).keys()


@given(st.dictionaries(TITLE, TEXT | st.lists(TEXT), max_size=5), TEXT)
def test_a_sheet_is_read_as_it_was_written(front: dict[str, Any], body: str) -> None:
    assert sheets.read(sheets.written(front, body)) == (front, body)
    windows = sheets.written(front, body).replace("\n", "\r\n")
    assert sheets.read(windows) == (front, body)
