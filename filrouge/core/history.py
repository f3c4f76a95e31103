"""The history of an Item as people read it: who, what, when, and each change in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filrouge.people.models import User

from .kinds import by_label
from .models import History, Item
from .verbs import verbs_of

OTHER_ACTS = {
    "emergency_opening": gettext_lazy("Opened in an emergency"),
    "erase": gettext_lazy("Erased a user's words"),
}
OTHER_VALUES = {"opened_because": gettext_lazy("because")}
SKIPPED = frozenset({"type", "created_at", "brief"})


@dataclass(frozen=True)
class Change:
    """One column: its name in words, and its values before and after (text, or a date to be written)."""

    name: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Entry:
    pk: int
    at: datetime
    by: User | None
    verb: str
    label: str
    revision: int
    other: Item | None
    changes: list[Change]


Names = dict[tuple[type[models.Model], int], str]


def past(item: Item, reader: User | None, limit: int, before: int | None = None) -> list[Entry]:
    """The latest entries of an Item, newest first; what they name is only shown to who may see it."""
    found = traces(item, reader, limit, before)
    columns = columns_of(by_label(item.type))
    names = _names([row for row, _other in found], columns)
    return [_entry(row, item, columns, names, other) for row, other in found]


def traces(
    item: Item, reader: User | None, limit: int, before: int | None = None
) -> list[tuple[History, Item | None]]:
    """The latest rows of an Item's History, each with the other Item it names if the reader may see it."""
    rows = History.objects.filter(item_id=item.pk).select_related("by").order_by("-id")
    found = list((rows.filter(pk__lt=before) if before is not None else rows)[:limit])
    others = Item.objects.visible_to(reader).in_bulk({row.other_id for row in found if row.other_id})
    return [(row, others.get(row.other_id)) for row in found]


def states(revisions: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Items as they were at given revisions, folded from History in one query."""
    found: dict[int, dict[str, Any]] = {pk: {} for pk in revisions}
    rows = History.objects.filter(item_id__in=revisions).order_by("id")
    for pk, revision, after in rows.values_list("item_id", "revision", "after"):
        if revision <= revisions[pk]:
            found[pk] |= after
    return found


def columns_of(model: type[Item]) -> dict[str, models.Field[Any, Any]]:
    fields = [*Item._meta.local_concrete_fields, *model.own_fields()]
    return {
        field.name: field
        for field in fields
        if field.name not in SKIPPED and field.name not in model.kind.personal
    }


def verb_label(model: type[Item], name: str, done: bool = False) -> str:
    """An act in words, as what one does or as what was done."""
    verb = verbs_of(model).get(name)
    if verb:
        return str(verb.done if done else verb.label).rstrip("…")
    return str(OTHER_ACTS.get(name) or name.replace("_", " ").capitalize())


def _entry(row: History, item: Item, columns: dict[str, Any], names: Names, other: Item | None) -> Entry:
    model = by_label(item.type)
    changes = [
        Change(
            name,
            str(field.verbose_name),
            recorded(field, row.before.get(name), names, model),
            recorded(field, row.after.get(name), names, model),
        )
        for name, field in columns.items()
        if name in row.after and not (_empty(row.before.get(name)) and _empty(row.after[name]))
    ]
    changes += [
        Change(name, str(label), "", row.after[name])
        for name, label in OTHER_VALUES.items()
        if name in row.after
    ]
    return Entry(row.pk, row.at, row.by, row.verb, verb_label(model, row.verb), row.revision, other, changes)


def _empty(value: Any) -> bool:
    return value in (None, "", [], {})


def _names(rows: Iterable[History], columns: dict[str, Any]) -> Names:
    """The names of the people and places that the entries mention by id: one query a table."""
    wanted: dict[type[models.Model], set[int]] = {}
    for row in rows:
        for name, field in columns.items():
            if field.is_relation:
                wanted.setdefault(field.related_model, set()).update(
                    key for key in (row.before.get(name), row.after.get(name)) if key
                )
    return {
        (model, pk): str(found)
        for model, keys in wanted.items()
        if keys
        for pk, found in model._default_manager.in_bulk(keys).items()
    }


def recorded(field: Any, value: Any, names: Names, model: type[Item]) -> Any:
    """A recorded value in words; an id without a row says so."""
    if _empty(value):
        return ""
    if field.is_relation:
        return names.get((field.related_model, value)) or _("(gone)")
    if field.name == "status" and hasattr(model, "Status"):
        return str(dict(model.Status.choices).get(value, value))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return parse_datetime(value) or value
    if isinstance(field, models.DateField):
        return parse_date(value) or value
    return _("yes") if value is True else _("no") if value is False else str(value)
