"""From the records of a file to rows that may enter; no tables here, so that another process can do it."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from filrouge.lib.formats import Reject, Row
from filrouge.lib.mapping import FIELDS
from filrouge.voices.receipts import Remark
from filrouge.voices.rules import Arrival, DateReader, Unfit, arrival, identity_of

DATE_SAMPLES = 2_000


@dataclass(frozen=True)
class Columns:
    """Which column feeds which field; every name that is no field of ours is a segment."""

    fields: tuple[tuple[str, str], ...]
    segments: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, mapping: Mapping[str, str]) -> Columns:
        pairs = [(name, column) for name, column in mapping.items() if column]
        return cls(
            tuple(pair for pair in pairs if pair[0] in FIELDS),
            tuple(pair for pair in pairs if pair[0] not in FIELDS),
        )

    def values(self, row: Row) -> dict[str, str]:
        return {name: row.values.get(column, "") for name, column in self.fields}

    def traits(self, row: Row) -> dict[str, str]:
        return {name: row.values.get(column, "") for name, column in self.segments}

    def column_of(self, name: str) -> str:
        return dict(self.fields + self.segments).get(name, name)

    def taken(self, record: Row | Reject, read_date: DateReader) -> Arrival | Remark:
        """One record as it may enter, or why it may not."""
        if isinstance(record, Reject):
            return Remark(record.line, record.column, record.reason, record.value, {"": record.raw})
        try:
            return arrival(self.values(record), self.traits(record), record.line, read_date)
        except Unfit as unfit:
            column = self.column_of(unfit.name)
            return Remark(record.line, column, unfit.reason, unfit.value, record.values)


@dataclass
class Survey:
    """What one pass tells before the first row comes in: how many rows, and which ids repeat."""

    total: int = 0
    keys: array[int] = field(default_factory=lambda: array("Q"))
    lines: array[int] = field(default_factory=lambda: array("Q"))
    dates: list[str] = field(default_factory=list)
    last: dict[int, int] = field(default_factory=dict)

    def see(self, record: Row | Reject, columns: Columns) -> None:
        self.total += 1
        if isinstance(record, Reject):
            return
        values = columns.values(record)
        if not values["text"].strip():
            return
        self.keys.append(key_of(identity_of(values)))
        self.lines.append(record.line)
        if len(self.dates) < DATE_SAMPLES and values.get("created_at"):
            self.dates.append(values["created_at"])

    def close(self) -> None:
        """Keep the last line of each id that comes more than once, and forget the others."""
        times = Counter(self.keys) if len(set(self.keys)) < len(self.keys) else Counter()
        repeated = {key for key, count in times.items() if count > 1}
        self.last = {key: line for key, line in zip(self.keys, self.lines, strict=True) if key in repeated}
        self.keys, self.lines = array("Q"), array("Q")

    def mark(self, row: Arrival | Remark) -> Arrival | Remark:
        if self.last and isinstance(row, Arrival):
            line = self.last.get(key_of(row.external_id), row.line)
            row.comes_again = line if line != row.line else 0
        return row


def key_of(identity: str) -> int:
    """64 bits that stand for an id while a file is read: a million ids in eight megabytes."""
    return int.from_bytes(hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).digest())
