"""What became of arrivals: every row is counted once, and what was wrong is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from filrouge.lib.reason import Reason

MOST_ERRORS = 1_000  # in the JSON of a receipt; every rejected row is kept all the same


@dataclass(frozen=True, slots=True)
class Remark:
    """A row that was rejected, or one that needs a word although it was taken."""

    line: int
    column: str
    reason: Reason
    value: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)
    rejected: bool = True

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "column": self.column, "reason": str(self.reason)}


@dataclass(slots=True)
class Receipt:
    """`read = new + updated + unchanged + rejected`, always."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.new + self.updated + self.unchanged + self.rejected

    def add(self, other: Receipt) -> None:
        for name in ("new", "updated", "unchanged", "rejected"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.remarks += other.remarks

    def reject(self, remark: Remark) -> None:
        self.rejected += 1
        self.remarks.append(remark)

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("read", "new", "updated", "unchanged", "rejected")}

    def as_json(self) -> dict[str, Any]:
        remarks = sorted(self.remarks, key=lambda remark: remark.line)
        return {**self.counts(), "errors": [remark.as_json() for remark in remarks[:MOST_ERRORS]]}
