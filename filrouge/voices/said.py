"""What a line of a list says of words: a few columns without models, which would cost ten times as much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .finding import aware, rows
from .models import Spoken, unsealed

OPENING = 4_000
SELECT = f"""
    SELECT w.id, w.title, substr(w.text, 1, {OPENING}), w.language, w.rating, w.facets, s.name, c.name,
        w.said_at, w.received_at, w.read_at, w.erased_at, %s
    FROM voices_words w
    JOIN voices_source s ON s.id = w.source_id LEFT JOIN voices_company c ON c.id = w.company_id %s
    WHERE w.id IN (%s)
"""


@dataclass(slots=True)
class Said(Spoken):
    """`cut` is the beginning of the text; `heading` and `opening`, what the reader sees of title and text."""

    pk: int
    title: str
    cut: str
    language: str
    rating: int | None
    facets: str
    source: str
    company: str | None
    said_at: datetime
    received_at: datetime
    read_at: datetime | None
    erased_at: datetime | None
    sealed: bytes | None
    heading: str = ""
    opening: str = ""

    @property
    def speaker(self) -> str:
        return unsealed(self.sealed or b"").get("name", "")


def said(keys: Sequence[int], named: bool) -> dict[int, Said]:
    """By id; `named` reads who spoke, which is needed only to hide it."""
    person = ("p.sealed", "LEFT JOIN voices_person p ON p.id = w.person_id") if named else ("NULL", "")
    marks = ", ".join(["%s"] * len(keys))
    found = [Said(*row) for row in rows(SELECT % (*person, marks), keys)] if keys else []
    for one in found:
        one.said_at, one.received_at = aware(one.said_at), aware(one.received_at)
    return {one.pk: one for one in found}


def traits_of(lines: Iterable[Spoken]) -> dict[int, str]:
    """The values of the segments that these words are of, by id."""
    keys = list({pk for line in lines for pk in line.segment_ids})
    marks = ", ".join(["%s"] * len(keys))
    return dict(rows(f"SELECT id, value FROM voices_segment WHERE id IN ({marks})", keys)) if keys else {}
