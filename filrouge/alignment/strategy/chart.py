"""The picture of a key result: its observations against the line from start to target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from .grading import MOVING, STAYING, Promise

WIDTH, HEIGHT = 640.0, 160.0
LEFT, TOP = 8.0, 10.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Chart:
    """Points in the units of the picture; `line` is what was promised, `limits` what it stays within."""

    points: list[Point]
    line: list[Point]
    limits: list[float]
    today: float | None
    top: float
    bottom: float
    first: date
    last: date

    @property
    def path(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)

    @property
    def promised(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.line)


@dataclass(frozen=True)
class Scale:
    """Where a day and a value stand in the picture."""

    first: date
    last: date
    low: float
    high: float

    def across(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return LEFT + share * (WIDTH - 2 * LEFT)

    def up(self, value: float) -> float:
        share = (self.high - value) / ((self.high - self.low) or 1.0)
        return TOP + share * (HEIGHT - 2 * TOP)

    def point(self, day: date, value: float) -> Point:
        return self.across(day), self.up(value)


def draw(item: Any, log: Sequence[Any]) -> Chart | None:
    """The chart of what has numbers to draw; None where a list says it better."""
    if item.movement not in (*MOVING, *STAYING) or not log:
        return None
    promise, today = item.promise, timezone.localdate()
    said = [(timezone.localdate(one.at), float(one.value)) for one in reversed(log)]
    limits, ends = _limits(promise), _ends(promise)
    values = [*(value for _day, value in said), *limits, *ends]
    first = min(said[0][0], promise.starts or date.max)
    last = max(said[-1][0], promise.ends or date.min)
    scale = Scale(first, last, min(values), max(values))
    line = [scale.point(day, value) for day, value in _way(promise, ends)]
    return Chart(
        [scale.point(*one) for one in said],
        line,
        [scale.up(one) for one in limits],
        scale.across(today) if first <= today <= last else None,
        scale.high, scale.low, first, last,
    )  # fmt: skip


def _limits(promise: Promise) -> list[float]:
    """What a value is to stay within."""
    if promise.movement not in STAYING:
        return []
    return [float(one) for one in (promise.floor, promise.ceiling) if one is not None]


def _way(promise: Promise, ends: Sequence[float]) -> list[tuple[date, float]]:
    """Where the value is to be on which day: straight from end to end, but for interim targets."""
    starts, last = promise.starts, promise.ends
    if len(ends) < 2 or starts is None or last is None:
        return []
    bends = [(day, float(value)) for day, value in promise.interim if starts < day < last]
    return [(starts, ends[0]), *bends, (last, ends[1])]


def _ends(promise: Promise) -> list[float]:
    """From where to where a value is to move, as far as that was said."""
    if promise.movement not in MOVING:
        return []
    return [float(one) for one in (promise.origin, promise.target) if one is not None]
