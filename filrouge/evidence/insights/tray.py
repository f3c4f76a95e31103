"""The tray: what was proposed to a product manager's teams, and for proposers what became of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filrouge.core.verbs import verbs_of
from filrouge.desk.proposals import proposable, proposed_by, waiting_for
from filrouge.desk.ways import ways
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of

MOST = 100


def _why(item: Any) -> str:
    return str(getattr(item, "problem", "") or getattr(item, "outcome", ""))


@access(Act.PROPOSE)
@require_safe
def tray(request: HttpRequest) -> HttpResponse:
    """Accept or decline what waits; see the answers to what one proposed."""
    reader = reader_of(request)
    items = waiting_for(reader)[:MOST].specific()
    threads = ways(items, reader) if items else {}
    for item in items:
        item.why, item.stops = _why(item), threads[item.pk]
    makers = [
        {"label": str(verbs_of(model)["propose"].label), "url": f"/{model.kind.slug}/new/propose/"}
        for model in proposable()
    ]
    context = {
        "waiting": items,
        "mine": proposed_by(reader, MOST),
        "makers": makers,
        "manages": bool(reader.managed_team_ids),
        "reads": reader.reads_items,
    }
    return render(request, "insights/tray.html", context)
