"""What REST and commands tell around one goal or key result, as their pages do."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, Subquery

from filrouge.core.fields import plain_number
from filrouge.core.models import Item, Link
from filrouge.core.plain import Plain, named, ref_json
from filrouge.people.models import User

from . import aligning
from .models import Goal, KeyResult, Observation
from .standing import Forest, grow, plain

LOG = 20
"""Lines of the log in the answer for its key result; its route tells all of them."""
TOLD = ("raw", "score", "confidence", "status", "state")


def around_goal(goal: Goal, reader: User) -> Plain:
    return {"serves": serves(goal, reader), "served_by": served_by(goal, reader, grow([goal]))}


def around_key_result(item: KeyResult, reader: User) -> Plain:
    served = served_by(item, reader, None)
    return {"serves": serves(item, reader), "served_by": served, "log": log_json(item, LOG)}


def serves(item: Item, reader: User) -> list[Plain]:
    """What it contributes to, by which weight, and what it supports."""
    links = Link.objects.filter(source_id=item.pk, relation__in=(aligning.CONTRIBUTES, aligning.SUPPORTS))
    links = links.select_related("weight").order_by("pk")
    seen = Item.objects.visible_to(reader).in_bulk([link.target_id for link in links])
    return [ref_json(seen[link.target_id]) | edge(link) for link in links if link.target_id in seen]


def served_by(item: Item, reader: User, forest: Forest | None) -> list[Plain]:
    """What works on it; a goal or key result that counts in its score tells how it stands."""
    links = Link.objects.filter(target_id=item.pk).select_related("weight").order_by("pk")
    seen = Item.objects.visible_to(reader).active().in_bulk([link.source_id for link in links])
    return [
        ref_json(seen[link.source_id]) | edge(link) | stands(link, forest)
        for link in links
        if link.source_id in seen
    ]


def edge(link: Link) -> Plain:
    """`weight` is none where it does not count in the score."""
    counts = link.relation == aligning.CONTRIBUTES
    weight = getattr(link, "weight", None)
    return {
        "relation": link.relation,
        "weight": (plain_number(weight.weight) if weight else 1) if counts else None,
    }


def stands(link: Link, forest: Forest | None) -> Plain:
    if forest is None or link.relation != aligning.CONTRIBUTES:
        return {}
    found: Any = forest.goals.get(link.source_id) or forest.key_results.get(link.source_id)
    if found is None:
        return {}
    told = plain(found, forest[found.pk])
    grade = None if found.grade is None else plain_number(found.grade)
    return {"grade": grade} | {name: told[name] for name in TOLD}


def log_json(item: KeyResult, limit: int, before: int | None = None) -> list[Plain]:
    """Lines of the log, the newest first; `before` is the id of the last one that was told."""
    rows = item.observations.select_related("by").order_by("-at", "-pk")
    if before is not None:
        last = Observation.objects.filter(key_result_id=item.pk, pk=before).values("at")[:1]
        rows = rows.filter(Q(at__lt=Subquery(last)) | Q(at=Subquery(last), pk__lt=before))
    return [line_json(row) for row in rows[:limit]]


def line_json(row: Observation) -> Plain:
    return {
        "id": row.pk, "value": plain_number(row.value), "at": row.at, "noted_at": row.noted_at,
        "by": named(row.by), "confidence": row.confidence, "status": row.said or None, "note": row.note,
        "source": row.source,
    }  # fmt: skip
