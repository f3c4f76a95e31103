"""The goals of the sample: those of its own teams, and those that others published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from filrouge.alignment.exchange import aims
from filrouge.alignment.exchange.aiming import take_aim
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Cycle, Goal, KeyResult
from filrouge.lib.formats import Reject
from filrouge.people.models import Team

from .files import opened

if TYPE_CHECKING:
    from .writing import Desk

Told = Mapping[str, Any]
READ = {"goals_posthog.json": aims.posthog, "goals_rust_2025h2.json": aims.rust}
MEASURED = (Goal, KeyResult)
HALF_YEAR: Mapping[str, Any] = {
    "starts": date(2025, 7, 1), "starts_precision": "half",
    "ends": date(2025, 12, 31), "ends_precision": "half",
}  # fmt: skip
OVER = "Its time is over. How it ended is not in the file that it comes from."


def set_goal(desk: Desk, told: Told) -> Goal:
    """A goal of the sample's own, with its key results and the roadmap items that serve it."""
    by, team = desk.people[told["by"]], desk.teams[told["team"]].pk
    written = {name: told[name] for name in ("title", "description", "ambition") if name in told}
    above = desk.items[told["under"]].pk if "under" in told else None
    made: Goal = Goal.create(by=by, team=team, owner=by.pk, parent=above, **written)
    for one in told.get("key_results", ()):
        _measure(one, made, by, team)
    for key in told.get("served_by", ()):
        desk.items[key].link(by=by, to=made.pk, relation="contributes")
    return made


def _measure(told: Told, goal: Goal, by: Any, team: int) -> None:
    names = ("title", "type", "start", "target", "low", "marks", "unit")
    written = {name: told[name] for name in names if name in told}
    made: KeyResult = KeyResult.create(by=by, team=team, owner=by.pk, objective=goal.pk, **written)
    *_earlier, last = told["check_ins"]
    for days, value, confidence in told["check_ins"]:
        note = told.get("note", "") if days == last[0] else ""
        at = timezone.now() - timedelta(days=days)
        made.check_in(by=by, value=str(value), at=at, confidence=confidence, note=note)


def publish(desk: Desk, told: Told) -> None:
    """Goals as their owners published them; those whose time is over are closed without a grade."""
    by = desk.people[told["by"]]
    for aim in _aims(told["file"]):
        team = desk.teams[told["team"]] if "team" in told else Team.objects.get(name=aim.team, sample=True)
        take_aim(aim.within_limits(), None, told["name"], team.pk, by)
    made = Goal.objects.filter(origins__source=told["name"], status=Goal.Status.OPEN)
    for goal in made.filter(cycle__ends__lt=timezone.localdate()):
        for result in KeyResult.objects.filter(links_out__target=goal):
            result.close(by=by, reason=OVER)
        goal.close(by=by, reason=OVER)
    for kept in (*made.all(), *KeyResult.objects.filter(origins__source=told["name"], status="open")):
        kept.revise(by=by, owner=by.pk)
    if "planned" in told:
        _plan(desk, told)


def _plan(desk: Desk, told: Told) -> None:
    """The goals with a theme, as roadmap items of the team that each names first."""
    with opened(told["file"]) as file:
        rows = [row for row in json.load(file) if row["flagship"]]
    by = desk.people[told["by"]]
    for row in rows:
        Initiative.create(
            by=by, title=row["title"], outcome=row["summary"] or row["flagship"], owner=by.pk,
            team=desk.teams[f"rust-{row['teams'][0]}"].pk, **HALF_YEAR,
        )  # fmt: skip


def _aims(name: str) -> Iterator[aims.Aim]:
    with opened(name) as file:
        yield from (row[1] for row in READ[name](file.read()) if not isinstance(row, Reject))


def cycles(items: QuerySet[Any]) -> set[int]:
    """The cycles that goals and key results among these Items are in."""
    held = (model.objects.filter(pk__in=items).values_list("cycle_id", flat=True) for model in MEASURED)
    return {pk for found in held for pk in found if pk}


def forget_cycles(cycles: set[int]) -> None:
    """Those of these that nothing is in any more."""
    used = (model.objects.exclude(cycle=None).values("cycle") for model in MEASURED)
    empty = Cycle.objects.filter(pk__in=cycles)
    for found in used:
        empty = empty.exclude(pk__in=found)
    empty.delete()
