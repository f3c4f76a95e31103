"""The red thread of an Item: what leads to it and what it led to, step by step, as a reader may see it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from filrouge.people.models import User

from . import lists
from .circles import Circle, reads_items
from .kinds import by_label, status_in_words
from .models import Face, Item

MOST_NODES = 300
MOST_FROZEN = 5_000
DEPTH = 6
TOLD = ("id", "type", "title", "status")


@dataclass(frozen=True)
class Node:
    """An Item on the thread: `step` is negative before, positive after, `label` what it does to `via`.

    `title` and `state` are in the words that the reader may see; `item` itself is not for every reader.
    """

    item: Item
    title: str
    step: int
    relation: str
    label: str
    via: int
    note: str = ""
    state: str = ""


@dataclass(frozen=True)
class Thread:
    before: list[Node]
    after: list[Node]
    cut: bool

    def steps(self) -> list[tuple[int, list[Node]]]:
        """Nodes grouped by distance, furthest cause first."""
        found: dict[int, list[Node]] = {}
        for node in [*self.before, *self.after]:
            found.setdefault(node.step, []).append(node)
        return sorted(found.items())


class Edge(NamedTuple):
    """An edge from an Item near the start of a walk to one further away; `title` and on, where asked for."""

    near: int
    far: int
    relation: str
    type: str
    title: str = ""
    status: str = ""
    note: str = ""

    @property
    def url(self) -> str:
        return f"/{by_label(self.type).kind.slug}/{self.far}/"

    @property
    def item(self) -> Item:
        """The further one, as much of it as is known."""
        return Item.from_db("default", TOLD, (self.far, self.type, self.title, self.status))


def walk(
    roots: Iterable[int], seen: QuerySet[Item], *, back: bool, most: int | None = None, told: bool = False,
    ends: str = "",
) -> Iterator[list[Edge]]:  # fmt: skip
    """The edges of each step away from `roots` to Items of `seen`, oldest first: one query a step.

    Nothing is reached through Items that are not `seen`, nor through those of the type `ends`.
    """
    link, side = ("links_out", "target") if back else ("links_in", "source")
    columns = [f"{link}__{side}_id", "pk", f"{link}__relation", "type"]
    columns += ["title", "status", f"{link}__note"] if told else []
    rows = seen.filter(**{f"{link}__{side}__in": RawSQL(OF_LEVEL[connection.vendor], [LEVEL])})
    ask = _asked(rows.order_by(f"{link}__id").values_list(*columns)[:most])
    level = reached = set(roots)
    while level:
        found = [Edge(*row) for row in ask(level)]
        yield found
        level = {edge.far for edge in found if edge.type != ends} - reached
        reached = reached | level


LEVEL = object()
OF_LEVEL = {
    "postgresql": "SELECT jsonb_array_elements_text(%s::jsonb)::bigint",
    "sqlite": "SELECT value FROM json_each(%s)",
}


def among(keys: Iterable[int]) -> RawSQL:
    """Keys as one parameter: a query that names many costs what it costs to name one."""
    return RawSQL(OF_LEVEL[connection.vendor], [json.dumps(list(keys))])


def _asked(rows: QuerySet[Any]) -> Callable[[set[int]], list[Any]]:
    """A query written once for all steps: to write it takes longer than to run it."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return lambda level: []

    def ask(level: set[int]) -> list[Any]:
        keys = json.dumps(sorted(level))
        with connection.cursor() as cursor:
            cursor.execute(sql, [keys if one is LEVEL else one for one in params])
            return list(cursor.fetchall())

    return ask


def within(
    roots: Collection[int], seen: QuerySet[Item], *, back: bool, depth: int, most: int | None = None
) -> dict[int, list[Item]]:
    """The Items of `seen` within some steps of each root, the nearest first: one walk for all of them."""
    onward, items = defaultdict[int, list[int]](list), dict[int, Item]()
    for edges in islice(walk(roots, seen, back=back, most=most, told=True), depth):
        for edge in edges:
            onward[edge.near].append(edge.far)
            items[edge.far] = items.get(edge.far) or edge.item
    return {root: [items[pk] for pk in _reached(root, onward, depth)] for root in roots}


def _reached(root: int, onward: Mapping[int, list[int]], depth: int) -> Collection[int]:
    found: dict[int, None] = {}
    level: Collection[int] = [root]
    for _step in range(depth):
        further = dict.fromkeys(far for near in level for far in onward.get(near, ()))
        # Met again further away, it moves to the far end.
        found = {pk: None for pk in found if pk not in further} | further
        level = further
    return found


def thread(item: Item, reader: User | None, depth: int = DEPTH) -> Thread:
    before, cut_before = _nodes(item, reader, depth, back=True)
    after, cut_after = _nodes(item, reader, depth, back=False)
    return Thread(before, after, cut_before or cut_after)


def causes(item: Item, reader: User | None) -> list[Node]:
    """What leads to an Item, the nearest first."""
    return _nodes(item, reader, DEPTH, back=True)[0]


def _nodes(item: Item, reader: User | None, depth: int, back: bool) -> tuple[list[Node], bool]:
    steps = walk([item.pk], _seen(reader), back=back, most=MOST_NODES + 1, told=True)
    found: dict[int, Node] = {}
    for distance, edges in enumerate(islice(steps, depth), 1):
        for edge in edges:
            if edge.far != item.pk and edge.far not in found:
                found[edge.far] = _node(edge, item, found, -distance if back else distance)
        if len(found) >= MOST_NODES:
            break
    nodes = list(found.values())[:MOST_NODES]
    return nodes if reads_items(reader) else _faced(nodes, reader), len(found) > MOST_NODES


def _seen(reader: User | None) -> QuerySet[Item]:
    """The Items that a reader may see, themselves or in an approved wording."""
    faces = Face.objects.visible_to(reader).filter(item=OuterRef("pk"))
    seen = Item.objects.visible_to(reader) if reads_items(reader) else Item.objects.filter(Exists(faces))
    return seen  # type: ignore[no-any-return]


def _node(edge: Edge, root: Item, found: dict[int, Node], step: int) -> Node:
    """`found` holds every Item that the walk came through."""
    near = root.type if edge.near == root.pk else found[edge.near].item.type
    source, target = (edge.type, near) if step < 0 else (near, edge.type)
    label = _label(source, edge.relation, target, step < 0, get_language())
    state = status_in_words(edge.type, edge.status)
    return Node(edge.item, edge.title, step, edge.relation, label, edge.near, edge.note, state)


@cache
def _label(source: str, relation: str, target: str, back: bool, language: str | None) -> str:
    leads = by_label(source).kind.relation(relation, target)
    return str((leads.label if back else leads.reverse) if leads else relation)


def _faced(nodes: list[Node], reader: User | None) -> list[Node]:
    """The same, in the approved wordings."""
    faces = lists.faces(None, reader).filter(item_id__in=[node.item.pk for node in nodes])
    said = {face.item_id: (face.title, face.status_label) for face in faces}
    told = [(node, said[node.item.pk]) for node in nodes if node.item.pk in said]
    return [replace(node, title=title, state=state) for node, (title, state) in told]


def references(item: Item) -> dict[str, Any]:
    """What stands behind an Item now: {'items': {id: revision}, 'links': [[from, to, relation]]}.

    No text is copied, so that erasing a person reaches what was frozen too. Private Items stay out: what only
    one person knew was not known.
    """
    edges, behind = list[Edge](), set[int]()
    for found in walk([item.pk], Item.objects.exclude(circle=Circle.PRIVATE), back=True):
        edges += found
        behind |= {edge.far for edge in found}
        if len(behind) >= MOST_FROZEN:
            break
    items = Item.objects.filter(pk__in=behind - {item.pk})
    return {
        "items": {str(pk): revision for pk, revision in items.values_list("pk", "revision")},
        "links": [[edge.far, edge.near, edge.relation] for edge in edges],
    }
