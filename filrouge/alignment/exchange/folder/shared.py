"""What stands around the Items in files of its own: cycles, types of goals, how teams read, scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, transaction

from filrouge.core.errors import BadInput
from filrouge.lib.reason import N_, Reason
from filrouge.people.access import Act, may
from filrouge.people.models import Role, User

from . import sheets
from .cells import Names, fields_of, meant, plain

ODD = N_("This file cannot be read: it is a list of rows, each with the columns that an export writes.")
NOT_YOURS = N_("“%(name)s” is left as it is: who may change it changes it on its page.")
NO_ITEM = N_("“%(name)s” is neither in this folder nor here: it is left out of its scenario.")


@dataclass(frozen=True)
class File:
    """`keys` tell one row from another; `act` is what its page asks for, `makes` what an import of new ones
    does; `parts` are rows within a row."""

    name: str
    label: str
    keys: tuple[str, ...]
    act: Act | None = None
    makes: Act | None = None
    many: str = ""
    parts: str = ""

    @property
    def model(self) -> Any:
        return apps.get_model(self.label)

    def rows(self, names: Names) -> list[dict[str, Any]]:
        found = []
        for row in self.model._default_manager.order_by("pk"):
            told = plain(row, fields_of(self.model).values(), names)
            told |= {self.many: sorted(one.name for one in others)} if (others := self._many(row)) else {}
            told |= {"items": parts} if (parts := list(self._parts(row, names))) else {}
            found.append(told)
        return found if self.many else sorted(found, key=self.key)  # the first type is the usual one

    def key(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(str(row.get(name) or "") for name in self.keys)

    def _many(self, row: Any) -> list[Any]:
        return list(getattr(row, self.many).all()) if self.many else []

    def _parts(self, row: Any, names: Names) -> Iterator[dict[str, Any]]:
        """Those whose Item is in the folder too."""
        for part in getattr(row, self.parts).order_by("pk") if self.parts else ():
            told = plain(part, part_fields(part), names)
            if told.get("item"):
                yield told


SCENARIOS = File(
    "scenarios.yaml", "roadmap.Scenario", ("team", "created_at", "name"), parts="thoughts"
)  # fmt: skip
BEFORE = (
    File("cycles.yaml", "strategy.Cycle", ("name",), Act.MANAGE_TEAMS, makes=Act.SET_GOALS),
    File("goal-types.yaml", "strategy.GoalType", ("name",), Act.MANAGE_TEAMS, many="under"),
    File("steering.yaml", "strategy.Steering", ("team",), Act.MANAGE_TEAMS),
)
FILES = (*BEFORE, SCENARIOS)
NAMES = tuple(file.name for file in FILES)


def part_fields(part: Any) -> list[Any]:
    return [field for field in fields_of(type(part)).values() if field.name != "scenario"]


def files(names: Names) -> dict[str, str]:
    """Name -> content, of those that hold anything."""
    rows = {file.name: file.rows(names) for file in FILES}
    return {name: sheets.dumped(found) for name, found in rows.items() if found}


@dataclass
class Reading:
    """What a file says that is not so here is made so, by whoever may do that on its page."""

    by: User
    names: Names
    dry_run: bool = False

    def __post_init__(self) -> None:
        self.remarks: list[tuple[str, Reason]] = []
        self.made: set[int] = set()

    def take(self, file: File, text: str) -> None:
        here = {file.key(row): row for row in as_read(file.rows(self.names))}
        try:
            told = sheets.loaded(text) if text.strip() else []
            rows = [dict(row) for row in told]
        except (sheets.Unreadable, TypeError, ValueError):
            return self._odd(file)
        for row in rows:
            if row != here.get(file.key(row)):
                self._row(file, row, new=file.key(row) not in here)
        self._tie(file, rows)

    def _tie(self, file: File, rows: list[dict[str, Any]]) -> None:
        """What refers to other rows of the same file, now that all are in."""
        if not file.many or self.dry_run:
            return
        held = {one.name: one for one in file.model.objects.prefetch_related(file.many)}
        for row in rows:
            made = held.get(str(row.get("name")))
            wanted = [held[name] for name in row.get(file.many) or [] if name in held]
            if made and (may(self.by, file.act or Act.MANAGE_TEAMS) or made.pk in self.made):
                getattr(made, file.many).set(wanted)

    def _row(self, file: File, row: dict[str, Any], new: bool) -> None:
        if not self._may(file, row, new):
            said = {"name": str(row.get("name") or row.get("team") or "")[:60]}
            self.remarks.append((file.name, Reason(NOT_YOURS, said)))
            return
        try:
            with transaction.atomic():
                self._written(file, row, new)
                transaction.set_rollback(self.dry_run)
        except (BadInput, IntegrityError, FieldDoesNotExist, ValueError, TypeError):
            self._odd(file)

    def _may(self, file: File, row: Mapping[str, Any], new: bool) -> bool:
        if file.act:
            return may(self.by, file.act) or (new and may(self.by, file.makes or file.act))
        mine = row.get("by") == self.by.email or self.by.manages(self._team(row))
        return new and (mine or self.by.role == Role.ADMIN)

    def _team(self, row: Mapping[str, Any]) -> int | None:
        return self.names.key(apps.get_model("people.Team"), str(row.get("team") or ""))

    def _written(self, file: File, row: dict[str, Any], new: bool) -> None:
        fields = fields_of(file.model)
        values = {name: meant(field, row.get(name), self.names) for name, field in fields.items()}
        own = {fields[name].attname: value for name, value in values.items()}
        which = {fields[name].attname: values[name] for name in file.keys}
        if new and file.model._default_manager.filter(**which).exists():
            raise BadInput(str(Reason(ODD)))  # written otherwise it is still the one that is here
        made, new = file.model._default_manager.update_or_create(**which, defaults=own)
        self.made |= {made.pk} if new else set()
        for part in row.get("items") or []:
            self._part(file, made, part)

    def _part(self, file: File, made: Any, told: Mapping[str, Any]) -> None:
        model = getattr(made, file.parts).model
        part = model(scenario=made)
        try:
            for field in part_fields(part):
                setattr(part, field.attname, meant(field, told.get(field.name), self.names))
        except BadInput as error:
            if error.field != "item":
                raise
            said = {"name": str(told.get("item"))[:200]}
            self.remarks.append((file.name, Reason(NO_ITEM, said)))
            return
        part.save()

    def _odd(self, file: File) -> None:
        self.remarks.append((file.name, Reason(ODD)))


def as_read(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a file gives them back, so that what is here compares with what is there."""
    return sheets.loaded(sheets.dumped(rows)) or []
