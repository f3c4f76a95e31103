"""Rules over goals: what they stand under, who answers for them, who works on them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from filrouge.core.checks import Finding, Findings, Look, Severity, check
from filrouge.lib.search_text import fold

from ..tables import Cycle, GoalType, Observation
from .reading import (
    GOAL,
    ITEM,
    KEY_RESULT,
    SERVES,
    begun,
    flat,
    going,
    in_a_row,
    output,
    running,
    timeless,
    under,
)

NEW_GOAL = "make:strategy.Goal:parent"
NEW_KEY_RESULT = "make:strategy.KeyResult:objective"


@check(
    "S-01", Severity.WARNING, _("A pillar that no goal serves"),
    says=_("No open goal contributes to it."),
    on=GOAL, mend=(NEW_GOAL, "drop"),
)  # fmt: skip
def bare_pillar(look: Look) -> Findings:
    """Visions and pillars to which no open goal and no open key result contributes."""
    served = {**_open_under(look, GOAL), **_open_under(look, KEY_RESULT)}
    return (Finding(one.pk) for one in running(look, GOAL) if timeless(one) and not served.get(one.pk))


def _open_under(look: Look, label: str) -> dict[int, list[int]]:
    """For each goal, what is open of this type and contributes to it."""
    below = under(look, label)
    still = {pk for pk, one in look.around(label).items() if one.status == "open"}
    return {goal: kept for goal, several in below.items() if (kept := [pk for pk in several if pk in still])}


@check(
    "S-02", Severity.WARNING, _("A goal that stands alone"),
    says=_("It contributes to no goal above it, and supports none."),
    on=GOAL, mend=("link",),
)  # fmt: skip
def unaligned(look: Look) -> Findings:
    """Open goals of a team within another team that serve no goal, and under which no other goal stands."""
    above = {
        **look.linked(GOAL, back=False, relations=SERVES),
        **look.linked(KEY_RESULT, back=False, relations=SERVES),
    }
    below = under(look, GOAL)
    for goal in going(look, GOAL):
        top = timeless(goal) or goal.team is None or goal.team.parent_id is None or below.get(goal.pk)
        if not top and not above.get(goal.pk):
            yield Finding(goal.pk)


@check(
    "S-03", Severity.ERROR, _("Nobody answers for it"),
    says=_("It has no owner who is still in the product teams."),
    on=(GOAL, KEY_RESULT), mend=("revise",),
)  # fmt: skip
def unowned(look: Look) -> Findings:
    """Open goals and key results without an owner, or whose owner has left."""
    for one in (*running(look, GOAL), *running(look, KEY_RESULT)):
        if one.owner is None or not one.owner.is_active or not one.owner.reads_items:
            yield Finding(one.pk)


@check(
    "S-04", Severity.WARNING, _("A goal that nothing measures"),
    says=_("It has begun, and no key result says how it will be known."),
    on=GOAL, mend=(NEW_KEY_RESULT,),
)  # fmt: skip
def unmeasured(look: Look) -> Findings:
    """Open goals that have begun without a key result and without a goal under them."""
    measured, below = under(look, KEY_RESULT), under(look, GOAL)
    for goal in going(look, GOAL):
        asked = not timeless(goal) and (goal.goal_type is None or goal.goal_type.measured)
        if asked and begun(goal, look.today) and not measured.get(goal.pk) and not below.get(goal.pk):
            yield Finding(goal.pk)


@check(
    "S-05", Severity.WARNING, _("Too many at once"),
    says=_("%(what)s: %(number)s, more than %(most)s."),
    on=GOAL, mend=("close", "drop"),
)  # fmt: skip
def too_many(look: Look, *, most: int = 5) -> Findings:
    """More open goals of a team in one cycle, or more key results under one goal, than so many."""
    measured = _open_under(look, KEY_RESULT)
    for goal in going(look, GOAL):
        if len(several := measured.get(goal.pk, ())) > most:
            yield Finding(goal.pk, {"what": "key_results", "number": len(several), "most": most})
    for latest, number in _crowded(look, most):
        yield Finding(latest, {"what": "goals", "number": number, "most": most})


def _crowded(look: Look, most: int) -> list[tuple[int, int]]:
    """The newest goal of each team and cycle that have too many, and how many these are."""
    rows = look.all(GOAL).filter(status="open", cycle__ends__gte=look.today)
    if look.ids is not None:
        rows = rows.filter(team__in={goal.team_id for goal in look.at(GOAL)})
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for pk, team, cycle in rows.values_list("pk", "team_id", "cycle_id"):
        found[team, cycle].append(pk)
    return [(max(several), len(several)) for several in found.values() if len(several) > most]


@check(
    "S-06", Severity.WARNING, _("A goal that nobody works on"),
    says=_("It has begun, and nothing on the roadmap contributes to it or to its key results."),
    on=GOAL, mend=(f"from:{ITEM}", "drop"),
)  # fmt: skip
def nobody_works(look: Look) -> Findings:
    """Open goals that have begun, with no roadmap item towards them or their key results, no goal below."""
    measured, below, worked = under(look, KEY_RESULT), under(look, GOAL), under(look, ITEM)
    by_measure = _worked_measures(look, flat(measured))
    for goal in going(look, GOAL):
        towards = (
            worked.get(goal.pk) or below.get(goal.pk) or by_measure.intersection(measured.get(goal.pk, ()))
        )
        if not timeless(goal) and begun(goal, look.today) and not towards:
            yield Finding(goal.pk)


def _worked_measures(look: Look, keys: set[int]) -> set[int]:
    """The key results to which something on the roadmap contributes."""
    from filrouge.core.traces import Link

    rows = Link.objects.filter(source__type=ITEM, target__type=KEY_RESULT, source__archived_at=None)
    rows = rows if look.ids is None else rows.filter(target__in=keys)
    return set(rows.values_list("target_id", flat=True))


@check(
    "S-07", Severity.WARNING, _("A goal that has not started"),
    says=_("It began on %(starts)s, and none of its key results has been checked in."),
    on=GOAL, mend=("revise",),
)  # fmt: skip
def not_started(look: Look, *, days: int = 7) -> Findings:
    """Open goals that began more than so many days ago and whose key results have no observation."""
    measured, then = under(look, KEY_RESULT), look.today - timedelta(days=days)
    noted = Observation.objects.filter(key_result_id__in=flat(measured)) if look.ids else Observation.objects
    seen = set(noted.order_by().values_list("key_result_id", flat=True).distinct())
    for goal in going(look, GOAL):
        keys = measured.get(goal.pk)
        if keys and begun(goal, then) and not seen.intersection(keys):
            yield Finding(goal.pk, {"starts": goal.period[0].isoformat()})


@check(
    "S-08", Severity.ERROR, _("Its time is over, and it is still open"),
    says=_("It ended on %(ends)s, and nobody closed it."),
    on=(GOAL, KEY_RESULT), mend=("close", "revise"),
)  # fmt: skip
def past_its_end(look: Look) -> Findings:
    """Open goals and key results whose period is over."""
    for one in (*running(look, GOAL), *running(look, KEY_RESULT)):
        if (ends := one.period[1]) and ends < look.today:
            yield Finding(one.pk, {"ends": ends.isoformat()})


@check(
    "S-09", Severity.ERROR, _("Its dates leave those of what it serves"),
    says=_("It runs from %(starts)s to %(ends)s; %(other)s does not last that long."),
    on=(GOAL, KEY_RESULT), mend=("revise",),
)  # fmt: skip
def outside_its_parent(look: Look) -> Findings:
    """Open goals and key results whose period is not within that of a goal they contribute to."""
    above = look.linked(GOAL, back=False, relations=("contributes",))
    parents = look.around(GOAL)
    for one in (*running(look, GOAL), *running(look, KEY_RESULT)):
        for parent in (parents[pk] for pk in above.get(one.pk, ()) if pk in parents):
            (starts, ends), (first, last) = one.period, parent.period
            if all((starts, ends, first, last)) and (starts < first or ends > last):
                yield Finding(one.pk, {"starts": starts.isoformat(), "ends": ends.isoformat()}, parent.pk)


@check(
    "S-10", Severity.ERROR, _("A goal that serves itself"),
    says=_("Followed from goal to goal, what it serves leads back to it."),
    on=(GOAL, KEY_RESULT), mend=("unlink",),
)  # fmt: skip
def circular(look: Look) -> Findings:
    """Goals and key results that serve themselves by a longer or shorter way."""
    for label in (GOAL, KEY_RESULT):
        for one in look.at(label):
            if one.pk in look.behind(one.pk, label):
                yield Finding(one.pk)


@check(
    "S-11", Severity.ERROR, _("It stands under what it may not stand under"),
    says=_("A “%(kind)s” may not stand under a “%(above)s”, as %(other)s is."),
    on=(GOAL, KEY_RESULT), mend=("unlink?to", "revise"),
)  # fmt: skip
def forbidden_parent(look: Look) -> Findings:
    """Goals whose type may not stand under that of a goal they contribute to; key results likewise."""
    above = look.linked(GOAL, back=False, relations=("contributes",))
    types = (
        dict(look.all(GOAL).values_list("pk", "goal_type_id")) if look.ids is None else _types(look, above)
    )
    known, allowed = {one.pk: one for one in GoalType.objects.all()}, set(_allowed())
    for one in (*look.at(GOAL), *look.at(KEY_RESULT)):
        for parent in above.get(one.pk, ()):
            over = known.get(types.get(parent))  # type: ignore[arg-type]
            if over and not _fits(one, over, allowed):
                yield Finding(one.pk, {"kind": _kind(one), "above": str(over)}, parent)


def _types(look: Look, above: dict[int, list[int]]) -> dict[int, int | None]:
    return dict(look.all(GOAL).filter(pk__in=flat(above)).values_list("pk", "goal_type_id"))


def _allowed() -> Any:
    return GoalType.under.through.objects.values_list("from_goaltype_id", "to_goaltype_id")


def _fits(one: Any, over: GoalType, allowed: set[tuple[int, int]]) -> bool:
    if one.type == KEY_RESULT:
        return bool(over.measured)
    return one.goal_type_id is None or (one.goal_type_id, over.pk) in allowed


def _kind(one: Any) -> str:
    return str(one.type_of_goal if one.type == GOAL else one._meta.verbose_name)


@check(
    "S-12", Severity.WARNING, _("Others align to a team that aims for nothing"),
    says=_("Other teams contribute to it in this cycle, and its own team has set no goal for the cycle."),
    on=GOAL, mend=("revise", "close"),
)  # fmt: skip
def team_without_goal(look: Look) -> Findings:
    """Goals that other teams’ goals of the current cycle serve, while their own team has none in it."""
    now = Cycle.current(look.today)
    if now is None:
        return
    current = dict(look.all(GOAL).filter(cycle=now).values_list("pk", "team_id"))
    below, aiming = under(look, GOAL), set(current.values())
    for goal in running(look, GOAL):
        others = {current[pk] for pk in below.get(goal.pk, ()) if pk in current} - {goal.team_id}
        if others and goal.team_id not in aiming and not timeless(goal):
            yield Finding(goal.pk)


@check(
    "S-13", Severity.INFO, _("A goal that names a solution, or nobody"),
    says=_("Its words say %(what)s."),
    on=GOAL, mend=("revise",),
)  # fmt: skip
def prescribes(look: Look) -> Findings:
    """Open goals whose title begins with what is to be made, or that do not say why and for whom."""
    for goal in going(look, GOAL):
        wrong = ["solution"] * output(goal.title) + ["nobody"] * (not goal.description.strip())
        if wrong and not timeless(goal):
            yield Finding(goal.pk, {"what": wrong})


@check(
    "S-14", Severity.WARNING, _("Only outputs"),
    says=_("All of its %(number)s key results can be reached while nothing changes for anybody."),
    on=GOAL, mend=(NEW_KEY_RESULT,),
)  # fmt: skip
def only_outputs(look: Look) -> Findings:
    """Open goals all of whose open key results say what is made or done, none what changes by it."""
    measured = _open_under(look, KEY_RESULT)
    known = look.around(KEY_RESULT)
    for goal in going(look, GOAL):
        keys = measured.get(goal.pk, ())
        if keys and all(_made(known[pk]) for pk in keys):
            yield Finding(goal.pk, {"number": len(keys)})


def _made(one: Any) -> bool:
    return one.movement in ("binary", "milestone") or output(one.title)


@check(
    "S-15", Severity.INFO, _("The same, cycle after cycle"),
    says=_("The same key result, with the same target, for %(times)s cycles in a row."),
    on=KEY_RESULT, mend=("revise", "close"),
)  # fmt: skip
def business_as_usual(look: Look, *, times: int = 3) -> Findings:
    """Open key results that their team has had with the same title and target for so many cycles."""
    rows = look.all(KEY_RESULT).exclude(cycle=None)
    if look.ids is not None:
        rows = rows.filter(team__in={one.team_id for one in look.at(KEY_RESULT)})
    found: dict[tuple[Any, ...], set[Cycle]] = defaultdict(set)
    cycles = Cycle.objects.in_bulk()
    for team, title, target, cycle in rows.values_list("team_id", "title", "target", "cycle_id"):
        found[team, fold(title), target].add(cycles[cycle])
    for one in running(look, KEY_RESULT):
        alike = found.get((one.team_id, fold(one.title), one.target), set())
        number = max((len(row) for row in in_a_row(alike) if one.cycle in row), default=0)
        if number >= times:
            yield Finding(one.pk, {"times": number})
