"""The list of quotes: each as the verbatim that it is, with who said it, where, when, and what it serves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from textwrap import shorten
from typing import Any

from django.db.models import F
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.filters import shown
from filrouge.core.kinds import by_label
from filrouge.core.models import Item
from filrouge.core.traces import Link
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.generic import faces_page, facet_menus, filter_of
from filrouge.voices.models import Person

from .models import Quote, Side
from .verbatims import spot

LONG = 420
COLUMNS = {
    "circle": "circle", "author": "author__name", "start": "start", "end": "end",
    "number": "version__number", "current": "version__words__version", "words": "version__words_id",
    "language": "version__words__language", "source": "version__words__source__name",
    "said_at": "version__words__said_at", "received_at": "version__words__received_at",
    "erased_at": "version__words__erased_at",
    "person": "version__words__person_id", "sealed": "version__words__person__sealed",
}  # fmt: skip


@dataclass(frozen=True)
class Served:
    """An Item that a quote speaks for or against."""

    title: str
    url: str
    against: bool


@dataclass(frozen=True)
class Line:
    """A quote of the list; `who` is a name only for those who may know it."""

    pk: int
    text: str
    href: str
    language: str
    source: str
    said_at: datetime | None
    person: int | None
    who: str
    author: str
    private: bool
    serves: tuple[Served, ...]


@access("signed_in")
@require_safe
def quotes(request: HttpRequest) -> HttpResponse:
    """`/quotes/`: users' words that somebody kept, the last changed first."""
    reader: Any = reader_of(request)
    if not reads_items(reader):
        return faces_page(request, Quote, reader)
    filter, problem = filter_of(request, partial(lists.parse, Quote))
    rows = lists.rows(Quote, filter, reader)
    page = filter.page(_with_words(rows), ("text", *COLUMNS.values()))
    total, more = shown(rows, lists.key(Quote, filter, reader))
    context = {
        "filter": filter, "page": page, "lines": lines(page.rows, reader), "total": total, "more": more,
        "problem": problem, "facets": facet_menus(filter), "may_export": may(reader, Act.EXPORT),
        "exportable": filter.with_(cursor="").query_string(),
    }  # fmt: skip
    return render(request, "insights/quotes.html", context, status=422 if problem else 200)


def _with_words(rows: Any) -> Any:
    """With the quoted words alone: the text around them may be a thousand times as long."""
    return rows.annotate(text=Substr("version__text", F("start") + 1, F("end") - F("start")))


def lines(rows: list[Any], reader: User) -> list[Line]:
    serves = served([row.pk for row in rows], reader)
    return [_line(row, tuple(serves[row.pk]), reader) for row in rows]


def _line(row: Any, serves: tuple[Served, ...], reader: User) -> Line:
    its = {name: getattr(row, path) for name, path in COLUMNS.items()}
    erased = its["erased_at"] is not None
    person = Person(pk=its["person"], sealed=its["sealed"] or b"") if its["person"] else None
    return Line(
        row.pk,
        "" if erased else shorten(row.text, LONG, placeholder=" …"),
        spot(its["words"], its["start"], its["end"], its["number"], its["current"]),
        its["language"],
        its["source"],
        its["said_at"] if its["said_at"] != its["received_at"] else None,
        its["person"],
        person.shown_to(reader) if person else "",
        its["author"],
        its["circle"] == "private",
        serves,
    )


def served(quotes: Iterable[int], reader: User) -> dict[int, list[Served]]:
    """What each quote speaks to, of what this reader may see, in the order it was linked."""
    seen = Item.objects.visible_to(reader).active()
    ties = Link.objects.filter(source__in=list(quotes), target__in=seen).order_by("id")
    found: dict[int, list[Served]] = defaultdict(list)
    for quote, relation, pk, label, title in ties.values_list(
        "source_id", "relation", "target_id", "target__type", "target__title"
    ):
        address = f"/{by_label(label).kind.slug}/{pk}/"
        found[quote].append(Served(title, address, relation == Side.CONTRADICTS))
    return found
