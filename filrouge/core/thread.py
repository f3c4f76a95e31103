"""The red thread of an Item: what leads to it and what it led to, step by step, as a reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from filrouge.people.models import User

from . import lists
from .circles import Circle, reads_items
from .kinds import by_label
from .models import Item, Link

MOST_NODES = 300
DEPTH = 6


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


def thread(item: Item, reader: User | None, depth: int = DEPTH) -> Thread:
    before, cut_before = _walk(item, reader, depth, back=True)
    after, cut_after = _walk(item, reader, depth, back=False)
    return Thread(before, after, cut_before or cut_after)


def _walk(item: Item, reader: User | None, depth: int, back: bool) -> tuple[list[Node], bool]:
    seen, edge, found = {item.pk}, [item.pk], list[Node]()
    for distance in range(1, depth + 1):
        links = _links(edge, back)
        shown = _shown({link.source_id if back else link.target_id for link in links} - seen, reader)
        for link in links:
            key = link.source_id if back else link.target_id
            if key not in shown or key in seen:
                continue
            found.append(_node(link, *shown[key], -distance if back else distance, back))
            seen.add(key)
        edge = [node.item.pk for node in found if abs(node.step) == distance]
        if not edge or len(found) >= MOST_NODES:
            break
    return found[:MOST_NODES], len(found) > MOST_NODES


def _links(keys: list[int], back: bool) -> list[Link]:
    side = {"target_id__in": keys} if back else {"source_id__in": keys}
    return list(
        Link.objects.filter(**side).select_related("source", "target").order_by("id")[: MOST_NODES + 1]
    )


def _shown(keys: set[int], reader: User | None) -> dict[int, tuple[Item, str, str]]:
    """The Items among `keys` that a reader may see, each with the title and the state they may see."""
    if reads_items(reader):
        items = Item.objects.visible_to(reader).filter(pk__in=keys).select_related("team")
        return {item.pk: (item, item.title, item.status_label) for item in items}
    faces = lists.faces(None, reader).filter(item_id__in=keys).select_related("item")
    return {face.item_id: (face.item, face.title, face.status_label) for face in faces}


def _node(link: Link, item: Item, title: str, state: str, step: int, back: bool) -> Node:
    source, target = (item.type, link.target.type) if back else (link.source.type, item.type)
    edge = by_label(source).kind.relation(link.relation, target)
    label = (edge.label if back else edge.reverse) if edge else link.relation
    via = link.target_id if back else link.source_id
    return Node(item, title, step, link.relation, str(label), via, link.note, state)


def references(item: Item) -> dict[str, Any]:
    """What stands behind an Item now: {'items': {id: revision}, 'links': [[from, to, relation]]}.

    No text is copied, so that erasing a person reaches what was frozen too. Private Items stay out: what only
    one person knew was not known.
    """
    seen, edge, links = {item.pk}, [item.pk], list[Link]()
    while edge and len(seen) < 5_000:
        found = list(Link.objects.filter(target_id__in=edge).exclude(source__circle=Circle.PRIVATE))
        links += found
        edge = list({link.source_id for link in found} - seen)
        seen |= set(edge)
    revisions = dict(Item.objects.filter(pk__in=seen - {item.pk}).values_list("pk", "revision"))
    return {
        "items": {str(pk): revision for pk, revision in revisions.items()},
        "links": [[link.source_id, link.target_id, link.relation] for link in links],
    }
