"""One page of words with its filters, as the inbox and the search show it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from filrouge.core.errors import BadInput
from filrouge.core.filters import SHOWN
from filrouge.people.gate import reader_of
from filrouge.voices.reading import count, fair_hunt, parse, words_page
from filrouge.voices.said import traits_of

from .choices import canonical, choices
from .excerpts import lines


def listing(request: HttpRequest, path: str) -> dict[str, Any]:
    """Context for `feedback/words_list.html`; `problem` says what is wrong with the address."""
    try:
        return {"problem": "", **_listing(request, path, request.GET)}
    except BadInput as error:
        return {"problem": str(error), **_listing(request, path, {})}


def _listing(request: HttpRequest, path: str, params: Any) -> dict[str, Any]:
    reader = reader_of(request)
    filter = canonical(parse(params))
    hunted = fair_hunt(filter, reader)
    page = words_page(filter, reader, hunted=hunted)
    number, more = count(filter, reader, SHOWN, hunted)
    shown = choices(filter, page, path, reader)
    return {
        "filter": filter, "page": page, "number": number, "more": more, "choices": shown,
        "lines": lines(page.rows, filter.query, traits_of(page.rows)),
        "older": f"{path}?{page.next.query_string()}" if page.next is not None else "",
        "path": path, "query": shown.filter.query_string(),
    }  # fmt: skip
