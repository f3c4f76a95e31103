"""Interim targets, written as lines: a day, and the value that is to be reached by then."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput
from filrouge.core.fields import as_written

from .grading import MOVING

LINE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\s+(-?[0-9][0-9\s]{0,12}(?:[.,][0-9]{1,5})?)")
MOST = 40
Interim = tuple[tuple[date, Fraction], ...]


def interim_of(text: str) -> Interim:
    """(day, value) pairs, one day after the other; BadInput says which line is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise BadInput(_("Give at most %(most)s interim targets.") % {"most": MOST}, "interim")
    found = tuple(_read(line) for line in lines)
    for (before, _value), (day, _next) in pairwise(found):
        if day <= before:
            raise BadInput(
                _("After %(before)s, %(day)s: write each day once, in order.")
                % {"day": day, "before": before},
                "interim",
            )
    return found


def _read(line: str) -> tuple[date, Fraction]:
    read = LINE.fullmatch(line)
    try:
        if read is None:
            raise ValueError(line)
        return date.fromisoformat(read[1]), Fraction(as_written(read[2]))
    except ValueError:
        raise BadInput(
            _("“%(line)s” is no interim target: write a day and a value, as 2026-11-01 40.")
            % {"line": line[:80]},
            "interim",
        ) from None


def check_interim(item: Any) -> None:
    """Whether interim targets lead from the start to the target, within the period."""
    if not interim_of(item.interim) or item.movement not in MOVING:
        return
    promise = item.promise
    if None in (promise.starts, promise.ends, promise.origin, promise.target):
        raise BadInput(
            _("Interim targets lie between a start and a target, and between two days."), "interim"
        )
    for day, _value in promise.interim:
        if not promise.starts < day < promise.ends:
            raise BadInput(
                _("%(day)s is not between %(starts)s and %(ends)s.")
                % {"day": day, "starts": promise.starts, "ends": promise.ends},
                "interim",
            )
    shares = [Fraction(0), *(share for _day, share in promise.steps), Fraction(1)]
    if any(after < before for before, after in pairwise(shares)):
        raise BadInput(_("Interim targets lead from the start to the target, without going back."), "interim")
