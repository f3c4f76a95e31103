"""What every page of an Item shows beside its own: the way it came, what can be done, what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.core.history import past
from filrouge.core.kinds import all_kinds, by_label
from filrouge.core.models import Item
from filrouge.core.thread import Node, Thread, thread
from filrouge.core.verbs import Verb, offered
from filrouge.desk.ways import Seen, Stop, stop
from filrouge.people.models import User

RECENT = 6


@dataclass(frozen=True)
class Button:
    """An act of this reader on this Item, and the address of its dialog; `common` to every Item."""

    name: str
    label: str
    url: str
    main: bool
    common: bool


def item_of(model: type[Item], pk: int, reader: User | None) -> Any:
    """The Item as this reader may see it, or the same 404 as if it did not exist."""
    found = next(iter(model.objects.visible_to(reader).filter(pk=pk)), None)
    if found is None:
        raise Http404
    _refer(found)
    return found


def _refer(item: Item) -> None:
    """Read what it refers to, table by table: most are read faster than a join of all is written."""
    tables: dict[Any, list[Any]] = {}
    for field in item._meta.concrete_fields:
        if field.many_to_one:
            tables.setdefault(field.related_model, []).append(field)
    for table, fields in tables.items():
        keys = {getattr(item, field.attname) for field in fields} - {None}
        found = table._base_manager.in_bulk(keys) if keys else {}
        for field in fields:
            field.set_cached_value(item, found.get(getattr(item, field.attname)))


def buttons(item: Item, reader: User | None) -> list[Button]:
    return [_button(item, verb) for verb in offered(reader, item)]


def _button(item: Item, verb: Verb) -> Button:
    url = f"/{item.slug}/{item.pk}/{verb.name}/"
    return Button(verb.name, str(verb.label), url, verb.main, hasattr(Item, verb.name))


def item_context(
    item: Item, reader: User | None, heard: int | None = None, notes: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """For a template that imports `ui/with_item.html`: item, stops, acts, trace.

    `heard` is how many people stand behind it, `notes` says more of several Items of a type.
    """
    walked = thread(item, reader)
    return {
        "item": item,
        "walked": walked,
        "stops": stops(item, walked, heard, notes),
        "acts": buttons(item, reader),
        "trace": past(item, reader, RECENT, changes=False),
    }


def stops(
    item: Item, walked: Thread, heard: int | None = None, notes: Mapping[str, str] | None = None
) -> list[Stop]:
    """One stop for each type on the way, in its order; dashed where nothing is yet of what comes next."""
    said = notes or {}
    causes_of = _causes(type(item))
    before = [pair for pair in _by_type(walked.before, causes_of) if pair[1] or pair[0] == causes_of[0]]
    nearest = {edge.to for edge in by_label(item.type).kind.leads_to}
    after = [pair for pair in _by_type(walked.after, _effects(type(item))) if pair[1] or pair[0] in nearest]
    here = {"title": item.type_name.capitalize(), "note": _("this page"), "state": "current"}
    causes = [_stop(label, nodes, item, said.get(label, "")) for label, nodes in before]
    effects = [_stop(label, nodes, item, said.get(label, "")) for label, nodes in after]
    return [*_people(item, heard), *causes, here, *effects]


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


@cache
def _causes(model: type[Item]) -> list[str]:
    """Types that may lead here, furthest first."""
    into = {
        m.type_label(): [k.type_label() for k in all_kinds() if m.type_label() in _leads(k)]
        for m in all_kinds()
    }
    return _reach(model.type_label(), into)[::-1]


@cache
def _effects(model: type[Item]) -> list[str]:
    """Types that this may lead to, nearest first."""
    return _reach(model.type_label(), {m.type_label(): _leads(m) for m in all_kinds()})


def _leads(model: type[Item]) -> list[str]:
    """Types that come after this one: of two that may lead to each other, what each leads to first says."""
    label = model.type_label()
    others = (edge.to for edge in model.kind.leads_to if edge.to != label)
    return [to for to in others if label not in _first(by_label(to))]


def _first(model: type[Item]) -> list[str]:
    return [edge.to for edge in model.kind.leads_to[:1] if edge.to != model.type_label()]


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
        found.setdefault(node.type, []).append(node)
    return list(found.items())


def _stop(label: str, nodes: list[Node], item: Item, note: str) -> Stop:
    if not nodes:
        name = str(by_label(label)._meta.verbose_name)
        return {"title": name.capitalize(), "note": _("none yet"), "state": "yet"}
    seen = [Seen(node.title, node.state, node.url) for node in nodes]
    said = note or (_states(nodes) if len(nodes) > 1 else "")
    return stop(label, seen, f"/{item.slug}/{item.pk}/thread/", said)


def _states(nodes: list[Node]) -> str:
    """“1 to decide, 2 decided” for several that have a status."""
    counts = Counter(node.state.lower() for node in nodes if node.state)
    return ", ".join(_("%(n)s %(state)s") % {"n": n, "state": state} for state, n in counts.items())
