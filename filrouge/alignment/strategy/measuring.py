"""Which promises and which values make sense for a type of measure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput
from filrouge.core.fields import short

from .grading import MOVING, Movement
from .marks import marks_of

YEAR, SUREST = 366, 10


def check_measure(item: Any) -> None:
    """Whether a key result can be what it says."""
    marks_of(item.marks)
    if not 1 <= item.cadence <= YEAR:
        raise BadInput(_("From 1 to 366 days pass between check-ins."), "cadence")
    if item.movement in MOVING:
        check_movement(item)
    if item.low is not None and item.high is not None and item.high < item.low:
        raise BadInput(_("What it may not exceed is below what it may not fall under."), "high")


def check_movement(item: Any) -> None:
    if item.movement == Movement.REACH and item.start:
        raise BadInput(_("“Reach” starts from zero. From another value, choose “increase”."), "start")
    if item.start is None or item.target is None:
        return
    if item.start == item.target:
        raise BadInput(
            _("It starts at its target, %(target)s: nothing would move. Change one of the two.")
            % {"target": short(item.target)},
            "target",
        )
    if (item.movement == Movement.DECREASE) != (item.target < item.start):
        said = _("From this start to this target it moves the other way. Change its type, or one of the two.")
        raise BadInput(said, "type")


def check_confidence(said: int | None) -> None:
    if said is not None and not 0 <= said <= SUREST:
        raise BadInput(_("Give a number from %(least)s to %(most)s.") % {"least": 0, "most": SUREST}, "log")


def check_value(item: Any, value: Decimal) -> None:
    if item.movement == Movement.BINARY and value not in (0, 1):
        raise BadInput(_("It is done (1) or not (0)."), "value")
    number = len(marks_of(item.marks))
    tops = {Movement.ORDINAL: (number or 4) - 1, Movement.MILESTONE: number}
    top = tops.get(Movement(item.movement), 0)
    lowest = -top if item.movement == Movement.MILESTONE else 0
    if top and (value != int(value) or not lowest <= value <= top):
        raise BadInput(_("Give the number of a mark, up to %(most)s.") % {"most": top}, "value")
