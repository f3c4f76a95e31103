"""Which files are known by their columns, and what is made of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from filrouge.lib.dates import Order

from .betagouv import BetaGouv
from .github import Issues, Milestones
from .jira import Jira
from .keps import Keps
from .plans import Plan
from .tables import Table


class Shape(Protocol):
    """A class of files: `fits` looks at the columns, `plan` makes a row of the roadmap of a record."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...

    def fits(self, columns: Collection[str]) -> bool: ...

    def plan(self, values: Mapping[str, str], order: Order = "dmy") -> Plan: ...


KNOWN: tuple[Shape, ...] = (Keps(), BetaGouv(), Jira(), Milestones(), Issues())
NAMES = (*(shape.name for shape in KNOWN), Table.name)


def shape_of(columns: Collection[str]) -> str:
    """The name of the shape that a file with these columns has."""
    return next((shape.name for shape in KNOWN if shape.fits(columns)), Table.name)


def shaped(name: str, mapping: Mapping[str, str]) -> Shape:
    return next((shape for shape in KNOWN if shape.name == name), Table(mapping))
