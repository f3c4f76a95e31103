"""CSV and its cousins: cells separated by a comma, a semicolon, a tab or a bar."""

import csv
import io
import re
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count, islice
from typing import BinaryIO, TextIO

from filrouge.lib.formats.records import LONGEST_KEPT, Reject, Row, UnknownFormat, check_width
from filrouge.lib.formats.text import Lines, LineTooLong, open_text, showable, undecoded, unstorable
from filrouge.lib.reason import N_, Reason

LARGEST_CELL = 4_000_000  # characters; far over what is kept, so that whoever reads the rows says so itself
SAMPLE_CHARACTERS = 262_144
_SAMPLE_ROWS, _MOST_HEADER_LINES = 200, 20
_NONE = "\x1f"  # a file of one column has no separator: commas belong to its text

NO_HEADER = N_("The first line does not name the columns.")
LEFT_OPEN = N_("A quotation mark opened here is never closed.")
TOO_LONG = N_("This line is too long to be a row.")
UNDECODED = N_("Some characters cannot be decoded: the file mixes encodings.")
NUL = N_("This cell holds a NUL or another character that no text holds.")
TOO_FEW = N_("This row has too few cells: %(expected)d are expected, %(found)d found.")
TOO_MANY = N_("This row has too many cells: %(expected)d are expected, %(found)d found.")

csv.field_size_limit(LARGEST_CELL)


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text file with a line of names, then a record for each row."""

    name: str
    label: str
    suffixes: tuple[str, ...]
    separators: str

    def header(self, stream: BinaryIO) -> list[str]:
        with open_text(stream) as text:
            return _Reading(text, self.separators).names

    def records(self, stream: BinaryIO) -> Iterator[Row | Reject]:
        with open_text(stream) as text:
            yield from _Reading(text, self.separators).records()

    def recognises(self, sample: str) -> bool:
        """Whether it has several columns, and most rows have as many cells as the header."""
        separator = _separator(sample, self.separators)
        rows = _sample_rows(sample, separator)
        return separator != _NONE and _agreement(rows) > 0.7


def _declared(sample: str) -> str | None:
    """The separator that Excel writes on a first line of its own: `sep=;`."""
    found = re.match(r"\ufeff?sep=(.)\r?\n", sample)
    return found[1] if found else None


def _separator(sample: str, separators: str) -> str:
    """The one by which most rows have as many cells as the header."""
    scores = {}
    for separator in separators:
        rows = _sample_rows(sample, separator)
        if rows and len(rows[0]) > 1:
            scores[separator] = (_agreement(rows), len(rows[0]))
    return max(scores, key=scores.__getitem__) if scores else _NONE


def _sample_rows(sample: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(csv.Error):
        text = io.StringIO(sample, newline="")
        rows.extend(row for row in islice(csv.reader(text, delimiter=separator), _SAMPLE_ROWS) if row)
    return rows[:-1] if len(rows) > 2 else rows  # the sample may end inside its last row


def _agreement(rows: list[list[str]]) -> float:
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows) if rows else 0


def _names(cells: list[str]) -> list[str]:
    """The columns' names: none empty, none twice."""
    check_width(len(cells))
    names: dict[str, None] = {}
    for position, cell in enumerate(cells, 1):
        name = showable(cell).strip("\ufeff \t\r\n") or f"column {position}"
        numbered = (f"{name} {number}" for number in count(2))
        names[next(one for one in chain([name], numbered) if one not in names)] = None
    return list(names)


class _Reading:
    """One pass over a file."""

    def __init__(self, text: TextIO, separators: str) -> None:
        sample = text.read(SAMPLE_CHARACTERS)
        text.seek(0)
        declared = _declared(sample)
        self._separator = declared or _separator(sample, separators)
        self._encoding = text.encoding
        self._lines = Lines(text)
        if declared:
            next(self._lines)
        self.names = self._header()

    def records(self) -> Iterator[Row | Reject]:
        """Begins anew after a row that broke the parser, which stands in the middle of it."""
        finished = False
        while not finished:
            finished = yield from self._until_broken()

    def _header(self) -> list[str]:
        try:
            cells = next(row for row in csv.reader(self._lines, delimiter=self._separator) if row)
        except StopIteration:
            return []
        except (csv.Error, LineTooLong) as error:
            raise UnknownFormat(Reason(NO_HEADER)) from error
        if len(self._lines.current) > _MOST_HEADER_LINES:
            raise UnknownFormat(Reason(NO_HEADER))
        return _names(cells)

    def _until_broken(self) -> Generator[Row | Reject, None, bool]:
        lines, names, width, current = self._lines, self.names, len(self.names), self._lines.current
        reader = csv.reader(lines, delimiter=self._separator)
        while True:
            current.clear()
            line = lines.taken + 1
            try:
                cells = next(reader, None)
            except (csv.Error, LineTooLong):
                yield self._broken(line)
                return False
            if cells is None:
                return True
            if self._left_open():
                yield self._broken(line)
                return False
            whole = "".join(cells)
            if len(cells) == width and "\0" not in whole and (whole.isascii() or not unstorable(whole)):
                yield Row(line, dict(zip(names, cells, strict=True)))
            elif cells:
                yield self._reject(line, cells)

    def _left_open(self) -> bool:
        """Whether a quote that was never closed made one record of several lines, or of the file's last."""
        current = self._lines.current
        if len(current) == 1 and not current[0].count('"') & 1:
            return False
        try:
            deque(csv.reader(current, delimiter=self._separator, strict=True), maxlen=0)
        except csv.Error as error:
            return len(current) > 1 or "end of data" in str(error)
        return False

    def _broken(self, line: int) -> Reject:
        """Only the line where it began is lost."""
        lines = self._lines
        long = len(lines.current) == 1 and len(lines.current[0]) > LARGEST_CELL
        lines.give_back_all_but_first()
        cells = next(csv.reader([lines.current[0][:LARGEST_CELL]], delimiter=self._separator), [""])
        reason = Reason(TOO_LONG) if long else Reason(LEFT_OPEN)
        return self._rejected(line, len(cells) - 1, cells[-1], reason)

    def _reject(self, line: int, cells: list[str]) -> Reject:
        width = len(self.names)
        for position, cell in enumerate(cells):
            if undecoded(cell, self._encoding):
                return self._rejected(line, position, cell, Reason(UNDECODED))
            if unstorable(cell):
                return self._rejected(line, position, cell, Reason(NUL))
        values = {"expected": width, "found": len(cells)}
        if len(cells) < width:
            return self._rejected(line, len(cells), "", Reason(TOO_FEW, values))
        return self._rejected(line, width, cells[width], Reason(TOO_MANY, values))

    def _rejected(self, line: int, position: int, value: str, reason: Reason) -> Reject:
        column = self.names[position] if position < len(self.names) else str(position + 1)
        raw = showable("".join(self._lines.current)[:LONGEST_KEPT]).rstrip("\r\n")
        return Reject(line, column, showable(value[:LONGEST_KEPT]), reason, raw)


CSV = Delimited("csv", "CSV", (".csv",), ",;\t|")
TSV = Delimited("tsv", "TSV", (".tsv", ".tab"), "\t")
