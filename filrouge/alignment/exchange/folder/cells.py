"""An Item's columns as a file holds them, and back: people by address, places and tables by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput
from filrouge.core.fields import day_within
from filrouge.core.models import Item
from filrouge.people.models import Product, User

from .sheets import one_end

Field = Any
AHEAD = timedelta(days=1)
"""The clock of the house that wrote a file may be ahead of this one's."""
SHARED = ("title", "status", "team", "product", "author", "created_at", "archived_at")
LEFT_OUT = {"brief"}  # told by names: what it names by id means nothing elsewhere


def fields_of(model: type[models.Model]) -> dict[str, Field]:
    """The columns that a file holds: of an Item also the shared ones, but not its circle, which is an act."""
    if not issubclass(model, Item):
        return {field.name: field for field in model._meta.concrete_fields if not field.primary_key}
    shared: dict[str, Field] = {name: Item._meta.get_field(name) for name in SHARED}
    own = {field.name: field for field in model.own_fields() if field.name not in LEFT_OUT}
    return shared | own


def body_of(model: type[Item]) -> str:
    """The column that the file holds as its text: the first long one that people write."""
    texts = (
        field.name for field in model.own_fields() if isinstance(field, models.TextField) and field.editable
    )
    return next(texts, "")


class Names:
    """The names by which a file calls rows of other tables, and the ids that these have here."""

    def __init__(self, items: Mapping[int, str]) -> None:
        self.items = items
        self._held: dict[type[models.Model], dict[int, str]] = {}
        self._ids: dict[type[models.Model], dict[str, int]] = {}

    def name(self, model: type[models.Model], key: int) -> str:
        return self._of(model).get(key, "")

    def key(self, model: type[models.Model], name: str) -> int | None:
        if model not in self._ids:
            self._ids[model] = {name: key for key, name in self._of(model).items()}
        return self._ids[model].get(name)

    def _of(self, model: type[models.Model]) -> dict[int, str]:
        if issubclass(model, Item):
            return dict(self.items)
        if model not in self._held:
            self._held[model] = dict(_called(model))
        return self._held[model]


def _called(model: type[models.Model]) -> Iterator[tuple[int, str]]:
    if model is User:
        yield from User.objects.values_list("pk", "email")
    elif model is Product:
        held = {row.pk: row for row in Product.objects.all()}
        for row in held.values():
            row.parent = held.get(row.parent_id or 0)
            yield row.pk, " / ".join(above.name for above in (*reversed(row.upwards()), row))
    else:
        yield from model._default_manager.values_list("pk", "name")


def plain(row: models.Model, fields: Iterable[Field], names: Names) -> dict[str, Any]:
    """What a row holds, empty columns left out."""
    found = {field.name: _out(field, field.value_from_object(row), names) for field in fields}
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _out(field: Field, value: Any, names: Names) -> Any:
    if value is None or value == "":
        return None
    if field.is_relation:
        return names.name(field.related_model, value)
    if isinstance(value, str):
        return one_end(value).strip()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(field, models.JSONField) and not _of_texts(value):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else None
    if isinstance(value, dict):
        return dict(sorted(value.items()))
    return value.normalize() if isinstance(value, Decimal) else value


def _of_texts(value: Any) -> bool:
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [None]
    return all(isinstance(one, str) for one in held)


def meant(field: Field, written: Any, names: Names) -> Any:
    """The value that a file means for a column; BadInput naming it where there is none."""
    if written in (None, ""):
        return _empty(field)
    if not isinstance(written, str) and not isinstance(field, models.JSONField):
        raise _wrong(field, written)
    try:
        return _relation(field, written, names) if field.is_relation else _in(field, written)
    except (ValueError, TypeError, InvalidOperation, ValidationError, RecursionError):
        raise _wrong(field, written) from None


def _empty(field: Field) -> Any:
    if field.null:
        return None
    if not field.blank and field.editable and not field.has_default():
        raise BadInput(_("Write the %(what)s.") % {"what": field.verbose_name}, field.name)
    if isinstance(field, models.CharField | models.TextField):
        return ""
    return field.get_default()


def _relation(field: Field, written: str, names: Names) -> int:
    if (key := names.key(field.related_model, written)) is None:
        told = {"what": field.verbose_name, "name": written[:80]}
        raise BadInput(_("There is no %(what)s “%(name)s” here.") % told, field.name)
    return key


def _in(field: Field, written: Any) -> Any:
    if isinstance(field, models.JSONField):
        if isinstance(written, dict):
            return {str(name): _text(one) for name, one in written.items()}
        return [_text(one) for one in written] if isinstance(written, list) else json.loads(written)
    if isinstance(field, models.DateTimeField):
        return _moment(datetime.fromisoformat(written))
    if isinstance(field, models.DateField):
        return day_within(date.fromisoformat(written))
    if isinstance(field, models.BooleanField):
        return bool(("false", "true").index(written.lower()))
    value = one_end(written).strip() if isinstance(field, models.CharField | models.TextField) else written
    if "\0" in str(value) or (
        isinstance(field, models.URLField) and not value.startswith(("http://", "https://"))
    ):
        raise ValueError(written)
    if isinstance(field, models.URLField):
        return value[: field.max_length]
    if field.flatchoices and value not in dict(field.flatchoices):
        raise ValueError(written)
    return field.clean(value, None)


def _moment(found: datetime) -> datetime:
    """What a file tells of has been, and in a year that every time zone has."""
    day_within(found.date())
    if found.tzinfo is None or found > timezone.now() + AHEAD:
        raise ValueError(found)
    return found


def _text(written: Any) -> str:
    if not isinstance(written, str) or "\0" in written:
        raise ValueError(written)
    return written


def _wrong(field: Field, written: Any) -> BadInput:
    told = {"value": str(written)[:80], "what": field.verbose_name}
    return BadInput(_("“%(value)s” is not possible as %(what)s.") % told, field.name)
