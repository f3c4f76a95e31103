"""What is done about a finding here: link what should lead to the Item, or silence the rule for a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from filrouge.core.errors import Forbidden, Refused
from filrouge.core.kinds import item_type
from filrouge.core.models import Item
from filrouge.lib.numbers import whole
from filrouge.people.access import Act, may, refusal
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.picking import candidates

from .models import Waiver
from .rules import rule_named

USUAL = timedelta(days=90)


def _item(request: HttpRequest, pk: int) -> Any:
    found = Item.objects.visible_to(reader_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found.specific


@access(Act.SEE_ITEMS)
@require_http_methods(["GET", "HEAD", "POST"])
def waive(request: HttpRequest, pk: int, id: str) -> HttpResponse:
    """Silence a rule on an Item, with a reason and a last day."""
    item, rule, reader, error = _item(request, pk), rule_named(id), reader_of(request), None
    if rule is None:
        raise Http404
    if not rule.may_mend(reader, item):
        raise PermissionDenied(rule.refusal(item))
    usual = (timezone.localdate() + USUAL).isoformat()
    given = {"reason": request.POST.get("reason", ""), "until": request.POST.get("until", usual)}
    if request.method == "POST":
        try:
            Waiver.give(rule, item, given["reason"], _day(given["until"]), by=reader)
            messages.success(request, _("Silenced. The rule speaks again after that day."))
            return HttpResponseRedirect(item.get_absolute_url())
        except Refused as refused:
            error = refused
    context = {"item": item, "rule": rule, "given": given, "error": error, "today": timezone.localdate()}
    return render(request, "coherence/waive.html", context, status=error.status if error else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@access(Act.SEE_ITEMS)
@require_POST
def end_waiver(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the rule speak again."""
    waiver = get_object_or_404(Waiver.objects.select_related("item"), pk=pk)
    item, rule = _item(request, waiver.item_id), rule_named(waiver.rule)
    if rule is None:
        raise Http404
    try:
        waiver.end(rule, by=reader_of(request))
        messages.success(request, _("The rule speaks again."))
    except Forbidden as refused:
        raise PermissionDenied(refused.sentence) from None
    except Refused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(item.get_absolute_url())


@access(Act.SEE_ITEMS)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Link what should lead to an Item, from the Item itself."""
    item, model, reader = _item(request, pk), item_type(slug), reader_of(request)
    edge = model.kind.relation("", item.type) if model else None
    if model is None or edge is None:
        raise Http404
    if not may(reader, edge.may, item):
        raise PermissionDenied(refusal(edge.may))
    chosen, error = request.POST.get("source", ""), None
    if request.method == "POST" and not (error := _brought(item, chosen, edge.relation, reader)):
        messages.success(request, _("Linked."))
        return HttpResponseRedirect(item.get_absolute_url())
    options = candidates([model], reader, request.GET.get("find", ""), [chosen] if chosen else [])
    context = {
        "item": item,
        "model": model,
        "edge": edge,
        "options": options,
        "chosen": chosen,
        "error": error,
    }
    return render(request, "coherence/bring.html", context, status=error.status if error else 200)


def _brought(item: Item, source: str, relation: str, by: User) -> Refused | None:
    """Link them, or say why not: a page tells it beside the choice."""
    try:
        with transaction.atomic():
            item.bring([{"item": whole(source) or 0, "relation": relation}], by=by)
    except Forbidden as refused:
        raise PermissionDenied(refused.sentence) from None
    except Refused as refused:
        return refused
    return None
