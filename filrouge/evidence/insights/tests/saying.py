"""Users' words for the tests of evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from filrouge.evidence.insights.models import Insight, Opportunity, Quote
from filrouge.people.models import User
from filrouge.voices.models import Person, PersonSegment, Segment, Source, Words, sealer

numbers = count(1)


def person(name: str = "", **traits: str) -> Person:
    """Somebody, with segments by name."""
    sealed = sealer.seal(json.dumps({"name": name, "email": "ada@example.org"})) if name else b""
    found = Person.objects.create(digest=f"digest-{next(numbers)}", sealed=sealed)
    for trait, value in traits.items():
        segment, _new = Segment.objects.get_or_create(name=trait, value=value)
        PersonSegment.objects.create(person=found, segment=segment)
    return found


def say(text: str, by: Person | None = None, source: str = "Survey", days: int = 10, **fields: Any) -> Words:
    """Words said some days ago."""
    where, _new = Source.objects.get_or_create(name=source)
    return Words.objects.create(
        source=where,
        external_id=str(next(numbers)),
        text=text,
        person=by,
        language="en",
        said_at=timezone.now() - timedelta(days=days),
        **fields,
    )


def quote(by: User, words: Words, start: int = 0, end: int | None = None, **to: int) -> Quote:
    made: Quote = Quote.create(by=by, words=words.pk, start=start, end=end or len(words.text), **to)
    return made


@dataclass
class Story:
    """An opportunity with two insights, one against it, and four people heard."""

    opportunity: Opportunity
    lost: Insight
    simple: Insight
    people: list[Person] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)


def story(pm: User, design: User) -> Story:
    lost = Insight.create(by=design, title="People lose their place", confidence="high", unknowns="Why now?")
    simple = Insight.create(by=design, title="Teachers want less", confidence="low")
    opportunity = Opportunity.create(
        by=pm, title="Files live apart", problem="A terminal is open all day.", audience="analysts"
    )
    lost.link(by=pm, to=opportunity.pk, relation="supports")
    simple.link(by=pm, to=opportunity.pk, relation="contradicts")
    told = Story(opportunity, lost, simple)
    told.people = [person("Ada Lovelace", role="scientist"), person(role="scientist"), person(role="teacher")]
    ada, other, teacher = told.people
    told.quotes = [
        quote(design, say("I lose my place all day", ada, days=5), 2, 15, supports=lost.pk),
        quote(design, say("Again I lose my place", ada, "Interview", days=40), supports=lost.pk),
        quote(design, say("Search my folders", other, days=20), supports=opportunity.pk),
        quote(design, say("Keep it simple", teacher, days=300), supports=simple.pk),
        quote(design, say("No name here", None, days=30), supports=lost.pk),
    ]
    person(role="student")
    return told
