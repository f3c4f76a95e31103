"""What stands behind an Item: the quotes upstream of it, and on which side each one speaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from filrouge.core.models import Item
from filrouge.core.thread import walk
from filrouge.people.models import User

from .models import Quote, Side

MOST = 5_000
Edge = tuple[int, int, str]


@dataclass(frozen=True)
class Behind:
    """The Items upstream of `root` by id and type, and the edges between them, oldest first."""

    root: int
    types: dict[int, str] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    cut: bool = False
    into: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def of_type(self, label: str) -> list[int]:
        return [pk for pk, its in self.types.items() if its == label]

    def sides(self) -> dict[int, frozenset[bool]]:
        """For each Item upstream: True where it speaks for the root, False where against, both where both.

        What contradicts a counter-argument speaks for the root again.
        """
        found = defaultdict[int, set[bool]](set)
        todo = [(self.root, True)]
        while todo:
            node, agrees = todo.pop()
            for source, relation in self.into.get(node, []):
                side = agrees != (relation == Side.CONTRADICTS)
                if side not in found[source]:
                    found[source].add(side)
                    todo.append((source, side))
        return {pk: frozenset(sides) for pk, sides in found.items() if pk in self.types}

    def quotes(self) -> dict[int, frozenset[bool]]:
        label = Quote.type_label()
        return {pk: sides for pk, sides in self.sides().items() if self.types[pk] == label}


def behind(item: Item, reader: User | None) -> Behind:
    """Everything upstream that this reader may see; nothing is reached through what they may not."""
    types: dict[int, str] = {}
    edges: list[Edge] = []
    seen = Item.objects.visible_to(reader).active()
    for found in walk([item.pk], seen, back=True, most=MOST + 1, ends=Quote.type_label()):
        types |= {edge.far: edge.type for edge in found if edge.far not in types}
        edges += [(edge.far, edge.near, edge.relation) for edge in found]
        if cut := len(found) > MOST or len(types) > MOST:
            break
    return Behind(item.pk, types, edges, cut, _into(edges))


def _into(edges: Iterable[Edge]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for source, target, relation in edges:
        found[target].append((source, relation))
    return dict(found)


def as_frozen(root: int, references: dict[str, Any], reader: User | None) -> Behind:
    """The same, as a decision froze it, for what this reader may see; archived Items are shown still."""
    edges: list[Edge] = [(edge[0], edge[1], edge[2]) for edge in references.get("links", [])]
    items = Item.objects.visible_to(reader).filter(pk__in=references.get("items", {}))
    types: dict[int, str] = dict(items.order_by("pk").values_list("pk", "type"))
    open_edges = [edge for edge in edges if edge[0] in types and (edge[1] in types or edge[1] == root)]
    into = _into(open_edges)
    reached = Behind(root, types, open_edges, into=into).sides()
    return Behind(root, {pk: its for pk, its in types.items() if pk in reached}, open_edges, into=into)
