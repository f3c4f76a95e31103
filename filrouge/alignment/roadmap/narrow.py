"""Roadmap items as lists show them: few columns, with the names of their team and owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from filrouge.core.kinds import status_in_words
from filrouge.core.thread import among

from .dated import Dated


class Columns(NamedTuple):
    pk: int
    type: str
    title: str
    status: str
    circle: str
    revision: int
    archived_at: datetime | None
    team_id: int | None
    team: str | None
    owner: str | None
    horizon: str
    starts: date | None
    starts_precision: str
    ends: date | None
    ends_precision: str
    hard_due: date | None
    shipped_on: date | None
    version: str


class Row(Dated, Columns):
    __slots__ = ()

    @property
    def status_label(self) -> str:
        return status_in_words(self.type, self.status)

    def get_absolute_url(self) -> str:
        return f"/initiatives/{self.pk}/"


NAMES = {"team": "team__name", "owner": "owner__name"}
SHOWN = tuple(NAMES.get(name, name) for name in Columns._fields)
SAID = attrgetter(*SHOWN)


def rows_of(told: Iterable[Any]) -> list[Row]:
    """Of a page that was asked for these columns and for what it is sorted by."""
    return [Row._make(SAID(one)) for one in told]


def narrow(rows: Any, keys: Collection[int]) -> dict[int, Row]:
    """Those of `rows` with these keys."""
    found = rows.filter(pk__in=among(keys)).order_by().values_list(*SHOWN)
    return {row[0]: Row._make(row) for row in found}
