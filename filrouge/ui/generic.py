"""Pages of any Kind: list, detail, history, thread. A capability's own page for one comes earlier in urls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.errors import BadInput
from filrouge.core.filters import Filter, shown
from filrouge.core.history import past
from filrouge.core.models import Item
from filrouge.core.thread import thread
from filrouge.core.verbs import Verb, verbs_of
from filrouge.lib.numbers import whole
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.cells import ages_of, columns_of, facts_of, opened_of, prose_of
from filrouge.ui.itempage import item_context, item_of, stops
from filrouge.ui.palette import opens
from filrouge.ui.picture import Picture, draw

PER_PAGE = 50
FACE = ("item_id", "title", "text", "circle", "shown_date")


@require_safe
@access("signed_in")
def list_page(request: HttpRequest, model: type[Item]) -> HttpResponse:
    """`/insights/`: those that pass the filter, the reader's way."""
    reader: Any = request.user
    return items_page(request, model, reader) if reads_items(reader) else faces_page(request, model, reader)


def items_page(request: HttpRequest, model: type[Item], reader: User) -> HttpResponse:
    chosen, problem = filter_of(request, partial(lists.parse, model))
    rows = lists.rows(model, chosen, reader)
    columns = columns_of(model)
    page = chosen.page(rows, ["circle", *(column.path for column in columns)])
    number, more = shown(rows, lists.key(model, chosen, reader))
    context = {
        "model": model, "filter": chosen, "page": page, "count": number, "more": more, "problem": problem,
        "columns": columns, "ages": partial(ages_of, columns),
        "makers": makers(model, reader), "facets": facet_menus(chosen),
        "may_export": may(reader, Act.EXPORT), "exportable": chosen.with_(cursor="").query_string(),
    }  # fmt: skip
    return render(request, "ui/item_list.html", context, status=422 if problem else 200)


def faces_page(request: HttpRequest, model: type[Item], reader: User) -> HttpResponse:
    chosen, problem = filter_of(request, lists.face_filter)
    rows = lists.face_rows(model, chosen, reader)
    number, more = lists.count_faces(model, chosen, reader)
    page = chosen.page(rows, FACE)
    context = {
        "model": model, "filter": chosen, "page": page, "count": number, "more": more,
        "outside": lists.outside(page.rows), "problem": problem, "makers": makers(model, reader),
    }  # fmt: skip
    return render(request, "ui/face_list.html", context, status=422 if problem else 200)


def filter_of(request: HttpRequest, parse: Callable[[Any], Filter]) -> tuple[Filter, str]:
    """The filter of the address, or an empty one with what is wrong with it."""
    try:
        found = parse(request.GET)
        found.where()
        if found.cursor:
            found.order.after(found.cursor)
        return found, ""
    except BadInput as error:
        return parse({}), str(error)


def facet_menus(chosen: Filter) -> list[dict[str, Any]]:
    """Each facet with its options, where they lead and which are on."""
    found = []
    for facet in chosen.facets:
        held = chosen.values.get(facet.name, [])
        options = facet.options() if facet.options else []
        known = {value for value, _text in options}
        options += [(value, f"#{value}") for value in held if value not in known]
        rows = [
            {
                "text": text,
                "value": value,
                "on": value in held,
                "href": "?" + chosen.toggled(facet.name, value).query_string(),
            }
            for value, text in options
        ]
        on = [row for row in rows if row["on"]]
        found += [{"name": facet.name, "label": facet.label, "options": rows, "on": on}] if rows else []
    return found


def makers(model: type[Item], reader: User) -> list[Verb]:
    """The way to make a new one: the main one, or what this person may do in its place."""
    found = [verb for verb in verbs_of(model).values() if verb.makes and verb.allowed(reader, model)]
    found = [verb for verb in found if opens(model, verb.name)]
    return [verb for verb in found if verb.main] or found


@require_safe
@access("public")
def detail_page(request: HttpRequest, model: type[Item], pk: int) -> HttpResponse:
    """`/insights/12/`: the Item for product roles, its approved wording for others."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, model, pk)
    item = item_of(model, pk, reader)
    context = {
        **item_context(item, reader), "model": model,
        "prose": prose_of(item), "own_facts": facts_of(item), "entries": past(item, reader, 5),
    }  # fmt: skip
    return render(request, "ui/item_detail.html", context)


def face_page(request: HttpRequest, model: type[Item], pk: int) -> HttpResponse:
    """The approved wording of an Item, for readers who do not read Items; says nothing of what has none."""
    reader = reader_of(request)
    face = lists.face_of(model, pk, reader)
    if face is None and reader is None:
        return redirect_to_login(request.get_full_path())
    if face is None:
        raise Http404
    walked = thread(face.item, reader)
    context = {
        "model": model, "face": face, "stops": stops(face.item, walked), "opened": opened_of(face),
        "outside": lists.outside([face]).get(face.item_id),
    }  # fmt: skip
    return render(request, "ui/face.html", context)


@require_safe
@access(Act.SEE_ITEMS)
def history_page(request: HttpRequest, model: type[Item], pk: int) -> HttpResponse:
    """`/insights/12/history/`: who did what, when, and what changed."""
    item = item_of(model, pk, request.user)  # type: ignore[arg-type]
    before = whole(request.GET.get("before", ""))
    entries = past(item, request.user, PER_PAGE + 1, before)  # type: ignore[arg-type]
    older = f"?before={entries[PER_PAGE - 1].pk}" if len(entries) > PER_PAGE else ""
    return render(
        request,
        "ui/item_history.html",
        {"model": model, "item": item, "entries": entries[:PER_PAGE], "older": older},
    )


@require_safe
@access("public")
def thread_page(request: HttpRequest, model: type[Item], pk: int) -> HttpResponse:
    """`/insights/12/thread/`: the whole red thread, as a picture and as a list."""
    reader = reader_of(request)
    item, title = thread_root(request, model, pk)
    if item is None:
        return redirect_to_login(request.get_full_path())
    walked = thread(item, reader)
    picture: Picture = draw(item, title, walked)
    context = {"model": model, "item": item, "heading": title, "walked": walked, "picture": picture}
    return render(request, "ui/item_thread.html", context)


def thread_root(request: HttpRequest, model: type[Item], pk: int) -> tuple[Item | None, str]:
    """The Item a thread is drawn for, with the title its reader may see; None sends to the sign-in page."""
    reader = reader_of(request)
    if reads_items(reader):
        item = item_of(model, pk, reader)
        return item, item.title
    face = lists.face_of(model, pk, reader)
    if face is None and reader is not None:
        raise Http404
    return (face.item, face.title) if face else (None, "")
