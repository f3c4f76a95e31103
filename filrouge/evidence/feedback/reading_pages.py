"""Finding words and those behind them: search, companies, segments, sources."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.errors import BadInput, Forbidden
from filrouge.core.filters import SHOWN, Filter, Sort
from filrouge.core.models import Item
from filrouge.lib.numbers import whole
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.generic import filter_of
from filrouge.voices.asked import asked, known_people
from filrouge.voices.masked import company_names
from filrouge.voices.models import Company, Segment, Source, Words
from filrouge.voices.reading import count, heard_from, parse, words_page

from .choices import canonical
from .excerpts import lines
from .hints import hints
from .listing import listing

ITEMS = 8
NAME = Sort("name", gettext_lazy("Name"), "name", descending=False, read=str)


@require_GET
@access("signed_in")
def search(request: HttpRequest) -> HttpResponse:
    """Has anyone asked users about this? The answer, the words, and the Items about it."""
    reader = reader_of(request)
    context = listing(request, reverse("search"))
    typed = context["filter"].q.strip()
    context |= {
        "typed": typed,
        "items": items_found(typed, reader),
        "reads_words": may(reader, Act.READ_MASKED),
    }
    if typed and not context["lines"]:
        context["hints"] = hints(context["filter"], reverse("search"), reader)
    if request.GET.get("answer"):
        context["answer"] = asked(context["filter"], reader)
    return render(request, "feedback/search.html", context, status=422 if context["problem"] else 200)


@require_GET
@access(Act.READ_MASKED)
def answer(request: HttpRequest) -> HttpResponse:
    """The answer alone: it looks at up to 10,000 texts, so that the page does not wait for it."""
    try:
        filter = canonical(parse(request.GET))
        context = {"answer": asked(filter, reader_of(request)), "filter": filter}
    except BadInput as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    return render(request, "feedback/answer.html", context)


def items_found(typed: str, reader: User | None) -> list[Any]:
    """Items that a reader sees, or wordings opened to them: (title, address, kind)."""
    if not typed:
        return []
    if reads_items(reader):
        rows = Item.objects.visible_to(reader).active().search(typed).exclude(type="insights.Quote")
        return [
            (one.title, one.get_absolute_url(), one.type_name) for one in rows.order_by("-changed_at")[:ITEMS]
        ]
    faces = lists.face_rows(None, lists.face_filter({"q": [typed]}), reader).select_related("item")
    latest = faces.order_by("-approved_at", "-pk")[:ITEMS]
    return [(face.title, face.item.get_absolute_url(), face.item.type_name) for face in latest]


@require_GET
@access(Act.READ_MASKED)
def companies(request: HttpRequest) -> HttpResponse:
    """The companies whose people were heard."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    rows = Company.objects.filter(name__icontains=typed) if typed else Company.objects.all()
    filter, problem = filter_of(request, partial(Filter.parse, facets=(), sorts=(NAME,)))
    page = filter.page(rows)
    older = f"?{page.next.query_string()}" if page.next is not None else ""
    heard = dict(
        Words.objects.filter(company__in=[row.pk for row in page.rows])
        .values_list("company").annotate(number=Count("pk")).values_list("company", "number")
    )  # fmt: skip
    names = company_names(page.rows, reader_of(request))
    context = {
        "page": page, "names": names, "heard": heard, "typed": typed, "problem": problem, "older": older,
        "can_import": may(reader_of(request), Act.IMPORT),
    }  # fmt: skip
    return render(request, "feedback/companies.html", context, status=422 if problem else 200)


@require_GET
@access(Act.READ_MASKED)
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """All that one company's people said."""
    one = Company.objects.filter(pk=pk).first()
    if one is None:
        raise Http404
    reader = reader_of(request)
    filter = parse({"company": [str(pk)], "sort": ["said"], "limit": ["20"]})
    page = words_page(filter, reader)
    number, more = count(filter, reader, SHOWN)
    context = {
        "company": one, "name": company_names([one], reader)[one.pk],
        "people": one.people.order_by("pk")[:50], "number": number, "more": more,
        "lines": lines(page.rows, filter.query, {}), "sees_people": may(reader, Act.SEE_PEOPLE),
        "last": page.rows[0].said_at if page.rows else None,
    }  # fmt: skip
    return render(request, "feedback/company.html", context)


@require_http_methods(["GET", "POST"])
@access(Act.READ_MASKED)
def segments(request: HttpRequest) -> HttpResponse:
    """Which traits people have, how many were heard, and how many exist."""
    if request.method == "POST":
        return _population(request)
    rows = list(Segment.objects.order_by("name", "value")[:SHOWN])
    reader = reader_of(request)
    context = {
        "segments": rows, "known": known_people(), "can_edit": may(reader, Act.MANAGE_TEAMS),
        "can_import": may(reader, Act.IMPORT),
    }  # fmt: skip
    return render(request, "feedback/segments.html", context)


def _population(request: HttpRequest) -> HttpResponse:
    segment = get_object_or_404(Segment, pk=whole(request.POST.get("segment", "")))
    try:
        segment.tell(request.POST.get("population", "").strip(), by=reader_of(request))
        messages.success(request, _("Kept: %(segment)s.") % {"segment": segment})
    except BadInput as refused:
        messages.error(request, str(refused))
    except Forbidden as refused:
        raise PermissionDenied(str(refused)) from refused
    return redirect("segments")


@require_GET
@access(Act.READ_MASKED)
def sources(request: HttpRequest) -> HttpResponse:
    """Where words come from, under which licence, how many, how lately."""
    found = heard_from(list(Source.objects.all()[:SHOWN]), reader_of(request))
    context = {"rows": found, "can_import": may(reader_of(request), Act.IMPORT)}
    return render(request, "feedback/sources.html", context)
