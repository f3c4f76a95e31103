"""The one way past PRIVATE: an administrator is named on the Item, and its author can see who and why."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput, Conflict, Forbidden, NotFound
from filrouge.core.models import History, Item
from filrouge.people.models import Record, Role, User

LONGEST_REASON = 500


def open_private(pk: int, reason: str, *, by: User) -> Item:
    """Name an administrator on a private Item; the reason stands in its history and in the records."""
    if by.role != Role.ADMIN or not by.is_active:
        raise Forbidden(_("Only an administrator opens a private item in an emergency."))
    cleaned = " ".join(reason.replace("\x00", "").split())
    if not cleaned or len(cleaned) > LONGEST_REASON:
        raise BadInput(_("Give the reason, in at most %(n)s characters.") % {"n": LONGEST_REASON}, "reason")
    with transaction.atomic():
        found: Item | None = Item.objects.filter(pk=pk).select_for_update().first()
        if found is None:
            raise NotFound(_("There is no such item."))
        _check(found, by)
        _open(found, cleaned, by)
        Record.objects.create(
            by=by, about=found.author, act="emergency_opening", detail={"item": pk, "reason": cleaned}
        )
    return found


def _check(item: Item, by: User) -> None:
    if item.circle != Circle.PRIVATE:
        raise Conflict(_("This is not private: the product teams see it already."))
    if item.author_id == by.pk or item.named.filter(pk=by.pk).exists():
        raise Conflict(_("You see this already."))


def _open(item: Item, reason: str, by: User) -> None:
    item.named.add(by)
    History.objects.create(
        item=item,
        verb="emergency_opening",
        by=by,
        at=timezone.now(),
        revision=item.revision,
        after={"opened_because": reason},
    )
