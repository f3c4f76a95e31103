"""Decisions: those to take by their due date, those taken; and one decision with the brief it froze."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.filters import LIMIT, Filter, Sort, shown
from filrouge.core.models import Item
from filrouge.core.thread import thread
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import Deputy, Team, User
from filrouge.ui.generic import face_page, faces_page, facet_menus, filter_of, makers
from filrouge.ui.itempage import item_context, item_of

from .models import Decision, due_first

TEAM = lists.facet(Decision, "team")
NEWEST = Sort("decided", _("Newest"), "decided_at")
MOST = 1_000
OPEN = ("pk", "title", "due", "circle", "team_id", "team__name", "author__name")
TAKEN = ("title", "outcome", "rationale", "decided_by__name")
BRIEFED = "opportunities"


def parse(params: Any) -> Filter:
    return Filter.parse(params, (TEAM,), (NEWEST,))


def due_soon(reader: User) -> list[int]:
    """Open decisions that are late or due within the week; of one's own teams where one manages any."""
    rows = Decision.objects.visible_to(reader).active().filter(status=Decision.Status.OPEN)
    rows = rows.filter(due__lte=timezone.localdate() + timedelta(days=7))
    own = reader.managed_team_ids if reads_items(reader) else frozenset()
    return list((rows.filter(team_id__in=own) if own else rows).values_list("pk", flat=True)[:100])


@access("signed_in")
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What is to be decided, by due date; below, what was decided and why."""
    reader = reader_of(request)
    if not reads_items(reader):
        return faces_page(request, Decision, reader)
    filter, problem = filter_of(request, parse)
    rows = lists.rows(Decision, filter, reader)
    taken = rows.filter(decided_at__isnull=False)
    total, more = shown(taken, lists.key(Decision, filter, reader))
    most = MOST if request.GET.get("all") else LIMIT
    waiting = [] if filter.cursor else list(due_first(rows).values_list(*OPEN, named=True)[: most + 1])
    context = {
        "filter": filter, "problem": problem, "query": filter.query_string(),
        "facets": facet_menus(filter), "makers": makers(Decision, reader),
        "open": waiting[:most], "others": len(waiting) > most,
        "page": filter.page(taken, TAKEN), "total": total, "more": more,
        "today": timezone.localdate(), "managed": reader.managed_team_ids,
    }  # fmt: skip
    return render(request, "decisions/decisions.html", context, status=422 if problem else 200)


@dataclass(frozen=True)
class Behind:
    """An opportunity that leads to the decision, and the address of its brief: as frozen, once it is."""

    item: Item
    title: str
    brief: str
    frozen: bool


@access("public")
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The question, what is known, who may answer; then the answer, and what was known."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, Decision, pk)
    item = item_of(Decision, pk, reader)
    context = item_context(item, reader)
    context |= {
        "briefs": briefs(item, reader),
        "deciders": deciders(item.team),
        "may_decide": may(reader, Act.DECIDE, item),
        "today": timezone.localdate(),
    }
    return render(request, "decisions/decision.html", context)


def briefs(item: Decision, reader: User | None) -> list[Behind]:
    """Opportunities upstream, as this reader may see them."""
    nodes = [node for node in thread(item, reader).before if node.item.slug == BRIEFED]
    return [_behind(item, node.item) for node in nodes]


def _behind(decision: Decision, opportunity: Item) -> Behind:
    frozen = decision.frozen_for(opportunity) is not None
    try:
        address = reverse("brief", args=[opportunity.pk])
    except NoReverseMatch:
        address = opportunity.get_absolute_url()
    return Behind(
        opportunity, opportunity.title, f"{address}?decision={decision.pk}" if frozen else address, frozen
    )


def deciders(team: Team | None) -> list[tuple[User, User | None]]:
    """Who may decide for a team today: its product managers, and deputies with whom they stand in for."""
    if team is None:
        return []
    managers = list(team.managers())
    stand_ins = Deputy.objects.today().filter(manager__in=managers, deputy__is_active=True)
    found: list[tuple[User, User | None]] = [(manager, None) for manager in managers]
    return found + [(row.deputy, row.manager) for row in stand_ins.select_related("deputy", "manager")]
