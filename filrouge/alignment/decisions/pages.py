"""Decisions: those to take by their due date, the log of those taken; and the memo of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from filrouge.core import lists
from filrouge.core.circles import Circle, reads_items
from filrouge.core.filters import LIMIT, Facet, Filter, Sort, shown, whole_number
from filrouge.core.memory import kept
from filrouge.lib.numbers import whole
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.acts import act
from filrouge.ui.generic import face_page, faces_page, facet_menus, filter_of, makers
from filrouge.ui.itempage import item_context, item_of

from .memo import gathered
from .models import Decision, due_first
from .options import Option

NEWEST = Sort("decided", _("Newest"), "decided_at")
MOST = 1_000
OPEN = ("pk", "title", "due", "circle", "reopened_at", "team_id", "team__name", "author__name")
TAKEN = ("title", "status", "outcome", "rationale", "decided_by__name", "taken_by")
TAKEN_AS = (Decision.Status.DECIDED, Decision.Status.SUPERSEDED)

# Acts whose place is beside what they change, not in the menu at the top.
APART = ("add_option", "edit_option", "drop_option", "weigh", "involve", "release", "review")


def year(text: str) -> int:
    if not 1900 <= (found := whole_number(text)) <= 9000:
        raise ValueError(text)
    return found


def years() -> list[tuple[str, str]]:
    """The years in which something was decided, newest first."""
    told = Decision.objects.filter(status__in=TAKEN_AS).exclude(circle=Circle.PRIVATE)
    ends = told.aggregate(a=Min("decided_at"), b=Max("decided_at"))
    spans = range(ends["b"].year, ends["a"].year - 1, -1) if ends["a"] else ()
    return [(str(one), str(one)) for one in spans]


FACETS = (
    lists.facet(Decision, "team"),
    lists.facet(Decision, "status"),
    Facet("year", _("year"), "decided_at__year", year, lambda: kept("decisions:years", years)),
)


def parse(params: Any) -> Filter:
    return Filter.parse(params, FACETS, (NEWEST,))


def due_soon(reader: User) -> list[int]:
    """Open decisions that are late or due within the week; of one's own teams where one manages any."""
    rows = Decision.objects.visible_to(reader).active().filter(status=Decision.Status.OPEN)
    rows = rows.filter(due__lte=timezone.localdate() + timedelta(days=7))
    own = reader.managed_team_ids if reads_items(reader) else frozenset()
    return list((rows.filter(team_id__in=own) if own else rows).values_list("pk", flat=True)[:100])


@access("signed_in")
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What is to be decided, by due date; below, the log of what was decided and why."""
    reader = reader_of(request)
    if not reads_items(reader):
        return faces_page(request, Decision, reader)
    filter, problem = filter_of(request, parse)
    rows = lists.rows(Decision, filter, reader)
    taken = rows.filter(status__in=TAKEN_AS, decided_at__isnull=False)
    total, more = shown(taken, lists.key(Decision, filter, reader))
    most = MOST if request.GET.get("all") else LIMIT
    waiting = [] if filter.cursor else list(due_first(rows).values_list(*OPEN, named=True)[: most + 1])
    context = {
        "filter": filter, "problem": problem, "query": filter.query_string(),
        "facets": facet_menus(filter), "makers": makers(Decision, reader),
        "may_record": bool(reader.managed_team_ids),
        "open": waiting[:most], "others": len(waiting) > most,
        "page": filter.page(taken, TAKEN), "total": total, "more": more,
        "today": timezone.localdate(), "managed": reader.managed_team_ids,
    }  # fmt: skip
    return render(request, "decisions/decisions.html", context, status=422 if problem else 200)


@access("public")
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The question, its options and what speaks for each, who may answer; the answer, and what was known."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, Decision, pk)
    item = item_of(Decision, pk, reader)
    context = item_context(item, reader)
    context |= gathered(item, reader, context["walked"].before)
    context |= {"may_decide": may(reader, Act.DECIDE, item), "today": timezone.localdate()}
    context["can"] = dict.fromkeys(APART) | {one.name: one for one in context["acts"]}
    context["acts"] = [one for one in context["acts"] if one.name not in APART]
    return render(request, "decisions/decision.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access("signed_in")
def edit_option(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog of an option, filled with what the option holds."""
    number = whole(request.GET.get("option", ""))
    found = Option.objects.filter(decision_id=pk, pk=number).first() if number else None
    if found is not None:
        held = {"option_title": found.title, "about": found.about, "pros": found.pros, "cons": found.cons}
        filled: Any = request.GET.copy()
        filled.update(held)
        request.GET = filled
    answer: HttpResponse = act(request, Decision, pk, "edit_option")
    return answer
