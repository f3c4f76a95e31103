"""The routes of every Kind, built from what it declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import override
from ninja import Router

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.errors import Forbidden, NotFound
from filrouge.core.filters import EXACT, Filter, count
from filrouge.core.history import states
from filrouge.core.models import Item
from filrouge.core.plain import address, face_json, history_json, item_json, items_json, thread_json
from filrouge.core.thread import thread
from filrouge.core.traces import Face
from filrouge.core.verbs import Verb, verbs_of
from filrouge.lib.numbers import whole
from filrouge.people.access import refusal
from filrouge.people.models import User

from .bodies import Done, body_of, once
from .door import answer, by_of
from .reference import tag_of
from .shapes import ERRORS, HistoryOut, ThreadOut, item_shape, list_shape

PREFIX = "/api/v1"
ENTRIES = 100


def routes_of(model: type[Item]) -> Router:
    """`GET` and `POST` of one Kind."""
    with override("en"):
        router = Router(tags=[tag_of(model)])
        one = item_shape(model)
        # An address with a name comes before the one that takes any id; what only this type can do, first.
        for verb in sorted(verbs_of(model).values(), key=lambda verb: (not verb.makes, verb.owner is Item)):
            _acting(router, model, verb, one)
        _reading(router, model, one)
    return router


def _reading(router: Router, model: type[Item], one: Any) -> None:
    slug, name, names = model.kind.slug, str(model._meta.verbose_name), model._meta.verbose_name_plural

    def index(request: HttpRequest) -> HttpResponse:
        return answer(list_json(model, request.GET, by_of(request)))

    def show(request: HttpRequest, id: str) -> HttpResponse:
        return answer(one_json(model, key(id), by_of(request)))

    def way(request: HttpRequest, id: str) -> HttpResponse:
        return answer(way_json(model, key(id), by_of(request)))

    def past(request: HttpRequest, id: str) -> HttpResponse:
        return answer(past_json(model, key(id), by_of(request), request.GET.get("before", "")))

    _get(router, "", index, f"list_{slug}", f"List {names}", list_shape(model, one), _filters(model))
    _get(router, "/{id}", show, f"get_{slug}", f"Read one {name}", one)
    _get(router, "/{id}/thread", way, f"thread_{slug}", f"The red thread of one {name}", ThreadOut)
    before = [_query("before", "integer")]
    _get(router, "/{id}/history", past, f"history_{slug}", f"The history of one {name}", HistoryOut, before)


def _get(
    router: Router,
    path: str,
    view: Callable[..., HttpResponse],
    name: str,
    summary: str,
    shape: Any,
    parameters: list[dict[str, Any]] | None = None,
) -> None:
    extra = {"parameters": parameters} if parameters else None
    router.get(
        path, response={200: shape, **ERRORS}, operation_id=name, summary=summary, openapi_extra=extra
    )(view)


def _query(name: str, kind: str = "string") -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "schema": {"type": kind}}


def _filters(model: type[Item]) -> list[dict[str, Any]]:
    names = ("q", "sort", "cursor", *(facet.name for facet in lists.facets_of(model)))
    return [
        *map(_query, names),
        {**_query("limit", "integer"), "description": "From 1 to 1000; 50 if left out."},
    ]


def _acting(router: Router, model: type[Item], verb: Verb, one: Any) -> None:
    extra = {
        "requestBody": {"required": False, "content": {"application/json": {"schema": _schema(model, verb)}}}
    }
    act = _maker(model, verb) if verb.makes else _actor(model, verb)
    router.post(
        _path(verb), response={201 if verb.makes else 200: one, **ERRORS},
        operation_id=f"{verb.name}_{model.kind.slug}",
        summary=str(verb.label).rstrip("…"), description=verb.__doc__, openapi_extra=extra,
    )(act)  # fmt: skip


def _path(verb: Verb) -> str:
    """Where a Verb is called, check-in as an address says it; `as_in_code` adds check_in."""
    if verb.makes and verb.name == "create":
        return ""
    return ("/" if verb.makes else "/{id}/") + verb.name.replace("_", "-")


def _schema(model: type[Item], verb: Verb) -> dict[str, Any]:
    found = verb.model(model).model_json_schema()
    definitions = found.pop("$defs", {})
    for name, property in found["properties"].items():
        found["properties"][name] = _inlined(property, definitions)
    if not verb.makes:
        found["properties"]["revision"] = {
            "anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}],
            "description": N_("The revision you have read."),
        }
    return found


def _inlined(value: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_inlined(one, definitions) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _inlined(definitions[value["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(one, definitions) for name, one in value.items()}


def _maker(model: type[Item], verb: Verb) -> Callable[[HttpRequest], HttpResponse]:
    def make(request: HttpRequest) -> HttpResponse:
        by = by_of(request)
        verb.check(by, model)
        done, again = once(request, lambda: Done(201, verb.ask(model, by, body_of(request)).pk))
        return told(made_json(model, done.item, by), done, again)

    return make


def _actor(model: type[Item], verb: Verb) -> Callable[[HttpRequest, str], HttpResponse]:
    def act(request: HttpRequest, id: str) -> HttpResponse:
        by, pk = by_of(request), key(id)
        if not verb.allowed(by, item := verb.target(model, pk, by)):
            raise Forbidden(refusal(verb.act))
        done, again = once(request, lambda: perform(verb, item, by, request))
        found = find(model, pk, by)
        return told(item_json(found, by), done, again, ETag=f'"{found.revision}"')

    return act


def perform(verb: Verb, item: Item, by: User, request: HttpRequest) -> Done:
    """Do it; `revision` in the body or If-Match says what the caller has read."""
    verb.check(by, item)
    given = body_of(request)
    revision = request.headers.get("If-Match", "").strip(' "W/') or None
    if isinstance(given, dict):
        revision = given.pop("revision", revision)
    verb.ask(item, by, given, revision)
    return Done(200, item.pk)


def told(value: dict[str, Any], done: Done, again: bool, **headers: str) -> HttpResponse:
    return answer(value, done.status, **headers, **({"Idempotent-Replayed": "true"} if again else {}))


def key(text: str) -> int:
    """The id in an address; what is none is not found."""
    found = whole(text)
    if not found:
        raise NotFound(_("There is nothing here, or you may not see it."))
    return found


def find(model: type[Item], pk: int, by: User) -> Any:
    rows = model.objects.visible_to(by).select_related(*lists.related(model))
    item = rows.filter(pk=pk).first()
    if item is None:
        raise NotFound(_("There is nothing here, or you may not see it."))
    return item


def made_json(model: type[Item], pk: int | None, by: User) -> dict[str, Any]:
    """What was made; somebody who reads no Items learns where it is, and no more than they wrote."""
    if reads_items(by):
        return item_json(find(model, pk or 0, by), by)
    made = model.objects.get(pk=pk, author=by)
    title = states({made.pk: 1})[made.pk]["title"]
    return {"id": made.pk, "type": made.type, "title": title, "url": address(model.kind.slug, made.pk)}


def list_json(model: type[Item], params: Any, by: User) -> dict[str, Any]:
    if reads_items(by):
        chosen = lists.parse(model, params, strict=True)
        return paged(model.kind.slug, chosen, lists.rows(model, chosen, by), items_json)
    chosen = lists.face_filter(params, strict=True)
    return paged(model.kind.slug, chosen, lists.face_rows(model, chosen, by), faces_json)


def faces_json(faces: list[Face]) -> list[dict[str, Any]]:
    return [face_json(face) for face in faces]


def paged(slug: str, chosen: Filter, rows: Any, plain: Callable[[Any], list[Any]]) -> dict[str, Any]:
    page = chosen.page(rows)
    number, more = count(rows, EXACT)
    following = (
        f"{settings.SITE_URL}{PREFIX}/{slug}?{page.next.query_string()}" if page.next is not None else None
    )
    found: dict[str, Any] = {"items": plain(page.rows), "count": number, "next": following}
    return {**found, "more": True} if more else found


def one_json(model: type[Item], pk: int, by: User) -> dict[str, Any]:
    return item_json(find(model, pk, by), by) if reads_items(by) else face_json(face_of(model, pk, by))


def face_of(model: type[Item], pk: int, by: User) -> Face:
    face = lists.face_of(model, pk, by)
    if face is None:
        raise NotFound(_("There is nothing here, or you may not see it."))
    return face


def way_json(model: type[Item], pk: int, by: User) -> dict[str, Any]:
    item = find(model, pk, by) if reads_items(by) else face_of(model, pk, by).item
    return thread_json(thread(item, by), by)


def past_json(model: type[Item], pk: int, by: User, before: str) -> dict[str, Any]:
    item = find(model, pk, by)
    entries = history_json(item, by, ENTRIES + 1, key(before) if before else None)
    last = entries[ENTRIES - 1]["id"] if len(entries) > ENTRIES else None
    following = f"{settings.SITE_URL}{PREFIX}/{model.kind.slug}/{pk}/history?before={last}" if last else None
    return {"items": entries[:ENTRIES], "next": following}
