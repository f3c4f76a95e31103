"""The types of a Verb's parameters: what a dialog, REST, a command and a palette entry are built from."""

from __future__ import annotations

import re
import types
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.db import models
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

BIGGEST_ID = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2999


@dataclass(frozen=True)
class Refers:
    """Marks an integer parameter as the id of a row of a model."""

    to: str


@dataclass(frozen=True)
class Says:
    """How a dialog names a parameter, where no column names it."""

    label: Any


@dataclass(frozen=True)
class Writes:
    """Names the column that a parameter of another name fills: its label and choices are that column's."""

    column: str


@dataclass(frozen=True)
class Draws:
    """Marks Items that lead here by one relation: only Kinds that may are offered."""

    relation: str


@dataclass(frozen=True)
class Widget:
    """How a dialog asks for a value: 'textarea', 'items'."""

    name: str


def without_nul(value: Any) -> Any:
    """Text that a database takes; where nobody would see a letter of it, there is none."""
    if not isinstance(value, str):
        return value
    if "\x00" in value:
        raise ValueError("contains a NUL character")
    return value if any(letter.isprintable() for letter in value) else ""


def web_address(value: str) -> str:
    """A page can make a link of it: no other scheme than the web's."""
    if value and not value.startswith(("https://", "http://")):
        raise ValueError("an address starts with https:// or http://")
    return value


def number_proper(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("is not a number")
    return value


def day_proper(value: Any) -> Any:
    """A number is no day: pydantic would count it from 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and "-" not in value[1:]):
        raise ValueError("is not a date")
    return value


def day_within(value: date) -> date:
    """What is planned or was done lies in these centuries; to the calendar's last day none can be added."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("is not a date of these centuries")
    return value


Day = Annotated[date, BeforeValidator(day_proper), AfterValidator(day_within)]
UNCLEAR = re.compile(r"[1-9]\d{0,2}(,\d{3})+")


def as_written(value: Any) -> Any:
    """A decimal as people write it: 0.5, 0,5 or 1 234,5."""
    if isinstance(value, bool):
        raise ValueError("is not a decimal")
    if not isinstance(value, str):
        return value
    if UNCLEAR.fullmatch(value.strip()):
        raise ValueError("may be thousands or decimals")
    return re.sub(r"\s", "", value).replace(",", ".")


NoNul = BeforeValidator(without_nul)
AsWritten = BeforeValidator(as_written)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), NoNul]
OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), NoNul]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), NoNul, Widget("textarea")]
RequiredProse = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), NoNul, Widget("textarea")
]
Id = Annotated[int, Field(ge=1, le=BIGGEST_ID), BeforeValidator(number_proper)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1), BeforeValidator(number_proper)]


def exact(digits: int, places: int, **limits: Any) -> Any:
    """The marks of a decimal of so many digits and so many of them after the point."""
    return Field(max_digits=digits, decimal_places=places, allow_inf_nan=False, **limits)


class Because(BaseModel):
    """An Item that leads to the one being made."""

    model_config = ConfigDict(extra="forbid")
    item: Id
    relation: OptionalLine = ""
    note: Prose = ""


TeamId = Annotated[Id, Refers("people.Team")] | None


def as_because(value: Any) -> Any:
    return {"item": value} if isinstance(value, int | str) else value


FromItems = Annotated[
    list[Annotated[Because, BeforeValidator(as_because)]], Field(max_length=200), Widget("items")
]


def _text_type(field: models.Field[Any, Any]) -> Any:
    required = not field.blank and not field.has_default()
    if isinstance(field, models.TextField):
        return RequiredProse if required else Prose
    limits = StringConstraints(
        strip_whitespace=True, min_length=1 if required else 0, max_length=field.max_length or 300
    )
    return (
        Annotated[str, limits, NoNul, AfterValidator(web_address)]
        if isinstance(field, models.URLField)
        else Annotated[str, limits, NoNul]
    )


def type_of(field: models.Field[Any, Any]) -> Any:
    """The parameter type that writes a model field."""
    if isinstance(field, models.ForeignKey):
        base: Any = Annotated[Id, Refers(field.related_model._meta.label)]
    elif field.choices:
        base = Literal[tuple(value for value, _label in field.flatchoices if value)]
    elif isinstance(field, models.TextField | models.CharField):
        return _text_type(field)
    elif isinstance(field, models.DateTimeField):
        base = Annotated[datetime, BeforeValidator(day_proper)]
    elif isinstance(field, models.DateField):
        base = Day
    elif isinstance(field, models.BooleanField):
        base = bool
    elif isinstance(field, models.DecimalField):
        base = Annotated[Decimal, AsWritten, exact(field.max_digits, field.decimal_places)]
    else:
        base = Annotated[int, Field(ge=-(2**31), le=2**31 - 1), BeforeValidator(number_proper)]
    return base | None if field.null else base


def parts(annotation: Any) -> tuple[Any, list[Any], bool]:
    """A parameter's bare type, its marks, and whether it may be left empty."""
    marks: list[Any] = []
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            marks += more
        elif origin in (Union, types.UnionType) and type(None) in get_args(annotation):
            optional = True
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        else:
            return annotation, marks, optional


def choices_of(bare: Any) -> list[Any]:
    """The values of a Literal or an Enum; empty for any other type."""
    if get_origin(bare) is Literal:
        return list(get_args(bare))
    if isinstance(bare, type) and issubclass(bare, Enum):
        return list(bare)
    return []


def plain_value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    """A column's value; a row it refers to, by id and name, unless that is private."""
    if not field.is_relation:
        value = field.value_from_object(row)
        return plain_number(value) if isinstance(value, Decimal) else value
    other = getattr(row, field.name)
    known = other and getattr(other, "circle", "") != "private"
    return {"id": other.pk, "name": str(other)} if known else None


def plain_number(value: Decimal) -> int | float:
    """A number as JSON and spreadsheets write it."""
    return int(value) if value == value.to_integral_value() else float(value)


def short(value: Decimal) -> str:
    """A decimal without the zeros that its column adds."""
    return format(value.normalize(), "f")
