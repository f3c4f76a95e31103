"""Rules between key results: one metric with two meanings, teams that pull apart, unguarded growth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from filrouge.core.checks import Finding, Findings, Look, Severity, check

from ..grading import Movement
from ..standing import stand
from ..tables import Cycle
from .reading import GOAL, KEY_RESULT, in_a_row, metric, running, under

UP = (Movement.INCREASE, Movement.REACH, Movement.STAY_ABOVE)
DOWN = (Movement.DECREASE, Movement.STAY_BELOW)
GROWTH = (Movement.INCREASE, Movement.REACH)
ONE, LOW = Fraction(1), Fraction(3, 10)
MOST = 20  # words that more key results share name no metric


def same_metric(look: Look) -> Iterator[tuple[Any, Any]]:
    """Each open key result of this run with each other open one that measures the same by its title."""
    mine = running(look, KEY_RESULT)
    found: dict[str, list[Any]] = defaultdict(list)
    for other in look.once("metrics", lambda: _others(look, mine)):
        found[metric(other.title)].append(other)
    for one in mine:
        name = metric(one.title)
        if name and len(found[name]) <= MOST:
            yield from ((one, other) for other in found[name] if other.pk != one.pk)


def _others(look: Look, mine: list[Any]) -> list[Any]:
    """The open key results that may measure the same: all of this run, or those whose titles do."""
    if look.ids is None:
        return mine
    names = {metric(one.title) for one in mine} - {""}
    titles = look.all(KEY_RESULT).filter(status="open").values_list("pk", "title") if names else ()
    same = [pk for pk, title in titles if metric(title) in names]
    return list(look.all(KEY_RESULT).filter(pk__in=same[: MOST * len(names) + 1]))


@check(
    "KR-17", Severity.ERROR, _("One metric, two meanings"),
    says=_("%(other)s measures the same by its title, in another unit or another way."),
    on=KEY_RESULT, mend=("revise",),
)  # fmt: skip
def two_meanings(look: Look) -> Findings:
    """Open key results that measure the same by their titles, with different units or descriptions."""
    for one, other in same_metric(look):
        units = {one.unit.strip().lower(), other.unit.strip().lower()}
        ways = {one.description.strip(), other.description.strip()}
        if (len(units) > 1 and "" not in units) or (len(ways) > 1 and "" not in ways):
            yield Finding(one.pk, other=other.pk)


@check(
    "KR-18", Severity.WARNING, _("Two teams pull one metric apart"),
    says=_("Another team wants it the other way: %(other)s."),
    on=KEY_RESULT, mend=("revise", "link"),
)  # fmt: skip
def opposite(look: Look) -> Findings:
    """Open key results of two teams that measure the same by their titles, one upwards and one downwards."""
    for one, other in same_metric(look):
        apart = {one.movement, other.movement}
        if one.team_id != other.team_id and apart.intersection(UP) and apart.intersection(DOWN):
            yield Finding(one.pk, other=other.pk)


@check(
    "KR-16", Severity.WARNING, _("Growth that nothing guards"),
    says=_("Its key results only grow something; none says what must not get worse for it."),
    on=GOAL, mend=("make:strategy.KeyResult:objective",),
)  # fmt: skip
def unguarded(look: Look) -> Findings:
    """Open goals whose key results all increase something, with none that keeps or lowers something else."""
    measured = under(look, KEY_RESULT)
    known = {pk: one for pk, one in look.around(KEY_RESULT).items() if one.status == "open"}
    for goal in running(look, GOAL):
        moves = {known[pk].movement for pk in measured.get(goal.pk, ()) if pk in known}
        if moves and moves <= set(GROWTH):
            yield Finding(goal.pk)


@check(
    "KR-14", Severity.INFO, _("Always reached, or never"),
    says=_("Two cycles running, the key results of its team came to %(before)s and %(after)s on average."),
    on=KEY_RESULT, mend=("revise",),
)  # fmt: skip
def too_easy_or_fantasy(look: Look) -> Findings:
    """Teams whose closed key results came to 1, or to less than 0.3, on average in two cycles running."""
    teams = {one.team_id for one in look.at(KEY_RESULT) if one.status == "closed" and one.cycle_id}
    closed = _closed(look, teams)
    scores = {pk: one.counted for pk, one in stand(closed).items()}
    for several in _by_cycle(closed).values():
        row = max(in_a_row({keys[0].cycle for keys in several.values()}), key=_ended)[-2:]
        last = [several[cycle.pk] for cycle in row]
        means = [_mean([scores[one.pk] for one in keys]) for keys in last]
        known = [mean for mean in means if mean is not None]
        if len(known) == 2 and (min(known) >= ONE or max(known) < LOW):
            before, after = (round(float(mean), 2) for mean in known)
            yield Finding(max(one.pk for one in last[-1]), {"before": before, "after": after})


def _ended(row: list[Cycle]) -> date:
    return row[-1].ends


def _closed(look: Look, teams: set[int | None]) -> list[Any]:
    rows = look.all(KEY_RESULT).filter(status="closed", team__in=teams).exclude(cycle=None)
    return list(rows.select_related("cycle")) if teams else []


def _by_cycle(closed: list[Any]) -> dict[int, dict[int, list[Any]]]:
    found: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for one in closed:
        found[one.team_id][one.cycle_id].append(one)
    return found


def _mean(scores: list[Fraction | None]) -> Fraction | None:
    known = [score for score in scores if score is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
