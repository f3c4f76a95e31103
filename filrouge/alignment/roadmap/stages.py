"""The board: the same items by how far they are, from planned to shipped or dropped."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from filrouge.core import lists
from filrouge.core.filters import Filter
from filrouge.people.models import User

from .board import COLUMN, Column, ahead, as_cards, of_keys, since, under
from .models import Initiative
from .statuses import AHEAD

STATUS = Initiative.Status
STAGES = {STATUS.PLANNED: "", STATUS.STARTED: "start", STATUS.SHIPPED: "ship", STATUS.DROPPED: "drop"}
"""Each stage with the act that brings an item there."""


def stages(filter: Filter, reader: User) -> list[tuple[Column, str]]:
    """What is ahead in its team's own order; what is behind, the latest first."""
    held = under(ahead(filter, reader), "status")
    over = lists.rows(Initiative, filter, reader).filter(status__in=(STATUS.SHIPPED, STATUS.DROPPED))
    counts: dict[str, int] = dict(over.order_by().values_list("status").annotate(n=Count("pk")))
    held |= {stage: _latest(stage, over) for stage in counts}
    counts |= {stage: len(held[stage]) for stage in AHEAD}
    cards = as_cards(of_keys([pk for keys in held.values() for pk in keys[:COLUMN]]), reader)
    found = [
        Column(one.value, str(one.label), [c for c in cards if c.item.status == one], counts.get(one, 0))
        for one in STAGES
    ]
    return list(zip(found, STAGES.values(), strict=True))


def _latest(stage: str, over: Any) -> list[int]:
    first = "-since" if stage == STATUS.SHIPPED else "-changed_at"
    rows = since(over.filter(status=stage)).order_by(first, "-pk")
    return list(rows.values_list("pk", flat=True)[:COLUMN])
