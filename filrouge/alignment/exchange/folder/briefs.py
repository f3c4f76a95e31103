"""The brief that a decision froze: which Items stood behind it, at which revision, and what tied them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.crypto import salted_hmac

from filrouge.core.kinds import by_label
from filrouge.core.models import Item
from filrouge.lib.numbers import whole

from .cells import Names


def behind(brief: Mapping[str, Any]) -> set[int]:
    ends = {end for far, near, _relation in brief.get("links", []) for end in (far, near)}
    return {int(pk) for pk in brief.get("items", {})} | ends


def house() -> str:
    """Tells the numbers of this installation from those of another one."""
    return salted_hmac("filrouge.exchange.house", "").hexdigest()[:8]


class Briefs:
    """Items of the folder by their files; evidence by its number in this house, and only here."""

    def __init__(self, names: Names, briefs: Iterable[Mapping[str, Any]]) -> None:
        self.names, self.here = names, house()
        outside = {pk for brief in briefs for pk in behind(brief) if not names.name(Item, pk)}
        types = Item.objects.filter(pk__in=outside).values_list("pk", "type")
        self.slugs = {pk: by_label(label).kind.slug for pk, label in types}

    def told(self, brief: Mapping[str, Any]) -> dict[str, Any]:
        items = {self._name(int(pk)): revision for pk, revision in brief.get("items", {}).items()}
        links = [[self._name(far), self._name(near), how] for far, near, how in brief.get("links", [])]
        return {"items": dict(sorted(items.items())), "links": links}

    def _name(self, pk: int) -> str:
        return self.names.name(Item, pk) or f"{self.slugs.get(pk, 'gone')}/{pk}@{self.here}"

    def meant(self, told: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The brief as it is kept here, and the names in it that mean nothing here."""
        items, links = told.get("items"), told.get("links")
        if not isinstance(items, dict) or not isinstance(links, list):
            raise ValueError(told)
        found = {name: self._key(str(name)) for name in items}
        ends = {name: self._key(str(name)) for link in links for name in link[:2]}
        kept = {str(pk): whole(items[name]) or 1 for name, pk in found.items() if pk}
        edges = [[ends[far], ends[near], relation] for far, near, relation in links]
        lost = [str(name) for name, pk in (ends | found).items() if not pk]
        return {"items": kept, "links": [edge for edge in edges if edge[0] and edge[1]]}, lost

    def _key(self, name: str) -> int | None:
        number, at, house = name.rpartition("/")[2].partition("@")
        return whole(number) if at and house == self.here else self.names.key(Item, name)
