"""What a reader of files yields: a row, or why there is none."""

from dataclasses import dataclass

from filrouge.lib.reason import N_, Reason

LONGEST_KEPT = 1_100_000  # characters of a rejected record: enough for whatever can be mended
MOST_COLUMNS = 1_000
TOO_WIDE = N_("This file has %(found)d columns; Filrouge reads at most %(most)d.")


@dataclass(frozen=True, slots=True)
class Row:
    """One record and the line that it begins on."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be taken. `column` names the column, or counts it where it has no name."""

    line: int
    column: str
    value: str
    reason: Reason
    raw: str


class CannotRead(ValueError):
    """A file refused whole."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


class UnknownFormat(CannotRead):
    """Nothing here reads this file."""


class EmptyFile(CannotRead):
    """There is nothing in it."""


def check_width(columns: int) -> None:
    """Refuse a table that no person made: the work on names grows with their square."""
    if columns > MOST_COLUMNS:
        raise CannotRead(Reason(TOO_WIDE, {"found": columns, "most": MOST_COLUMNS}))
