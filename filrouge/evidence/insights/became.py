"""What became of quotes: the Items that they led to, furthest last, as a reader may see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from filrouge.core.models import Item, Link
from filrouge.people.models import User

from .models import Quote

DEPTH, MOST = 5, 2_000


@dataclass
class Outcome:
    quote: Quote
    led_to: list[Item] = field(default_factory=list)


def outcomes(quotes: list[Quote], reader: User | None) -> list[Outcome]:
    """One walk for all quotes: two queries a step, whatever their number."""
    onward, shown = _walk({quote.pk for quote in quotes}, reader)
    return [Outcome(quote, _reached(quote.pk, onward, shown)) for quote in quotes]


def _walk(edge: set[int], reader: User | None) -> tuple[dict[int, list[int]], dict[int, Item]]:
    onward: dict[int, list[int]] = {}
    shown: dict[int, Item] = {}
    seen = set(edge)
    for _step in range(DEPTH):
        pairs = list(
            Link.objects.filter(source_id__in=edge)
            .order_by("id")
            .values_list("source_id", "target_id")[:MOST]
        )
        new = {target for _source, target in pairs} - seen
        items = Item.objects.visible_to(reader).active().filter(pk__in=new).in_bulk()
        shown |= items
        for source, target in pairs:
            onward.setdefault(source, []).append(target)
        seen |= new
        edge = set(items)
        if not edge:
            break
    return onward, shown


def _reached(start: int, onward: dict[int, list[int]], shown: dict[int, Item]) -> list[Item]:
    found, edge = dict[int, Item](), [start]
    while edge:
        following = [target for source in edge for target in onward.get(source, []) if target in shown]
        edge = [target for target in dict.fromkeys(following) if target not in found]
        found |= {target: shown[target] for target in edge}
    return list(found.values())
