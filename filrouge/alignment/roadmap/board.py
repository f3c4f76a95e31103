"""The roadmap as a reader sees it, in the order its product managers gave. Nothing orders it by itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core import lists
from filrouge.core.filters import Filter, Sort
from filrouge.core.models import Item
from filrouge.core.thread import within
from filrouge.people.models import User

from .deciding import DECISION
from .dependencies import Need, needs_of
from .models import Initiative
from .narrow import narrow
from .statuses import AHEAD

COLUMN = 40
LATEST = 6
STATUS, HORIZON = Initiative.Status, Initiative.Horizon
FACETS = tuple(lists.facet(Initiative, name) for name in ("team", "horizon", "status", "product", "owner"))
TEAM = FACETS[0]
UNDATED, NEVER = date(1900, 1, 1), date(9999, 12, 31)
RELEASES = Sort("shipped", "", "since", read=date.fromisoformat)


class ByHand(Sort):
    """Team by team, each in the order of its product manager."""

    def order(self) -> tuple[str, ...]:
        return ("team__name", "position", "id")

    def after(self, cursor: str) -> Q:
        (name, place), key = self.place(cursor)
        same = Q(team__name=name)
        behind = Q(position__gt=place) | Q(position=place, id__gt=key)
        return Q(team__name__gt=name) | (same & behind)

    def cursor(self, row: Any) -> str:
        return super().cursor(_Placed(row.pk, f"{row.position}:{row.team.name if row.team else ''}"))


@dataclass(frozen=True)
class _Placed:
    pk: int
    by_hand: str


def _place(text: str) -> tuple[str, int]:
    place, _colon, name = text.partition(":")
    return name, int(place)


HAND = ByHand("hand", _("Each team's own"), "by_hand", read=_place)
SORTS = (
    HAND,
    Sort("ends", _("End date"), "until", descending=False, read=date.fromisoformat),
    lists.TITLE,
    lists.CHANGED,
)


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
    needs: list[Need] = field(default_factory=list)

    @property
    def late(self) -> bool:
        return bool(self.item.ends and self.item.ends < timezone.localdate() and self.item.status in AHEAD)

    @property
    def strained(self) -> list[Need]:
        """What it needs and cannot have in time."""
        return [need for need in self.needs if need.outward and need.level == "conflict"]

    @property
    def need(self) -> tuple[str, bool] | None:
        """What a card says of its needs: what does not fit, else what waits for an answer."""
        strained = self.strained
        found = next(iter(strained or self.unanswered), None)
        return (found.other.title, bool(strained)) if found else None

    @property
    def reason(self) -> tuple[str, str] | None:
        return next(((one.title, one.get_absolute_url()) for one in self.why.answers), None)

    @property
    def decision(self) -> str:
        return next((one.get_absolute_url() for one in self.why.decisions), "")

    @property
    def unanswered(self) -> list[Need]:
        return [need for need in self.needs if need.outward and need.row.state == "asked"]


def parse(params: Any) -> Filter:
    return Filter.parse(params, (TEAM,), (RELEASES,))


def parse_list(params: Any) -> Filter:
    return Filter.parse(params, FACETS, SORTS)


def ahead(filter: Filter, reader: User | None) -> Any:
    """Planned and started items, in their teams' own order."""
    return lists.rows(Initiative, filter, reader).filter(status__in=AHEAD).order_by(*HAND.order())


def listed(filter: Filter, reader: User | None) -> Any:
    """What the list shows: what is ahead, unless the reader asks for another status."""
    rows = lists.rows(Initiative, filter, reader)
    rows = rows if filter.values.get("status") else rows.filter(status__in=AHEAD)
    return rows.annotate(until=Coalesce("ends", Value(NEVER)))


def of_keys(keys: list[int], *, owners: bool = False) -> list[Initiative]:
    """Rows in the order of their keys, as a list shows them: what is sorted stays narrow."""
    found = narrow(Initiative.objects, keys, owners=owners)
    return [found[key] for key in keys if key in found]


def shipped(filter: Filter, reader: User | None) -> Any:
    """What is in users' hands; `since` when, those without a day as if before all others."""
    rows = lists.rows(Initiative, filter, reader).filter(status=STATUS.SHIPPED)
    return rows.annotate(since=Coalesce("shipped_on", Value(UNDATED)))


@dataclass(frozen=True)
class Column:
    """A horizon with its first cards, and how many items it holds."""

    value: str
    label: str
    cards: list[Card]
    count: int


def columns(filter: Filter, reader: User) -> tuple[list[Column], list[Card]]:
    """Now, next, later; and what shipped last."""
    rows = ahead(filter, reader)
    counted = rows.order_by().values_list("horizon").annotate(n=Count("pk"))
    counts: dict[str, int] = dict(counted)
    keys = [
        pk
        for h in HORIZON.values
        if counts.get(h)
        for pk in rows.filter(horizon=h).values_list("pk", flat=True)[:COLUMN]
    ]
    last = shipped(filter, reader).order_by("-since", "-pk").values_list("pk", flat=True)[:LATEST]
    cards = as_cards(of_keys([*keys, *last]), reader)
    return [
        Column(
            h.value, str(h.label), [c for c in cards if c.item.horizon == h and c.item.status in AHEAD],
            counts.get(h, 0),
        )
        for h in HORIZON
    ], [card for card in cards if card.item.status == STATUS.SHIPPED]  # fmt: skip


def as_cards(rows: list[Initiative], reader: User) -> list[Card]:
    keys = [row.pk for row in rows]
    reasons, needs = whys(keys, reader), needs_of(rows, reader)
    return [
        Card(row, reasons.get(row.pk, Why()), movable(row, reader), needs.get(row.pk, [])) for row in rows
    ]


def by_team(cards: list[Card]) -> list[tuple[str, list[Card]]]:
    """Cards that stand team by team already, under the team's name."""
    groups: dict[str, list[Card]] = {}
    for card in cards:
        groups.setdefault(card.item.team.name if card.item.team else "", []).append(card)
    return list(groups.items())


def movable(item: Initiative, reader: User) -> bool:
    return item.status in AHEAD and reader.manages(item.team_id)


def whys(keys: Collection[int], reader: User | None) -> dict[int, Why]:
    """What leads to each item directly and which open decisions follow, as this reader may see them."""
    seen = Item.objects.visible_to(reader).active()
    answers = within(keys, seen, back=True, depth=1)
    decisions = within(keys, seen.filter(type=DECISION, status="open"), back=False, depth=1)
    return {key: Why(answers[key], decisions[key]) for key in keys}
