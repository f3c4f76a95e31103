"""The shapes that the OpenAPI description names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, create_model

from filrouge.core.models import Item


class Problem(Schema):
    error: str
    field: str | None = None
    errors: list[dict[str, str]] | None = None


class Named(Schema):
    id: int
    name: str


class ItemOut(Schema):
    """An Item; for tokens of stakeholders and guests the wording approved for them, with fewer fields."""

    model_config = ConfigDict(extra="allow")
    id: int
    type: str
    title: str
    status: str | None = None
    circle: str | None = None
    team: Named | None = None
    product: Named | None = None
    author: Named | None = None
    revision: int | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None
    archived_at: datetime | None = None
    url: str


class Step(Schema):
    model_config = ConfigDict(extra="allow")
    item: dict[str, Any]
    step: int
    relation: str
    label: str
    via: int
    note: str | None = None


class ThreadOut(Schema):
    before: list[Step]
    after: list[Step]
    cut: bool


class Change(Schema):
    field: str
    label: str
    before: Any = None
    after: Any = None


class EntryOut(Schema):
    id: int
    at: datetime
    by: Named | None
    verb: str
    label: str
    sentence: str
    revision: int
    other: dict[str, Any] | None
    changes: list[Change]


class HistoryOut(Schema):
    items: list[EntryOut]
    next: str | None


ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 405, 409, 422, 429), Problem)


def item_shape(model: type[Item]) -> Any:
    """The Item's answer with the type's own fields, and what the answer for one tells of its surroundings."""
    names = (*(field.name for field in model.own_fields()), *model.kind.surroundings)
    own: dict[str, Any] = dict.fromkeys(names, (Any, None))
    return create_model(f"{model.__name__}Out", __base__=ItemOut, **own)


def list_shape(model: type[Item], item: Any) -> Any:
    fields: dict[str, Any] = {
        "items": (list[item], ...),
        "count": (int, ...),
        "next": (str | None, None),
        "more": (bool | None, None),
    }
    return create_model(f"{model.__name__}List", __base__=Schema, **fields)
