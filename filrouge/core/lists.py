"""The list of one Kind: its facets and orders, from the reader, as Items or as Faces."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from filrouge.people.models import Team, User

from .circles import reads_items
from .filters import Facet, Filter, Sort, whole_number
from .kinds import Label
from .models import Face, Item
from .search import matching

CHANGED = Sort("changed", _("Last changed"), "changed_at")
CREATED = Sort("created", _("Newest"), "created_at")
TITLE = Sort("title", _("Title"), "title", descending=False, read=str)
SORTS = (CHANGED, CREATED, TITLE)


def team_options() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")]


def facet(model: type[Item], name: str) -> Facet:
    """A facet for one of the Kind's `filters`: a column of the type."""
    column: Any = model._meta.get_field(name)
    label: Label = column.verbose_name
    if name == "team":
        return Facet(name, label, "team_id", whole_number, team_options)
    if column.is_relation:
        return Facet(name, label, f"{name}_id", whole_number)
    choices = model.Status.choices if name == "status" and hasattr(model, "Status") else column.choices
    return Facet(name, label, name, str, (lambda: [(str(v), str(text)) for v, text in choices]) if choices else None)


def facets_of(model: type[Item]) -> tuple[Facet, ...]:
    return tuple(facet(model, name) for name in model.kind.filters)


def parse(model: type[Item], params: Any, strict: bool = False) -> Filter:
    return Filter.parse(params, facets_of(model), SORTS, strict=strict)


def rows(model: type[Item], filter: Filter, reader: User | None) -> QuerySet[Any]:
    """The Items that a reader sees through a filter, without page or order."""
    found = model.objects.visible_to(reader).active().filter(filter.where()).select_related("team", "author", "product")
    return matching(found, "core_item", filter.query) if filter.q.strip() and filter.query else found


def faces(model: type[Item], reader: User | None, language: str = "") -> QuerySet[Face]:
    """What readers of wider circles see of a Kind, newest approval first, one wording an Item."""
    found: QuerySet[Face] = Face.objects.visible_to(reader).filter(type=model.type_label())
    return found.order_by("-approved_at", "-id")


def sees_items(reader: User | None) -> bool:
    return reads_items(reader)
