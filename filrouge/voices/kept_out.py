"""Who was erased stays erased when an older backup comes back: what one database hands to the next.

Only digests travel. Those of a row or of a name hold the number of a source, so the sources travel too.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, TypedDict

from django.core.management.color import no_style
from django.db import connection, transaction

from .erasure import Trace, forget, forget_companies, forget_person
from .models import Person, Source, Suppression, Words, sealer

SOURCE = ("id", "name", "licence", "url", "about", "created_at")


class KeptOut(TypedDict):
    digests: list[str]
    sources: list[dict[str, Any]]


def kept_out() -> KeptOut:
    """What this database refuses to take in again."""
    digests = list(Suppression.objects.values_list("digest", flat=True))
    sources = list(Source.objects.filter(sample=False).values(*SOURCE)) if digests else []
    return {"digests": digests, "sources": [row | {"created_at": str(row["created_at"])} for row in sources]}


@transaction.atomic
def erase_again(kept: KeptOut) -> dict[str, int]:
    """Forget, in a database from before their erasure, everybody whom `kept` speaks of."""
    from .jobs import purge

    same = _same_sources(kept["sources"])
    digests = frozenset(kept["digests"])
    rows = [Suppression(digest=digest) for digest in sorted(digests)]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    known = (one for one in Person.objects.iterator() if one.digest in digests and _meant(one, same))
    purge.enqueue()
    counts = _forget_people([one.pk for one in known])
    counts += _forget_rows(digests, same)
    return {name: counts[name] for name in ("people", "words")}


def _same_sources(sources: list[dict[str, Any]]) -> set[int]:
    """The numbers that mean the same source there and here; those made since the backup come along, empty."""
    names = set(Source.objects.values_list("name", flat=True))
    here = {pk: str(at) for pk, at in Source.objects.values_list("pk", "created_at")}
    missing = [row for row in sources if row["id"] not in here and row["name"] not in names]
    for row in missing:
        Source.objects.create(**row)
        Source.objects.filter(pk=row["id"]).update(created_at=row["created_at"])
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Source] if missing else []):
            cursor.execute(sql)
    return {row["id"] for row in sources if row in missing or here.get(row["id"]) == row["created_at"]}


def _meant(person: Person, same: set[int]) -> bool:
    """Found by an address, or by a name within a source that is the same there and here."""
    email, name = person.identity.get("email", ""), person.identity.get("name", "")
    mine = {sealer.digest("email", email), *(sealer.digest(f"author:{source}", name) for source in same)}
    return person.digest in mine


def _forget_people(numbers: list[int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number in numbers:
        counts.update({"people": 1, "words": forget_person(number, by=None)["words"]})
    return counts


def _forget_rows(digests: frozenset[str], same: set[int]) -> Counter[str]:
    """Words known by their id alone; whoever said nothing else was the one who asked."""
    said = Words.objects.filter(source__in=same, erased_at=None)
    columns = said.values_list("pk", "external_id", "source_id", "person_id", "company_id").iterator()
    found = [row for row in columns if sealer.digest(f"external:{row[2]}", row[1]) in digests]
    pks, ids, _sources, people, companies = zip(*found, strict=True) if found else ((),) * 5
    forget(Trace(tuple(pks), "", "", frozenset(ids), frozenset(companies), digests), by=None)
    silent = Person.objects.filter(pk__in={pk for pk in people if pk}, words=None)
    counts = _forget_people(list(silent.values_list("pk", flat=True)))
    forget_companies(companies)
    return counts + Counter(words=len(pks))
