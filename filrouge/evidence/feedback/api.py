"""Users' words through REST: sent one by one or by the thousand, listed, read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from ninja import Router, Schema

from filrouge.api.bodies import Done, body_of, once
from filrouge.api.door import answer, by_of
from filrouge.api.routes import PREFIX, key, told
from filrouge.api.shapes import ERRORS
from filrouge.core.errors import Forbidden, NotFound
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User
from filrouge.voices.reading import find_words, list_words, parse, words_json

from .intake import receive_json

router = Router(tags=[N_("Feedback")])


class WordsOut(Schema):
    id: int
    source: str
    external_id: str | None
    text: str
    title: str
    author: str | None
    person: str | None
    company: str | None
    language: str
    rating: int | None
    url: str
    created_at: datetime
    received_at: datetime
    segments: dict[str, str]
    version: int


class WordsList(Schema):
    items: list[WordsOut]
    count: int
    next: str | None
    more: bool | None = None


class Trouble(Schema):
    line: int
    column: str
    reason: str


class Receipt(Schema):
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[Trouble]


FIELDS = ("text", "external_id", "created_at", "title", "author", "email", "company", "url", "language")
ITEM = {
    "type": "object",
    "required": ["text"],
    "description": N_("Any other name is a segment of the person who said it."),
    "properties": {**{name: {"type": "string"} for name in FIELDS}, "rating": {"type": "integer"}},
    "additionalProperties": {"type": ["string", "number", "boolean"]},
}
BODY = {
    "type": "object",
    "required": ["source", "items"],
    "properties": {
        "source": {"type": "string", "maxLength": 120},
        "items": {"type": "array", "items": ITEM, "maxItems": 1000},
    },
}


def _allowed(by: User, act: Act) -> None:
    if not may(by, act):
        raise Forbidden(refusal(act))


def _parameter(name: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "schema": {"type": "string"}}


QUERY = [
    _parameter(name) for name in ("q", "limit", "cursor", "sort", *(facet.name for facet in parse({}).facets))
]


@router.get(
    "", response={200: WordsList, **ERRORS}, operation_id="list_feedback",
    summary=N_("List and search users' words"),
    openapi_extra={"parameters": QUERY},
)  # fmt: skip
def index(request: HttpRequest) -> HttpResponse:
    by = by_of(request)
    _allowed(by, Act.READ_MASKED)
    found = list_words(request.GET, by)
    if found["next"] is not None:
        found["next"] = f"{settings.SITE_URL}{PREFIX}/feedback?{found['next']}"
    return answer(found)


@router.get(
    "/{id}", response={200: WordsOut, **ERRORS}, operation_id="get_feedback", summary=N_("Read one text")
)
def show(request: HttpRequest, id: str) -> HttpResponse:
    by = by_of(request)
    _allowed(by, Act.READ_MASKED)
    words = find_words(key(id), by)
    if words is None:
        raise NotFound(_("There is nothing here, or you may not see it."))
    return answer(words_json(words, by))


@router.post(
    "", response={200: Receipt, **ERRORS}, operation_id="send_feedback",
    summary=N_("Send one text, or up to 1,000"),
    description=N_("The same source and external id again changes nothing, or the text if it differs."),
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": BODY}}}},
)  # fmt: skip
def send(request: HttpRequest) -> HttpResponse:
    by = by_of(request)
    _allowed(by, Act.IMPORT)
    done, again = once(request, lambda: Done(200, receipt=receive_json(body_of(request), by)))
    return told(done.receipt, done, again)
