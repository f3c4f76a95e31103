"""Has anyone asked users about this? How many people, how lately, how it grows, and who was heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from filrouge.core.filters import EXACT, Filter
from filrouge.core.memory import kept
from filrouge.lib.months import month_of, months_between
from filrouge.people.access import Act, may
from filrouge.people.models import User

from .finding import aware
from .models import Company, PersonSegment, Segment, Source
from .reading import answering

MONTHS, TRAITS, PLACES = 36, 12, 8


@dataclass(frozen=True)
class Reach:
    """People heard of a segment, among those who exist: its known population, else the people we know of."""

    segment: Segment
    heard: int
    exist: int
    estimated: bool


@dataclass(frozen=True)
class Answer:
    """People are counted once each; words of nobody known are counted apart and never as people."""

    words: int = 0
    more: bool = False
    people: int = 0
    unknown: int = 0
    companies: list[tuple[Company, int]] = field(default_factory=list)
    company_count: int = 0
    sources: list[tuple[Source, int]] = field(default_factory=list)
    languages: list[tuple[str, int]] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None
    periods: list[tuple[date, int]] = field(default_factory=list)
    segments: list[Reach] = field(default_factory=list)
    undated: int = 0
    yearly: bool = False

    @property
    def trend(self) -> list[int]:
        return [number for _begins, number in self.periods]


def asked(filter: Filter, reader: User | None) -> Answer:
    """The answer over all words that match, or the newest received 10,000 of them."""
    if not may(reader, Act.READ_MASKED):
        return Answer()
    rows, more = answering(filter, reader, EXACT)
    if not rows:
        return Answer()
    people = Counter(row[0] for row in rows if row[0])
    companies = Counter(row[1] for row in rows if row[1])
    said = [aware(row[4]) for row in rows if row[4] != row[5]]
    periods, yearly = _periods([timezone.localtime(moment).date() for moment in said])
    return Answer(
        len(rows), more, len(people), sum(row[0] is None for row in rows),
        _named(Company, companies), len(companies),
        _named(Source, Counter(row[2] for row in rows)), Counter(row[3] for row in rows).most_common(PLACES),
        min(said, default=None), max(said, default=None), periods, _segments(list(people)),
        len(rows) - len(said), yearly,
    )  # fmt: skip


def _named(model: Any, counted: Counter[int]) -> list[tuple[Any, int]]:
    most = counted.most_common(PLACES)
    found = model.objects.in_bulk([pk for pk, _number in most])
    return [(found[pk], number) for pk, number in most if pk in found]


def _periods(days: Sequence[date]) -> tuple[list[tuple[date, int]], bool]:
    """Words said in each month from the first to the last, in each year where these are far apart.

    Months and years of silence are there too. The second value says that they are years.
    """
    if not days:
        return [], False
    first, last = min(days), max(days)
    months = months_between(first, last)
    if len(months) <= MONTHS:
        counted = Counter(month_of(day) for day in days)
        return [(month, counted[month]) for month in months], False
    years = Counter(day.year for day in days)
    return [(date(year, 1, 1), years[year]) for year in range(first.year, last.year + 1)], True


def _segments(people: Sequence[int]) -> list[Reach]:
    heard = Counter(PersonSegment.objects.filter(person_id__in=people).values_list("segment_id", flat=True))
    most = heard.most_common(TRAITS)
    known, exist = Segment.objects.in_bulk([pk for pk, _number in most]), known_people()
    reached = [Reach(known[pk], number, *existing(known[pk], exist)) for pk, number in most]
    return sorted(reached, key=lambda reach: (reach.segment.name, -reach.heard))


def existing(segment: Segment, people: Mapping[int, int]) -> tuple[int, bool]:
    """How many people of a segment exist, and whether that is only those we know of."""
    known = segment.population
    return (people.get(segment.pk, 0), True) if known is None else (known, False)


def known_people() -> dict[int, int]:
    """How many people of each segment we know of: a whole index is counted, so once in some seconds."""
    return kept("people", lambda: dict(PersonSegment.objects.values_list("segment").annotate(Count("pk"))))
