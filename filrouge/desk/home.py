"""The home of each role, made of sections that capabilities declare in their own `home.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from filrouge.core.kinds import Label
from filrouge.people.models import User


@dataclass(frozen=True)
class Section:
    """A part of somebody's home: `template` draws `context`; `more` leads to the whole list."""

    title: Label
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    lead: Label = ""
    more: str = ""
    more_label: Label = ""
    empty: bool = False


Maker = Callable[[User], Section | None]
SECTIONS: list[tuple[int, frozenset[str], Maker]] = []


def section(roles: frozenset[str], order: int) -> Callable[[Maker], Maker]:
    """Declare a section for some roles; the lowest `order` comes first."""

    def declare(make: Maker) -> Maker:
        SECTIONS.append((order, roles, make))
        return make

    return declare


@cache
def discover() -> None:
    for app in apps.get_app_configs():
        if app.name.startswith("filrouge.") and app.name != "filrouge.desk" and find_spec(f"{app.name}.home"):
            import_module(f"{app.name}.home")


def home_of(reader: User) -> list[Section]:
    discover()
    makers = [
        make for _order, roles, make in sorted(SECTIONS, key=lambda row: row[0]) if reader.role in roles
    ]
    return [made for make in makers if (made := make(reader)) is not None]
