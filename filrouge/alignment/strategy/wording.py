"""What a key result promises and where it stands, in the reader's words, kept: a page asks for hundreds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from filrouge.ui import writing

from .grading import MOVING, Movement
from .marks import marks_of


class Terms(NamedTuple):
    """As much of a key result as its words depend on."""

    movement: str
    unit: str
    marks: str
    start: Decimal | None
    target: Decimal | None
    low: Decimal | None
    high: Decimal | None


TERMS = attrgetter(*Terms._fields)


def value_said(item: Any, value: Decimal | Fraction | None) -> str:
    """A value with its unit; of marks and of yes or no, in words."""
    return "–" if value is None else _value(Terms(*TERMS(item)), value, get_language())


@lru_cache(maxsize=4096)
def _value(of: Terms, value: Decimal | Fraction, language: str | None) -> str:
    if of.movement == Movement.BINARY:
        return _("done") if value >= 1 else _("not done")
    if of.movement == Movement.ORDINAL and not of.marks:
        places = (_("failed"), _("committed"), _("target"), _("stretch"))
        return places[min(max(int(value), 0), 3)]
    if of.movement in (Movement.MILESTONE, Movement.ORDINAL) and of.marks:
        return _mark(of, int(value))
    return with_unit(value, of.unit)


def _mark(of: Terms, number: int) -> str:
    marks = marks_of(of.marks)
    place = abs(number) - (of.movement == Movement.MILESTONE)
    if not number and of.movement == Movement.MILESTONE:
        return _("none")
    name = (marks[place][1] if place < len(marks) else "") or str(number)
    return _("not %(mark)s after all") % {"mark": name} if number < 0 else name


def with_unit(value: Decimal | Fraction, unit: str) -> str:
    text = writing.number(float(value))
    return f"{text}\u00a0{unit}" if unit else text


def promise_said(item: Any) -> str:
    """“from 32 to 45 %”, “at least 99.5 %”, “done or not”."""
    return _promise(Terms(*TERMS(item)), get_language())


@lru_cache(maxsize=4096)
def _promise(of: Terms, language: str | None) -> str:
    start, target, low, high = (
        "?" if value is None else with_unit(value, of.unit)
        for value in (of.start, of.target, of.low, of.high)
    )
    if of.movement == Movement.STAY_ABOVE:
        return _("at least %(value)s") % {"value": target if of.low is None else low}
    if of.movement == Movement.STAY_BELOW:
        return _("at most %(value)s") % {"value": target if of.high is None else high}
    if of.movement == Movement.RANGE:
        return _("between %(low)s and %(high)s") % {"low": low, "high": high}
    if of.movement in MOVING or (of.movement == Movement.MILESTONE and not of.marks):
        bare = start if of.start is None else with_unit(of.start, "")
        return _("from %(start)s to %(target)s") % {"start": bare, "target": target}
    return _other(of)


def _other(of: Terms) -> str:
    if of.movement == Movement.MILESTONE:
        number = len(marks_of(of.marks))
        return ngettext("%(n)s mark", "%(n)s marks", number) % {"n": number}
    if of.movement == Movement.BASELINE:
        return _("to be measured")
    return _("done or not") if of.movement == Movement.BINARY else str(Movement(of.movement).label)


def said_so(goal: Any) -> str:
    """Who said how a goal stands, and when; empty while that is computed."""
    if not goal.said:
        return ""
    name = goal.said_by.name if goal.said_by else _("somebody")
    return _("stands as %(name)s said on %(day)s") % {"name": name, "day": writing.date(goal.said_at)}


def share(value: Fraction | None) -> str:
    """A score as people write it: two decimals, a true minus."""
    return "–" if value is None else writing.number(round(float(value), 2), 2).replace("-", "\u2212")
