"""What the memo of one decision gathers around it, as a reader may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from filrouge.core.models import Item
from filrouge.core.search import SEARCHED
from filrouge.core.thread import Node
from filrouge.people.leading import Leader, leading
from filrouge.people.models import User

from .assumption import assumption
from .models import SUPERSEDED_BY, Decision
from .options import Ground, Option, Part, Side

BRIEFED = "opportunities"


@dataclass(frozen=True)
class Weighed:
    """An option with the evidence on either side of it."""

    option: Option
    supports: list[Item]
    opposes: list[Item]


def weighed(item: Decision, reader: User | None) -> list[Weighed]:
    """The options in the order in which they were written: nothing here ranks them."""
    grounds = Ground.objects.filter(option__decision_id=item.pk).select_related("link").order_by("id")
    seen = _seen(reader, pk__in={ground.link.source_id for ground in grounds}).in_bulk()
    sides: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for ground in grounds:
        if source := seen.get(ground.link.source_id):
            sides[ground.option_id, ground.side].append(source)
    return [
        Weighed(option, sides[option.pk, Side.FOR], sides[option.pk, Side.AGAINST])
        for option in item.options.all()
    ]


def took_its_place(item: Decision, reader: User | None) -> list[Item]:
    """The decisions that supersede this one."""
    return list(_seen(reader, links_in__source_id=item.pk, links_in__relation=SUPERSEDED_BY))


def gave_place(item: Decision, reader: User | None) -> list[Item]:
    """The decisions that this one supersedes."""
    return list(_seen(reader, links_out__target_id=item.pk, links_out__relation=SUPERSEDED_BY))


def _seen(reader: User | None, **which: Any) -> Any:
    return Item.objects.visible_to(reader).filter(**which).defer(*SEARCHED).order_by("pk")


def parts(item: Decision) -> dict[str, list[Part]]:
    """Who contributes and who is informed, in the order in which they were named."""
    found: dict[str, list[Part]] = {value: [] for value in Part.As.values}
    for part in item.parts.all():
        found[part.part].append(part)
    return found


@dataclass(frozen=True)
class Behind:
    """An opportunity that leads to the decision, and the address of its brief: as frozen, once it is."""

    item: Item
    title: str
    brief: str
    frozen: bool


def briefs(item: Decision, before: Iterable[Node]) -> list[Behind]:
    """The opportunities among what leads to it."""
    return [_behind(item, node.item) for node in before if node.item.slug == BRIEFED]


def _behind(decision: Decision, opportunity: Item) -> Behind:
    frozen = decision.frozen_for(opportunity) is not None
    try:
        address = reverse("brief", args=[opportunity.pk])
    except NoReverseMatch:
        address = opportunity.get_absolute_url()
    return Behind(
        opportunity, opportunity.title, f"{address}?decision={decision.pk}" if frozen else address, frozen
    )


def deciders(team: int | None) -> list[Leader]:
    """Who may decide for a team today."""
    return [] if team is None else leading(team=team)


def gathered(item: Decision, reader: User | None, before: Iterable[Node]) -> dict[str, Any]:
    """All of it, for the page and the sheet; `before` is what leads to it, as this reader may see that."""
    return {
        "weighed": weighed(item, reader),
        "briefs": briefs(item, before),
        "took_its_place": took_its_place(item, reader),
        "gave_place": gave_place(item, reader),
        "deciders": deciders(item.team_id),
        "parts": parts(item),
        "assumption": assumption(item, reader),
    }
