"""What a key result and a goal come to: exact fractions, from the log of observations alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import floor

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ZERO, ONE = Fraction(0), Fraction(1)
ORDINAL = (ZERO, Fraction(3, 10), Fraction(7, 10), ONE)
MUST_EXPLAIN = Fraction(1, 10)


class Movement(models.TextChoices):
    INCREASE = "increase", _("Increase")
    DECREASE = "decrease", _("Decrease")
    REACH = "reach", _("Reach, from zero")
    STAY_ABOVE = "stay_above", _("Stay above")
    STAY_BELOW = "stay_below", _("Stay below")
    RANGE = "range", _("Stay between")
    BINARY = "binary", _("Done or not")
    MILESTONE = "milestone", _("Milestones")
    ORDINAL = "ordinal", _("Failed, committed, target or stretch")
    BASELINE = "baseline", _("Measure it first")


MOVING = (Movement.INCREASE, Movement.DECREASE, Movement.REACH)
STAYING = (Movement.STAY_ABOVE, Movement.STAY_BELOW, Movement.RANGE)


class Band(models.TextChoices):
    RED = "red", _("0 to 0.3")
    YELLOW = "yellow", _("0.4 to 0.6")
    GREEN = "green", _("0.7 to 1")


class Ambition(models.TextChoices):
    COMMITTED = "committed", _("Committed: 1 is expected")
    ASPIRATIONAL = "aspirational", _("Aspirational: 0.7 is a success")
    LEARNING = "learning", _("Learning: not graded in bands")


class Late(models.TextChoices):
    """What a mark loses that is reached after its day."""

    TENTH = "tenth", _("A tenth less for each week begun")
    ALL = "all", _("It counts nothing")


@dataclass(frozen=True)
class Promise:
    """What a key result says it will do, and when: all that its grade depends on beside the log."""

    movement: str
    start: Fraction | None = None
    target: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    marks: tuple[Fraction, ...] = ()
    starts: date | None = None
    ends: date | None = None
    cadence: int = 7
    interim: tuple[tuple[date, Fraction], ...] = ()
    late: str = ""
    dues: tuple[date | None, ...] = ()

    def worth(self, number: int, day: date) -> Fraction:
        """The part of a mark that counts when it is reached on a day: all, unless being late costs."""
        due = dict(enumerate(self.dues, 1)).get(number) or self.ends
        if not self.late or due is None or day <= due:
            return ONE
        weeks = -((due - day).days // 7)
        return clamp(ONE - Fraction(weeks, 10)) if self.late == Late.TENTH else ZERO

    @property
    def origin(self) -> Fraction | None:
        """From where it moves."""
        return ZERO if self.movement == Movement.REACH else self.start

    @property
    def steps(self) -> tuple[tuple[date, Fraction], ...]:
        """By which day which share of the way is to be made, as its interim targets say."""
        if self.origin is None or self.target is None or self.origin == self.target:
            return ()
        way = self.target - self.origin
        return tuple((day, (value - self.origin) / way) for day, value in self.interim)

    @property
    def floor(self) -> Fraction | None:
        return self.target if self.low is None and self.movement == Movement.STAY_ABOVE else self.low

    @property
    def ceiling(self) -> Fraction | None:
        return self.target if self.high is None and self.movement == Movement.STAY_BELOW else self.high

    def kept_by(self, value: Fraction) -> bool | None:
        """Whether a value stays where it should; None where nobody said where that is."""
        low = self.floor if self.movement != Movement.STAY_BELOW else None
        high = self.ceiling if self.movement != Movement.STAY_ABOVE else None
        if low is None and high is None:
            return None
        return (low is None or value >= low) and (high is None or value <= high)


@dataclass(frozen=True)
class Reading:
    """A value that held at a moment; of two at the same moment, the one noted last (`order`) counts."""

    at: datetime
    value: Fraction
    order: int = 0


def known(readings: Iterable[Reading], as_of: datetime | None = None) -> list[Reading]:
    """The readings up to a moment, by time, each correction in the place of what it corrects."""
    found: dict[datetime, Reading] = {}
    for one in sorted(readings, key=lambda one: (one.at, one.order)):
        if as_of is None or one.at <= as_of:
            found[one.at] = one
    return list(found.values())


def raw(promise: Promise, readings: Iterable[Reading], as_of: datetime | None = None) -> Fraction | None:
    """How far it is, not clamped: below 0 when it went the wrong way, above 1 past the target.

    None is “cannot be graded”, which is not 0.
    """
    return GRADERS[promise.movement](promise, known(readings, as_of))


def clamp(value: Fraction) -> Fraction:
    return min(max(value, ZERO), ONE)


def score(value: Fraction | None) -> Fraction | None:
    """The computed score of a raw one."""
    return None if value is None else clamp(value)


def weighted(parts: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """The mean of (weight, score) pairs, over those that can be graded and weigh something."""
    counted = [(weight, value) for weight, value in parts if value is not None and weight > 0]
    total = sum((weight for weight, _value in counted), ZERO)
    return sum((weight * value for weight, value in counted), ZERO) / total if total else None


def tenth(value: Fraction) -> Fraction:
    """Rounded half up to one decimal, as the bands are read."""
    return Fraction(floor(value * 10 + Fraction(1, 2)), 10)


def band(value: Fraction | None, ambition: str = Ambition.ASPIRATIONAL) -> Band | None:
    """Red, yellow or green. What was committed is green at 1 only; what is learned has no band."""
    if value is None or ambition == Ambition.LEARNING:
        return None
    rounded = tenth(value)
    if ambition == Ambition.COMMITTED:
        return Band.GREEN if value >= 1 else Band.YELLOW if rounded >= Fraction(4, 10) else Band.RED
    return (
        Band.GREEN if rounded >= Fraction(7, 10) else Band.YELLOW if rounded >= Fraction(4, 10) else Band.RED
    )


def must_explain(declared: Fraction, computed: Fraction | None) -> bool:
    """Whether a declared grade is so far from the computed score that it needs its reason."""
    return computed is None or abs(declared - computed) > MUST_EXPLAIN


def missed(promise: Promise, readings: Iterable[Reading], as_of: datetime) -> int:
    """How many of the observations due by a moment nobody made."""
    if promise.starts is None or promise.ends is None:
        return 0
    slots = expected_of(promise)
    due = min(max((as_of.date() - promise.starts).days // promise.cadence, 0), slots)
    made = {place for one in known(readings, as_of) if (place := _slot(promise, one, slots)) is not None}
    return due - len([place for place in made if place < due])


def expected_of(promise: Promise) -> int:
    """How many observations the period should have: one each cadence."""
    assert promise.starts is not None and promise.ends is not None
    return max(((promise.ends - promise.starts).days + 1) // max(promise.cadence, 1), 1)


def _slot(promise: Promise, reading: Reading, slots: int) -> int | None:
    assert promise.starts is not None and promise.ends is not None
    day = reading.at.date()
    if not promise.starts <= day <= promise.ends:
        return None
    return min((day - promise.starts).days // promise.cadence, slots - 1)


# One grader for each movement


def _moved(promise: Promise, readings: Sequence[Reading]) -> Fraction | None:
    start = promise.origin
    if start is None or promise.target is None or start == promise.target:
        return None
    current = readings[-1].value if readings else start
    return (current - start) / (promise.target - start)


def _stayed(promise: Promise, readings: Sequence[Reading]) -> Fraction | None:
    """Compliant observations by expected ones: of a cadence with several, all must comply."""
    if promise.kept_by(ZERO) is None:
        return None
    if promise.starts is None or promise.ends is None:
        kept = [one for one in readings if promise.kept_by(one.value)]
        return Fraction(len(kept), len(readings)) if readings else ZERO
    slots, held = expected_of(promise), dict[int, bool]()
    for one in readings:
        if (place := _slot(promise, one, slots)) is not None:
            held[place] = held.get(place, True) and bool(promise.kept_by(one.value))
    return Fraction(sum(held.values()), slots)


def _done(promise: Promise, readings: Sequence[Reading]) -> Fraction:
    return ONE if readings and readings[-1].value >= 1 else ZERO


def _marked(promise: Promise, readings: Sequence[Reading]) -> Fraction | None:
    """The share of the highest mark that was reached with all marks before it.

    An observation of 3 says that the third mark is reached, of -3 that it is not after all. Without
    declared marks it is simply how far the value is from start to target.
    """
    if not promise.marks:
        return _moved(promise, readings)
    reached = _reached(readings)
    share = before = ZERO
    for number, mark in enumerate(promise.marks, 1):
        if number not in reached:
            break
        share += (mark - before) * promise.worth(number, reached[number])
        before = mark
    return share


def _reached(readings: Sequence[Reading]) -> dict[int, date]:
    """Which marks stand as reached, and since which day."""
    found: dict[int, date] = {}
    for one in readings:
        if one.value > 0:
            found.setdefault(int(one.value), timezone.localtime(one.at).date())
        else:
            found.pop(int(-one.value), None)
    return found


def _placed(promise: Promise, readings: Sequence[Reading]) -> Fraction:
    """Failed, committed, target, stretch: 0, 1, 2, 3; other shares where some are declared."""
    shares = promise.marks or ORDINAL
    place = int(readings[-1].value) if readings else 0
    return shares[min(max(place, 0), len(shares) - 1)]


def _measured(promise: Promise, readings: Sequence[Reading]) -> Fraction:
    return ONE if readings else ZERO


GRADERS: dict[str, Callable[[Promise, Sequence[Reading]], Fraction | None]] = {
    Movement.INCREASE: _moved,
    Movement.DECREASE: _moved,
    Movement.REACH: _moved,
    Movement.STAY_ABOVE: _stayed,
    Movement.STAY_BELOW: _stayed,
    Movement.RANGE: _stayed,
    Movement.BINARY: _done,
    Movement.MILESTONE: _marked,
    Movement.ORDINAL: _placed,
    Movement.BASELINE: _measured,
}
