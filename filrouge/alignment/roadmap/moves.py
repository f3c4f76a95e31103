"""What an item's own History says: when its end was said anew, and why its last move follows no decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from filrouge.core.models import Item
from filrouge.core.traces import History

from .precision import Precision, named

Act = tuple[datetime, dict[str, Any]]
"""When it was done, and the columns that it changed."""


class Move(NamedTuple):
    """On a moment, the item was said to end on a day, that exactly."""

    at: datetime
    ends: date
    precision: str

    @property
    def label(self) -> str:
        return named(self.ends, self.precision)


def acts_of(item: Item) -> list[Act]:
    """Oldest first."""
    return list(History.objects.filter(item_id=item.pk).order_by("id").values_list("at", "after"))


def moves(acts: Iterable[Act]) -> list[Move]:
    """Each time the end date was said anew, oldest first, as exactly as it was said."""
    said, held = [], dict[str, Any]()
    for at, after in acts:
        held |= after
        if held.get("ends") and {"ends", "ends_precision"} & set(after):
            day = date.fromisoformat(held["ends"])
            said.append(Move(at, day, held.get("ends_precision", Precision.DAY)))
    return said


def undecided(acts: Iterable[Act]) -> str:
    """Why the last move follows no decision, where somebody said it."""
    said = [after["no_decision"] for _at, after in acts if "no_decision" in after]
    return str(said[-1]) if said else ""
