"""Who answers for a key result: its owner, or whoever leads its team where no owner is left there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from filrouge.core.circles import Circle
from filrouge.people.leading import leading
from filrouge.people.models import User

from .models import KeyResult


def own(reader: User) -> Any:
    """The key results that a person answers for: named as owner, or of their team and nobody's any more."""
    mine, managed = Q(owner=reader), reader.managed_team_ids
    if managed:
        mine |= ~Q(owner__in=User.objects.reading_items()) & Q(team_id__in=managed)
    rows = KeyResult.objects.visible_to(reader).active().filter(mine, status="open")
    return rows.select_related("cycle", "team", "owner").order_by("team__name", "pk")


def answered_by(people: Collection[int]) -> dict[int, list[KeyResult]]:
    """What each of them answers for, as `own` says of one: asked once for all."""
    reading, leaders = set(User.objects.reading_items().values_list("pk", flat=True)), _leaders()
    rows = KeyResult.objects.active().filter(status="open").select_related("cycle").prefetch_related("named")
    found: dict[int, list[KeyResult]] = defaultdict(list)
    for item in rows.order_by("team__name", "pk"):
        asked = {item.owner_id} if item.owner_id in reading else leaders[item.team_id]
        if item.circle == Circle.PRIVATE:
            asked = asked & {item.author_id, *(one.pk for one in item.named.all())}
        for pk in asked.intersection(people):
            found[pk].append(item)
    return found


def _leaders() -> dict[int | None, set[int]]:
    found: dict[int | None, set[int]] = defaultdict(set)
    for one in leading():
        found[one.team].add(one.id)
    return found
