"""The palette: Items by the words typed so far, acts on the Item of this page, ways to make one, places."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.kinds import all_kinds
from filrouge.core.models import Item
from filrouge.core.search import matching
from filrouge.core.verbs import offered, verbs_of
from filrouge.lib.numbers import whole
from filrouge.lib.search_text import fold
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.navigation import navigation
from filrouge.ui.picking import as_typed

FOUND = 12
TYPED = 200
Entry = dict[str, str]


@require_safe
@access("signed_in")
def palette(request: HttpRequest) -> JsonResponse:
    """`/palette/?q=&at=`: what can be opened or done from here, in the order of nearness."""
    q = request.GET.get("q", "").replace("\x00", "")[:TYPED].strip()
    reader = reader_of(request)
    here = [*acts_here(request.GET.get("at", ""), reader), *makers(reader)]
    said = [entry for entry in [*here, *places(request)] if all_in(q, f"{entry['label']} {entry['hint']}")]
    return JsonResponse({"items": [*found(q, reader), *said]})


def all_in(q: str, text: str) -> bool:
    """Whether each word typed begins a word of the text."""
    words = re.split(r"[\s’'-]+", fold(text))
    return all(any(word.startswith(part) for word in words) for part in fold(q).split())


def found(q: str, reader: User) -> list[Entry]:
    """Items that hold the words, latest first; without words, the latest."""
    if not reads_items(reader):
        return faces_found(q, reader)
    rows = Item.objects.visible_to(reader).active()
    query = as_typed(q)
    if q and not query:
        return []
    rows = matching(rows, "core_item", query) if query else rows
    latest = rows.select_related("team").order_by("-changed_at", "-id")[: FOUND if q else 5]
    return [
        entry(row.title, row.type_name, row.get_absolute_url(), _("Items") if q else _("Latest"))
        for row in latest
    ]


def faces_found(q: str, reader: User) -> list[Entry]:
    rows = lists.face_rows(None, lists.face_filter({"q": [q]}), reader)
    latest = rows.select_related("item").order_by("-approved_at", "-id")[:FOUND]
    return [entry(row.title, row.item.type_name, row.item.get_absolute_url(), _("To read")) for row in latest]


def acts_here(at: str, reader: User) -> list[Entry]:
    """What this person can do now to the Item whose page is open."""
    item = item_at(at, reader)
    if item is None:
        return []
    label = _("On this page")
    return [
        entry(str(v.label), item.title, f"{item.get_absolute_url()}{v.name}/", label, "dialog")
        for v in offered(reader, item)
    ]


def item_at(at: str, reader: User) -> Any:
    parts = urlsplit(at).path.strip("/").split("/") if at.startswith("/") and at.isprintable() else []
    known = {model.kind.slug: model for model in all_kinds()}
    if len(parts) < 2 or parts[0] not in known or not (pk := whole(parts[1])):
        return None
    return known[parts[0]].objects.visible_to(reader).filter(pk=pk).first()


def makers(reader: User) -> list[Entry]:
    return [
        entry(maker_label(model, verb), "", f"/{model.kind.slug}/new/{verb.name}/", _("Make"), "dialog")
        for model in all_kinds()
        for verb in verbs_of(model).values()
        if verb.makes and verb.allowed(reader, model) and opens(model, verb.name)
    ]


def opens(model: type[Item], name: str) -> bool:
    """A Kind whose making starts elsewhere (a quote, in the words) is not offered here."""
    required = [
        info for info in verbs_of(model)[name].model(model).model_fields.values() if info.is_required()
    ]
    return not model.kind.personal or not required


def maker_label(model: type[Item], verb: Any) -> str:
    """“Create” alone says too little in a list of everything."""
    plain = str(verb.label) == str(vars(Item)["create"].label)
    return _("Create: %(kind)s") % {"kind": model._meta.verbose_name} if plain else str(verb.label)


def places(request: HttpRequest) -> list[Entry]:
    return [
        entry(
            str(place.label), str(section.label), place.url, _("Go to"),
            "dialog" if place.entry.dialog else "get",
        )
        for section in navigation(request, ("top", "", "evidence", "alignment", "settings", "me"))
        for place in section.places
    ]  # fmt: skip


def entry(label: str, hint: str, url: str, group: str, method: str = "get") -> Entry:
    return {"label": label, "hint": hint, "url": url, "group": group, "method": method}
