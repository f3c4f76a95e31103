"""Forgetting a person: their words, their identity, and every copy that capabilities hold of either.

What remains is a stone where the words stood: source, day and language, so that counts of the past still add
up, and digests that keep the same rows from coming in again. Capabilities that hold copies register with
`on_erasure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from filrouge.core.errors import Forbidden
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import Record, User

from .finding import tallies
from .models import Company, Person, PersonSegment, Segment, Suppression, Version, Words, sealer

SHORTEST = 3  # characters: a shorter name or id stands in any text by chance
ERASED = "[erased]"  # what stands in the place of words; pages show it in the reader's language


@dataclass(frozen=True)
class Trace:
    """By what a person can be found in what others hold."""

    words: tuple[int, ...]
    email: str
    name: str
    external_ids: frozenset[str]
    companies: frozenset[int | None] = frozenset()
    digests: frozenset[str] = frozenset()

    def named_in(self, cells: Iterable[str], whole: bool = False) -> bool:
        """Whether cells hold the address, or are the name; a `whole` line may hold the name anywhere."""
        folded = [str(cell).strip().casefold() for cell in cells]
        email, name = self.email.casefold(), self.name.casefold()
        if email and any(email in cell for cell in folded):
            return True
        if len(name) >= SHORTEST and any(name == cell or (whole and name in cell) for cell in folded):
            return True
        emails = (sealer.digest("email", cell) for cell in folded)
        return bool(self.digests) and not self.digests.isdisjoint(emails)


Follower = Callable[[Trace, User | None], dict[str, int]]
FOLLOWERS: list[Follower] = []


def on_erasure(follower: Follower) -> Follower:
    """Register what erases copies; it runs in the same transaction and answers counts by name."""
    if follower not in FOLLOWERS:
        FOLLOWERS.append(follower)
    return follower


def erase(person: Person, *, by: User) -> dict[str, int]:
    """Forget a person for good; answers how much was erased, and of what."""
    from .jobs import purge

    if not may(by, Act.ERASE):
        raise Forbidden(refusal(Act.ERASE))
    with transaction.atomic():
        counts = forget_person(person.pk, by=by)
        purge.enqueue()
    return counts


def forget_person(number: int, *, by: User | None) -> dict[str, int]:
    """As `erase`, for whoever may: nobody in particular when a restored backup brought somebody back."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=number)
    trace = _trace(person)
    _suppress(person, trace)
    counts = forget(trace, by=by)
    theirs = PersonSegment.objects.filter(person=person)
    segments = set(theirs.values_list("segment_id", flat=True))
    counts["segments"] = theirs.delete()[0]
    forget_segments(segments)
    person.delete()
    forget_companies({person.company_id, *trace.companies})
    Record.objects.create(by=by, act="erase_person", detail={"person": number, **counts})
    return counts


def forget(trace: Trace, *, by: User | None) -> dict[str, int]:
    """Empty the words, and every copy of them or of who said them."""
    counts = {"words": len(trace.words)}
    for follower in FOLLOWERS:
        counts |= follower(trace, by)
    return counts | _blank(trace.words)


def forget_companies(companies: Iterable[int | None]) -> None:
    """The name of somebody who works alone is a personal one."""
    Company.objects.filter(pk__in={pk for pk in companies if pk}, people=None, words=None).delete()


def forget_segments(segments: Iterable[int]) -> None:
    """What nobody else is and no words carry told of one person only; who said how many exist keeps it."""
    alone = Segment.objects.filter(pk__in=segments, people=None, population=None)
    tokens = {f"seg{pk}": pk for pk in alone.values_list("pk", flat=True)}
    carried = tallies(list(tokens), 1)
    Segment.objects.filter(pk__in=[pk for token, pk in tokens.items() if not carried[token][0]]).delete()


def _trace(person: Person) -> Trace:
    said = Words.objects.filter(person=person).values_list("pk", "external_id", "company_id")
    identity = person.identity
    pks, ids, companies = zip(*said, strict=True) if said else ((), (), ())
    email, name = identity.get("email", ""), identity.get("name", "")
    return Trace(tuple(pks), email, name, frozenset(ids), frozenset(companies))


def _suppress(person: Person, trace: Trace) -> None:
    """The address, the name within each source, and each row by its id: none of them comes back."""
    digests = {person.digest}
    if trace.email:
        digests.add(sealer.digest("email", trace.email))
    rows = Words.objects.filter(pk__in=trace.words).values_list("source_id", "external_id")
    for source, external in rows:
        digests.add(sealer.digest(f"external:{source}", external))
        if trace.name:
            digests.add(sealer.digest(f"author:{source}", trace.name))
    made = [Suppression(digest=digest) for digest in sorted(digests)]
    Suppression.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)


def _blank(words: tuple[int, ...]) -> dict[str, int]:
    versions = Version.objects.filter(words__in=words).update(text="")
    facets = Concat(Value("src"), Cast(F("source_id"), CharField()), Value(" lng"), F("language"))
    Words.objects.filter(pk__in=words).update(
        text="", title="", url="", stems="", forms="", rating=None, person=None, company=None, facets=facets,
        external_id=Concat(Value("erased-"), Cast(F("pk"), CharField())), erased_at=timezone.now(),
    )  # fmt: skip
    return {"versions": versions}
