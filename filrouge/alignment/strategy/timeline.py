"""Cycles and goals on twelve months."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.lib.months import along, month_named, months_after, months_apart
from filrouge.ui import writing

from .models import Cycle
from .pace import Pace
from .tree import Node, by_team

MONTHS = 12
Lane = tuple[str, list[dict[str, Any]]]


def year_of(text: str, cycle: Cycle | None) -> date:
    """The month that the address names, else the January of the cycle's year."""
    named = month_named(text)
    if named and 1970 <= named.year <= 2200:
        return named
    return date((cycle.starts if cycle else timezone.localdate()).year, 1, 1)


def periods(start: date) -> list[dict[str, Any]]:
    """A label each three months."""
    return [
        {"label": writing.month(months_after(start, step)), "at": step + 1} for step in range(0, MONTHS, 3)
    ]


def today_in(start: date) -> float | None:
    """Where today stands in the window, from 0 to 1; None where the window does not show it."""
    return along(start, MONTHS, timezone.localdate())


def lanes(nodes: Iterable[Node], start: date, mine: Collection[int] = ()) -> list[Lane]:
    """First the cycles, then a lane for each team, the reader's own before the others."""
    last = months_after(start, MONTHS)
    running = Cycle.objects.filter(starts__lt=last, ends__gte=start).order_by("starts", "ends")
    address = reverse("goals")
    cycles = [_placed(one.name, f"{address}?cycle={one.pk}", one.starts, one.ends, start) for one in running]
    teams: dict[tuple[bool, str], list[dict[str, Any]]] = {}
    for node in nodes:
        if bar := _bar(node, start):
            teams.setdefault(by_team(node.item, mine)[:2], []).append(bar)
    by_name = [(name, teams[other, name]) for other, name in sorted(teams)]
    return [(_("Cycles"), [bar for bar in cycles if bar]), *by_name]


def _bar(node: Node, start: date) -> dict[str, Any] | None:
    begins, ends = node.item.period
    if begins is None or ends is None:
        return None
    bar = _placed(node.item.title, node.item.get_absolute_url(), begins, ends, start)
    status = node.stands.status
    late, soft = status in (Pace.BEHIND, Pace.AT_RISK), node.stands.score is None
    return bar and bar | {"state": "late" if late else "soft" if soft else "", "note": status.label}


def _placed(title: str, url: str, begins: date, ends: date, start: date) -> dict[str, Any] | None:
    first, last = months_apart(start, begins), months_apart(start, ends)
    if last < 0 or first >= MONTHS:
        return None
    at, end = max(first, 0), min(last, MONTHS - 1)
    return {"title": title, "url": url, "at": at + 1, "span": end - at + 1}
