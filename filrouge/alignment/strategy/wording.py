"""What a key result promises and where it stands, in the reader's words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.ui import writing

from .grading import MOVING, Movement
from .marks import marks_of


def value_said(item: Any, value: Decimal | Fraction | None) -> str:
    """A value with its unit; of marks and of yes or no, in words."""
    if value is None:
        return "–"
    if item.movement == Movement.BINARY:
        return _("done") if value >= 1 else _("not done")
    if item.movement == Movement.ORDINAL and not item.marks:
        places = (_("failed"), _("committed"), _("target"), _("stretch"))
        return places[min(max(int(value), 0), 3)]
    if item.movement in (Movement.MILESTONE, Movement.ORDINAL) and item.marks:
        return _mark_said(item, int(value))
    return with_unit(value, item.unit)


def _mark_said(item: Any, number: int) -> str:
    marks = marks_of(item.marks)
    place = abs(number) - (item.movement == Movement.MILESTONE)
    if not number and item.movement == Movement.MILESTONE:
        return _("none")
    name = (marks[place][1] if place < len(marks) else "") or str(number)
    return _("not %(mark)s after all") % {"mark": name} if number < 0 else name


def with_unit(value: Decimal | Fraction, unit: str) -> str:
    text = writing.number(float(value))
    return f"{text}\u00a0{unit}" if unit else text


def promise_said(item: Any) -> str:
    """“from 32 to 45 %”, “at least 99.5 %”, “done or not”."""
    start, target, low, high = (
        "?" if value is None else with_unit(value, item.unit)
        for value in (item.start, item.target, item.low, item.high)
    )
    if item.movement == Movement.STAY_ABOVE:
        return _("at least %(value)s") % {"value": target if item.low is None else low}
    if item.movement == Movement.STAY_BELOW:
        return _("at most %(value)s") % {"value": target if item.high is None else high}
    if item.movement == Movement.RANGE:
        return _("between %(low)s and %(high)s") % {"low": low, "high": high}
    if item.movement in MOVING or (item.movement == Movement.MILESTONE and not item.marks):
        bare = start if item.start is None else with_unit(item.start, "")
        return _("from %(start)s to %(target)s") % {"start": bare, "target": target}
    return _other(item)


def _other(item: Any) -> str:
    if item.movement == Movement.MILESTONE:
        number = len(marks_of(item.marks))
        return ngettext("%(n)s mark", "%(n)s marks", number) % {"n": number}
    if item.movement == Movement.BASELINE:
        return _("to be measured")
    return _("done or not") if item.movement == Movement.BINARY else str(Movement(item.movement).label)


def said_so(goal: Any) -> str:
    """Who said how a goal stands, and when; empty while that is computed."""
    if not goal.said:
        return ""
    name = goal.said_by.name if goal.said_by else _("somebody")
    return _("stands as %(name)s said on %(day)s") % {"name": name, "day": writing.date(goal.said_at)}


def share(value: Fraction | None) -> str:
    """A score as people write it: two decimals, a true minus."""
    return "–" if value is None else writing.number(round(float(value), 2), 2).replace("-", "\u2212")
