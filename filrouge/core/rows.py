"""Items out of the database: through whose eyes, and each as its own type."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from filrouge.lib.search_text import Query
from filrouge.people.models import User

from .circles import reads_items, sees
from .kinds import by_label
from .search import matching


class ItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: User | None) -> Self:
        """Items a reader sees themselves: product roles, and of private ones the author and those named."""
        return self.filter(sees(reader)) if reads_items(reader) else self.none()

    def active(self) -> Self:
        return self.filter(archived_at=None)

    def search(self, text: str) -> Self:
        query = Query.parse(text)
        return matching(self, "core_item", query) if query else self.none()  # type: ignore[return-value]

    def specific(self) -> list[Any]:
        """Each Item as its own type, with its author and team: one query a type, order kept."""
        items = list(self.values_list("pk", "type"))
        found: dict[int, Any] = {}
        for label in {label for _pk, label in items}:
            rows = by_label(label).objects.select_related("author", "team")
            found |= rows.in_bulk([pk for pk, its in items if its == label])
        return [found[pk] for pk, _label in items if pk in found]


class ItemManager(models.Manager.from_queryset(ItemQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> ItemQuerySet:
        rows: ItemQuerySet = super().get_queryset()
        return rows.filter(type=self.model.type_label()) if self.model._meta.parents else rows


def seen_rows(model: Any, reader: User | None) -> models.QuerySet[Any]:
    """The rows of a table that a reader may be told of: all, but of Items those that they see."""
    rows: models.QuerySet[Any] = model._default_manager.all()
    return rows.visible_to(reader) if isinstance(rows, ItemQuerySet) else rows


def column(model: type[models.Model], name: str) -> Any:
    """A model's concrete column by name; Any, for Django types relations along with it."""
    return model._meta.get_field(name)
