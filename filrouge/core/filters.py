"""A Filter: a query string parsed once. Page, API, command, export and saved view use the same one."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from filrouge.lib.numbers import whole
from filrouge.lib.search_text import Query

from .errors import BadInput
from .kinds import Label
from .memory import kept

LIMIT = 50
MOST = 1_000
EXACT = 10_000
SHOWN = 1_000


@dataclass(frozen=True)
class Facet:
    """One thing to filter by: `lookup` names the column, `read` the value, `options` lists choices."""

    name: str
    label: Label
    lookup: str
    read: Callable[[str], Any] = str
    options: Callable[[], list[tuple[str, str]]] | None = None

    def value(self, text: str) -> Any:
        try:
            return self.read(text)
        except (ValueError, OverflowError):
            raise BadInput(
                _("“%(value)s” is not a value of %(name)s.") % {"value": text[:80], "name": self.label},
                self.name,
            ) from None


def whole_number(text: str) -> int:
    if (number := whole(text)) is None:
        raise ValueError(text)
    return number


def moment(text: str) -> datetime:
    """A moment with its offset; a naive one, or one that no database can hold, is refused."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None or not 1900 < value.year < 9000:
        raise ValueError(text)
    return value.astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Sort:
    """An order with a tie-break by id; `column` may be followed from a cursor."""

    name: str
    label: Label
    column: str
    descending: bool = True
    read: Callable[[str], Any] = moment

    def order(self) -> tuple[str, ...]:
        sign = "-" if self.descending else ""
        return (f"{sign}{self.column}",) if self.column == "id" else (f"{sign}{self.column}", f"{sign}id")

    def after(self, cursor: str) -> Q:
        """The rows that follow the one whose sort value and id the cursor holds."""
        bound, key = self.place(cursor)
        step = "lt" if self.descending else "gt"
        if self.column == "id":
            return Q(**{f"id__{step}": key})
        return Q(**{f"{self.column}__{step}": bound}) | Q(**{self.column: bound, f"id__{step}": key})

    def place(self, cursor: str) -> tuple[Any, int]:
        """The sort value and the id that a cursor holds."""
        try:
            value, key = _unpack(cursor)
            return None if self.column == "id" else self.read(value), whole_number(key)
        except (ValueError, OverflowError):
            raise BadInput(
                _("This page's place is not one we gave. Start from the first page."), "cursor"
            ) from None

    def cursor(self, row: Any) -> str:
        value = row.pk if self.column == "id" else getattr(row, self.column)
        text = value.isoformat() if isinstance(value, date) else str(value)
        return base64.urlsafe_b64encode(f"{row.pk}~{text}".encode()).decode().rstrip("=")


def _unpack(cursor: str) -> tuple[str, str]:
    """The sort value and the id as they were written; ValueError where nothing of ours was."""
    text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    key, _tilde, value = text.partition("~")
    if "\x00" in text:
        raise ValueError(cursor)
    return value, key


@dataclass(frozen=True)
class Filter:
    facets: tuple[Facet, ...]
    sorts: tuple[Sort, ...]
    q: str = ""
    values: Mapping[str, list[str]] = field(default_factory=dict)
    sort: Sort | None = None
    limit: int = LIMIT
    cursor: str = ""

    @classmethod
    def parse(
        cls, params: Any, facets: tuple[Facet, ...], sorts: tuple[Sort, ...], strict: bool = False
    ) -> Filter:
        """From a QueryDict or a mapping of lists. `strict` refuses unknown names, as the API does."""
        given = {
            key: params.getlist(key) if hasattr(params, "getlist") else list(params[key]) for key in params
        }
        known = {facet.name for facet in facets} | {"q", "sort", "limit", "cursor"}
        if strict and (unknown := sorted(set(given) - known)):
            raise BadInput(_("There is no filter “%(name)s” here.") % {"name": unknown[0][:80]}, unknown[0])
        values = {f.name: [t for t in given.get(f.name, []) if t != ""] for f in facets}
        return cls(
            facets,
            sorts,
            _last(given, "q").replace("\x00", ""),
            {k: v for k, v in values.items() if v},
            _sort(sorts, _last(given, "sort")),
            _limit(_last(given, "limit")),
            _last(given, "cursor"),
        )

    @property
    def query(self) -> Query:
        return Query.parse(self.q)

    def where(self) -> Q:
        """All conditions but the words: values of one facet are alternatives, facets add up."""
        condition = Q()
        for facet in self.facets:
            chosen = [facet.value(text) for text in self.values.get(facet.name, []) if "\x00" not in text]
            alternatives = Q()
            for value in chosen:
                alternatives |= Q(**{facet.lookup: value})
            condition &= alternatives
        return condition

    @property
    def order(self) -> Sort:
        return self.sort or self.sorts[0]

    def page(self, rows: QuerySet[Any], columns: Sequence[str] = ()) -> Page:
        """One page of rows that `where` was applied to; one more row tells whether others follow.

        With `columns` the rows are tuples of these names, which cost a fraction of whole models.
        """
        ordered = rows.order_by(*self.order.order())
        if self.cursor:
            ordered = ordered.filter(self.order.after(self.cursor))
        if columns:
            names = dict.fromkeys(["pk", self.order.column, *columns])
            ordered = ordered.values_list(*names, named=True)
        found = list(ordered[: self.limit + 1])
        more = len(found) > self.limit
        found = found[: self.limit]
        return Page(found, self.with_(cursor=self.order.cursor(found[-1])) if more else None)

    def with_(self, **changes: Any) -> Filter:
        return replace(self, **changes)

    def toggled(self, name: str, value: str) -> Filter:
        held = self.values.get(name, [])
        chosen = [v for v in held if v != value] if value in held else [*held, value]
        return self.with_(values={**self.values, name: chosen}, cursor="")

    def query_string(self) -> str:
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name, values in self.values.items() for value in values]
        if self.sort and self.sort != self.sorts[0]:
            pairs.append(("sort", self.sort.name))
        if self.limit != LIMIT:
            pairs.append(("limit", str(self.limit)))
        if self.cursor:
            pairs.append(("cursor", self.cursor))
        return urlencode(pairs)

    def __bool__(self) -> bool:
        return bool(self.q or self.values)


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: Filter | None


def count(rows: QuerySet[Any], limit: int = EXACT, of: str = "pk") -> tuple[int, bool]:
    """How many, exact up to `limit`; beyond it the limit and True."""
    found = rows.order_by().values(of)[: limit + 1].count()
    return (limit, True) if found > limit else (found, False)


def shown(rows: QuerySet[Any], key: str) -> tuple[int, bool]:
    """The count that a page shows; where it stops at “1,000+”, that is not asked again for a minute."""
    return kept(f"shown:{key}", lambda: count(rows, SHOWN), seconds=60, only=lambda found: found[1])


def _last(given: Mapping[str, list[str]], name: str) -> str:
    return given.get(name, [""])[-1] if given.get(name) else ""


def _sort(sorts: tuple[Sort, ...], name: str) -> Sort | None:
    if not name:
        return None
    found = next((sort for sort in sorts if sort.name == name), None)
    if found is None:
        raise BadInput(_("There is no order “%(name)s” here.") % {"name": name[:80]}, "sort")
    return found


def _limit(text: str) -> int:
    if not text:
        return LIMIT
    if not (limit := whole(text, below=MOST + 1)):
        raise BadInput(_("The limit is a number from 1 to %(most)s.") % {"most": MOST}, "limit")
    return limit
