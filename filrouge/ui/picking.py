"""Choosing an Item for a parameter: the latest ones, or those that hold the words typed."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filrouge.core.kinds import all_kinds, by_label, edges_into, item_type
from filrouge.core.models import Item
from filrouge.core.search import matching
from filrouge.lib.numbers import whole
from filrouge.lib.search_text import Query
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User

OFFERED = 50


def kinds_for(owner: type[Item], backwards: bool, relation: str = "") -> list[type[Item]]:
    """The Kinds that this one may lead to, or that may lead to it; by one relation, if it is named."""
    if backwards:
        into = edges_into(owner.type_label())
        found = [model for model, edge in into if relation in ("", edge.relation)]
    else:
        found = [by_label(edge.to) for edge in owner.kind.leads_to]
    return list(dict.fromkeys(found))


def as_typed(q: str) -> Query:
    """The words typed so far: the last one is a beginning."""
    words = q.strip()
    before, _space, last = words.rpartition(" ")
    if before and len(last) == 1 and last.isalnum():
        # One letter is too little to search by: it would empty the list until the second is typed.
        return Query.parse(before)
    bare = words and not words.endswith(('"', "*")) and words[-1].isalnum()
    return Query.parse(f"{words}*" if bare else words)


def candidates(
    models: Iterable[type[Item]], reader: User, q: str, chosen: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Id and title of the Items to choose from, those already chosen first."""
    labels = [model.type_label() for model in models]
    visible = Item.objects.visible_to(reader).filter(type__in=labels)
    kept = [pk for text in chosen if (pk := whole(text))]
    rows = list(visible.filter(pk__in=kept[:200])) if kept else []
    query = as_typed(q)
    found = matching(visible.active(), "core_item", query) if query else visible.active()
    rows += [row for row in found.order_by("-changed_at", "-id")[:OFFERED] if row.pk not in kept]
    return [(str(row.pk), f"{row.title} · {row.type_name}" if len(labels) > 1 else row.title) for row in rows]


@require_safe
@access(Act.SEE_ITEMS)
def pick(request: HttpRequest) -> HttpResponse:
    """The options of a select, for the words typed above it."""
    name = request.GET.get("name", "")
    models = [model for slug in request.GET.get("kinds", "").split(",") if (model := item_type(slug))]
    chosen = request.GET.getlist(name)
    typed = request.GET.get("find", "")
    options = candidates(models or all_kinds(), reader_of(request), typed, chosen)
    return render(
        request, "ui/options.html", {"options": options, "chosen": chosen, "free": "free" in request.GET}
    )
