"""How many quotes and people stand behind each Item of a list, on each side, and how old the words are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from filrouge.people.models import User

from .behind import Behind, together
from .models import Quote


@dataclass(frozen=True)
class Tally:
    supports: int = 0
    contradicts: int = 0
    people: int = 0
    unknown: int = 0
    newest: datetime | None = None
    cut: bool = False


Spoken = tuple[int, int | None, datetime | None, datetime | None]


def tallies(items: Collection[int], reader: User | None) -> dict[int, Tally]:
    """For each Item by id; a fixed number of queries for a page of them."""
    known = together(items, reader)
    sides = {pk: one.quotes() for pk, one in known.items()}
    spoken = _spoken({quote for quotes in sides.values() for quote in quotes})
    return {pk: _tally(sides[pk], spoken, known[pk]) for pk in items}


def _spoken(quotes: Collection[int]) -> dict[int, Spoken]:
    rows = Quote.objects.filter(pk__in=quotes).values_list(
        "pk",
        "version__words_id",
        "version__words__person_id",
        "version__words__said_at",
        "version__words__received_at",
        "version__words__erased_at",
    )
    return {
        quote: (words, person, said if said != received else None, erased)
        for quote, words, person, said, received, erased in rows
    }


def _tally(sides: dict[int, frozenset[bool]], spoken: dict[int, Spoken], known: Behind) -> Tally:
    alive = [spoken[quote] for quote in sides if quote in spoken and spoken[quote][3] is None]
    return Tally(
        supports=sum(1 for both in sides.values() if True in both),
        contradicts=sum(1 for both in sides.values() if False in both),
        people=len({person for _words, person, _said, _erased in alive if person}),
        unknown=len({words for words, person, _said, _erased in alive if not person}),
        newest=max((said for _words, _person, said, _erased in alive if said), default=None),
        cut=known.cut,
    )
