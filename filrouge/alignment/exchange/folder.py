"""Goals, roadmap and decisions as a folder of plain files, named once and for good."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.text import slugify

from filrouge.alignment.strategy.models import Cycle, Weight
from filrouge.core.circles import Circle
from filrouge.core.kinds import all_kinds, by_label
from filrouge.core.models import Item, Link
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User

from . import sheets
from .cells import Names, body_of, fields_of, plain
from .models import FOLDER, Origin

SOURCE = FOLDER
WING = "filrouge.alignment."
# Rows that belong to an Item, by the column that says to which; they stand in its file.
LOG = "strategy.Observation"
ROWS = {
    LOG: "key_result",
    "roadmap.Dependency": "item",
    "roadmap.Phase": "item",
    "decisions.Option": "decision",
    "decisions.Part": "decision",
}
CYCLES = "cycles.yaml"
OURS = re.compile(r"[a-z-]+/[^/\\\0]+\.md")
"""Such a path leads into the folder, and nowhere else."""


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
        self.weights = dict(Weight.objects.values_list("link_id", "weight"))
        self.out: dict[int, list[Link]] = defaultdict(list)
        self.into: dict[int, list[Link]] = defaultdict(list)
        for link in Link.objects.filter(target_id__in=self.items).select_related("source").order_by("pk"):
            if link.source_id in self.items:
                self.out[link.source_id].append(link)
            elif link.source.circle != Circle.PRIVATE:
                self.into[link.target_id].append(link)

    def files(self) -> dict[str, str]:
        """Path -> content, the same for the same state."""
        found = {self.paths[pk]: sheets.written(*self.sheet(item)) for pk, item in self.items.items()}
        used = {item.cycle_id for item in self.items.values() if getattr(item, "cycle_id", None)}
        return found | ({CYCLES: cycles(used, self.names)} if used else {})

    def sheet(self, item: Any) -> tuple[dict[str, Any], str]:
        fields, main = fields_of(type(item)), body_of(type(item))
        front = plain(item, fields.values(), self.names)
        body = front.pop(main, "")
        front["revision"] = item.revision
        if leads := [self._edge(link) for link in self.out[item.pk]]:
            front["leads_to"] = sorted(leads, key=str)
        if because := [_outside(link) for link in self.into[item.pk]]:
            front["because"] = sorted(because, key=str)
        for label, rows in self.rows.get(item.pk, {}).items():
            front[label] = [plain(row, row_fields(label), self.names) for row in rows]
        return front, str(body)

    def _edge(self, link: Link) -> dict[str, Any]:
        edge: dict[str, Any] = {"to": self.paths[link.target_id], "as": link.relation}
        if link.pk in self.weights:
            edge["weight"] = self.weights[link.pk].normalize()
        return _noted(edge, link)


def _outside(link: Link) -> dict[str, Any]:
    """Evidence: named, so that one knows; it is not in the folder."""
    slug = by_label(link.source.type).kind.slug
    return _noted({"item": f"{slug}/{link.source_id}", "title": link.source.title, "as": link.relation}, link)


def _noted(edge: dict[str, Any], link: Link) -> dict[str, Any]:
    return edge | ({"note": sheets.one_end(link.note).strip()} if link.note.strip() else {})


def rows_of(items: Iterable[int]) -> dict[int, dict[str, list[models.Model]]]:
    """Item -> table -> its rows, in the order in which they were written."""
    found: dict[int, dict[str, list[models.Model]]] = {}
    for label, owner in ROWS.items():
        for row in apps.get_model(label)._default_manager.filter(**{f"{owner}__in": items}).order_by("pk"):
            found.setdefault(getattr(row, f"{owner}_id"), {}).setdefault(label, []).append(row)
    return found


def row_fields(label: str) -> list[Any]:
    fields = fields_of(apps.get_model(label))
    return [field for name, field in fields.items() if name != ROWS[label]]


def cycles(used: Iterable[int], names: Names) -> str:
    """The times that goals are set for, by name: an empty installation has none."""
    rows = Cycle.objects.filter(pk__in=used).order_by("starts", "name")
    return sheets.dumped([plain(row, fields_of(Cycle).values(), names) for row in rows])


@dataclass(frozen=True)
class Written:
    """What an export did to the folder."""

    files: int
    written: int
    removed: int


def export(directory: Path, by: User) -> Written:
    """Write what differs; remove files of ours whose Item is no longer for this folder; leave all others."""
    if not may(by, Act.EXPORT):
        raise PermissionDenied(refusal(Act.EXPORT))
    with transaction.atomic():
        folder = Folder(by)
        files = folder.files()
    changed = sum(_put(directory / path, text) for path, text in files.items())
    gone = [path for path in paths().values() if path not in files and _within(directory, path).is_file()]
    for path in gone:
        (directory / path).unlink()
    return Written(len(files), changed, len(gone))


def _put(file: Path, text: str) -> bool:
    """Whether it had to be written."""
    content = text.encode("utf-8")
    if file.is_file() and file.read_bytes() == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
    return True


def _within(directory: Path, path: str) -> Path:
    return directory / PurePosixPath(path)


def taken(directory: Path) -> Mapping[str, str]:
    """Path -> content of the files of a folder that could be ours."""
    found = {}
    for model in kinds():
        for file in filter(Path.is_file, sorted((directory / model.kind.slug).glob("*.md"))):
            found[f"{model.kind.slug}/{file.name}"] = file.read_text("utf-8", errors="surrogateescape")
    return found


def cycles_in(directory: Path) -> str:
    file = directory / CYCLES
    return file.read_text("utf-8", errors="replace") if file.is_file() else ""


def write_again(directory: Path, changed: Iterable[str], by: User) -> None:
    """The files that were read back, with the revision that they have now."""
    files = Folder(by).files()
    for path in changed:
        if path in files:
            _put(directory / path, files[path])
