"""Honest counting: distinct people, segments heard against those that exist, always with n. No ranking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from statistics import median_low

from django.db.models import Count
from django.utils import timezone

from filrouge.lib.months import last_months, month_of
from filrouge.voices.models import PersonSegment, Segment

from .models import Quote

MONTHS = 12


@dataclass(frozen=True)
class Heard:
    """A quoted text, as far as counting needs it. Without a person, nobody knows whether two are of one."""

    words: int
    person: int | None
    company: int | None
    source: int
    said_at: datetime
    segments: frozenset[int] = frozenset()
    erased: bool = False
    dated: bool = True


@dataclass(frozen=True)
class Trait:
    """A segment: people heard, texts by unknown speakers, people known here, people who exist if told."""

    segment: int
    name: str
    value: str
    heard: int
    unknown: int
    known: int
    population: int | None = None

    @property
    def exists(self) -> int:
        return self.known if self.population is None else self.population


@dataclass(frozen=True)
class Group:
    """The segments of one name, the most numerous first: an order of size, not of importance."""

    name: str
    traits: list[Trait]

    @property
    def heard(self) -> int:
        return sum(trait.heard for trait in self.traits)

    @property
    def exists(self) -> int:
        return sum(trait.exists for trait in self.traits)

    def share(self, trait: Trait) -> float | None:
        """This segment's part of all who exist in the group."""
        return trait.exists / self.exists if self.exists else None


@dataclass(frozen=True)
class Trend:
    """Texts a month, over twelve months that end at `last`."""

    months: list[date] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    recent: bool = True


@dataclass(frozen=True)
class Reach:
    people: int = 0
    unknown: int = 0
    companies: int = 0
    sources: int = 0
    texts: int = 0
    erased: int = 0
    undated: int = 0
    first: datetime | None = None
    last: datetime | None = None
    middle: datetime | None = None
    moments: list[datetime] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    at: datetime | None = None

    @cached_property
    def trend(self) -> Trend:
        return trend(self.moments, self.at or timezone.now())

    @property
    def nameless(self) -> bool:
        """Words came, and of no person that we know."""
        return bool(self.unknown and not self.people)

    @property
    def unplaced(self) -> bool:
        """Nor do we know the segment of any speaker: nobody can tell who is missing."""
        traits = [trait for group in self.groups for trait in group.traits]
        return self.nameless and not any(trait.unknown for trait in traits)

    @property
    def missing(self) -> list[Trait]:
        """Segments that exist and of which nobody was heard."""
        if self.unplaced:
            return []
        unheard = [
            t for group in self.groups for t in group.traits if not t.heard and not t.unknown and t.exists
        ]
        return sorted(unheard, key=lambda trait: (-trait.exists, trait.name, trait.value))


def reach(texts: Iterable[Heard], groups: list[Group], at: datetime) -> Reach:
    """The figures of a set of quoted texts: each text once, each person once, erased ones apart."""
    every = {text.words: text for text in texts}.values()
    alive = [text for text in every if not text.erased]
    moments = sorted(text.said_at for text in alive if text.dated)
    return Reach(
        people=len({text.person for text in alive if text.person}),
        unknown=sum(1 for text in alive if not text.person),
        companies=len({text.company for text in alive if text.company}),
        sources=len({text.source for text in alive}),
        texts=len(alive),
        erased=len(every) - len(alive),
        undated=len(alive) - len(moments),
        first=moments[0] if moments else None,
        last=moments[-1] if moments else None,
        middle=median_low(moments) if moments else None,
        moments=moments,
        groups=groups,
        at=at,
    )


def trend(moments: Collection[datetime], at: datetime, months: int = MONTHS) -> Trend:
    """Texts by month up to `at`; up to the latest one, and said so, where all are older than that."""
    counts = Counter(month_of(timezone.localtime(moment).date()) for moment in moments)
    window = last_months(timezone.localtime(at).date(), months)
    recent = not counts or window[0] <= max(counts)
    window = window if recent else last_months(max(counts), months)
    return Trend(window, [counts.get(month, 0) for month in window], recent)


def heard_in(quotes: Collection[int]) -> dict[int, Heard]:
    """For each quote, the text it comes from; erased ones are said to be so."""
    rows = Quote.objects.filter(pk__in=quotes).values_list(
        "pk",
        "version__words_id",
        "version__words__person_id",
        "version__words__company_id",
        "version__words__source_id",
        "version__words__said_at",
        "version__words__facets",
        "version__words__erased_at",
        "version__words__received_at",
    )
    found = list(rows)
    known = _segments_of({row[2] for row in found if row[2]})
    return {
        quote: Heard(
            words, person, company, source, said_at, known.get(person) or _tokens(facets), bool(gone),
            said_at != received,
        )
        for quote, words, person, company, source, said_at, facets, gone, received in found
    }  # fmt: skip


def _tokens(facets: str) -> frozenset[int]:
    """The segments that a text carries itself; all we have where its speaker is unknown."""
    return frozenset(int(token[3:]) for token in facets.split() if token.startswith("seg"))


def _segments_of(people: set[int]) -> dict[int, frozenset[int]]:
    found = defaultdict[int, set[int]](set)
    for person, segment in PersonSegment.objects.filter(person_id__in=people).values_list(
        "person_id", "segment_id"
    ):
        found[person].add(segment)
    return {person: frozenset(segments) for person, segments in found.items()}


def groups(texts: Iterable[Heard]) -> list[Group]:
    """Every segment, with who was heard of it and how many exist."""
    alive = [text for text in {text.words: text for text in texts}.values() if not text.erased]
    people, unknown = defaultdict[int, set[int]](set), Counter[int]()
    for text in alive:
        for segment in text.segments:
            if text.person:
                people[segment].add(text.person)
            else:
                unknown[segment] += 1
    known = dict(PersonSegment.objects.order_by().values_list("segment_id").annotate(Count("person_id")))
    found = defaultdict[str, list[Trait]](list)
    for pk, name, value, population in Segment.objects.values_list("pk", "name", "value", "population"):
        trait = Trait(pk, name, value, len(people[pk]), unknown[pk], known.get(pk, 0), population)
        found[name].append(trait)
    ordered = {name: sorted(traits, key=lambda t: (-t.exists, t.value)) for name, traits in found.items()}
    return [Group(name, traits) for name, traits in ordered.items()]
