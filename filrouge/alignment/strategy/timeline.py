"""Cycles and goals on twelve months."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.lib.months import months_after
from filrouge.ui import writing

from .models import Cycle
from .pace import Pace
from .tree import Node

MONTHS = 12
Lane = tuple[str, list[dict[str, Any]]]


def year_of(text: str, cycle: Cycle | None) -> date:
    """The month that the address names, else the January of the cycle's year."""
    try:
        named = date.fromisoformat(f"{text[:7]}-01") if text else None
    except ValueError:
        named = None
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
    today = timezone.localdate()
    months = _index(start, today) + (today.day - 1) / monthrange(today.year, today.month)[1]
    return months / MONTHS if 0 <= months < MONTHS else None


def lanes(nodes: Iterable[Node], start: date) -> list[Lane]:
    """First the cycles, then a lane for each team."""
    last = months_after(start, MONTHS)
    running = Cycle.objects.filter(starts__lt=last, ends__gte=start).order_by("starts", "ends")
    cycles = [
        bar
        for one in running
        if (bar := _placed(one.name, f"/goals/?cycle={one.pk}", one.starts, one.ends, start))
    ]
    teams: dict[str, list[dict[str, Any]]] = {}
    for node in nodes:
        begins, ends = node.item.period
        bar = (
            _placed(node.item.title, node.item.get_absolute_url(), begins, ends, start)
            if begins and ends
            else None
        )
        if bar:
            status = node.stands.status
            state = (
                "late"
                if status in (Pace.BEHIND, Pace.AT_RISK)
                else "soft"
                if node.stands.score is None
                else ""
            )
            teams.setdefault(str(node.item.team or ""), []).append(
                bar | {"state": state, "note": status.label}
            )
    return [(_("Cycles"), cycles), *sorted(teams.items())]


def _placed(title: str, url: str, begins: date, ends: date, start: date) -> dict[str, Any] | None:
    first, last = _index(start, begins), _index(start, ends)
    if last < 0 or first >= MONTHS:
        return None
    at, end = max(first, 0), min(last, MONTHS - 1)
    return {"title": title, "url": url, "at": at + 1, "span": end - at + 1}


def _index(start: date, day: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month
