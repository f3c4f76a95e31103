"""The tray: what was proposed to a product manager's teams, and for proposers what became of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filrouge.core.kinds import all_kinds
from filrouge.core.models import Item
from filrouge.core.traces import History
from filrouge.core.verbs import verbs_of
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User

MOST = 100
PROPOSED = "proposed"


def proposable() -> list[type[Item]]:
    """The types that anybody may propose."""
    return [model for model in all_kinds() if "propose" in verbs_of(model)]


def waiting(reader: User) -> Any:
    """Proposals to the teams that this person manages, oldest first."""
    found = (
        Item.objects.visible_to(reader).active().filter(status=PROPOSED, team_id__in=reader.managed_team_ids)
    )
    return found.filter(type__in=[model.type_label() for model in proposable()]).order_by("created_at", "pk")


def mine(reader: User) -> list[Any]:
    """What this person proposed, newest first, in the words they proposed it in, with the answer they got.

    A proposer who reads no Items still learns what became of their own proposal, and nothing else.
    """
    proposed = History.objects.filter(by=reader, verb="propose", item__archived_at=None).order_by("-id")[
        :MOST
    ]
    rows = {row.item_id: row.after.get("title", "") for row in proposed}
    found: list[Any] = (
        Item.objects.filter(pk__in=rows, author=reader).select_related("team").order_by("-pk").specific()
    )
    for item in found:
        item.shown = item.title if reader.reads_items else rows[item.pk]
    return found


def _why(item: Any) -> str:
    return str(getattr(item, "problem", "") or getattr(item, "outcome", ""))


@access(Act.PROPOSE)
@require_safe
def tray(request: HttpRequest) -> HttpResponse:
    """Accept or decline what waits; see the answers to what one proposed."""
    reader = reader_of(request)
    items = waiting(reader)[:MOST].specific()
    for item in items:
        item.why = _why(item)
    makers = [
        {"label": str(verbs_of(model)["propose"].label), "url": f"/{model.kind.slug}/new/propose/"}
        for model in proposable()
    ]
    context = {
        "waiting": items,
        "mine": mine(reader),
        "makers": makers,
        "manages": bool(reader.managed_team_ids),
        "reads": reader.reads_items,
    }
    return render(request, "insights/tray.html", context)
