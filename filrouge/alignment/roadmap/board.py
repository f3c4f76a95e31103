"""The roadmap as a reader sees it: columns by horizon, lanes by team. Nothing here orders by importance."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.core import lists
from filrouge.core.filters import Filter, Sort
from filrouge.core.models import Item
from filrouge.core.thread import within
from filrouge.lib.months import months_after
from filrouge.people.models import User
from filrouge.ui import writing

from .models import Initiative

MOST = 400
LATEST = 6
MONTHS = 12
STATUS, HORIZON = Initiative.Status, Initiative.Horizon
AHEAD = (STATUS.PLANNED, STATUS.STARTED)
TEAM = lists.facet(Initiative, "team")
UNDATED = date(1900, 1, 1)
RELEASES = Sort("shipped", "", "since", read=date.fromisoformat)


@dataclass(frozen=True)
class Why:
    """What an item answers, and the decisions that wait on it."""

    answers: list[Item] = field(default_factory=list)
    decisions: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    item: Initiative
    why: Why
    movable: bool

    @property
    def late(self) -> bool:
        return bool(self.item.ends and self.item.ends < timezone.localdate() and self.item.status in AHEAD)


def parse(params: Any) -> Filter:
    return Filter.parse(params, (TEAM,), (RELEASES,))


def ahead(filter: Filter, reader: User | None) -> list[Initiative]:
    """Planned and started items, by the date they end, undated ones last, then the oldest first."""
    rows = lists.rows(Initiative, filter, reader).filter(status__in=AHEAD)
    return list(rows.order_by(F("ends").asc(nulls_last=True), "pk")[:MOST])


def shipped(filter: Filter, reader: User | None) -> Any:
    """What is in users' hands; `since` when, those without a day as if before all others."""
    rows = lists.rows(Initiative, filter, reader).filter(status=STATUS.SHIPPED)
    return rows.annotate(since=Coalesce("shipped_on", Value(UNDATED)))


def columns(filter: Filter, reader: User) -> list[tuple[str, str, list[Card]]]:
    """Now, next, later: (horizon, label, cards)."""
    cards = as_cards(ahead(filter, reader), reader)
    return [(h.value, str(h.label), [card for card in cards if card.item.horizon == h]) for h in HORIZON]


def latest(filter: Filter, reader: User) -> list[Card]:
    return as_cards(list(shipped(filter, reader).order_by("-since", "-pk")[:LATEST]), reader)


def as_cards(rows: list[Initiative], reader: User) -> list[Card]:
    reasons = whys([row.pk for row in rows], reader)
    return [
        Card(row, reasons.get(row.pk, Why()), row.status in AHEAD and reader.manages(row.team_id))
        for row in rows
    ]


def whys(keys: Collection[int], reader: User | None) -> dict[int, Why]:
    """What leads to each item directly and which open decisions follow, as this reader may see them."""
    seen = Item.objects.visible_to(reader).active()
    answers = within(keys, seen, back=True, depth=1)
    decisions = within(keys, seen.filter(status="open"), back=False, depth=1)
    return {key: Why(answers[key], decisions[key]) for key in keys}


# The timeline


def first_month(text: str) -> date:
    """The month that the address names, else the first of this quarter."""
    try:
        named = date.fromisoformat(f"{text[:7]}-01") if text else None
    except ValueError:
        named = None
    today = timezone.localdate()
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return named if named and 2000 <= named.year <= 2200 else quarter


def month_index(start: date, day: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month


def today_in(start: date) -> float | None:
    """Where today stands in the window, from 0 to 1; None where the window does not show it."""
    today = timezone.localdate()
    months = month_index(start, today) + (today.day - 1) / monthrange(today.year, today.month)[1]
    return months / MONTHS if 0 <= months < MONTHS else None


def periods(start: date) -> list[dict[str, Any]]:
    """A label each three months: the quarter where the window starts on one, else the month."""
    months = [months_after(start, step) for step in range(0, MONTHS, 3)]
    return [{"label": _period(month), "at": step * 3 + 1} for step, month in enumerate(months)]


def _period(month: date) -> str:
    if month.month % 3 != 1:
        return writing.month(month)
    return _("Q%(quarter)s %(year)s") % {"quarter": month.month // 3 + 1, "year": month.year}


def lanes(cards: list[Card], start: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """A lane for each team, with the dated items that the window shows."""
    found: dict[str, list[dict[str, Any]]] = {}
    for card in cards:
        lane = found.setdefault(card.item.team.name if card.item.team else "", [])
        bar = _bar(card, start)
        if bar:
            lane.append(bar)
    return sorted(found.items())


def _bar(card: Card, start: date) -> dict[str, Any] | None:
    item = card.item
    if not (item.starts or item.ends):
        return None
    begins, ends = item.starts or item.ends, item.ends or item.starts
    assert begins and ends
    first, last = month_index(start, begins), month_index(start, ends)
    if last < 0 or first >= MONTHS:
        return None
    at, end = max(first, 0), min(last, MONTHS - 1)
    state = "late" if card.late else "soft" if item.status == STATUS.PLANNED else ""
    return {
        "title": item.title,
        "url": item.get_absolute_url(),
        "at": at + 1,
        "span": end - at + 1,
        "state": state,
        "note": _note(card),
    }


def _note(card: Card) -> str:
    item = card.item
    dates = " – ".join(writing.date(day) for day in (item.starts, item.ends) if day)
    late = [_("late")] if card.late else []
    return ", ".join([item.status_label, dates, *late])
