"""The people behind the words: all that we heard from one, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from filrouge.core.errors import Refused
from filrouge.core.filters import SHOWN, Filter, Sort, count
from filrouge.core.models import Item
from filrouge.core.thread import near
from filrouge.evidence.feedback.excerpts import lines
from filrouge.lib.numbers import whole
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.generic import filter_of
from filrouge.voices.erasure import erase
from filrouge.voices.masked import company_names
from filrouge.voices.models import Person, Segment, Words, sealer
from filrouge.voices.reading import count as count_words
from filrouge.voices.reading import parse, words_page

from .models import Quote

HEARD_LAST = Sort("heard", gettext_lazy("Last met"), "id")
ON_PAGE, QUOTES = 50, 100


@require_GET
@access(Act.READ_MASKED)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who was heard, the last to come first."""
    reader = reader_of(request)
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:254]
    rows = _named(typed, reader) if typed else Person.objects.all()
    filter, problem = filter_of(request, partial(Filter.parse, facets=(), sorts=(HEARD_LAST,)))
    page = filter.page(rows.select_related("company"))
    context = {
        "page": page, "problem": problem, "typed": typed, "total": count(Person.objects.all(), SHOWN),
        "can_import": may(reader, Act.IMPORT),
        "said": _said(page.rows), "traits": _traits(page.rows), "sees_people": may(reader, Act.SEE_PEOPLE),
        "older": f"?{page.next.query_string()}" if page.next is not None else "",
    }  # fmt: skip
    return render(request, "insights/people.html", context, status=422 if problem else 200)


def _named(typed: str, reader: User | None) -> Any:
    """By pseudonym, or by e-mail address for those who may know it: names are sealed."""
    if (number := whole(typed.upper().removeprefix("P-"))) is not None:
        return Person.objects.filter(pk=number)
    if "@" in typed and may(reader, Act.SEE_PEOPLE):
        return Person.objects.filter(digest=sealer.digest("email", typed))
    return Person.objects.none()


def _said(rows: list[Any]) -> dict[int, dict[str, Any]]:
    found = Words.objects.filter(person__in=[row.pk for row in rows]).values("person_id")
    return {row["person_id"]: dict(row) for row in found.annotate(number=Count("pk"), last=Max("said_at"))}


def _traits(rows: list[Any]) -> dict[int, list[Segment]]:
    through = Person.segments.through.objects.filter(person__in=[row.pk for row in rows]).select_related(
        "segment"
    )
    found: dict[int, list[Segment]] = {}
    for held in through.order_by("segment__name", "segment__value"):
        found.setdefault(held.person_id, []).append(held.segment)
    return found


@require_GET
@access(Act.READ_MASKED)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: their words, the quotes taken from them, and what each led to."""
    reader = reader_of(request)
    one = _one(pk)
    filter = parse({"person": [str(pk)], "sort": ["said"], "limit": [str(ON_PAGE)]})
    page = words_page(filter, reader)
    number, more = count_words(filter, reader, SHOWN)
    context = {
        "person": one, "sees_people": may(reader, Act.SEE_PEOPLE), "can_erase": may(reader, Act.ERASE),
        "lines": lines(page.rows, filter.query, {}),
        "number": number, "more": more, "traits": list(one.segments.all()),
        "outcomes": _outcomes(one, reader),
        "first": Words.objects.filter(person=one).order_by("said_at").first(),
        "last": page.rows[0] if page.rows else None,
        "company": one.company and company_names([one.company], reader)[one.company.pk],
    }  # fmt: skip
    return render(request, "insights/person.html", context)


def _one(pk: int) -> Person:
    one = Person.objects.select_related("company").filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


def _outcomes(one: Person, reader: User | None) -> list[tuple[Quote, list[Item]]]:
    """Each quote of theirs with what it led to, furthest last."""
    theirs = Quote.objects.visible_to(reader).active().filter(version__words__person=one)
    quotes = {quote.pk: quote for quote in theirs.order_by("-created_at", "-pk")[:QUOTES]}
    seen = Item.objects.visible_to(reader).active()
    led_to = near(quotes, seen, back=False, depth=5, most=2_000)
    return [(quote, [edge.item for edge in led_to[pk]]) for pk, quote in quotes.items()]


@require_http_methods(["GET", "POST"])
@access(Act.ERASE)
def erase_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then forget the person for good."""
    one = _one(pk)
    number = Words.objects.filter(person=one).count()
    if request.method == "GET":
        return render(
            request,
            "insights/erase.html",
            {"person": one, "number": number, "name": one.shown_to(reader_of(request))},
        )
    try:
        erase(one, by=reader_of(request))
    except Refused as refused:
        raise PermissionDenied(str(refused)) from refused
    messages.success(
        request,
        _("%(person)s is forgotten: their words, their name and their address are gone.")
        % {"person": one.pseudonym},
    )
    return redirect("people-heard")
