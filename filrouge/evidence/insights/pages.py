"""The screens of evidence: insights, opportunities, and the brief on screen, on paper, as Markdown."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.errors import NotFound
from filrouge.core.filters import shown
from filrouge.core.memory import kept
from filrouge.core.models import Item, find_item
from filrouge.core.traces import Link
from filrouge.lib.numbers import whole
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.generic import face_page, faces_page, facet_menus, filter_of, makers
from filrouge.ui.itempage import item_context, item_of

from .behind import behind
from .brief import ON_PAGE, ON_SHEET, Brief, Evidence, Freezes, brief, evidence, frozen_brief
from .markdown import markdown
from .models import Insight, Opportunity, Quote
from .tallies import tallies
from .verbatims import verbatims

COLUMNS = ("title", "circle", "team__name", "author__name")


def listing(model: type[Item], request: HttpRequest, *columns: str) -> dict[str, Any]:
    """One page of a Kind, with what stands behind each row; an address that makes no sense says so."""
    reader = reader_of(request)
    filter, problem = filter_of(request, partial(lists.parse, model))
    rows = lists.rows(model, filter, reader)
    page = filter.page(rows, (*COLUMNS, *columns))
    total, more = shown(rows, lists.key(model, filter, reader))
    return {
        "filter": filter,
        "page": page,
        "total": total,
        "more": more,
        "problem": problem,
        "makers": makers(model, reader),
        "tallies": tallies([row.pk for row in page.rows], reader),
        "facets": [menu for menu in facet_menus(filter) if menu["name"] != "status"],
    }


@access("signed_in")
@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    """What we learnt, with the evidence for and against each."""
    if not reads_items(reader_of(request)):
        return faces_page(request, Insight, reader_of(request))
    context = listing(Insight, request, "confidence")
    context["confidence"] = {key: str(label).lower() for key, label in Insight.Confidence.choices}
    return render(request, "insights/insights.html", context, status=422 if context["problem"] else 200)


@access("public")
@require_safe
def insight(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim, what users say for and against it, and what nobody knows."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, Insight, pk)
    item = item_of(Insight, pk, reader)
    found = evidence(behind(item, reader), timezone.now(), _most(request))
    return render(
        request,
        "insights/insight.html",
        {**_context(item, reader, found), "evidence": found, "now": timezone.now()},
    )


@access("signed_in")
@require_safe
def opportunities(request: HttpRequest) -> HttpResponse:
    """Problems worth solving, with who was heard on each."""
    reader = reader_of(request)
    if not reads_items(reader):
        return faces_page(request, Opportunity, reader)
    context = listing(Opportunity, request, "status", "audience")
    states = kept(f"opportunities:{reader.pk}", lambda: by_status(reader), seconds=60)
    context |= {"states": states, "statuses": {key: str(label) for key, label in Opportunity.Status.choices}}
    return render(request, "insights/opportunities.html", context, status=422 if context["problem"] else 200)


def by_status(reader: User | None) -> dict[str, int]:
    rows = Opportunity.objects.visible_to(reader).active().order_by().values_list("status")
    return dict(rows.annotate(Count("pk")))


@access("public")
@require_safe
def opportunity(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief as it stands today, with the acts."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, Opportunity, pk)
    item = item_of(Opportunity, pk, reader)
    found = _brief(item, request, _most(request))
    context = {
        **_context(item, reader, found.evidence),
        "brief": found,
        "evidence": found.evidence,
    }
    return render(request, "insights/opportunity.html", context)


@access("public")
@require_safe
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """One quote: the words where they stand, and what they speak to."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, Quote, pk)
    item = item_of(Quote, pk, reader)
    seen = Item.objects.visible_to(reader).active()
    ties = Link.objects.filter(source_id=pk, target__in=seen).select_related("target").order_by("id")
    context = {**item_context(item, reader), "said": verbatims([pk])[0], "ties": ties}
    return render(request, "insights/quote.html", context)


@access(Act.SEE_ITEMS)
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief on one page, for paper; `?decision=` shows it as that decision froze it."""
    item = item_of(Opportunity, pk, reader_of(request))
    most = None if request.GET.get("all") else ON_SHEET
    found = _brief(item, request, most)
    return render(
        request,
        "insights/sheet.html",
        {"item": item, "brief": found, "evidence": found.evidence, "whole": most is None},
    )


@access(Act.SEE_ITEMS)
@require_safe
def as_markdown(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief as a Markdown file, with every quote."""
    item = item_of(Opportunity, pk, reader_of(request))
    text = markdown(_brief(item, request, None), settings.SITE_URL)
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{slugify(item.title)[:60] or "brief"}.md"'
    return answer


def _brief(item: Opportunity, request: HttpRequest, most: int | None) -> Brief:
    reader = reader_of(request)
    decision = _decision(request, reader)
    found = brief(item, reader, most) if decision is None else frozen_brief(item, reader, decision, most)
    if found is None:
        raise Http404(_("That decision froze no brief of this opportunity."))
    return found


def _context(item: Item, reader: User | None, found: Evidence) -> dict[str, Any]:
    words = {"for": found.count_for, "against": found.count_against}
    notes = {Quote.type_label(): _("%(for)s for, %(against)s against") % words}
    heard = None if found.reach.nameless else found.reach.people
    return item_context(item, reader, heard, notes)


def _decision(request: HttpRequest, reader: User | None) -> Freezes | None:
    """The decision that the address names, through the reader's eyes."""
    named = request.GET.get("decision", "")
    if not named:
        return None
    try:
        decision = find_item(whole(named) or 0, reader)
    except NotFound:
        raise Http404 from None
    if not hasattr(decision, "frozen_for"):
        raise Http404
    return decision  # type: ignore[no-any-return]


def _most(request: HttpRequest) -> int | None:
    return None if request.GET.get("all") else ON_PAGE
