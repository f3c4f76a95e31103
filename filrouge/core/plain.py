"""Items, Faces, threads and histories as plain values: what REST, commands and exports say of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from filrouge.lib.spreadsheet import write_csv
from filrouge.people.models import User

from . import lists
from .circles import reads_items
from .filters import Filter
from .history import Entry, past
from .kinds import by_label
from .models import Item
from .thread import Node, Thread
from .traces import Face

Plain = dict[str, Any]
BATCH = 500
DIRECT = 5_000
"""Rows that an export answers at once; more are written to a file by a job."""


SHARED = [
    "id", "type", "title", "status", "circle", "team", "product", "author", "revision", "created_at",
    "changed_at", "archived_at", "url",
]  # fmt: skip


def named(row: Any) -> Plain | None:
    return None if row is None else {"id": row.pk, "name": str(row)}


def address(slug: str, pk: int) -> str:
    return f"{settings.SITE_URL}/{slug}/{pk}/"


def item_json(item: Item, reader: User) -> Plain:
    """What a reader of Items gets of one: the shared columns, the type's own, and what stands around it."""
    return items_json([item])[0] | item.surroundings(reader)


def items_json(items: Sequence[Item]) -> list[Plain]:
    """Several Items of one type, without what stands around each."""
    owns = type(items[0]).values_of(items) if items else []
    return [_plain(item, own) for item, own in zip(items, owns, strict=True)]


def _plain(item: Item, own: Plain) -> Plain:
    return {
        "id": item.pk, "type": item.type, "title": item.title, "status": item.status, "circle": item.circle,
        "team": named(item.team), "product": named(item.product), "author": named(item.author),
        "revision": item.revision, "created_at": item.created_at, "changed_at": item.changed_at,
        "archived_at": item.archived_at, "url": address(by_label(item.type).kind.slug, item.pk),
        **own,
    }  # fmt: skip


def ref_json(item: Item) -> Plain:
    """Another Item that the reader may see, as an answer names it."""
    slug = by_label(item.type).kind.slug
    return {
        "id": item.pk, "type": item.type, "title": item.title, "status": item.status,
        "url": address(slug, item.pk),
    }  # fmt: skip


def face_json(face: Face) -> Plain:
    """What a reader of wider circles gets: the approved wording and the fields opened to it."""
    return {
        "id": face.item_id, "type": face.type, "title": face.title, "text": face.text, "circle": face.circle,
        "language": face.language, "date": face.shown_date, "revision": face.revision,
        "url": address(by_label(face.type).kind.slug, face.item_id), **face.fields,
    }  # fmt: skip


def thread_json(walked: Thread, reader: User | None) -> Plain:
    before, after = ([node_json(node, reader) for node in nodes] for nodes in (walked.before, walked.after))
    return {"before": before, "after": after, "cut": walked.cut}


def node_json(node: Node, reader: User | None) -> Plain:
    """One step; its state and note are for readers of Items."""
    slug = by_label(node.type).kind.slug
    item: Plain = {
        "id": node.pk,
        "type": node.type,
        "title": node.title,
        "url": address(slug, node.pk),
    }
    more: Plain = {}
    if reads_items(reader):
        item["status"], more["note"] = node.edge.status, node.note
    return {
        "item": item,
        "step": node.step,
        "relation": node.relation,
        "label": node.label,
        "via": node.via,
        **more,
    }


def history_json(item: Item, reader: User | None, limit: int, before: int | None = None) -> list[Plain]:
    return [entry_json(entry) for entry in past(item, reader, limit, before)]


def entry_json(entry: Entry) -> Plain:
    other = entry.other and {"id": entry.other.pk, "title": entry.other.title}
    changes = [
        {"field": c.name, "label": c.label, "before": c.before, "after": c.after} for c in entry.changes
    ]
    return {
        "id": entry.pk, "at": entry.at, "by": named(entry.by), "verb": entry.verb, "label": entry.label,
        "sentence": entry.sentence, "revision": entry.revision, "other": other, "changes": changes,
    }  # fmt: skip


def rows_for_export(model: type[Item], filter: Filter, reader: User | None) -> QuerySet[Any]:
    """All rows of a list, as its page orders them."""
    rows: QuerySet[Any] = lists.rows(model, filter, reader).order_by(*filter.order.order())
    return rows


def as_csv(model: type[Item], items: Iterable[Item]) -> Iterator[bytes]:
    plain = _in_batches(items)
    first = next(plain, None)
    names = list(first) if first else [*SHARED, *(field.name for field in model.own_fields())]
    rows = chain([first] if first else [], plain)
    return write_csv((_cells(row, names) for row in rows), names, bom=True)


def as_json(items: Iterable[Item]) -> Iterator[bytes]:
    yield b"["
    for number, plain in enumerate(_in_batches(items)):
        yield (b",\n" if number else b"\n") + dumps(plain).encode()
    yield b"\n]\n"


def _in_batches(items: Iterable[Item]) -> Iterator[Plain]:
    rows = iter(items)
    while batch := list(islice(rows, BATCH)):
        yield from items_json(batch)


def dumps(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _cells(plain: Plain, names: list[str]) -> list[object]:
    return [_cell(plain[name]) for name in names]


def _cell(value: Any) -> object:
    """One value for a spreadsheet: a reference by its name, a moment in ISO 8601."""
    if isinstance(value, dict):
        return value["name"] if set(value) == {"id", "name"} else dumps(value)
    if isinstance(value, list):
        return dumps(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def written(model: type[Item], items: Iterable[Item], format: str) -> Iterator[bytes]:
    return as_csv(model, items) if format == "csv" else as_json(items)
