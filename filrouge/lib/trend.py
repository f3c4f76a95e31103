"""How often something was said, month by month."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date


def monthly(counts: Mapping[date, int], until: date, months: int = 12) -> list[tuple[date, int]]:
    """The months up to that of `until`, oldest first, each by its first day; silent months are there as 0."""
    totals: Counter[int] = Counter()
    for day, count in counts.items():
        totals[_ordinal(day)] += count
    last = _ordinal(until)
    return [(date(m // 12, m % 12 + 1, 1), totals[m]) for m in range(last - months + 1, last + 1)]


def points(values: Sequence[float], width: float, height: float) -> str:
    """The points of an SVG polyline from zero at the bottom to the largest value at the top."""
    if not values:
        return ""
    top = max(max(values), 1)
    step = width / max(len(values) - 1, 1)
    return " ".join(
        f"{n * step:g},{height - value / top * height:g}" for n, value in enumerate(_at_least_two(values))
    )


def _at_least_two(values: Sequence[float]) -> Sequence[float]:
    """One value alone is drawn as a level line."""
    return values if len(values) > 1 else [values[0], values[0]]


def _ordinal(day: date) -> int:
    return day.year * 12 + day.month - 1
