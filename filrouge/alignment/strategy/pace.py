"""Whether progress keeps pace with time: six published profiles, chosen by a setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise

from django.db import models
from django.utils.translation import gettext_lazy as _

from .grading import ONE, ZERO, clamp

GAP = Fraction(25, 100)


class Pace(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    ON_TRACK = "on_track", _("On track")
    BEHIND = "behind", _("Behind")
    AT_RISK = "at_risk", _("At risk")
    ACHIEVED = "achieved", _("Achieved")


class Profile(models.TextChoices):
    ENGAGEDLY = "engagedly", _("By points: behind from 16.5, at risk from 33 (Engagedly)")
    VIVA = "viva", _("Strict: behind as soon as it is below the line (Viva Goals)")
    ALLY = "ally", _("Alert: at risk from 25 points below the line (Ally)")
    UPRAISE = "upraise", _("By share of what is expected: 95 %, 75 % (UpRaise)")
    PLANVIEW = "planview", _("Within a tenth of what is expected (Planview)")
    MOONCAMP = "mooncamp", _("90 % at the end, less before (Mooncamp)")


WORST_FIRST = (Pace.AT_RISK, Pace.BEHIND, Pace.NOT_STARTED, Pace.ON_TRACK, Pace.ACHIEVED)


def elapsed(
    day: date, starts: date | None, ends: date | None, steps: Iterable[tuple[date, Fraction]] = ()
) -> Fraction | None:
    """The share of a period that a day has seen pass, from 0 to 1; None without a period.

    `steps` bend the line: the share that is due by days within it.
    """
    if starts is None or ends is None:
        return None
    if starts == ends:
        return ONE if day >= ends else ZERO
    within = [(at, clamp(share)) for at, share in steps if starts < at < ends]
    day = min(max(day, starts), ends)
    line = pairwise([(starts, ZERO), *within, (ends, ONE)])
    (left, before), (right, after) = next(pair for pair in line if day <= pair[1][0])
    return before + (after - before) * Fraction((day - left).days, (right - left).days)


def pace(profile: str, progress: Fraction, expected: Fraction, ended: bool = False) -> Pace:
    """How progress (0 to 1) stands against what is expected by now."""
    if progress >= 1:
        return Pace.ACHIEVED if ended else Pace.ON_TRACK
    return PROFILES[profile](progress, expected, ended)


def weakest(found: list[Pace]) -> Pace | None:
    """What a goal takes from its key results: the weakest of them."""
    return next((one for one in WORST_FIRST if one in found), None)


def behind(expected: Fraction | None, score: Fraction | None) -> Fraction | None:
    """How far below the line it is; below zero when ahead."""
    return None if expected is None or score is None else expected - score


def contradicts(said: str, computed: str | None, behind: Fraction | None) -> bool:
    """A person says on track while the gap is over 25 points, or the other way about."""
    if not said or computed is None:
        return False
    if said == Pace.ON_TRACK:
        return computed in (Pace.BEHIND, Pace.AT_RISK) and (behind is None or behind > GAP)
    return computed in (Pace.ON_TRACK, Pace.ACHIEVED)


def _viva(progress: Fraction, expected: Fraction, ended: bool) -> Pace:
    return Pace.ON_TRACK if progress >= expected else Pace.BEHIND


def _ally(progress: Fraction, expected: Fraction, ended: bool) -> Pace:
    return Pace.AT_RISK if expected - progress > GAP else Pace.ON_TRACK


def _engagedly(progress: Fraction, expected: Fraction, ended: bool) -> Pace:
    gap = expected - progress
    if ended or gap > Fraction(33, 100):
        return Pace.AT_RISK
    return Pace.BEHIND if gap >= Fraction(165, 1000) else Pace.ON_TRACK


def _upraise(progress: Fraction, expected: Fraction, ended: bool) -> Pace:
    if progress >= expected * Fraction(95, 100):
        return Pace.ON_TRACK
    return Pace.BEHIND if progress >= expected * Fraction(75, 100) else Pace.AT_RISK


def _planview(progress: Fraction, expected: Fraction, ended: bool) -> Pace:
    """Finished at 90 it is on target; on the way a tenth behind is behind."""
    line = expected * Fraction(9, 10)
    kept = progress >= line if ended or not expected else progress > line
    return Pace.ON_TRACK if kept else Pace.BEHIND


def _mooncamp(progress: Fraction, expected: Fraction, ended: bool) -> Pace:
    return Pace.ON_TRACK if progress >= expected * Fraction(9, 10) else Pace.BEHIND


PROFILES: dict[str, Callable[[Fraction, Fraction, bool], Pace]] = {
    Profile.VIVA: _viva,
    Profile.ALLY: _ally,
    Profile.ENGAGEDLY: _engagedly,
    Profile.UPRAISE: _upraise,
    Profile.PLANVIEW: _planview,
    Profile.MOONCAMP: _mooncamp,
}
