"""The sheet that asks, after a card moved, which decision the move follows. It waits; it stops nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filrouge.core.errors import Forbidden, Refused
from filrouge.core.filters import Filter
from filrouge.core.kinds import by_label
from filrouge.core.verbs import verbs_of
from filrouge.lib.numbers import whole
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.asking import Input, answers, inputs
from filrouge.ui.generic import filter_of
from filrouge.ui.itempage import item_of

from . import board
from .deciding import DECISION, followed
from .models import Initiative


@dataclass(frozen=True)
class Sheet:
    """The question about one item: its decision to choose, or why there is none."""

    item: Initiative
    decision: Input
    why: Input

    @property
    def new(self) -> str:
        """Where a decision is written down that the item leads to."""
        return f"/{by_label(DECISION).kind.slug}/new/create/?from_items={self.item.pk}"


def sheet(item: Initiative, reader: User) -> Sheet:
    """What is offered first is what the item follows already."""
    asked = inputs(verbs_of(Initiative)["follow"], Initiative, item, reader, {})
    decision, why = (next(one for one in asked if one.name == name) for name in ("decision", "no_decision"))
    first = {str(one.pk) for one in followed(item, reader)}
    options = sorted(decision.options, key=lambda option: option[0] != "" and option[0] not in first)
    return Sheet(item, replace(decision, options=tuple(options), label=_("Decision")), why)


def asked(request: HttpRequest, reader: User) -> Sheet | None:
    """The sheet that the address names, for whoever may answer it."""
    pk = whole(request.GET.get("asks", ""))
    item = Initiative.objects.visible_to(reader).filter(pk=pk).first() if pk else None
    return sheet(item, reader) if item and board.movable(item, reader) else None


def back(filter: Filter, asks: int | None = None) -> HttpResponse:
    """The board as it was filtered, with the question about an item if there is one."""
    query = "&".join(part for part in (filter.query_string(), f"asks={asks}" if asks else "") if part)
    return HttpResponseRedirect(reverse("roadmap") + (f"?{query}" if query else ""))


@access("signed_in")
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answer; without a script the board comes back, and asks again where something is missing."""
    reader = reader_of(request)
    item, verb = item_of(Initiative, pk, reader), verbs_of(Initiative)["follow"]
    filter, _problem = filter_of(request, board.parse)
    by_script = bool(request.headers.get("X-Board"))
    try:
        verb.ask(item, reader, answers(request.POST, verb, Initiative))
    except Forbidden as error:
        raise PermissionDenied(str(error)) from None
    except Refused as error:
        if by_script:
            return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
        messages.error(request, str(error))
        return back(filter, pk)
    return HttpResponse(status=204) if by_script else back(filter)


def columns(request: HttpRequest, context: dict[str, Any], item: Initiative) -> HttpResponse:
    """The board again after a drag, with the question."""
    asks = sheet(item, reader_of(request))
    return render(request, "roadmap/columns.html", context | {"asks": asks})
