"""What every view of the roadmap shares: its filter, the day it looks back to, and who may add to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from filrouge.core.errors import BadInput
from filrouge.core.filters import Filter
from filrouge.people.gate import reader_of
from filrouge.people.models import User
from filrouge.ui.generic import facet_menus, filter_of, makers

from . import asof, board
from .models import Initiative

ALSO = ("as_of", "from")
"""What an address says beside its filter, and keeps when the filter changes."""


def frame(request: HttpRequest, here: str, parse: Callable[[Any], Filter] = board.parse) -> dict[str, Any]:
    reader = reader_of(request)
    filter, problem = filter_of(request, parse)
    query = filter.with_(cursor="").query_string()
    day = None
    try:
        day = asof.day_of(request.GET.get("as_of", ""))
    except BadInput as error:
        problem = problem or str(error)
    return {
        "here": here,
        "day": day,
        "filter": filter,
        "problem": problem,
        "facets": menus(filter, reader),
        "also": {name: request.GET[name] for name in ALSO if request.GET.get(name)},
        "makers": makers(Initiative, reader),
        "query": f"?{query}" if query else "",
    }


def menus(filter: Filter, reader: User) -> list[dict[str, Any]]:
    """The facets; that of teams begins with the reader's own, several at once."""
    found = facet_menus(filter)
    for menu in found:
        known = {option["value"] for option in menu["options"]}
        mine = sorted(known & {str(pk) for pk in reader.team_ids}) if menu["name"] == "team" else []
        values = {**filter.values, "team": mine}
        menu["mine"] = "?" + filter.with_(values=values, cursor="").query_string() if mine else ""
    return found
