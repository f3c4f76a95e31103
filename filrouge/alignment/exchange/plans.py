"""A roadmap item as some file tells it, whatever the file: what every reader of a format makes of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from filrouge.alignment.roadmap.precision import closes, named, opens
from filrouge.lib.dates import BadDate, Order, parse_date, parse_period
from filrouge.lib.reason import N_, Reason
from filrouge.lib.search_text import fold

LONGEST_TITLE, LONGEST_TEXT, LONGEST_ID, LONGEST_VERSION = 300, 20_000, 300, 60
FAR = datetime(9000, 1, 1, tzinfo=UTC)
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)

NO_TITLE = N_("This row has no title.")
NO_ID = N_("This row has no id.")
LONG_ID = N_("This id is too long: at most %(most)d characters.")
CUT = N_("This title is too long: it was cut, and stands whole in the text.")
LONG_TEXT = N_("This text is over 20,000 characters: its end was left out.")
UNKNOWN_STATUS = N_("“%(value)s” is not a status known here. It came in as planned, for later.")
NOT_A_DAY = N_("“%(value)s” is not a date that can be read: it was left out.")
BACKWARDS = N_("It ends before it starts (%(starts)s, %(ends)s): both dates were left out.")
AHEAD = N_("It shipped on %(value)s, which is still to come: it came in as in progress until then.")
NOT_AN_ADDRESS = N_("“%(value)s” does not begin with http:// or https://: this address was left out.")

PLANNED, STARTED, SHIPPED, DROPPED = "planned", "started", "shipped", "dropped"


class Unfit(Exception):
    """A row of which no item can be made."""

    def __init__(self, column: str, message: str, **values: str | int) -> None:
        super().__init__(message)
        self.column, self.reason = column, Reason(message, values)


@dataclass(frozen=True)
class Note:
    """What was odd about a row that came in all the same."""

    column: str
    reason: Reason


@dataclass(frozen=True)
class Reference:
    """Another item that the row names: `name` is its id in the file's own terms."""

    relation: str
    column: str
    name: str


@dataclass(frozen=True)
class Plan:
    external_id: str
    title: str
    outcome: str = ""
    status: str = PLANNED
    reason: str = ""
    horizon: str = "later"
    starts: date | None = None
    starts_precision: str = "day"
    ends: date | None = None
    ends_precision: str = "day"
    shipped_on: date | None = None
    version: str = ""
    address: str = ""
    team: str = ""
    names: tuple[str, ...] = ()
    refers: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = field(default=(), compare=False)

    def noted(self, column: str, message: str, **values: str | int) -> Plan:
        return replace(self, notes=(*self.notes, Note(column, Reason(message, values))))

    def within_limits(self) -> Plan:
        """The same, as it can be kept; what that cost is noted."""
        plan = self._titled()
        if len(plan.outcome) > LONGEST_TEXT:
            plan = replace(plan, outcome=plan.outcome[:LONGEST_TEXT]).noted("outcome", LONG_TEXT)
        if plan.starts and plan.ends and plan.ends < plan.starts:
            days = {"starts": plan.starts.isoformat(), "ends": plan.ends.isoformat()}
            plan = replace(plan, starts=None, ends=None).noted("ends", BACKWARDS, **days)
        if plan.status == SHIPPED and plan.shipped_on and plan.shipped_on > timezone.localdate():
            day = plan.shipped_on
            plan = replace(plan, status=STARTED, shipped_on=None, ends=day, ends_precision="day")
            plan = plan.noted("shipped_on", AHEAD, value=day.isoformat())
        if plan.address and not plan.address.startswith(("http://", "https://")):
            plan = replace(plan, address="").noted("address", NOT_AN_ADDRESS, value=plan.address[:60])
        return replace(plan, version=plan.version[:LONGEST_VERSION], address=plan.address[:500])

    def _titled(self) -> Plan:
        if not self.title:
            raise Unfit("title", NO_TITLE)
        if not self.external_id:
            raise Unfit("external_id", NO_ID)
        if len(self.external_id) > LONGEST_ID:
            raise Unfit("external_id", LONG_ID, most=LONGEST_ID)
        if len(self.title) <= LONGEST_TITLE:
            return self
        whole = f"{self.title}\n\n{self.outcome}".strip()
        return replace(self, title=f"{self.title[: LONGEST_TITLE - 1]}…", outcome=whole).noted("title", CUT)

    @property
    def starts_label(self) -> str:
        return named(self.starts, self.starts_precision)

    @property
    def ends_label(self) -> str:
        """When it shipped, or is meant to end."""
        return named(self.shipped_on, "day") if self.shipped_on else named(self.ends, self.ends_precision)

    def known(self) -> dict[str, Any]:
        """What the file says, as plain values: what changes in it is told by comparing two of these."""
        names = (
            "title", "outcome", "status", "reason", "horizon", "starts", "starts_precision", "ends",
            "ends_precision", "shipped_on", "version", "address",
        )  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        return {
            name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()
        }


def day_of(text: str, order: Order = "dmy") -> date | None:
    """The day that a cell means; ValueError where it means none."""
    cell = text.strip()
    if not cell or fold(cell) in {"tbd", "todo", "n/a", "none", "-", "?"}:
        return None
    try:
        day = parse_date(cell, order, now=FAR).date()
    except BadDate:
        raise ValueError(text) from None
    if not EARLIEST <= day < LATEST:
        raise ValueError(text)
    return day


EXACT = {"shipped_on"}  # what has shipped did so on a day


def dated(name: str, cell: str, order: Order) -> dict[str, Any]:
    """A date with its precision, as exactly as the cell says it: Q3 2026 is no day."""
    if name not in EXACT and (meant := parse_period(cell)):
        first, precision = meant
        if not EARLIEST <= first < LATEST:
            raise ValueError(cell)
        return {
            name: (opens if name == "starts" else closes)(first, precision),
            f"{name}_precision": precision,
        }
    return {name: day_of(cell, order)}


def with_days(plan: Plan, cells: Mapping[str, tuple[str, str]], order: Order = "dmy") -> Plan:
    """The plan with its dates: field -> (column, cell). One that cannot be read is left out and noted."""
    for name, (column, cell) in cells.items():
        try:
            plan = replace(plan, **dated(name, cell, order))
        except ValueError:
            plan = plan.noted(column, NOT_A_DAY, value=cell[:60])
    return plan


def with_status(plan: Plan, column: str, cell: str, known: Mapping[str, Mapping[str, Any]]) -> Plan:
    """The plan in the state that a cell means: by its whole, folded text."""
    found = known.get(folded(cell))
    if found is None:
        return plan.noted(column, UNKNOWN_STATUS, value=cell[:60]) if cell.strip() else plan
    return replace(plan, **found)


def spelled(meanings: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """ "a|b": meaning -> one entry for each way to write it."""
    return {word: meaning for words, meaning in meanings.items() for word in words.split("|")}


def folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", fold(text.strip()))


def said(pairs: Mapping[str, str]) -> str:
    """What a file says beside, kept as it says it: one line each."""
    return "\n".join(f"{name}: {value.strip()}" for name, value in pairs.items() if value.strip())


def joined(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())
