"""Goals, roadmap and decisions as a folder of plain files, named once and for good."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.utils.text import slugify

from filrouge.core.circles import Circle
from filrouge.core.kinds import all_kinds, by_label
from filrouge.core.models import Item, Link
from filrouge.core.origins import FOLDER, Origin
from filrouge.people.models import User

from . import briefs, shared, sheets
from .cells import Names, body_of, fields_of, plain

SOURCE = FOLDER
WING = "filrouge.alignment."
BRIEF = "brief"
OURS = re.compile(r"[a-z-]+/[^/\\\0]+\.md")
"""Such a path leads into the folder, and nowhere else."""


class Rows(NamedTuple):
    """Rows that belong to an Item and stand in its file: their table, and the column that says to which."""

    label: str
    owner: str


LOG, ORIGINS = "log", "origins"
ROWS = {
    LOG: Rows("strategy.Observation", "key_result"),
    "dependencies": Rows("roadmap.Dependency", "item"),
    "phases": Rows("roadmap.Phase", "item"),
    "worksheets": Rows("roadmap.Worksheet", "item"),
    "options": Rows("decisions.Option", "decision"),
    "parts": Rows("decisions.Part", "decision"),
    ORIGINS: Rows("core.Origin", "item"),
}


def table_of(name: str) -> Any:
    return apps.get_model(ROWS[name].label)


def weights() -> Any:
    return apps.get_model("strategy.Weight")


def grounds() -> Any:
    return apps.get_model("decisions.Ground")


def kinds() -> list[type[Item]]:
    """The Item types of this wing: what a folder holds."""
    return [
        model for model in all_kinds() if apps.get_app_config(model._meta.app_label).name.startswith(WING)
    ]


def paths() -> dict[int, str]:
    """Item -> its file, for those that have one."""
    held = Origin.objects.filter(source=SOURCE).values_list("item_id", "external_id")
    return {item: path for item, path in held if OURS.fullmatch(path)}


def named(items: Iterable[Item]) -> dict[int, str]:
    """A file for each; one that has none is named after its title of today, and keeps that name."""
    held = paths()
    taken, new = set(held.values()), []
    for item in items:
        if item.pk not in held:
            held[item.pk] = _free(
                f"{item.slug}/{item.pk:04}-{slugify(item.title)[:50].strip('-') or 'x'}", taken
            )
            new.append(Origin(source=SOURCE, external_id=held[item.pk], item_id=item.pk))
    Origin.objects.bulk_create(new, batch_size=500)
    return held


def _free(name: str, taken: set[str]) -> str:
    found, number = f"{name}.md", 2
    while found in taken:
        found, number = f"{name}-{number}.md", number + 1
    taken.add(found)
    return found


@dataclass
class Folder:
    """All that a person's folder holds: their Items, none private, with what ties them."""

    by: User
    items: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for model in kinds():
            seen = model.objects.visible_to(self.by).exclude(circle=Circle.PRIVATE).order_by("pk")
            self.items |= {item.pk: item for item in seen}
        self.paths = named(self.items.values())
        self.names = Names({pk: path for pk, path in self.paths.items() if pk in self.items})
        self.rows = rows_of(self.items)
        self.weights = dict(weights().objects.values_list("link_id", "weight"))
        self.sides = sides()
        self.briefs = briefs.Briefs(self.names, [getattr(item, BRIEF, {}) for item in self.items.values()])
        self.out: dict[int, list[Link]] = defaultdict(list)
        self.into: dict[int, list[Link]] = defaultdict(list)
        for link in Link.objects.filter(target__type__in=labels()).select_related("source").order_by("pk"):
            if link.target_id not in self.items:
                continue
            if link.source_id in self.items:
                self.out[link.source_id].append(link)
            elif link.source.circle != Circle.PRIVATE:
                self.into[link.target_id].append(link)

    def files(self) -> dict[str, str]:
        """Path -> content, the same for the same state."""
        return {self.paths[pk]: self.text(item) for pk, item in self.items.items()} | shared.files(self.names)

    def text(self, item: Any) -> str:
        return sheets.written(*self.sheet(item))

    def sheet(self, item: Any) -> tuple[dict[str, Any], str]:
        fields, main = fields_of(type(item)), body_of(type(item))
        front = plain(item, fields.values(), self.names)
        body = front.pop(main, "")
        front["revision"] = item.revision
        if leads := [self._edge(link) for link in self.out[item.pk]]:
            front["leads_to"] = sorted(leads, key=str)
        if because := [self._outside(link) for link in self.into[item.pk]]:
            front["because"] = sorted(because, key=str)
        for name, rows in self.rows.get(item.pk, {}).items():
            front[name] = [plain(row, row_fields(name), self.names) for row in rows]
        if brief := getattr(item, BRIEF, None):
            front[BRIEF] = self.briefs.told(brief)
        return front, str(body)

    def _edge(self, link: Link) -> dict[str, Any]:
        return self._noted({"to": self.paths[link.target_id], "as": link.relation}, link)

    def _outside(self, link: Link) -> dict[str, Any]:
        """Evidence: named, so that one knows; it is not in the folder."""
        slug = by_label(link.source.type).kind.slug
        edge = {"item": f"{slug}/{link.source_id}", "title": link.source.title, "as": link.relation}
        return self._noted(edge, link)

    def _noted(self, edge: dict[str, Any], link: Link) -> dict[str, Any]:
        if link.pk in self.weights:
            edge["weight"] = self.weights[link.pk].normalize()
        edge |= self.sides.get(link.pk, {}) | {"at": link.at.isoformat()}
        return edge | ({"note": sheets.one_end(link.note).strip()} if link.note.strip() else {})


def labels() -> list[str]:
    return [model.type_label() for model in kinds()]


def sides() -> dict[int, dict[str, list[str]]]:
    """Link -> the options that it speaks for, and those that it speaks against."""
    found: dict[int, dict[str, list[str]]] = {}
    rows = grounds().objects.order_by("option__position", "option_id")
    for link, side, option in rows.values_list("link_id", "side", "option__title"):
        found.setdefault(link, {}).setdefault(side, []).append(option)
    return found


def rows_of(items: Iterable[int]) -> dict[int, dict[str, list[models.Model]]]:
    """Item -> table -> its rows, in the order in which they were written."""
    held, found = set(items), dict[int, dict[str, list[models.Model]]]()
    for name, (label, owner) in ROWS.items():
        rows = apps.get_model(label)._default_manager.order_by("pk")
        for row in rows.exclude(source=SOURCE) if label == Origin._meta.label else rows:
            if (key := getattr(row, f"{owner}_id")) in held:
                found.setdefault(key, {}).setdefault(name, []).append(row)
    return found


def row_fields(name: str) -> list[Any]:
    fields = fields_of(table_of(name)).values()
    return [one for one in fields if one.name != ROWS[name].owner and not getattr(one, "auto_now", False)]
