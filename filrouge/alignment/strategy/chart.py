"""The picture of a key result: its observations against the line from start to target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from .grading import MOVING, STAYING

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


def draw(item: Any, log: Sequence[Any]) -> Chart | None:
    """The chart of what has numbers to draw; None where a list says it better."""
    if item.movement not in (*MOVING, *STAYING) or not log:
        return None
    promise = item.promise
    days = [timezone.localtime(one.at).date() for one in reversed(log)]
    values = [float(one.value) for one in reversed(log)]
    first = min([days[0], *([promise.starts] if promise.starts else [])])
    last = max([days[-1], *([promise.ends] if promise.ends else [])])
    limits = (
        [float(one) for one in (promise.floor, promise.ceiling) if one is not None]
        if item.movement in STAYING
        else []
    )
    ends = [
        float(one) for one in (promise.origin, promise.target) if one is not None and item.movement in MOVING
    ]
    drawn: list[float] = [*values, *limits, *ends]
    low, high = min(drawn), max(drawn)
    span, height = max((last - first).days, 1), (high - low) or 1.0

    def across(day: date) -> float:
        place: float = LEFT + (day - first).days / span * (WIDTH - 2 * LEFT)
        return place

    def up(value: float) -> float:
        place: float = TOP + (high - value) / height * (HEIGHT - 2 * TOP)
        return place

    line = []
    if len(ends) == 2 and promise.starts and promise.ends:
        bends = [(day, float(value)) for day, value in promise.interim if promise.starts < day < promise.ends]
        way = [(promise.starts, ends[0]), *bends, (promise.ends, ends[1])]
        line = [(across(day), up(value)) for day, value in way]
    today = timezone.localdate()
    return Chart(
        [(across(day), up(value)) for day, value in zip(days, values, strict=True)],
        line, [up(one) for one in limits],
        across(today) if first <= today <= last else None, high, low, first, last,
    )  # fmt: skip
