"""The roadmap: now, next, later and shipped; a timeline; releases; and one roadmap item."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.errors import Forbidden, Refused
from filrouge.core.filters import Filter, shown
from filrouge.lib.months import months_after
from filrouge.lib.numbers import whole
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.generic import face_page, filter_of
from filrouge.ui.itempage import item_context, item_of

from . import board, deciding_pages, past_pages, stages, timeline
from .deciding import followed, still_open
from .dependencies import around, needs_of
from .frame import frame
from .models import Initiative
from .moves import acts_of, moves, undecided
from .narrow import SHOWN, rows_of
from .phases import phases_of
from .told import told

Context = dict[str, Any]
RELEASED = ("title", "version", "shipped_on", "notes", "address", "team__name")
Page = Callable[[HttpRequest, User, Context], HttpResponse]


def view(here: str, parse: Callable[[Any], Filter] = board.parse) -> Callable[[Page], Callable[..., Any]]:
    """A view of the roadmap; who reads no Items gets what is told, who asks for a day what stood then."""

    def opened(page: Page) -> Callable[..., Any]:
        @access("signed_in")
        @require_safe
        @wraps(page)
        def answered(request: HttpRequest) -> HttpResponse:
            reader = reader_of(request)
            if not reads_items(reader):
                return told(request, reader)
            context = frame(request, here, parse)
            if context["day"]:
                return past_pages.stood(request, context, context["day"])
            return page(request, reader, context)

        return answered

    return opened


def _answer(request: HttpRequest, template: str, context: Context) -> HttpResponse:
    return render(request, template, context, status=422 if context["problem"] else 200)


@view("board")
def roadmap(request: HttpRequest, reader: User, context: Context) -> HttpResponse:
    """Now, next, later, and what shipped last."""
    context |= _columns(context["filter"], reader) | {"asks": deciding_pages.asked(request, reader)}
    return _answer(request, "roadmap/board.html", context)


def _columns(filter: Filter, reader: User) -> Context:
    columns, latest = board.columns(filter, reader)
    return {"columns": columns, "latest": latest}


@view("stages")
def stages_page(request: HttpRequest, reader: User, context: Context) -> HttpResponse:
    """The board: planned, in progress, shipped, dropped."""
    context["stages"] = stages.stages(context["filter"], reader)
    return _answer(request, "roadmap/stages.html", context)


@view("timeline")
def timeline_page(request: HttpRequest, reader: User, context: Context) -> HttpResponse:
    """What has dates, by team over twelve months; what has none, below."""
    start = timeline.first_month(request.GET.get("from", ""))
    skipped = whole(request.GET.get("row", ""), below=100_000) or 0
    dated, undated = timeline.placed(context["filter"], reader, start)
    context |= {
        "start": start,
        "chunk": timeline.chunk(dated, reader, start, skipped),
        "today": timeline.today_in(start),
    }
    if skipped and request.headers.get("HX-Request"):
        return render(request, "roadmap/lanes.html", context)
    context |= {
        "earlier": months_after(start, -3),
        "later": months_after(start, 3),
        "periods": timeline.periods(start),
        "undated": board.of_keys(undated[: timeline.UNDATED]),
        "undated_count": len(undated),
    }
    return _answer(request, "roadmap/timeline.html", context)


@view("list", board.parse_list)
def list_page(request: HttpRequest, reader: User, context: Context) -> HttpResponse:
    """The same items as a list: by team in its product manager's order, or in one that the reader chooses."""
    return _answer(request, "roadmap/list.html", context | _rows(context["filter"], reader))


def _rows(filter: Filter, reader: User) -> Context:
    rows = board.listed(filter, reader)
    page = filter.page(rows, SHOWN)
    total, more = shown(rows, f"plan:{lists.key(Initiative, filter, reader)}")
    listed = rows_of(page.rows)
    needs = needs_of(listed, reader)
    cards = [board.Card(row, board.movable(row, reader), needs[row.pk]) for row in listed]
    by_hand, query = filter.order is board.HAND, filter.query_string()
    groups = board.by_team(cards) if by_hand else [("", cards)]
    return {
        "page": page,
        "groups": [(team, board.lines(held, query, by_hand)) for team, held in groups],
        "by_hand": by_hand,
        "total": total,
        "more": more,
    }


@view("releases")
def releases(request: HttpRequest, reader: User, context: Context) -> HttpResponse:
    """What shipped, newest first, with what it answered."""
    filter = context["filter"]
    rows = board.shipped(filter, reader)
    page = filter.page(rows, RELEASED)
    total, more = shown(rows, f"shipped:{lists.key(Initiative, filter, reader)}")
    reasons = board.reasons([row.pk for row in page.rows], reader)
    releases = [(row, reasons[row.pk]) for row in page.rows]
    context |= {"page": page, "releases": releases, "total": total, "more": more}
    return _answer(request, "roadmap/releases.html", context)


@access("signed_in")
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an item under another horizon, its dates kept: what a drag on the board and the card's menu do."""
    reader = reader_of(request)
    item = item_of(Initiative, pk, reader)
    kept = ("starts", "starts_precision", "ends", "ends_precision")
    given = {"horizon": request.POST.get("horizon", "")} | {name: getattr(item, name) for name in kept}
    try:
        item.schedule(by=reader, revision=_read(request), **given)
    except Forbidden as error:
        raise PermissionDenied(str(error)) from None
    except Refused as error:
        return _refused(request, error)
    return _moved(request, item)


@access("signed_in")
@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an item before another of its team: what a drag in the list and the row's menu do."""
    reader = reader_of(request)
    item = item_of(Initiative, pk, reader)
    try:
        item.place(by=reader, revision=_read(request), before=request.POST.get("before") or None)
    except Forbidden as error:
        raise PermissionDenied(str(error)) from None
    except Refused as error:
        return _refused(request, error, "roadmap-list")
    filter, _problem = filter_of(request, board.parse_list)
    if request.headers.get("X-Board"):
        context = {"filter": filter, **_rows(filter, reader)}
        return render(request, "roadmap/rows.html", context)
    return HttpResponseRedirect(f"{reverse('roadmap-list')}?{filter.query_string()}")


def _read(request: HttpRequest) -> int | None:
    """The revision that the page showed, which the button's address names."""
    return whole(request.POST.get("revision") or request.GET.get("revision", ""))


def _refused(request: HttpRequest, error: Refused, back: str = "roadmap") -> HttpResponse:
    if request.headers.get("X-Board"):
        return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
    messages.error(request, str(error))
    return HttpResponseRedirect(reverse(back))


def _moved(request: HttpRequest, item: Initiative) -> HttpResponse:
    """The columns again for the script that asked, the page for a plain form; each asks what it follows."""
    filter, _problem = filter_of(request, board.parse)
    if not request.headers.get("X-Board"):
        return deciding_pages.back(filter, item.pk)
    context = {"filter": filter, "query": "?" + filter.query_string()}
    context |= _columns(filter, reader_of(request))
    return deciding_pages.columns(request, context, item)


@access("public")
@require_safe
def initiative(request: HttpRequest, pk: int) -> HttpResponse:
    """One roadmap item: why, when, what was decided, what shipped."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, Initiative, pk)
    item = item_of(Initiative, pk, reader)
    decisions = followed(item, reader)
    acts = acts_of(item)
    said = moves(acts)
    context = item_context(item, reader) | {
        "reasons": [edge.item for edge in board.reasons([pk], reader)[pk]],
        "movable": board.movable(item, reader), "needs": around([pk], reader)[pk],
        "phases": phases_of(item), "worksheets": item.worksheets.select_related("by"),
        "followed": decisions, "waiting": still_open(decisions), "undecided": undecided(acts), "moves": said,
        "forecast": past_pages.forecast_of(item, said[0], reader) if said else None,
    }  # fmt: skip
    return render(request, "roadmap/initiative.html", context)
