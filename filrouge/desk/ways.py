"""The way to several Items at once, drawn as one short thread for each: for lists that show why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from filrouge.core.kinds import by_label, status_in_words
from filrouge.core.models import Item
from filrouge.core.thread import Edge, near
from filrouge.people.models import User

DEPTH = 3
MOST = 500
Stop = dict[str, Any]


def ways(items: Iterable[Item], reader: User) -> dict[int, list[Stop]]:
    """For each Item its stops: what led to it, furthest first, the Item itself, what it was decided in."""
    known = {item.pk: item for item in items}
    seen = Item.objects.visible_to(reader).active()
    before = near(known, seen, back=True, depth=DEPTH, most=MOST)
    after = near(known, seen, back=False, depth=1, most=MOST)
    return {
        pk: [*(_stops(before[pk]) or [_unknown()]), _here(item), *_stops(after[pk])]
        for pk, item in known.items()
    }


def _stops(edges: list[Edge]) -> list[Stop]:
    """One stop for each type, the furthest first: its title if it is alone, else how many there are."""
    by_type: dict[str, list[Seen]] = {}
    for one in reversed(edges):
        seen = Seen(one.title, status_in_words(one.type, one.status), one.url)
        by_type.setdefault(one.type, []).append(seen)
    return [stop(label, found) for label, found in by_type.items()]


class Seen(NamedTuple):
    """What a stop says of one Item, in the words that the reader may see."""

    title: str
    state: str
    url: str


def stop(label: str, found: Sequence[Seen], url: str = "", note: str = "") -> Stop:
    """One stop for all of a type: the only one by its title, several by their number."""
    names = by_label(label)._meta
    if len(found) > 1:
        return {"title": f"{len(found)} {names.verbose_name_plural}", "note": note, "url": url}
    only = found[0]
    state = f"{names.verbose_name}, {only.state.lower()}" if only.state else str(names.verbose_name)
    return {"title": only.title, "note": note or state, "url": only.url}


def _unknown() -> Stop:
    return {"title": _("Why?"), "note": _("nothing leads to it yet"), "state": "yet"}


def _here(item: Item) -> Stop:
    return {"title": item.type_name.capitalize(), "note": item.status_label.lower(), "state": "current"}
