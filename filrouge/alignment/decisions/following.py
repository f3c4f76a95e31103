"""After a check-in: a threshold that it breaks opens the decision in the same act."""

from __future__ import annotations

from filrouge.core.traces import History

from .models import Decision


def follow(row: History) -> None:
    """A value that recovers within the hour is news too; opened already, a decision stays as it is."""
    if row.verb != "check_in":
        return
    rest = Decision.objects.active().filter(key_result=row.item_id, status=Decision.Status.DECIDED)
    for one in rest.order_by("pk"):
        one.reopen_by_itself()
