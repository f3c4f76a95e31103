"""What a Kind's columns say, in the reader's words: cells of a list, facts and prose of a detail page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from filrouge.core.history import recorded
from filrouge.core.kinds import by_label, status_in_words
from filrouge.core.models import Face, Item

from .writing import ago

LONG = 120


@dataclass(frozen=True)
class Column:
    """A column of a list; `kind` says how its cells are drawn: title, status, moment, day, number or text.

    `path` is what a row is asked for: of another row that it refers to, its name.
    """

    name: str
    label: str
    kind: str
    path: str = ""

    @property
    def num(self) -> bool:
        return self.kind in ("moment", "day", "number")


@dataclass(frozen=True)
class Cell:
    """What a row says in a column; of a moment, also how long ago that is."""

    column: Column
    value: Any
    age: str


def columns_of(model: type[Item]) -> list[Column]:
    fields = [_field(model, name) for name in model.kind.columns]
    return [Column(field.name, _capital(field), _kind(field.name, field), _path(field)) for field in fields]


def ages_of(columns: Sequence[Column], row: Any) -> tuple[str, ...]:
    """How long ago each moment of a list's row was, as it is told now."""
    return tuple(ago(getattr(row, column.path)) for column in columns if column.kind == "moment")


def cells_of(label: str, row: Any, ages: Sequence[str]) -> list[Cell]:
    """The cells of a row in the list of a Kind."""
    model, told = by_label(label), iter(ages)
    return [
        Cell(column, _said(model, _field(model, column.name), getattr(row, column.path)), _age(column, told))
        for column in columns_of(model)
    ]


def _age(column: Column, told: Iterator[str]) -> str:
    return next(told) if column.kind == "moment" else ""


def _path(field: Any) -> str:
    if not field.is_relation:
        return str(field.name)
    return f"{field.name}__{'title' if issubclass(field.related_model, Item) else 'name'}"


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
    return "number" if isinstance(field, models.IntegerField | models.DecimalField) else "text"


def value_of(item: Item, field: Any) -> Any:
    """A column's value in words; dates and numbers stay what they are, for the page to write."""
    if field.is_relation:
        other = getattr(item, field.name)
        return "" if other is None else str(other)
    return _said(type(item), field, field.value_from_object(item))


def _said(model: type[Item], field: Any, value: Any) -> Any:
    if field.name == "status":
        return status_in_words(model.type_label(), value)
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
