"""A Check is a rule over Items that yields findings: the linter of the product organisation. It only informs.

Each capability may have a `checks.py`, imported when rules are first needed.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .circles import Circle
from .kinds import Label, by_label
from .models import Item
from .search import SEARCHED
from .thread import walk
from .traces import Link


class Severity(models.TextChoices):
    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")
    INFO = "info", _("Note")


@dataclass(frozen=True)
class Finding:
    """What a check says of an Item: the values of its sentence are the evidence, `other` an Item it names.

    No title, no user's words and no person's name stands in `values`: those are looked up for each reader.
    """

    item: int
    values: dict[str, Any] = field(default_factory=dict)
    other: int | None = None


Findings = Iterable[Finding]
T = TypeVar("T")
PUBLIC = ~Q(circle=Circle.PRIVATE)


class Look:
    """What the checks of one run look at: every Item that is in use, or the `ids` that a change can touch.

    Private Items are not there: a finding must not tell what only one person knows.
    """

    def __init__(self, ids: Collection[int] | None = None, today: date | None = None) -> None:
        self.ids = None if ids is None else frozenset(ids)
        self.today = today or timezone.localdate()
        self._kept: dict[str, Any] = {}

    def all(self, label: str) -> QuerySet[Any]:
        """The Items of a type, whether or not this run looks at them: what others are compared with."""
        return by_label(label).objects.active().filter(PUBLIC).order_by("pk")  # type: ignore[no-any-return]

    def at(self, label: str) -> list[Any]:
        """The Items of a type that this run looks at, read once for all rules."""
        return self.once(label, lambda: list(self._rows(label)))

    def _rows(self, label: str) -> QuerySet[Any]:
        return self._joined(label) if self.ids is None else self._joined(label).filter(pk__in=self.ids)

    def _joined(self, label: str) -> QuerySet[Any]:
        own = [field.name for field in by_label(label).own_fields() if field.is_relation]
        return self.all(label).select_related("team", *own).defer(*SEARCHED)

    def around(self, label: str) -> dict[int, Any]:
        """The Items of a type, by id, that this run looks at or to which they are linked; read once."""
        return self.once(f"around {label}", lambda: {one.pk: one for one in self._around(label)})

    def _around(self, label: str) -> list[Any]:
        if self.ids is None:
            return self.at(label)
        beside = [pk for pk, type in self.types.items() if type == label and pk not in self.ids]
        rows = self._joined(label).filter(pk__in=beside)
        return [*(self.at(label) if label in self.types.values() else ()), *(rows if beside else ())]

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What several rules read, asked for once a run."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]  # type: ignore[no-any-return]

    def rows(self, rows: QuerySet[Any], column: str = "item_id") -> QuerySet[Any]:
        """Rows about Items (links, wordings, history...), of those that this run looks at."""
        return rows if self.ids is None else rows.filter(**{f"{column}__in": self.ids})

    @cached_property
    def types(self) -> dict[int, str]:
        """The type of every Item in use; in a small look, of those around."""
        rows = Item.objects.active().filter(PUBLIC)
        if self.ids is not None:
            near = chain(self.ids, *((a, b) for a, b, _relation in self.links))
            rows = rows.filter(pk__in=set(near))
        return dict(rows.values_list("pk", "type"))

    @cached_property
    def links(self) -> list[tuple[int, int, str]]:
        """Edges (source, target, relation), oldest first: all, or those at what this run looks at."""
        rows = Link.objects.order_by("pk")
        if self.ids is not None:
            rows = rows.filter(Q(source__in=self.ids) | Q(target__in=self.ids))
        return list(rows.values_list("source_id", "target_id", "relation"))

    def linked(self, label: str, *, back: bool, relations: Collection[str] = ()) -> dict[int, list[int]]:
        """For each Item, the Items of a type that lead straight to it (`back`), or to which it leads."""
        found: dict[int, list[int]] = defaultdict(list)
        for source, target, relation in self.links:
            near, far = (target, source) if back else (source, target)
            if self.types.get(far) == label and (not relations or relation in relations):
                found[near].append(far)
        return found

    @cached_property
    def _before(self) -> dict[int, list[int]]:
        """For each Item, what leads to it: everywhere, or as far back as the thread of `ids` goes."""
        found: dict[int, list[int]] = defaultdict(list)
        if self.ids is None:
            for source, target, _relation in self.links:
                found[target].append(source)
            return found
        for edges in walk(self.ids, Item.objects.active().filter(PUBLIC), back=True):
            for edge in edges:
                found[edge.near].append(edge.far)
                self._far[edge.far] = edge.type
        return found

    @cached_property
    def _far(self) -> dict[int, str]:
        return dict(self.types)

    def behind(self, key: int, label: str) -> set[int]:
        """The Items of a type from which the thread leads to this one, however far."""
        reached, todo = set[int](), [key]
        while todo:
            new = [pk for pk in self._before.get(todo.pop(), ()) if pk not in reached and pk in self._far]
            reached.update(new)
            todo += new
        return {pk for pk in reached if self._far[pk] == label}


Function = Callable[..., Findings]


@dataclass(frozen=True)
class Check:
    """A rule: `says` is the sentence of a finding, `also` another one, of findings whose values hold `also`.

    `mend` are the acts that may remove it, the likeliest first: `verb` of the Item, `verb?parameter` that
    gets what the finding names (`verb?parameter&name=value`: where its values say so), `from:Type` for an
    Item that should lead here, `make:Type:parameter` for a new one under it.
    """

    id: str
    severity: Severity
    title: Label
    says: Label
    on: tuple[str, ...]
    mend: tuple[str, ...]
    about: str
    function: Function
    also: Label = ""

    @property
    def limits(self) -> dict[str, int]:
        """The numbers of this rule that an organisation may tune: its keyword parameters."""
        parameters = inspect.signature(self.function).parameters.values()
        return {one.name: one.default for one in parameters if one.kind is one.KEYWORD_ONLY}

    def findings(self, look: Look, limits: Mapping[str, int] | None = None) -> Iterator[Finding]:
        """What it finds, at most one for an Item and what it names; only of Items in `look`."""
        seen: set[tuple[int, int | None]] = set()
        known = {name: value for name, value in (limits or {}).items() if name in self.limits}
        for found in self.function(look, **known):
            if (found.item, found.other) not in seen and (look.ids is None or found.item in look.ids):
                seen.add((found.item, found.other))
                yield found


CHECKS: dict[str, Check] = {}
NEAR: list[Callable[[frozenset[int]], Iterable[int]]] = []


def check(
    id: str, severity: Severity, title: Label, says: Label, on: str | tuple[str, ...], mend: tuple[str, ...],
    also: Label = "",
) -> Callable[[Function], Function]:  # fmt: skip
    """Declare a rule; the function's docstring says what it looks for, its keyword parameters are limits."""

    def declare(function: Function) -> Function:
        types = (on,) if isinstance(on, str) else on
        about = inspect.cleandoc(function.__doc__ or "")
        CHECKS[id] = Check(id, severity, title, says, types, mend, about, function, also)
        return function

    return declare


def near(function: Callable[[frozenset[int]], Iterable[int]]) -> Callable[[frozenset[int]], Iterable[int]]:
    """Declare what stands beside Items otherwise than by a Link, so that a change of one touches it too."""
    NEAR.append(function)
    return function


def touched(ids: Collection[int]) -> frozenset[int]:
    """The Items of which a finding may come or go when these change: themselves and those beside them."""
    keys = frozenset(ids)
    links = Link.objects.filter(Q(source__in=keys) | Q(target__in=keys)).values_list("source", "target")
    beside = chain.from_iterable(links)
    return keys.union(beside, *(function(keys) for function in NEAR))


@cache
def discover() -> None:
    for app in apps.get_app_configs():
        if (
            app.name.startswith("filrouge.")
            and app.name != "filrouge.core"
            and find_spec(f"{app.name}.checks")
        ):
            import_module(f"{app.name}.checks")


def all_checks() -> list[Check]:
    """Every built rule, in the order of its id."""
    discover()
    return sorted(CHECKS.values(), key=lambda one: place(one.id))


def place(id: str) -> tuple[str, int]:
    letters, _dash, number = id.partition("-")
    return letters, int(number)
