"""What every page of an Item shows beside its own: the way it came, what can be done, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.core.kinds import all_kinds, by_label
from filrouge.core.models import Item
from filrouge.core.thread import Node, Thread, thread
from filrouge.core.traces import History
from filrouge.core.verbs import Verb, offered, verbs_of
from filrouge.people.models import User

Stop = dict[str, Any]
RECENT = 6


@dataclass(frozen=True)
class Button:
    """An act of this reader on this Item, and the address of its dialog."""

    name: str
    label: str
    url: str
    main: bool


def item_of(model: type[Item], pk: int, reader: User | None) -> Any:
    """The Item as this reader may see it, or the same 404 as if it did not exist."""
    related = [f.name for f in model._meta.get_fields() if f.many_to_one and f.name != "item_ptr"]
    found = model.objects.visible_to(reader).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def buttons(item: Item, reader: User | None) -> list[Button]:
    return [_button(item, verb) for verb in offered(reader, item)]


def _button(item: Item, verb: Verb) -> Button:
    return Button(verb.name, str(verb.label), f"/{item.slug}/{item.pk}/{verb.name}/", verb.main)


def item_context(item: Item, reader: User | None, heard: int | None = None) -> dict[str, Any]:
    """For a template that imports `ui/with_item.html`: item, stops, acts, trace."""
    return {
        "item": item,
        "stops": stops(item, thread(item, reader), heard),
        "acts": buttons(item, reader),
        "trace": trace(item),
    }


def trace(item: Item, most: int = RECENT) -> list[tuple[str, History]]:
    """The latest acts on an Item, each by the name that its dialog has."""
    verbs = verbs_of(type(item))
    rows = History.objects.filter(item_id=item.pk).select_related("by").order_by("-id")[:most]
    return [(_past(verbs.get(row.verb), row.verb), row) for row in rows]


def _past(verb: Verb | None, name: str) -> str:
    return str(verb.done).rstrip("…") if verb else name


def stops(item: Item, walked: Thread, heard: int | None = None) -> list[Stop]:
    """One stop for each type on the way, in the order of the way; dashed where nothing is yet."""
    before = [_stop(label, nodes, item) for label, nodes in _by_type(walked.before, _causes(type(item)))]
    after = [_stop(label, nodes, item) for label, nodes in _by_type(walked.after, _effects(type(item)))]
    here = {"title": item.type_name.capitalize(), "note": _("this page"), "state": "current"}
    return [*_people(item, heard), *before, here, *after]


def _people(item: Item, heard: int | None) -> list[Stop]:
    if heard is None:
        return []
    if not heard:
        return [{"title": _("Nobody"), "note": _("no words behind it yet"), "state": "yet"}]
    title = ngettext("%(n)s person", "%(n)s people", heard) % {"n": heard}
    return [{"title": title, "note": _("said it"), "url": _heard_url(item)}]


def _heard_url(item: Item) -> str:
    try:
        return reverse("heard", args=[item.pk])
    except NoReverseMatch:
        return ""


def _causes(model: type[Item]) -> list[str]:
    """Types that may lead here, furthest first."""
    into = {
        m.type_label(): [k.type_label() for k in all_kinds() if m.type_label() in _leads(k)]
        for m in all_kinds()
    }
    return [label for label in _reach(model.type_label(), into)][::-1]


def _effects(model: type[Item]) -> list[str]:
    """Types that this may lead to, nearest first."""
    return _reach(model.type_label(), {m.type_label(): _leads(m) for m in all_kinds()})


def _leads(model: type[Item]) -> list[str]:
    return [edge.to for edge in model.kind.leads_to]


def _reach(start: str, edges: dict[str, list[str]]) -> list[str]:
    """Every type on the way from `start`, each at its longest distance."""
    distance: dict[str, int] = {}
    todo = [(start, 0)]
    while todo:
        label, steps = todo.pop()
        for following in edges.get(label, []):
            if following != start and distance.get(following, 0) < steps + 1 <= len(edges):
                distance[following] = steps + 1
                todo.append((following, steps + 1))
    return sorted(distance, key=lambda label: distance[label])


def _by_type(nodes: list[Node], expected: list[str]) -> list[tuple[str, list[Node]]]:
    """Nodes by type in the order of the way, expected types without one included."""
    found: dict[str, list[Node]] = {label: [] for label in expected}
    for node in nodes:
        found.setdefault(node.item.type, []).append(node)
    return list(found.items())


def _stop(label: str, nodes: list[Node], item: Item) -> Stop:
    model = by_label(label)
    if not nodes:
        return {"title": str(model._meta.verbose_name).capitalize(), "note": _("none yet"), "state": "yet"}
    if len(nodes) == 1:
        only = nodes[0]
        note = only.item.status_label if only.item.status else only.label
        return {
            "title": only.title,
            "note": f"{model._meta.verbose_name}, {note}",
            "url": only.item.get_absolute_url(),
        }
    title = f"{len(nodes)} {model._meta.verbose_name_plural}"
    return {"title": title, "note": _labels(nodes), "url": f"/{item.slug}/{item.pk}/thread/"}


def _labels(nodes: list[Node]) -> str:
    """“supports 9, contradicts 3” for several, by how they are tied or in which state they are."""
    counts: dict[str, int] = {}
    for node in nodes:
        word = node.item.status_label if node.item.status else node.label
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{number} {word}" for word, number in counts.items())
