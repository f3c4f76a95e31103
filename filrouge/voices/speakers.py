"""Who is behind a batch of arrivals: companies, segments and people, found or made in a few statements."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Min

from filrouge.lib.search_text import fold

from . import bulk
from .models import Company, Segment, Source, sealer
from .rules import Arrival

Trait = tuple[str, str]
PERSON = ("digest", "sealed", "company_id", "created_at", "sample")


def digest_of(arrival: Arrival, source: Source) -> str:
    """What finds the person again: the address wherever they speak, else the name within this source."""
    if arrival.email:
        return sealer.digest("email", arrival.email)
    return sealer.digest(f"author:{source.pk}", arrival.author) if arrival.author else ""


class Speakers:
    """The ids of everyone and everything that a batch names."""

    def __init__(self, source: Source, arrivals: Sequence[Arrival], at: Any) -> None:
        self.source, self.at = source, at
        self.digests = [digest_of(arrival, source) for arrival in arrivals]
        # Always in this order, and sorted: two imports at once can wait for each other, never in a circle.
        self.companies = self._find_companies({arrival.company for arrival in arrivals if arrival.company})
        several = dict.fromkeys(arrival.segments for arrival in arrivals)
        self.segments = self._find_segments(list(dict.fromkeys(chain.from_iterable(several))))
        self.tokens = {traits: self._tokens(traits) for traits in several}
        self.people = self._find_people(arrivals)
        self._give_traits(arrivals)

    def _find_companies(self, names: set[str]) -> dict[str, int]:
        found = _ids(Company, "name", names)
        missing = [Company(name=name, sample=self.source.sample) for name in sorted(names - found.keys())]
        if missing:
            Company.objects.bulk_create(missing, ignore_conflicts=True)
            found = _ids(Company, "name", names)
        return found

    def _find_segments(self, traits: list[Trait]) -> dict[Trait, int]:
        spelt = _spelt([name for name, _value in traits]) if traits else {}
        meant = {(name, value): (spelt[name], value) for name, value in traits}
        wanted = set(meant.values())
        found = _segment_ids(wanted)
        missing = [Segment(name=name, value=value) for name, value in sorted(wanted - found.keys())]
        if missing:
            Segment.objects.bulk_create(missing, ignore_conflicts=True)
            found = _segment_ids(wanted)
        return {trait: found[stands] for trait, stands in meant.items()}

    def _tokens(self, traits: tuple[Trait, ...]) -> str:
        """What finds the words by these traits, each after a space."""
        return "".join(f" seg{pk}" for pk in sorted({self.segments[trait] for trait in traits}))

    def _find_people(self, arrivals: Sequence[Arrival]) -> dict[str, int]:
        named = {digest: arrival for digest, arrival in zip(self.digests, arrivals, strict=True) if digest}
        known = _people(named)
        missing = sorted(named.keys() - known.keys())
        if missing:
            bulk.insert(
                "voices_person", PERSON, [self._made(one, named[one]) for one in missing], new_only=True
            )
            known |= _people(missing)
        self._move_companies(named, known)
        return {digest: pk for digest, (pk, _company) in known.items()}

    def _made(self, digest: str, arrival: Arrival) -> tuple[Any, ...]:
        """The person's columns as PERSON names them."""
        identity = {"name": arrival.author, "email": arrival.email}
        sealed = sealer.seal(json.dumps({key: value for key, value in identity.items() if value}))
        return digest, sealed, self.companies.get(arrival.company), self.at, self.source.sample

    def _move_companies(self, named: dict[str, Arrival], known: dict[str, tuple[int, int | None]]) -> None:
        """Whoever speaks for another company than before belongs to that one now."""
        moved = [
            (self.companies[arrival.company], known[digest][0])
            for digest, arrival in sorted(named.items())
            if arrival.company and known[digest][1] != self.companies[arrival.company]
        ]
        if moved:
            with connection.cursor() as cursor:
                cursor.executemany("UPDATE voices_person SET company_id = %s WHERE id = %s", moved)

    def _give_traits(self, arrivals: Sequence[Arrival]) -> None:
        pairs = {
            (self.segments[trait], self.people[digest])
            for digest, arrival in zip(self.digests, arrivals, strict=True)
            if digest
            for trait in arrival.segments
        }
        bulk.insert("voices_personsegment", ("segment_id", "person_id"), sorted(pairs), new_only=True)


def _ids(model: Any, column: str, values: Iterable[str]) -> dict[str, int]:
    rows = model.objects.filter(**{f"{column}__in": list(values)}) if values else model.objects.none()
    return dict(rows.values_list(column, "pk"))


def _spelt(names: Sequence[str]) -> dict[str, str]:
    """Each trait's name as it was spelt first, whatever its capitals, accents and spaces."""
    known = Segment.objects.values("name").annotate(first=Min("pk")).order_by("first")
    stands: dict[str, str] = {}
    for name in [*known.values_list("name", flat=True), *names]:
        stands.setdefault(_folded(name), name)
    return {name: stands[_folded(name)] for name in names}


def _folded(name: str) -> str:
    return " ".join(fold(name).split())


def _segment_ids(traits: set[Trait]) -> dict[Trait, int]:
    if not traits:
        return {}
    names, values = {name for name, _ in traits}, {value for _, value in traits}
    rows = Segment.objects.filter(name__in=names, value__in=values).values_list("name", "value", "pk")
    return {(name, value): pk for name, value, pk in rows if (name, value) in traits}


def _people(digests: Collection[str]) -> dict[str, tuple[int, int | None]]:
    rows = bulk.select("voices_person", ("digest", "id", "company_id"), "digest", digests)
    return {digest: (pk, company) for digest, pk, company in rows}
