"""What a Kind's columns say, in the reader's words: cells of a list, facts and prose of a detail page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from filrouge.core.history import recorded
from filrouge.core.kinds import by_label
from filrouge.core.models import Face, Item

LONG = 120


@dataclass(frozen=True)
class Column:
    """A column of a list; `kind` says how its cells are drawn: title, status, moment, day, number or text."""

    name: str
    label: str
    kind: str

    @property
    def num(self) -> bool:
        return self.kind in ("moment", "day", "number")

    def of(self, item: Item) -> Any:
        return value_of(item, _field(type(item), self.name))


def columns_of(model: type[Item]) -> list[Column]:
    return [
        Column(name, _capital(model._meta.get_field(name)), _kind(name, model._meta.get_field(name)))
        for name in model.kind.columns
    ]


def _capital(field: Any) -> str:
    text = str(field.verbose_name)
    return text[:1].upper() + text[1:]


def _kind(name: str, field: Any) -> str:
    if name in ("title", "status", "circle"):
        return name
    if isinstance(field, models.DateTimeField):
        return "moment"
    if isinstance(field, models.DateField):
        return "day"
    return "number" if isinstance(field, models.IntegerField) else "text"


def value_of(item: Item, field: Any) -> Any:
    """A column's value in words; dates and numbers stay what they are, for the page to write."""
    if field.name == "status":
        return item.status_label
    if field.is_relation:
        other = getattr(item, field.name)
        return "" if other is None else str(other)
    value = field.value_from_object(item)
    if labels := _labels(field):
        return str(labels.get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else value


@cache
def _field(model: type[Item], name: str) -> Any:
    return model._meta.get_field(name)


@cache
def _labels(field: Any) -> dict[Any, Any]:
    """The choices of a column, looked up for each cell of a list."""
    return dict(field.flatchoices)


def facts_of(item: Item) -> list[tuple[Column, Any]]:
    """The short facts of an Item: the shared ones, then the type's own."""
    model = type(item)
    shared = [
        Item._meta.get_field(name) for name in ("team", "product", "author", "created_at", "changed_at")
    ]
    own = [
        field for field in model.own_fields() if not isinstance(field, models.TextField | models.JSONField)
    ]
    rows = [(Column(f.name, _capital(f), _kind(f.name, f)), value_of(item, f)) for f in [*own, *shared]]
    return [(column, value) for column, value in rows if value != "" and len(str(value)) <= LONG]


def prose_of(item: Item) -> list[tuple[str, str]]:
    """The texts of an Item that deserve the width of the page."""
    texts = [
        f
        for f in type(item).own_fields()
        if isinstance(f, models.TextField) or len(str(value_of(item, f))) > LONG
    ]
    found = [
        (_capital(field), value_of(item, field)) for field in texts if not isinstance(field, models.JSONField)
    ]
    return [(label, value) for label, value in found if value]


def opened_of(face: Face) -> list[tuple[str, Any]]:
    """The fields that the Kind opens to a face's circle, in words."""
    model = by_label(face.type)
    fields = [(model._meta.get_field(name), value) for name, value in face.fields.items()]
    return [
        (_capital(field), recorded(field, value, {}, model))
        for field, value in fields
        if value not in (None, "")
    ]
