"""Rules over each key result: whether it can be measured, whether it is, and what is said of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.checks import Finding, Findings, Look, Severity, check
from filrouge.core.traces import History

from ..grading import MOVING, STAYING, Movement, must_explain
from ..standing import Line, begun
from .reading import DECISION, GOAL, KEY_RESULT, lines, output, running, standings, weighted

OFF = ("behind", "at_risk")


def _measured(one: Any) -> bool:
    """Whether it says what is to be reached, or kept."""
    if one.movement in MOVING:
        return one.target is not None
    if one.movement in STAYING:
        return one.promise.kept_by(Fraction(0)) is not None
    return one.movement != Movement.MILESTONE or bool(one.marks.strip()) or one.target is not None


@check(
    "KR-01", Severity.ERROR, _("Not measurable"),
    says=_("It does not say which value is to be reached or kept."),
    on=KEY_RESULT, mend=("revise",),
)  # fmt: skip
def not_measurable(look: Look) -> Findings:
    """Open key results without a target, without bounds to stay within, or without marks."""
    return (Finding(one.pk) for one in running(look, KEY_RESULT) if not _measured(one))


@check(
    "KR-02", Severity.WARNING, _("Typed by hand"),
    says=_("None of its %(number)s values says where it comes from."),
    on=KEY_RESULT, mend=("check_in",),
)  # fmt: skip
def no_source(look: Look, *, times: int = 3) -> Findings:
    """Open key results with at least so many values, none of which names its source."""
    from ..tables import Observation

    rows = look.rows(Observation.objects.exclude(source=""), "key_result_id")
    named = set(rows.order_by().values_list("key_result_id", flat=True).distinct())
    for one in running(look, KEY_RESULT):
        number = len(lines(look).get(one.pk, ()))
        if number >= times and one.pk not in named:
            yield Finding(one.pk, {"number": number})


@check(
    "KR-03", Severity.WARNING, _("No baseline"),
    says=_("It says where to go, and not from where."),
    on=KEY_RESULT, mend=("revise",),
)  # fmt: skip
def no_baseline(look: Look) -> Findings:
    """Open key results that are to increase or decrease a value without saying which it is now."""
    for one in running(look, KEY_RESULT):
        if one.movement in (Movement.INCREASE, Movement.DECREASE) and one.start is None:
            yield Finding(one.pk)


@check(
    "KR-04", Severity.WARNING, _("An output, not a result"),
    says=_("Its words say what is made, not what changes by it."),
    on=KEY_RESULT, mend=("revise",),
)  # fmt: skip
def an_output(look: Look) -> Findings:
    """Open key results whose title begins with a verb of making: launch, deliver, migrate, write..."""
    return (Finding(one.pk) for one in running(look, KEY_RESULT) if output(one.title))


@check(
    "KR-05", Severity.ERROR, _("It starts at its target"),
    says=_("From %(start)s to %(start)s nothing moves."),
    on=KEY_RESULT, mend=("revise",),
)  # fmt: skip
def already_there(look: Look) -> Findings:
    """Open key results that are to move a value from what it is already to be."""
    for one in running(look, KEY_RESULT):
        if one.movement in MOVING and one.target is not None and one.start == one.target:
            yield Finding(one.pk, {"start": float(one.start)})


@check(
    "KR-06", Severity.WARNING, _("No news"),
    says=_("Nobody has checked in since %(since)s; every %(days)s days was promised."),
    on=KEY_RESULT, mend=("check_in", "revise"),
)  # fmt: skip
def stale(look: Look) -> Findings:
    """Running key results without an observation for more than one and a half times their rhythm."""
    for one in running(look, KEY_RESULT):
        stands = standings(look)[one.pk]
        if stands.stale:
            since = timezone.localdate(stands.at) if stands.at else begun(one)
            yield Finding(one.pk, {"since": str(since), "days": one.cadence})


@check(
    "KR-07", Severity.WARNING, _("The same value again and again"),
    says=_("Its last %(times)s values are all %(value)s: does the source still answer?"),
    on=KEY_RESULT, mend=("check_in",),
)  # fmt: skip
def frozen(look: Look, *, times: int = 4) -> Findings:
    """Open key results that move, and whose last so many values are the same."""
    for one in running(look, KEY_RESULT):
        last = [line.value for line in lines(look).get(one.pk, ())][-times:]
        if one.movement in MOVING and len(last) == times > 1 and len(set(last)) == 1:
            yield Finding(one.pk, {"times": times, "value": float(last[0])})


@check(
    "KR-08", Severity.WARNING, _("What is said contradicts the numbers"),
    says=_("It is said to be %(said)s; by its numbers and the time that has passed it is not."),
    on=KEY_RESULT, mend=("check_in",),
)  # fmt: skip
def contradiction(look: Look) -> Findings:
    """Open key results said to be on track while more than 25 points behind, or the other way about."""
    for one in running(look, KEY_RESULT):
        if standings(look)[one.pk].contradicts:
            yield Finding(one.pk, {"said": one.said})


def _latest(look: Look, one: Any) -> Line | None:
    return next(iter(lines(look).get(one.pk, ())[-1:]), None)


@check(
    "KR-09", Severity.WARNING, _("Off track, without a word"),
    says=_("It is said to be %(said)s, and neither why nor what would help."),
    on=KEY_RESULT, mend=("check_in",),
)  # fmt: skip
def off_without_reason(look: Look) -> Findings:
    """Open key results whose latest check-in says behind or at risk, and nothing else."""
    for one in running(look, KEY_RESULT):
        last = _latest(look, one)
        if last and last.said in OFF and not last.note.strip():
            yield Finding(one.pk, {"said": last.said})


def _told(look: Look, one: Any) -> list[Line]:
    """The check-ins that say how sure one is."""
    return [line for line in lines(look).get(one.pk, ()) if line.confidence is not None]


@check(
    "KR-10", Severity.INFO, _("A confidence that never moves"),
    says=_("In %(times)s check-ins its confidence was always %(confidence)s."),
    on=KEY_RESULT, mend=("check_in",),
)  # fmt: skip
def unmoved(look: Look, *, times: int = 3) -> Findings:
    """Open key results whose confidence has been the same in all of so many check-ins or more."""
    for one in running(look, KEY_RESULT):
        told = [line.confidence for line in _told(look, one)]
        if len(told) >= times and len(set(told)) == 1:
            yield Finding(one.pk, {"times": len(told), "confidence": told[0]})


@check(
    "KR-11", Severity.WARNING, _("Confidence fell, and nobody says why"),
    says=_("Its confidence fell from %(before)s to %(after)s, without a note."),
    on=KEY_RESULT, mend=("check_in",),
)  # fmt: skip
def fell(look: Look, *, most: int = 2) -> Findings:
    """Open key results whose confidence fell by more than so many points at once, or twice running."""
    for one in running(look, KEY_RESULT):
        told = _told(look, one)[-3:]
        if len(told) < 2 or told[-1].note.strip():
            continue
        steps = [int(a.confidence or 0) - int(b.confidence or 0) for a, b in pairwise(told)]
        if steps[-1] > most or (len(steps) == 2 and min(steps) > 0):
            yield Finding(one.pk, {"before": told[-2].confidence, "after": told[-1].confidence})


def _number(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None


@check(
    "KR-12", Severity.ERROR, _("The goal posts moved"),
    says=_("On %(at)s its target went from %(before)s to %(after)s, which is easier; no decision is linked."),
    on=KEY_RESULT, mend=("link",),
)  # fmt: skip
def goal_posts(look: Look) -> Findings:
    """Key results whose target was made easier while they ran, with no decision linked."""
    decided = look.linked(DECISION, back=False)
    held = {one.pk: one for one in look.at(KEY_RESULT)}
    told = History.objects.filter(item__type=KEY_RESULT, before__has_key="target", after__has_key="target")
    columns = ("item_id", "at", "before__target", "after__target")
    for pk, at, before, after in look.rows(told).order_by("pk").values_list(*columns):
        one, was, now = held.get(pk), _number(before), _number(after)
        if one is None or was is None or now is None or decided.get(pk):
            continue
        day = timezone.localdate(at)
        if _within(one, day) and _easier(one, was, now):
            yield Finding(pk, {"at": day.isoformat(), "before": float(was), "after": float(now)})


def _within(one: Any, day: date) -> bool:
    starts, ends = one.period
    return (starts is None or starts <= day) and (ends is None or day <= ends)


def _easier(one: Any, was: Decimal, now: Decimal) -> bool:
    if one.movement in (Movement.INCREASE, Movement.REACH, Movement.STAY_ABOVE):
        return now < was
    return one.movement in (Movement.DECREASE, Movement.STAY_BELOW) and now > was


@check(
    "KR-13", Severity.WARNING, _("A grade far from the numbers"),
    says=_("It was graded %(grade)s, its values come to %(score)s, and nobody says why."),
    on=KEY_RESULT, mend=("declare",),
)  # fmt: skip
def unexplained_grade(look: Look) -> Findings:
    """Closed key results whose declared grade is more than 0.1 from the computed score, without a reason."""
    for one in look.at(KEY_RESULT):
        if one.status != "closed" or one.grade is None or one.grade_reason.strip():
            continue
        score = standings(look)[one.pk].score
        if score is not None and must_explain(Fraction(one.grade), score):
            yield Finding(one.pk, {"grade": float(one.grade), "score": round(float(score), 2)})


@check(
    "KR-15", Severity.ERROR, _("A promise not kept, and nothing learned"),
    says=_("It was committed, closed at %(score)s, and nothing says what was learned."),
    on=KEY_RESULT, mend=("declare", "reopen"),
)  # fmt: skip
def no_lesson(look: Look) -> Findings:
    """Closed key results of a committed goal that came to less than 1, with no reason and no decision."""
    committed = _committed(look)
    decided = look.linked(DECISION, back=False)
    for one in look.at(KEY_RESULT):
        if (
            one.status != "closed"
            or one.pk not in committed
            or one.reason.strip()
            or one.grade_reason.strip()
        ):
            continue
        counted = standings(look)[one.pk].counted
        if counted is not None and counted < 1 and not decided.get(one.pk):
            yield Finding(one.pk, {"score": round(float(counted), 2)})


def _committed(look: Look) -> set[int]:
    """The key results of goals to which somebody committed."""
    above = look.linked(GOAL, back=False, relations=("contributes",))
    goals = look.all(GOAL).filter(ambition="committed")
    goals = goals if look.ids is None else goals.filter(pk__in={pk for few in above.values() for pk in few})
    kept = set(goals.values_list("pk", flat=True))
    return {pk for pk, few in above.items() if kept.intersection(few)}


@check(
    "KR-19", Severity.INFO, _("Counted under two goals"),
    says=_("It contributes to %(number)s goals, and nobody said how much to each."),
    on=KEY_RESULT, mend=("link", "unlink"),
)  # fmt: skip
def counted_twice(look: Look) -> Findings:
    """Open key results that contribute to several goals without a declared weight for each."""
    above, known = look.linked(GOAL, back=False, relations=("contributes",)), weighted(look)
    for one in running(look, KEY_RESULT):
        goals = above.get(one.pk, ())
        if len(goals) > 1 and any((one.pk, goal) not in known for goal in goals):
            yield Finding(one.pk, {"number": len(goals)})
