"""What is aligned to what, and by how much: now, or at a moment, by taking back what was done since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from filrouge.core.circles import Circle
from filrouge.core.models import Item, Link
from filrouge.core.traces import History

from . import aligning
from .past import archived

KINDS = (aligning.GOAL, aligning.KEY_RESULT)
ALIGNED = (aligning.CONTRIBUTES, aligning.SUPPORTS)
TYING = ("link", "unlink", "weigh", "read_back")
FIRST_DAY = timedelta(days=1)
Named = Mapping[int, set[int]]


class Tie(NamedTuple):
    source: int
    target: int
    relation: str
    weight: Decimal | None
    at: datetime

    @classmethod
    def of(cls, edge: Mapping[str, Any]) -> Tie:
        """An edge as History keeps it."""
        weight, at = edge.get("weight"), datetime.fromisoformat(edge["at"])
        ends = (edge["source"], edge["target"], edge["relation"])
        return cls(*ends, None if weight is None else Decimal(weight), at)


def ties(links: QuerySet[Link]) -> list[Tie]:
    """Those of now, the first that was said first."""
    columns = ("source_id", "target_id", "relation", "weight__weight", "at")
    return [Tie(*row) for row in links.order_by("at", "pk").values_list(*columns)]


def ties_at(moment: datetime, links: QuerySet[Link], acts: QuerySet[History]) -> list[Tie]:
    """Those that these links were at a moment, as far as these acts tell of it."""
    held = {tie[:3]: tie for tie in ties(links)}
    undone = _undone(acts.filter(at__gt=moment, verb__in=TYING))
    first = _first_days(moment, {tie.target for tie in (*held.values(), *(one for _at, one, _b in undone))})
    for at, tie, back in undone:
        if at > first.get(tie.target, moment):
            held.pop(tie[:3], None)
            if back:
                held[tie[:3]] = tie
    then = (tie for tie in held.values() if tie.at <= first.get(tie.target, moment))
    return sorted(then, key=attrgetter("at"))


def _undone(acts: QuerySet[History]) -> list[tuple[datetime, Tie, bool]]:
    """The way back, step by step: what each act left goes, and what it found comes back."""
    rows = acts.order_by("-pk").values_list("at", "before", "after")
    return [
        (at, Tie.of(edge), back)
        for at, before, after in rows
        for told, back in ((after, False), (before, True))
        for edge in told.get("edges", ())
    ]


def _first_days(moment: datetime, keys: Collection[int]) -> dict[int, datetime]:
    """What was written down only after the moment is as it was first written: as on its first day."""
    made = Item.objects.filter(pk__in=keys, created_at__gt=moment)
    return {pk: at + FIRST_DAY for pk, at in made.values_list("pk", "created_at")}


def aligned(as_of: datetime | None = None) -> list[Tie]:
    """All between goals and key results."""
    ends = Q(source__type__in=KINDS, target__type=aligning.GOAL)
    links = Link.objects.filter(ends, relation__in=ALIGNED)
    if as_of is None:
        return ties(links)
    found = ties_at(as_of, links, History.objects.filter(item__type__in=KINDS))
    return [tie for tie in found if tie.relation in ALIGNED]


def ties_of(item: Item, as_of: datetime | None = None) -> list[Tie]:
    """All that one Item has, of whatever type the other end is."""
    links = Link.objects.filter(Q(source_id=item.pk) | Q(target_id=item.pk))
    if as_of is None:
        return ties(links)
    read_back = Q(verb="read_back", at__gt=as_of)  # it names no other Item: a file holds many edges
    acts = History.objects.filter(Q(item_id=item.pk) | Q(other_id=item.pk) | read_back)
    return [tie for tie in ties_at(as_of, links, acts) if item.pk in tie[:2]]


def parents(tied: Collection[Tie]) -> dict[int, list[int]]:
    """The goals that each serves, the first that was said first."""
    above: dict[int, dict[int, None]] = defaultdict(dict)
    for tie in tied:
        above[tie.source][tie.target] = None
    return {source: list(targets) for source, targets in above.items()}


def ambitions_in(
    tied: Collection[Tie], goals: Mapping[int, Any], measures: Mapping[int, Any]
) -> dict[int, str]:
    """How each key result is read: as the first goal that it contributes to."""
    found: dict[int, str] = {}
    for tie in tied:
        one, goal = measures.get(tie.source), goals.get(tie.target)
        if one is None or goal is None or tie.relation != aligning.CONTRIBUTES:
            continue
        if goal.circle != Circle.PRIVATE or one.circle == Circle.PRIVATE:
            found.setdefault(tie.source, goal.ambition)
    return found


def counts(one: Any, other: Any, named: Named, moment: datetime | None = None) -> bool:
    """Whether it counts in the score of the other: a score tells nobody of what they may not see."""
    if one is None or other is None or archived(one, moment):
        return False
    if one.circle != Circle.PRIVATE:
        return True
    shown = named.get(other.pk, set()) <= named.get(one.pk, set())
    return bool(other.circle == Circle.PRIVATE and one.author_id == other.author_id and shown)


def people_named() -> dict[int, set[int]]:
    """Who was shown what is private."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Item.named.through.objects.filter(item__type__in=KINDS)
    for item, user in rows.values_list("item_id", "user_id"):
        found[item].add(user)
    return found
