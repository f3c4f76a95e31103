"""The red thread of an Item: what leads to it and what it led to, step by step, as a reader may see it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
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
        return f"/{self.slug}/{self.far}/"

    @property
    def slug(self) -> str:
        return by_label(self.type).kind.slug

    @property
    def item(self) -> Item:
        """The further one, as much of it as is known."""
        return Item.from_db("default", TOLD, (self.far, self.type, self.title, self.status))


class Node(NamedTuple):
    """An Item on the thread: `step` is negative before, positive after, `label` what it does to `via`.

    `title` and `state` are in the words that the reader may see; `item` itself is not for every reader.
    """

    edge: Edge
    title: str
    step: int
    label: str
    state: str

    @property
    def pk(self) -> int:
        return self.edge.far

    @property
    def type(self) -> str:
        return self.edge.type

    @property
    def relation(self) -> str:
        return self.edge.relation

    @property
    def via(self) -> int:
        return self.edge.near

    @property
    def note(self) -> str:
        return self.edge.note

    @property
    def url(self) -> str:
        return self.edge.url

    @property
    def item(self) -> Item:
        return self.edge.item


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
    """Ids for an `__in`, however many: one parameter, where Django would write and check each."""
    return RawSQL(OF_LEVEL[connection.vendor], [json.dumps(sorted(keys))])


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


def near(
    roots: Collection[int], seen: QuerySet[Item], *, back: bool, depth: int, most: int | None = None
) -> dict[int, list[Edge]]:
    """The Items of `seen` within some steps of each root, the nearest first, each as the edge on which it was
    first met: one walk for all roots."""
    onward, met = defaultdict[int, list[int]](list), dict[int, Edge]()
    for edges in islice(walk(roots, seen, back=back, most=most, told=True), depth):
        for edge in edges:
            onward[edge.near].append(edge.far)
            met.setdefault(edge.far, edge)
    return {root: [met[pk] for pk in _reached(root, onward, depth)] for root in roots}


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


def _nodes(item: Item, reader: User | None, depth: int, back: bool) -> tuple[list[Node], bool]:
    steps = walk([item.pk], _seen(reader), back=back, most=MOST_NODES + 1, told=True)
    types, language = {item.pk: item.type}, get_language()
    met: list[tuple[Edge, str, int]] = []
    for distance, edges in enumerate(islice(steps, depth), 1):
        step = -distance if back else distance
        for edge in edges:
            if edge.far not in types:
                types[edge.far] = edge.type
                met.append((edge, types[edge.near], step))
        if len(met) >= MOST_NODES:
            break
    nodes = [_node(*one, language) for one in met[:MOST_NODES]]
    return nodes if reads_items(reader) else _faced(nodes, reader), len(met) > MOST_NODES


def _seen(reader: User | None) -> QuerySet[Item]:
    """The Items that a reader may see, themselves or in an approved wording."""
    if reads_items(reader):
        return Item.objects.visible_to(reader)  # type: ignore[no-any-return]
    faces = Face.objects.visible_to(reader).filter(item=OuterRef("pk"))
    return Item.objects.filter(Exists(faces))  # type: ignore[no-any-return]


def _node(edge: Edge, near: str, step: int, language: str | None) -> Node:
    """`near` is the type of what the walk came from."""
    source, target = (edge.type, near) if step < 0 else (near, edge.type)
    label = _label(source, edge.relation, target, step < 0, language)
    return Node(edge, edge.title, step, label, status_in_words(edge.type, edge.status))


@cache
def _label(source: str, relation: str, target: str, back: bool, language: str | None) -> str:
    leads = by_label(source).kind.relation(relation, target)
    return str((leads.label if back else leads.reverse) if leads else relation)


def _faced(nodes: list[Node], reader: User | None) -> list[Node]:
    """The same, in the approved wordings."""
    faces = lists.faces(None, reader).filter(item_id__in=[node.pk for node in nodes])
    said = {face.item_id: (face.title, face.status_label) for face in faces}
    told = [(node, said[node.pk]) for node in nodes if node.pk in said]
    return [node._replace(title=title, state=state) for node, (title, state) in told]


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
