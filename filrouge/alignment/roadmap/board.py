"""The roadmap as a reader sees it, in the order its product managers gave. Nothing orders it by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from filrouge.core import lists
from filrouge.core.circles import Circle
from filrouge.core.filters import Filter, Sort
from filrouge.core.models import Item
from filrouge.core.thread import Edge, near
from filrouge.people.models import User

from .deciding import DECISION
from .dependencies import Need, needs_of
from .models import Initiative
from .narrow import Row, narrow
from .statuses import AHEAD

COLUMN = 30
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
        return super().cursor(_Placed(row.pk, f"{row.by_hand}:{row.team__name or ''}"))


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
class Card:
    """An item, what it needs, what it answers, and the open decisions that follow."""

    item: Row
    movable: bool
    needs: Sequence[Need] = ()
    reasons: Sequence[Edge] = ()
    waiting: Sequence[Edge] = ()

    @property
    def strained(self) -> list[Need]:
        """What it needs and cannot have in time."""
        return [need for need in self.needs if need.outward and need.level == "conflict"]

    @property
    def need(self) -> tuple[str, bool] | None:
        """What a card says of its needs: what does not fit, else what waits for an answer."""
        if not self.needs:
            return None
        strained = self.strained
        found = next(iter(strained or self.unanswered), None)
        return (found.other.title, bool(strained)) if found else None

    @property
    def reason(self) -> tuple[str, str] | None:
        return next(((one.title, one.url) for one in self.reasons), None)

    @property
    def decision(self) -> str:
        return next((one.url for one in self.waiting), "")

    @property
    def unanswered(self) -> list[Need]:
        return [need for need in self.needs if need.outward and need.row.state == "asked"]

    def on_board(self, query: str, staged: bool = False) -> dict[str, Hashable]:
        """What it shows on a board, and nothing else; `staged` where columns say how far it is."""
        item = self.item
        return {
            "pk": item.pk, "title": item.title, "revision": item.revision, "status": item.status,
            "horizon": item.horizon, "team": item.team or "", "private": item.circle == Circle.PRIVATE,
            "version": item.version, "shipped": item.shipped_on, "starts": item.starts_label,
            "ends": item.ends_label, "late": item.late, "due": item.hard_due if item.too_late else None,
            "movable": self.movable, "staged": staged, "query": query, "reason": self.reason,
            "reasons": len(self.reasons), "need": self.need, "decision": self.decision,
            "decisions": len(self.waiting),
        }  # fmt: skip

    def in_list(self, query: str, places: dict[str, Hashable]) -> dict[str, Hashable]:
        """What its row in the list shows, and nothing else."""
        item, strained = self.item, self.strained
        state = item.horizon_label if item.status == STATUS.PLANNED else item.status_label
        return {
            "pk": item.pk, "title": item.title, "revision": item.revision, "state": state,
            "team": item.team or "", "owner": item.owner or "", "starts": item.starts_label,
            "ends": item.ends_label, "late": item.late, "due": item.hard_due if item.too_late else None,
            "need": strained[0].other.title if strained else "", "movable": self.movable, "query": query,
        } | places  # fmt: skip


def parse(params: Any) -> Filter:
    return Filter.parse(params, (TEAM,), (RELEASES,))


def parse_list(params: Any) -> Filter:
    return Filter.parse(params, FACETS, SORTS)


def ahead(filter: Filter, reader: User | None) -> Any:
    """Planned and started items, in their teams' own order; the reader's teams first."""
    rows = lists.rows(Initiative, filter, reader).filter(status__in=AHEAD)
    mine = reader.team_ids if reader else ()
    own = [Case(When(team__in=mine, then=0), default=1)] if mine else []
    return rows.order_by(*own, *HAND.order())


def listed(filter: Filter, reader: User | None) -> Any:
    """What the list shows: what is ahead, unless the reader asks for another status."""
    rows = lists.rows(Initiative, filter, reader)
    rows = rows if filter.values.get("status") else rows.filter(status__in=AHEAD)
    return rows.annotate(until=Coalesce("ends", Value(NEVER)), by_hand=F("position"))


def under(rows: Any, column: str) -> dict[str, list[int]]:
    """The keys of rows by what a column says, in their order."""
    found: dict[str, list[int]] = defaultdict(list)
    for pk, value in rows.values_list("pk", column):
        found[value].append(pk)
    return found


def of_keys(keys: list[int]) -> list[Row]:
    """Rows in the order of their keys, as a list shows them: what is sorted stays narrow."""
    found = narrow(Initiative.objects, keys)
    return [found[key] for key in keys if key in found]


def shipped(filter: Filter, reader: User | None) -> Any:
    """What is in users' hands; those without a day as if before all others."""
    return since(lists.rows(Initiative, filter, reader).filter(status=STATUS.SHIPPED))


def since(rows: Any) -> Any:
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
    found = under(ahead(filter, reader), "horizon")
    keys = [pk for held in found.values() for pk in held[:COLUMN]]
    last = shipped(filter, reader).order_by("-since", "-pk").values_list("pk", flat=True)[:LATEST]
    cards = as_cards(of_keys([*keys, *last]), reader)
    return [
        Column(
            h.value, str(h.label), [c for c in cards if c.item.horizon == h and c.item.status in AHEAD],
            len(found.get(h, ())),
        )
        for h in HORIZON
    ], [card for card in cards if card.item.status == STATUS.SHIPPED]  # fmt: skip


def as_cards(rows: Sequence[Row], reader: User) -> list[Card]:
    keys = [row.pk for row in rows]
    needs, why, open_ones = needs_of(rows, reader), reasons(keys, reader), waiting(keys, reader)
    return [Card(row, movable(row, reader), needs[row.pk], why[row.pk], open_ones[row.pk]) for row in rows]


def by_team(cards: list[Card]) -> list[tuple[str, list[Card]]]:
    """Cards that stand team by team already, under the team's name."""
    groups: dict[str, list[Card]] = {}
    for card in cards:
        groups.setdefault(card.item.team or "", []).append(card)
    return list(groups.items())


def lines(cards: Sequence[Card], query: str, by_hand: bool) -> list[dict[str, Hashable]]:
    """What each row of the list shows; in the teams' own order also before which others it may go."""
    keys = [card.item.pk for card in cards]
    return [card.in_list(query, _places(keys, at, by_hand)) for at, card in enumerate(cards)]


def _places(keys: list[int], at: int, by_hand: bool) -> dict[str, Hashable]:
    up, last = by_hand and at > 0, not by_hand or at + 1 == len(keys)
    return {
        "by_hand": by_hand, "up": keys[at - 1] if up else 0, "top": keys[0] if up else 0,
        "down": None if last else "" if at + 2 == len(keys) else keys[at + 2],
    }  # fmt: skip


def movable(item: Initiative | Row, reader: User) -> bool:
    return item.status in AHEAD and reader.manages(item.team_id)


def reasons(keys: Collection[int], reader: User | None) -> dict[int, list[Edge]]:
    """What leads to each item directly, as this reader may see it."""
    return near(keys, Item.objects.visible_to(reader).active(), back=True, depth=1)


def waiting(keys: Collection[int], reader: User | None) -> dict[int, list[Edge]]:
    """The open decisions that follow from each item, as this reader may see them."""
    seen = Item.objects.visible_to(reader).active().filter(type=DECISION, status="open")
    return near(keys, seen, back=False, depth=1)
