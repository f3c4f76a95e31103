"""Goals and key results as they were written at a moment, by taking back what was done since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from filrouge.core.models import Item
from filrouge.core.rows import column
from filrouge.core.traces import History


def undone(keys: Sequence[int], moment: datetime) -> dict[int, dict[str, Any]]:
    """The columns of each that were written since, as they stood before.

    Of what was made since, all but the making is taken back: it is as it was first written.
    """
    found: dict[int, dict[str, Any]] = {}
    since = History.objects.filter(item_id__in=keys, at__gt=moment).order_by("-pk")
    for pk, before in since.values_list("item_id", "before"):
        if before:
            found.setdefault(pk, {}).update(before)
    return found


def as_it_was(items: Sequence[Item], moment: datetime) -> None:
    """Give each Item in memory the columns that it had at a moment."""
    states = undone([item.pk for item in items], moment)
    for item in items:
        restore(item, states.get(item.pk, {}))


def archived(item: Item, moment: datetime | None) -> bool:
    """Whether it had been archived at a moment, or is now."""
    return item.archived_at is not None and (moment is None or item.archived_at <= moment)


def restore(item: Item, state: dict[str, Any]) -> None:
    columns = (*type(item).own_fields(), column(Item, "title"), column(Item, "status"))
    for one in columns if state else ():
        if one.name in state:
            setattr(item, one.attname, one.to_python(state[one.name]))
