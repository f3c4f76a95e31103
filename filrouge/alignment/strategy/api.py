"""The log of a key result through REST: every observation, the newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as N_
from ninja import Router, Schema

from filrouge.api.door import answer, by_of
from filrouge.api.routes import ENTRIES, PREFIX, find, key
from filrouge.api.shapes import ERRORS, Named
from filrouge.people.models import User

from .models import KeyResult
from .surroundings import log_json

log = Router(tags=["Key results"])
BEFORE = {"in": "query", "name": "before", "required": False, "schema": {"type": "integer"}}


class LineOut(Schema):
    id: int
    value: float
    at: datetime
    noted_at: datetime
    by: Named | None
    confidence: int | None
    status: Literal["on_track", "behind", "at_risk"] | None
    note: str
    source: str


class LogOut(Schema):
    items: list[LineOut]
    next: str | None


@log.get(
    "/{id}/log", response={200: LogOut, **ERRORS}, operation_id="log_key-results",
    summary=N_("The log of one key result"), openapi_extra={"parameters": [BEFORE]},
)  # fmt: skip
def read_log(request: HttpRequest, id: str) -> HttpResponse:
    return answer(logged(key(id), by_of(request), request.GET.get("before", "")))


def logged(pk: int, by: User, before: str) -> dict[str, Any]:
    item = find(KeyResult, pk, by)
    lines = log_json(item, ENTRIES + 1, key(before) if before else None)
    last = lines[ENTRIES - 1]["id"] if len(lines) > ENTRIES else None
    following = f"{settings.SITE_URL}{PREFIX}/key-results/{pk}/log?before={last}" if last else None
    return {"items": lines[:ENTRIES], "next": following}
