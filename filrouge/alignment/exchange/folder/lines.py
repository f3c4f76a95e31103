"""Rows in an Item's file: its log, dependencies, phases, options... They are read, and only ever added to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.alignment.roadmap.dependencies import Dependency, State
from filrouge.alignment.roadmap.worksheets import Worksheet
from filrouge.alignment.strategy.measuring import check_confidence, check_value
from filrouge.alignment.strategy.models import Observation
from filrouge.core.errors import BadInput
from filrouge.lib.reason import N_, Reason
from filrouge.people.models import User

from .cells import Names, meant, plain
from .contents import ORIGINS, ROWS, SOURCE, row_fields, table_of
from .opened import Sheet, as_text

ODD_ORIGIN = N_("What an origin last said of it is written as names and values.")
OWN_NAME = N_("The source “folder” names these files themselves.")

Said = Callable[[Sheet, str, Reason], None]


def rows_in(sheet: Sheet, name: str, names: Names, say: Said) -> list[Any]:
    """The rows as the file means them; whoever has gone is left out, and said once."""
    gone: dict[str, str] = {}
    rows = [_row(name, cells, names, gone) for cells in sheet.listed(name)]
    for reason, column in gone.items():
        say(sheet, column, Reason(reason))
    for row in rows:
        if isinstance(row, Worksheet):
            row.check_result()
    if name == ORIGINS and any(row.source == SOURCE for row in rows):
        raise BadInput(str(Reason(OWN_NAME)), name)
    if name == ORIGINS and not all(isinstance(row.known, dict) for row in rows):
        raise BadInput(str(Reason(ODD_ORIGIN)), name)
    return rows


def _row(name: str, cells: Mapping[str, Any], names: Names, gone: dict[str, str]) -> Any:
    row = table_of(name)()
    for column in row_fields(name):
        try:
            setattr(row, column.attname, meant(column, cells.get(column.name), names))
        except BadInput as error:
            if not (column.null and column.related_model is User):
                raise
            gone[str(error)] = column.name
    return row


@dataclass(frozen=True)
class Lines:
    """The rows of one table in one file; `trusted` where everybody's word is brought back as it was."""

    sheet: Sheet
    name: str
    names: Names
    by: User
    trusted: bool
    say: Said

    def add_to(self, item: Any, held: Iterable[Any]) -> None:
        """What a file adds is noted by whoever reads it back."""
        new = {str(self._written(row)): row for row in rows_in(self.sheet, self.name, self.names, self.say)}
        for row in held:
            if new.pop(str(self._written(row)), None) is None:
                raise BadInput(_("What stands in a log is not taken back: add a line instead."), self.name)
        for row in new.values():
            setattr(row, f"{ROWS[self.name].owner}_id", item.pk)
            if not self.trusted:
                self._own_word(item, row)
        # Where another Item is known by that id at its source, that one keeps it.
        rows = table_of(self.name).objects
        rows.bulk_create(new.values(), ignore_conflicts=self.name == ORIGINS)

    def _own_word(self, item: Any, row: Any) -> None:
        """Nobody notes in another's name or at another time, nor agrees for another team: that is asked."""
        if hasattr(row, "by_id"):
            row.by = self.by
        if isinstance(row, Observation):
            check_value(item, row.value)
            check_confidence(row.confidence)
            row.noted_at = timezone.now()
        if isinstance(row, Dependency) and not self.by.manages(row.needs.team_id):
            row.state, row.answer, row.answered_by, row.answered_at = State.ASKED, "", None, None

    def _written(self, row: Any) -> Any:
        return as_text(plain(row, row_fields(self.name), self.names))
