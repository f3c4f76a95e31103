"""The home of each role, made of sections that capabilities declare in their own `home.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from filrouge.core.kinds import Label
from filrouge.people.models import User

ROWS = "desk/home_rows.html"


@dataclass(frozen=True)
class Row:
    """A line of a section: what it says, where it leads, a note under it, a fact or a day beside it."""

    title: Label
    url: str = ""
    note: Label = ""
    fact: Label = ""
    tone: str = ""
    at: date | None = None
    quoted: bool = False
    language: str = ""
    stops: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Advice:
    """What an empty section says: that it is, and what to do first."""

    text: Label
    label: Label = ""
    url: str = ""
    dialog: bool = False


@dataclass(frozen=True)
class Section:
    """A part of somebody's home: `template` draws `rows` or `context`; `more` leads to the whole list."""

    title: Label
    template: str = ROWS
    context: dict[str, Any] = field(default_factory=dict)
    lead: Label = ""
    more: str = ""
    more_label: Label = ""
    empty: bool = False
    rows: Collection[Row] = ()
    advice: Advice | None = None

    @property
    def nothing(self) -> bool:
        return self.empty or (self.template == ROWS and not self.rows)


Maker = Callable[[User], Section | None]
SECTIONS: list[tuple[int, frozenset[str], Maker]] = []


def section(roles: Collection[str], order: int) -> Callable[[Maker], Maker]:
    """Declare a section for some roles; the lowest `order` comes first."""

    def declare(make: Maker) -> Maker:
        SECTIONS.append((order, frozenset(roles), make))
        return make

    return declare


@cache
def discover() -> None:
    import_module("filrouge.desk.sections")
    for app in apps.get_app_configs():
        if app.name.startswith("filrouge.") and app.name != "filrouge.desk" and find_spec(f"{app.name}.home"):
            import_module(f"{app.name}.home")


def home_of(reader: User) -> list[Section]:
    discover()
    makers = [
        make for _order, roles, make in sorted(SECTIONS, key=lambda row: row[0]) if reader.role in roles
    ]
    return [made for make in makers if (made := make(reader)) is not None]
