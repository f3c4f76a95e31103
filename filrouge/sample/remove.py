"""Takes the whole sample away, and nothing that somebody brought themselves."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from filrouge.alignment.decisions.models import Decision
from filrouge.core.errors import Forbidden
from filrouge.core.models import Item
from filrouge.core.search import condition
from filrouge.desk.models import Comment
from filrouge.evidence.feedback.models import Import, Rejected
from filrouge.evidence.insights.models import Quote
from filrouge.lib.search_text import Query
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import Product, Record, Team, User
from filrouge.people.tokens import SetupCode
from filrouge.voices.models import Company, Person, PersonSegment, Segment, Source, Words

from . import goals


def remove(*, by: User) -> dict[str, int]:
    """Remove the sample in one go; answers how much went. What remains is somebody's own."""
    if not may(by, Act.MANAGE_PEOPLE):
        raise Forbidden(refusal(Act.MANAGE_PEOPLE))
    with transaction.atomic():
        people = User.objects.filter(sample=True)
        words = Words.objects.filter(Q(source__sample=True) | Q(captured_by__in=people))
        counts = {"items": _items(people, words), "words": _words(people, words), "people": people.count()}
        # What they did to access; their sessions and tokens go with them.
        Record.objects.filter(Q(about__in=people) | Q(by__in=people, about=None)).delete()
        people.delete()
        _places()
    SetupCode.print_if_wanted()
    return counts


def _gone(rows: QuerySet[Any]) -> int:
    """Delete rows; how many there were of the model itself."""
    number = rows.count()
    rows.delete()
    return number


def _items(people: QuerySet[User], words: QuerySet[Words]) -> int:
    """The sample's Items and those that its people wrote; quotes whose words are about to go."""
    quotes = Quote.objects.filter(version__words__in=words).values("pk")
    Decision.objects.filter(decided_by__in=people).update(decided_by=None)
    Comment.objects.filter(author__in=people).delete()
    items = Item.objects.filter(Q(sample=True) | Q(author__in=people) | Q(pk__in=quotes))
    cycles = goals.cycles(items.values("pk"))
    number = _gone(items)
    goals.forget_cycles(cycles)
    return number


def _words(people: QuerySet[User], words: QuerySet[Words]) -> int:
    """The words, and then whoever and whatever nothing refers to any more."""
    written_down = Words.objects.filter(captured_by__in=people, source__sample=False)
    speakers = set(written_down.exclude(person=None).values_list("person_id", flat=True))
    traits = _traits(words)
    imports = Import.objects.filter(by__in=people).filter(Q(source=None) | Q(source__sample=True))
    for brought in imports:
        brought.forget_file()
    Rejected.objects.filter(Q(import_of__in=imports) | Q(import_of=None, by__in=people)).delete()
    imports.delete()
    number = _gone(words)
    Person.objects.filter(sample=True, words=None).delete()
    Person.objects.filter(pk__in=speakers, words=None).delete()
    Company.objects.filter(sample=True, words=None, people=None).delete()
    _forget_traits(traits)
    Source.objects.filter(sample=True).delete()
    Person.objects.filter(sample=True).update(sample=False)
    Company.objects.filter(sample=True).update(sample=False)
    return number


def _traits(words: QuerySet[Words]) -> set[int]:
    """The segments that these words or their speakers carry."""
    said = words.values_list("facets", flat=True).distinct()
    carried = {int(token[3:]) for facets in said for token in facets.split() if token.startswith("seg")}
    held = PersonSegment.objects.filter(person__sample=True).values_list("segment_id", flat=True)
    return carried | set(held.distinct())


def _forget_traits(segments: set[int]) -> None:
    """Those that nobody and nothing carries any more."""
    empty = Segment.objects.filter(pk__in=segments, people=None)
    for segment in empty:
        sql, parameter = condition("voices_words", Query.parse(""), [[segment.token]])
        if not Words.objects.extra(where=[sql], params=[parameter]).exists():
            segment.delete()


def _places() -> None:
    """Areas and teams that hold nothing; one in which somebody works became theirs and stays."""
    while Product.objects.filter(sample=True, children=None, item=None).delete()[0]:
        pass
    empty = Team.objects.filter(sample=True, children=None, products=None, memberships=None, item=None)
    while empty.all().delete()[0]:
        pass
    Product.objects.filter(sample=True).update(sample=False)
    Team.objects.filter(sample=True).update(sample=False)
