"""JSON: a list of objects, by itself or under a name such as `items`; read without holding the whole file."""

import re
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, TextIO

from filrouge.lib.formats.flat import DECODER, names_of, reject, row
from filrouge.lib.formats.records import Reject, Row
from filrouge.lib.formats.text import open_text
from filrouge.lib.reason import N_, Reason

LARGEST_RECORD = 16_000_000  # characters
_BLOCK, _SAMPLE, _SHOWN = 262_144, 200, 200
LISTS = ("items", "data", "results", "records", "feedback")
_SPACE = re.compile(r"[\ufeff\s]*")

SYNTAX = N_("The JSON is broken at character %(column)d of this line; nothing after it could be read.")


@dataclass(frozen=True, slots=True)
class Json:
    """One document for the whole file: what is broken in it hides all that follows."""

    name: str
    label: str
    suffixes: tuple[str, ...]

    def recognises(self, sample: str) -> bool:
        return re.match(r'\[\s*[{\]]|\{\s*["}]', sample) is not None

    def header(self, stream: BinaryIO) -> list[str]:
        with closing(self.records(stream)) as records:
            return names_of(islice(records, _SAMPLE))

    def records(self, stream: BinaryIO) -> Generator[Row | Reject, None, None]:
        with open_text(stream) as text:
            yield from _Reading(text).records()


class _Broken(Exception):
    """The document is not JSON from this place of the buffer on."""

    def __init__(self, at: int) -> None:
        self.at = at


class _Reading:
    """A window that moves over the document, and the place in it."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._window, self._at, self._ended = text, "", 0, False
        self._line, self._counted = 1, 0  # the line at a place of the window, and that place
        self._column_before = 0  # characters of the window's first line before it
        self._encoding = text.encoding

    def records(self) -> Iterator[Row | Reject]:
        try:
            if self._next() == "[":
                yield from self._list()
            else:
                yield from self._object()
            if self._next():
                raise _Broken(self._at)
        except _Broken as broken:
            line, column = self._place(broken.at)
            near = self._window[max(broken.at - _SHOWN, 0) : broken.at + _SHOWN]
            yield reject(line, str(column), "", Reason(SYNTAX, {"column": column}), near)

    def _list(self) -> Iterator[Row | Reject]:
        self._take("[")
        while self._next() != "]":
            line = self._count_lines()
            value = self._value()
            yield row(line, *value, self._encoding)
            if self._next() != "]":
                self._take(",")
        self._take("]")

    def _object(self) -> Iterator[Row | Reject]:
        """Either it holds the list, or it is the only record."""
        self._next()
        line = self._count_lines()
        self._take("{")
        own: dict[str, Any] = {}
        listed = False
        while self._next() != "}":
            key, _ = self._value()
            self._take(":")
            if key in LISTS and self._next() == "[":
                listed = True
                yield from self._list()
            else:
                own[str(key)], _ = self._value()
            if self._next() != "}":
                self._take(",")
        self._take("}")
        if own and not listed:
            yield row(line, own, "", self._encoding)

    def _next(self) -> str:
        """The next character that is not a space; "" at the end."""
        while True:
            found = _SPACE.match(self._window, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._window) or not self._more():
                return self._window[self._at : self._at + 1]

    def _take(self, expected: str) -> None:
        if self._next() != expected:
            raise _Broken(self._at)
        self._at += 1

    def _value(self) -> tuple[Any, str]:
        """The next value, and how it is written; one that the window cuts is read again."""
        self._next()
        while True:
            try:
                value, end = DECODER.raw_decode(self._window, self._at)
            except ValueError as error:
                offset = getattr(error, "pos", self._at) - self._at
                if len(self._window) - self._at > LARGEST_RECORD or not self._more():
                    raise _Broken(self._at + offset) from error
            except RecursionError as error:
                raise _Broken(self._at) from error
            else:
                if end < len(self._window) or not self._more():
                    raw, self._at = self._window[self._at : end], end
                    return value, raw

    def _more(self) -> bool:
        """Move the window on: what was read is dropped, the next block is added."""
        if self._ended:
            return False
        self._column_before = self._place(self._at)[1] - 1
        self._count_lines()
        kept = self._window[self._at :]
        block = self._text.read(max(_BLOCK, len(kept)))
        self._window, self._at, self._counted, self._ended = kept + block, 0, 0, not block
        return bool(block)

    def _count_lines(self) -> int:
        self._line += self._window.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _place(self, at: int) -> tuple[int, int]:
        """Line and character, both from 1, of a place not before the one read up to."""
        line = self._line + self._window.count("\n", self._counted, at)
        start = self._window.rfind("\n", 0, at)
        return line, at - start if start >= 0 else self._column_before + at + 1


JSON = Json("json", "JSON", (".json",))
