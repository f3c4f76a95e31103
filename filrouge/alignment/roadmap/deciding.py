"""Which decision an item follows: said in the very act that adds, moves or cuts it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from filrouge.core.errors import BadInput
from filrouge.core.fields import Id, OptionalLine, Refers, Says
from filrouge.core.models import Item, Link, find_item
from filrouge.core.verbs import Told
from filrouge.people.models import User

DECISION, RELATION = "decisions.Decision", "decided_in"
Decided = Annotated[Id, Refers(DECISION), Says(_("Which decision does it follow?"))] | None
Followed = Item | Told | None
"""What History keeps beside an act: the decision that it follows, or why it follows none."""
Undecided = Annotated[OptionalLine, Says(_("Or why no decision is needed"))]


def follow(item: Item, decision: int | None, why: str = "", *, by: User) -> Followed:
    """Tie it to the decision, in the same transaction; the history of the act names it, or why there is none.

    Whoever plans the item says what it follows: a group's decision moves the items of its teams.
    """
    told = excused(decision, why)
    if decision is None:
        return told
    found: Item = find_item(decision, by, "decision")
    if found.type != DECISION:
        raise BadInput(_("Choose a decision."), "decision")
    Link.objects.get_or_create(source_id=item.pk, target_id=found.pk, relation=RELATION, defaults={"by": by})
    return found


def excused(decision: int | None, why: str) -> Told | None:
    """What the history keeps where no decision is needed."""
    if decision is not None and why:
        raise BadInput(_("Choose a decision, or say why none is needed: not both."), "no_decision")
    return {"no_decision": why} if why else None


def followed(item: Item, reader: User | None) -> list[Item]:
    """The decisions that it follows, as far as the reader sees them."""
    edges = {"links_in__source_id": item.pk, "links_in__relation": RELATION}
    found = Item.objects.visible_to(reader).filter(type=DECISION, **edges)
    return list(found.annotate(link=F("links_in__id")).defer("stems", "forms").order_by("pk"))


def still_open(followed: Iterable[Any]) -> list[Item]:
    """Those that wait to be taken, the first that was named first."""
    found = [one for one in followed if one.status == "open" and one.archived_at is None]
    return sorted(found, key=lambda one: one.link)
