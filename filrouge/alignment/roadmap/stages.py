"""The board: the same items by how far they are, from planned to shipped or dropped."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from filrouge.core import lists
from filrouge.core.filters import Filter
from filrouge.people.models import User

from .board import COLUMN, Column, ahead, as_cards, of_keys, since, under
from .models import Initiative

STATUS = Initiative.Status
STAGES = {STATUS.PLANNED: "", STATUS.STARTED: "start", STATUS.SHIPPED: "ship", STATUS.DROPPED: "drop"}
"""Each stage with the act that brings an item there."""


def stages(filter: Filter, reader: User) -> list[tuple[Column, str]]:
    """What is ahead in its team's own order; what is behind, the latest first."""
    held = under(ahead(filter, reader), "status")
    counts = {stage: len(keys) for stage, keys in held.items()}
    for pk, stage, number in _latest(filter, reader):
        held.setdefault(stage, []).append(pk)
        counts[stage] = number
    cards = as_cards(of_keys([pk for keys in held.values() for pk in keys[:COLUMN]]), reader)
    found = [
        Column(one.value, str(one.label), [c for c in cards if c.item.status == one], counts.get(one, 0))
        for one in STAGES
    ]
    return list(zip(found, STAGES.values(), strict=True))


def _latest(filter: Filter, reader: User) -> Any:
    """(key, stage, how many in that stage) of a column of what shipped and of what was dropped."""
    over = lists.rows(Initiative, filter, reader).filter(status__in=(STATUS.SHIPPED, STATUS.DROPPED))
    newest = [F("since").desc(), F("changed_at").desc(), F("pk").desc()]
    placed = since(over).annotate(
        place=Window(RowNumber(), partition_by="status", order_by=newest),
        number=Window(Count("pk"), partition_by="status"),
    )
    rows = placed.filter(place__lte=COLUMN).order_by("place")
    return rows.values_list("pk", "status", "number")
