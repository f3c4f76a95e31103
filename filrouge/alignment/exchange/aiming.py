"""From an aim to goals and key results, by the Verbs that people use: only who sets a team's goals may."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.utils import timezone

from filrouge.alignment.strategy.models import Cycle, Goal, KeyResult
from filrouge.core.origins import Origin
from filrouge.people.models import User

from .aims import Aim, Measure, days_of
from .taking import Taken


def take_aim(aim: Aim, origin: Origin | None, source: str, team: int | None, by: User) -> Taken:
    cycle = _cycle(aim)
    known = {"title": aim.title, "description": aim.description, "dropped": aim.dropped}
    if origin is None:
        goal = Goal.create(by=by, team=team, title=aim.title, description=aim.description, cycle=cycle.pk)
        if aim.dropped:
            goal.drop(by=by, reason=aim.dropped)
        Origin.objects.create(source=source, external_id=aim.external_id, item=goal, known=known)
    else:
        goal = origin.called(Goal)
    changed = bool(origin and _revised(goal, origin, known, by))
    held = Origin.objects.filter(source=source, external_id__in=[one.external_id for one in aim.measures])
    here = {one.external_id: one for one in held}
    for one in aim.measures:
        changed |= _measure(one, goal, cycle, here.get(one.external_id), source, by)
    return Taken("new" if origin is None else "updated" if changed else "unchanged")


def _cycle(aim: Aim) -> Cycle:
    if (found := days_of(aim.period)) is None:
        return Cycle.now()
    name, starts, ends = found
    return Cycle.objects.get_or_create(name=name, defaults={"starts": starts, "ends": ends})[0]


def _revised(goal: Goal, origin: Origin, known: dict[str, str], by: User) -> bool:
    """What the file says anew; what people changed here since, and the file did not, stays."""
    changed = {name: value for name, value in known.items() if origin.known.get(name) != value}
    if cells := {name: value for name, value in changed.items() if name != "dropped"}:
        goal.revise(by=by, **cells)
    if changed.get("dropped"):
        goal.drop(by=by, reason=changed["dropped"])
    origin.known |= known
    origin.save()
    return bool(changed)


def _measure(
    one: Measure, goal: Goal, cycle: Cycle, origin: Origin | None, source: str, by: User
) -> bool:  # fmt: skip
    known = {"score": None if one.score is None else str(one.score)} | (
        {"midway": True} if one.midway else {}
    )
    if origin is None:
        scale: dict[str, Any] = (
            {"type": "increase", "start": 0, "target": 1} if one.scored else {"type": "binary"}
        )
        made = KeyResult.create(
            by=by, title=one.title, description=one.text, objective=goal.pk, team=goal.team_id,
            cycle=cycle.pk, **scale,
        )  # fmt: skip
        origin = Origin.objects.create(source=source, external_id=one.external_id, item=made, known={})
    if one.score is None or origin.known == known:
        return not origin.known and _kept(origin, known)
    result = origin.called(KeyResult)
    result.check_in(by=by, value=known["score"], at=_moment(cycle, one.midway), source=source)
    return _kept(origin, known)


def _kept(origin: Origin, known: dict[str, Any]) -> bool:
    origin.known = known
    origin.save()
    return True


def _moment(cycle: Cycle, midway: bool) -> datetime:
    """When a score held: in the middle or at the end of its time, or now if that is still to come."""
    day = cycle.starts + (cycle.ends - cycle.starts) / 2 if midway else cycle.ends
    return min(datetime.combine(day, time(12), UTC), timezone.now())
