"""The red thread drawn: a column a step, a box an Item, a line an edge; every box is a link."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from django.utils.translation import ngettext

from filrouge.core.models import Item, Link
from filrouge.core.thread import Node, Thread

WIDTH, HEIGHT, GAP, BETWEEN, TOP = 190, 62, 14, 74, 4
MOST_IN_COLUMN = 8
LETTERS, LINES = 27, 2


@dataclass(frozen=True)
class Box:
    """A place in the picture: an Item, or how many more there are."""

    x: int
    y: int
    lines: tuple[str, ...]
    kind: str
    url: str = ""
    title: str = ""
    note: str = ""
    here: bool = False


@dataclass(frozen=True)
class Edge:
    path: str
    against: bool


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    boxes: list[Box]
    edges: list[Edge]


def draw(item: Item, title: str, walked: Thread) -> Picture:
    columns = _columns(walked)
    steps = sorted({*columns, 0})
    tallest = max(
        [1, *(min(len(nodes), MOST_IN_COLUMN) + (len(nodes) > MOST_IN_COLUMN) for nodes in columns.values())]
    )
    height = TOP + tallest * (HEIGHT + GAP)
    boxes: dict[int, Box] = {}
    more: list[Box] = []
    for at, step in enumerate(steps):
        x = at * (WIDTH + BETWEEN) + 2
        if step == 0:
            boxes[item.pk] = _here(item, title, x, _first(1, height))
        else:
            more += _column(columns[step], x, height, boxes)
    width = len(steps) * (WIDTH + BETWEEN) - BETWEEN + 4
    return Picture(width, height, [*boxes.values(), *more], _edges(boxes))


def _columns(walked: Thread) -> dict[int, list[Node]]:
    """Nodes by step, each near the one that it is tied to."""
    found: dict[int, list[Node]] = {}
    places: dict[int, int] = {}
    for step, nodes in sorted(walked.steps(), key=lambda pair: abs(pair[0])):
        found[step] = sorted(nodes, key=lambda node: places.get(node.via, 0))
        places |= {node.pk: at for at, node in enumerate(found[step])}
    return found


def _first(many: int, height: int) -> int:
    return TOP + (height - TOP - many * (HEIGHT + GAP)) // 2


def _here(item: Item, title: str, x: int, y: int) -> Box:
    return Box(x, y, _lines(title), item.type_name, "", title, here=True)


def _column(nodes: list[Node], x: int, height: int, boxes: dict[int, Box]) -> list[Box]:
    shown, left = nodes[:MOST_IN_COLUMN], len(nodes) - MOST_IN_COLUMN
    y = _first(len(shown) + (left > 0), height)
    for node in shown:
        boxes[node.pk] = _box(node, x, y)
        y += HEIGHT + GAP
    return [_others(left, x, y)] if left > 0 else []


def _box(node: Node, x: int, y: int) -> Box:
    return Box(x, y, _lines(node.title), node.item.type_name, node.url, node.title, node.label)


def _others(many: int, x: int, y: int) -> Box:
    said = ngettext("%(n)s more, in the list below", "%(n)s more, in the list below", many) % {"n": many}
    return Box(x, y, _lines(said), "", "#list")


def _lines(title: str) -> tuple[str, ...]:
    found = wrap(title, LETTERS, max_lines=LINES, placeholder="…") or [title[:LETTERS]]
    return tuple(line if len(line) <= LETTERS else f"{line[: LETTERS - 1]}…" for line in found)


def _edges(boxes: dict[int, Box]) -> list[Edge]:
    """Every edge between two boxes of the picture."""
    links: Any = Link.objects.filter(source_id__in=boxes, target_id__in=boxes).values_list(
        "source_id", "target_id", "relation"
    )
    return [Edge(_path(boxes[a], boxes[b]), relation == "contradicts") for a, b, relation in links]


def _path(a: Box, b: Box) -> str:
    x1, y1, x2, y2 = a.x + WIDTH, a.y + HEIGHT // 2, b.x, b.y + HEIGHT // 2
    if x2 <= x1:
        x1, x2 = (a.x + WIDTH // 2, b.x + WIDTH // 2)
        y1, y2 = (a.y + HEIGHT, b.y) if a.y < b.y else (a.y, b.y + HEIGHT)
        return f"M{x1} {y1}L{x2} {y2}"
    half = (x1 + x2) // 2
    return f"M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}"
