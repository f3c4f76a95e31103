"""What the platform must know of an Item type; the type declares it beside its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import get_language

from filrouge.people.access import Act

if TYPE_CHECKING:
    from .models import Item

Label = str | Promise


@dataclass(frozen=True)
class Leads:
    """A typed edge that may start at a Kind: the relation, where to, in which words, who may draw it."""

    relation: str
    to: str
    label: Label
    reverse: Label
    may: Act


@dataclass(frozen=True)
class Kind:
    slug: str
    columns: tuple[str, ...] = ("title", "status", "team", "changed_at")
    filters: tuple[str, ...] = ("status", "team", "author")
    search: tuple[str, ...] = ("title",)
    personal: tuple[str, ...] = ()
    leads_to: tuple[Leads, ...] = ()
    shows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    surroundings: tuple[str, ...] = ()

    def relation(self, name: str | None, to: str) -> Leads | None:
        """The edge to a type, by name, or the first declared one where no name is given."""
        return next(
            (edge for edge in self.leads_to if edge.to == to and name in (None, "", edge.relation)), None
        )


def all_kinds() -> list[type[Item]]:
    """Every concrete Item type, in the order the apps are installed."""
    from .models import Item

    return [model for model in apps.get_models() if issubclass(model, Item) and model is not Item]


@cache
def _by_slug() -> dict[str, type[Item]]:
    return {model.kind.slug: model for model in all_kinds()}


@cache
def _by_label() -> dict[str, type[Item]]:
    return {model.type_label(): model for model in all_kinds()}


def item_type(slug: str) -> type[Item] | None:
    return _by_slug().get(slug)


def by_label(label: str) -> type[Item]:
    return _by_label()[label]


def status_in_words(label: str, status: str) -> str:
    return _statuses(label, get_language()).get(status, status)


@cache
def _statuses(label: str, language: str | None) -> dict[str, str]:
    """Translated once for each language: lists ask it of every row."""
    known = getattr(getattr(by_label(label), "Status", None), "choices", ())
    return {status: str(words) for status, words in known}


def edges_into(label: str) -> Iterator[tuple[type[Item], Leads]]:
    for model in all_kinds():
        for edge in model.kind.leads_to:
            if edge.to == label:
                yield model, edge
