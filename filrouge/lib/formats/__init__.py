"""Read records from files, one small class for each format. A new format is a class and a line in FORMATS."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO, Protocol

from filrouge.lib.formats.delimited import CSV, SAMPLE_CHARACTERS, TSV
from filrouge.lib.formats.json import JSON, LISTS
from filrouge.lib.formats.jsonl import JSONL
from filrouge.lib.formats.records import CannotRead, EmptyFile, Reject, Row, UnknownFormat, check_width
from filrouge.lib.formats.text import open_text
from filrouge.lib.reason import N_, Reason

__all__ = [
    "FORMATS",
    "CannotRead",
    "EmptyFile",
    "Format",
    "Reason",
    "Reject",
    "Row",
    "UnknownFormat",
    "header",
    "read",
    "sniff",
]

Source = str | os.PathLike[str] | BinaryIO

EMPTY = N_("This file is empty.")
NO_RECORD = N_(
    'No record was found in this file. What is expected is a list of objects, such as [{"text": "..."}], '
    "by itself or under one of these names: %(names)s."
)
UNKNOWN = N_("This file is in a format that Filrouge does not read. It reads %(known)s.")


class Format(Protocol):
    """What a file format must be able to do."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def recognises(self, sample: str) -> bool:
        """Whether a file that begins like this can be one, when its name does not tell."""

    def header(self, stream: BinaryIO) -> list[str]:
        """The names of the columns."""

    def records(self, stream: BinaryIO) -> Iterator[Row | Reject]:
        """Every record, in order, in bounded memory."""


FORMATS: dict[str, Format] = {one.name: one for one in (JSON, JSONL, TSV, CSV)}


def read(source: Source, name: str = "", format: str | None = None, skip: int = 0) -> Iterator[Row | Reject]:
    """The records of a file after the first `skip`. Refuses at once an empty file or an unknown format."""
    chosen = sniff(source, name, format)
    return _records(source, chosen, skip)


def header(source: Source, name: str = "", format: str | None = None) -> list[str]:
    """The names of the file's columns."""
    chosen = sniff(source, name, format)
    with _opened(source) as stream:
        names = chosen.header(stream)
        check_width(len(names))
    if not names:
        raise _without_records(source, chosen)
    return names


def _without_records(source: Source, chosen: Format) -> CannotRead:
    """Why nothing could be named: the first record is broken, or there is none."""
    first = next(_records(source, chosen, 0), None)
    if isinstance(first, Reject):
        return CannotRead(first.reason)
    return EmptyFile(Reason(NO_RECORD, {"names": ", ".join(LISTS)}))


def sniff(source: Source, name: str = "", format: str | None = None) -> Format:
    """The format: the one asked for, else by the file's name, else by what it holds."""
    with _opened(source) as stream, open_text(stream) as text:
        sample = text.read(SAMPLE_CHARACTERS)
    start = sample.lstrip("\ufeff \t\r\n\f\v")
    if not start:
        raise EmptyFile(Reason(EMPTY))
    if _is_binary(sample):
        raise _unknown()
    if format is not None:
        return _named(format)
    return _by_suffix(name or _name_of(source), start) or _by_content(start)


def _records(source: Source, chosen: Format, skip: int) -> Iterator[Row | Reject]:
    with _opened(source) as stream:
        yield from islice(chosen.records(stream), skip, None)


def _named(format: str) -> Format:
    if format not in FORMATS:
        raise _unknown()
    return FORMATS[format]


def _by_suffix(name: str, start: str) -> Format | None:
    """A name in .json may well hold a record on each line; a name without a known ending says nothing."""
    suffix = PurePath(name).suffix.lower()
    chosen = next((one for one in FORMATS.values() if suffix in one.suffixes), None)
    if chosen is JSON and JSONL.recognises(start):
        return JSONL
    if chosen is None and suffix not in ("", ".txt", ".tmp", ".part", ".upload"):
        raise _unknown()
    return chosen


def _by_content(start: str) -> Format:
    for one in (JSONL, JSON, CSV):
        if one.recognises(start):
            return one
    raise _unknown()


def _is_binary(sample: str) -> bool:
    """Archives, pictures, PDF and the like: full of characters that no text holds."""
    odd = sum(c < "\x09" or "\x0e" <= c < "\x20" or "\udc80" <= c <= "\udcff" for c in sample[:4_096])
    return sample.startswith(("PK\x03\x04", "%PDF-", "\x1f")) or odd > 0.1 * len(sample[:4_096])


def _unknown() -> UnknownFormat:
    return UnknownFormat(Reason(UNKNOWN, {"known": ", ".join(one.label for one in FORMATS.values())}))


def _name_of(source: Source) -> str:
    return os.fspath(source) if isinstance(source, str | os.PathLike) else ""


@contextmanager
def _opened(source: Source) -> Iterator[BinaryIO]:
    """From its start, and able to go back there."""
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            yield file
    else:
        source.seek(0)
        yield source
