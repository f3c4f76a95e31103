"""JSON Lines: a record on each line."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from json import JSONDecodeError
from typing import BinaryIO

from filrouge.lib.formats.flat import DECODER, names_of, reject, row
from filrouge.lib.formats.records import Reject, Row
from filrouge.lib.formats.text import Lines, LineTooLong, open_text
from filrouge.lib.reason import N_, Reason

_SAMPLE = 200

NOT_JSON = N_("This line is not JSON; look at its character %(column)d.")
TOO_LONG = N_("This line is too long to be a record.")
TOO_DEEP = N_("This record nests too many values in one another.")


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Each line stands alone: a bad one costs no other."""

    name: str
    label: str
    suffixes: tuple[str, ...]

    def recognises(self, sample: str) -> bool:
        """Several lines, of which the first is an object by itself."""
        first, _, rest = sample.strip().partition("\n")
        return first.startswith("{") and rest != "" and isinstance(_record(1, first.strip(), "utf-8"), Row)

    def header(self, stream: BinaryIO) -> list[str]:
        with closing(self.records(stream)) as records:
            return names_of(islice(records, _SAMPLE))

    def records(self, stream: BinaryIO) -> Generator[Row | Reject, None, None]:
        with open_text(stream) as text:
            lines = Lines(text)
            while True:
                lines.current.clear()
                try:
                    line = next(lines, None)
                except LineTooLong:
                    yield reject(lines.taken, "", "", Reason(TOO_LONG), lines.current[0])
                    continue
                if line is None:
                    return
                if record := line.strip("\ufeff \t\r\n"):
                    yield _record(lines.taken, record, text.encoding)


def _record(line: int, record: str, encoding: str) -> Row | Reject:
    try:
        return row(line, DECODER.decode(record), record, encoding)
    except JSONDecodeError as error:
        reason = Reason(NOT_JSON, {"column": error.pos + 1})
        return reject(line, str(error.pos + 1), "", reason, record)
    except RecursionError:
        return reject(line, "", "", Reason(TOO_DEEP), record)


JSONL = JsonLines("jsonl", "JSON Lines", (".jsonl", ".ndjson", ".jsonlines"))
