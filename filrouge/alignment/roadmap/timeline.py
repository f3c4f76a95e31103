"""The roadmap over twelve months: a lane for each team, a row for each item, a line for each dependency."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.core.filters import Filter
from filrouge.lib.months import along, month_named, months_after, months_apart
from filrouge.people.models import User
from filrouge.ui import writing

from .board import STATUS, ahead, of_keys
from .dependencies import Need, needs_of
from .narrow import Row
from .precision import Precision, opens

MONTHS = 12
CHUNK = 120
TOLD = 60
UNDATED = 40
WIDE = 100
BESIDE = 10
"""A month is so many units wide in the picture of the lines; a row is one unit high."""


def first_month(text: str) -> date:
    """The month that the address names, else the first of this quarter."""
    named = month_named(text)
    return named if named and 2000 <= named.year <= 2200 else opens(timezone.localdate(), Precision.QUARTER)


def today_in(start: date) -> float | None:
    """Where today stands in the window, from 0 to 1; None where the window does not show it."""
    return along(start, MONTHS, timezone.localdate())


def periods(start: date) -> list[dict[str, Any]]:
    """A label each three months: the quarter where the window starts on one, else the month."""
    months = [months_after(start, step) for step in range(0, MONTHS, 3)]
    return [{"label": _period(month), "at": step * 3 + 1} for step, month in enumerate(months)]


def _period(month: date) -> str:
    if month.month % 3 != 1:
        return writing.month(month)
    return _("Q%(quarter)s %(year)s") % {"quarter": month.month // 3 + 1, "year": month.year}


def placed(filter: Filter, reader: User | None, start: date) -> tuple[list[int], list[int]]:
    """What the window shows and what has no dates, each in the teams' own order."""
    rows = list(ahead(filter, reader).values_list("pk", "starts", "ends"))
    shown = [(pk, first or last, last or first) for pk, first, last in rows if first or last]
    end = months_after(start, MONTHS)
    dated = [pk for pk, first, last in shown if first < end and last >= start]
    return dated, [pk for pk, first, last in rows if not (first or last)]


@dataclass(frozen=True)
class Bar:
    """An item in the window: from which month, over how many, on which row of the picture."""

    item: Row
    at: int
    span: int
    row: int
    needs: list[Need]

    @property
    def values(self) -> dict[str, Hashable]:
        """What it shows, and nothing else."""
        item = self.item
        return {
            "pk": item.pk, "title": item.title, "at": self.at, "span": self.span, "late": item.late,
            "soft": item.status == STATUS.PLANNED, "status": item.status_label,
            "strained": any(need.level == "conflict" for need in self.needs),
            "dates": " – ".join(label for label in (item.starts_label, item.ends_label) if label),
        }  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A dependency drawn from the end of the one that is needed to the start of the one that needs it."""

    path: str
    state: str


@dataclass(frozen=True)
class Chunk:
    lanes: list[tuple[str, list[Bar]]]
    lines: list[Line]
    needs: list[Need]
    rows: int
    next: int | None

    @property
    def told(self) -> list[Need]:
        """The dependencies in words, those that do not fit first; each stands whole on its item's page."""
        return sorted(self.needs, key=lambda need: not need.level)[:TOLD]

    @property
    def box(self) -> str:
        return f"0 0 {MONTHS * WIDE} {self.rows}"


def chunk(keys: list[int], reader: User, start: date, skipped: int) -> Chunk:
    """So many bars, from one on: the page sends the first, scrolling brings the rest."""
    shown = of_keys(keys[skipped : skipped + CHUNK])
    needs = needs_of(shown, reader)
    bars = [_bar(row, start, number, needs[row.pk]) for number, row in enumerate(shown)]
    known = {bar.item.pk: bar for bar in bars}
    outward = [need for bar in bars for need in bar.needs if need.row.state != "declined"]
    lines = [_line(need, known) for need in outward if need.needs.pk in known]
    more = skipped + CHUNK if len(keys) > skipped + CHUNK else None
    return Chunk(_lanes(bars), lines, outward, len(bars), more)


def _lanes(bars: list[Bar]) -> list[tuple[str, list[Bar]]]:
    lanes: dict[str, list[Bar]] = {}
    for bar in bars:
        lanes.setdefault(bar.item.team or "", []).append(bar)
    return list(lanes.items())


def _bar(item: Row, start: date, row: int, needs: list[Need]) -> Bar:
    begins, ends = item.starts or item.ends, item.ends or item.starts
    assert begins and ends
    at = max(months_apart(start, begins), 0)
    end = min(months_apart(start, ends), MONTHS - 1)
    return Bar(item, at + 1, end - at + 1, row, needs)


def _line(need: Need, known: dict[int, Bar]) -> Line:
    """Out of one bar at the end that counts, between the rows, into the other at the end that counts."""
    there, here = known[need.needs.pk], known[need.item.pk]
    out, leave = _tip(there, need.row.kind[0])
    into, enter = _tip(here, need.row.kind[1])
    y = there.row + 0.5
    down = "" if leave == enter else f"V{there.row + (here.row > there.row)}H{enter}"
    path = f"M{out} {y}H{leave}{down}V{here.row + 0.5}H{into}"
    return Line(path, need.level or need.row.state)


def _tip(bar: Bar, end: str) -> tuple[int, int]:
    """Where a bar starts or finishes, and where a line turns beside it."""
    months = bar.at - 1 + (bar.span if end == "F" else 0)
    beside = months * WIDE + (BESIDE if end == "F" else -BESIDE)
    return months * WIDE, min(max(beside, 2), MONTHS * WIDE - 2)
