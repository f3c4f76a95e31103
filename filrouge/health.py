"""`GET /healthz`: whether this installation works, for whoever watches it."""

from __future__ import annotations

import logging

from django.apps import apps
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse

from filrouge.core.search import SEARCHED, condition
from filrouge.jobs.models import state
from filrouge.lib.search_text import Query
from filrouge.people.gate import access

log = logging.getLogger(__name__)


@access("public")
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served; 503 when the database does not answer. Names nothing private."""
    try:
        answer: dict[str, object] = {"status": "ok", "database": _database(), **state(), "search": search()}
    except (DatabaseError, InterfaceError):
        log.exception("the database does not answer")
        connection.close()
        answer = {"status": "degraded", "database": "down", "worker": "unknown", "search": "unknown"}
    compact = {"separators": (",", ":")}  # for whoever watches with grep
    response = JsonResponse(
        answer, status=200 if answer["status"] == "ok" else 503, json_dumps_params=compact
    )
    response["Cache-Control"] = "no-store"
    return response


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def searchable_tables() -> list[str]:
    """Every table with a full-text index."""
    models = (m for m in apps.get_models() if {field.name for field in m._meta.local_fields} >= set(SEARCHED))
    return sorted(model._meta.db_table for model in models)


def search() -> str:
    """Ask each full-text index for a word: an index that is missing or damaged does not answer."""
    query = Query.parse("filrouge")
    try:
        for table in searchable_tables():
            where, parameter = condition(table, query)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1", [parameter])
    except DatabaseError:
        log.exception("a full-text index does not answer")
        return "down"
    return "ok"
