"""Proposals of any Kind: what waits for a product manager, and what became of one's own."""

from __future__ import annotations

from typing import Any

from filrouge.core.kinds import all_kinds
from filrouge.core.models import History, Item
from filrouge.core.verbs import verbs_of
from filrouge.people.models import User

PROPOSED = "proposed"


def proposable() -> list[type[Item]]:
    """The types that anybody may propose."""
    return [model for model in all_kinds() if "propose" in verbs_of(model)]


def waiting_for(reader: User) -> Any:
    """Proposals to the teams that this person manages, oldest first."""
    labels = [model.type_label() for model in proposable()]
    rows = Item.objects.visible_to(reader).active().filter(type__in=labels, status=PROPOSED)
    return rows.filter(team_id__in=reader.managed_team_ids).order_by("created_at", "pk")


def proposed_by(reader: User, most: int) -> list[Any]:
    """What this person proposed, newest first, in the words they proposed it in, with the answer they got.

    A proposer who reads no Items still learns what became of their own proposal, and nothing else.
    """
    made = History.objects.filter(by=reader, verb="propose", item__archived_at=None).order_by("-id")[:most]
    titles = {row.item_id: row.after.get("title", "") for row in made}
    found: list[Any] = Item.objects.filter(pk__in=titles, author=reader).order_by("-pk").specific()
    for item in found:
        item.shown = item.title if reader.reads_items else titles[item.pk]
    return found
