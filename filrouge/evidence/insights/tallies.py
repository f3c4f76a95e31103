"""How many quotes and people stand behind each Item of a list, on each side, and how old the words are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from filrouge.people.models import User

from .behind import Behind, together
from .counting import Heard, heard_in, reach


@dataclass(frozen=True)
class Tally:
    supports: int = 0
    contradicts: int = 0
    people: int = 0
    unknown: int = 0
    newest: datetime | None = None
    cut: bool = False


def tallies(items: Collection[int], reader: User | None) -> dict[int, Tally]:
    """For each Item by id; a fixed number of queries for a page of them."""
    known = together(items, reader)
    sides = {pk: one.quotes() for pk, one in known.items()}
    quotes = {quote for its in sides.values() for quote in its}
    texts = heard_in(quotes) if quotes else {}
    return {pk: _tally(sides[pk], [texts[quote] for quote in sides[pk]], known[pk]) for pk in items}


def _tally(sides: dict[int, frozenset[bool]], texts: list[Heard], known: Behind) -> Tally:
    if not texts:
        return Tally(cut=known.cut)
    found = reach(texts, [], timezone.now())
    return Tally(
        supports=sum(1 for both in sides.values() if True in both),
        contradicts=sum(1 for both in sides.values() if False in both),
        people=found.people,
        unknown=found.unknown,
        newest=found.last,
        cut=known.cut,
    )
