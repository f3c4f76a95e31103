"""The board: the same items by how far they are, from planned to shipped or dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Count

from filrouge.core import lists
from filrouge.core.filters import Filter
from filrouge.people.models import User

from .board import COLUMN, HAND, Column, as_cards, of_keys, shipped
from .models import Initiative

STATUS = Initiative.Status
STAGES = {STATUS.PLANNED: "", STATUS.STARTED: "start", STATUS.SHIPPED: "ship", STATUS.DROPPED: "drop"}
"""Each stage with the act that brings an item there."""


def stages(filter: Filter, reader: User) -> list[tuple[Column, str]]:
    """What is ahead in its team's own order; what is behind, the latest first."""
    rows = lists.rows(Initiative, filter, reader).filter(status__in=list(STAGES))
    counts: dict[str, int] = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
    found = [Column(one.value, str(one.label), [], counts.get(one.value, 0)) for one in STAGES]
    keys = [pk for one in found if one.count for pk in _first(one.value, rows, filter, reader)]
    cards = as_cards(of_keys(keys), reader)
    filled = [replace(one, cards=[card for card in cards if card.item.status == one.value]) for one in found]
    return list(zip(filled, STAGES.values(), strict=True))


def _first(stage: str, rows: Any, filter: Filter, reader: User) -> Any:
    if stage == STATUS.SHIPPED:
        found = shipped(filter, reader).order_by("-since", "-pk")
    else:
        order = ("-changed_at", "-pk") if stage == STATUS.DROPPED else HAND.order()
        found = rows.filter(status=stage).order_by(*order)
    return found.values_list("pk", flat=True)[:COLUMN]
