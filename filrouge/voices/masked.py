"""What a reader sees of words.

What the mask hides is not found either: where it matters, matches are searched again in the masked text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Count

from filrouge.lib.mask import mask
from filrouge.lib.search_text import Query, Term, stem, stems_and_forms, tokens
from filrouge.people.access import Act, may
from filrouge.people.models import User

from .finding import Hit, Hunt, Place
from .models import Company, Person, Spoken, Words, unsealed
from .said import OPENING, said

LOOKED_AT, ASKED_OF, AT_ONCE = 300, 1_000, 50
"""Rows looked at for a reader of masked words: for a page, for an answer, at least in one query."""
EDGE = 300
SMALL = 3  # people


def read(hits: Iterable[Hit], reader: User | None, whole: bool = False) -> list[Any]:
    """The rows of hits in their order, each as a line of a list, or as `whole` Words."""
    keys = [hit.id for hit in hits]
    plain, see = may(reader, Act.READ_WORDS), eyes(reader)
    found: dict[int, Any] = _whole(keys) if whole else said(keys, named=not plain)
    for row in found.values():
        text = row.text if whole else row.cut
        row.heading, row.opening = see(row, row.title), see(row, text)
        if not (plain or whole):
            row.company = row.company and see(row, row.company)
        if not (plain or whole or len(text) < OPENING):
            # An address that the cut went through is not masked, so the end goes too.
            row.opening = row.opening[:-EDGE]
    return [found[key] for key in keys if key in found]


def _whole(keys: list[int]) -> dict[int, Words]:
    rows = Words.objects.filter(pk__in=keys).select_related("source", "person", "company")
    return {row.pk: row for row in rows.defer("stems", "forms")}


def eyes(reader: User | None) -> Callable[[Spoken, str], str]:
    """How a reader sees any text of words: the access table is asked once for many."""
    if may(reader, Act.READ_WORDS):
        return lambda words, text: text
    if may(reader, Act.READ_MASKED):
        return lambda words, text: words.masked(text)
    return lambda words, text: ""


def shown(words: Spoken, text: str, reader: User | None) -> str:
    """Any text of these words as a reader may see it."""
    return eyes(reader)(words, text)


def company_names(companies: Iterable[Company], reader: User | None) -> dict[int, str]:
    """By id, as a reader may see them: a company of very few people is often called as one of them."""
    names = {one.pk: one.name for one in companies}
    if may(reader, Act.READ_WORDS):
        return names
    people = Person.objects.filter(company__in=names)
    small = people.order_by().values("company").annotate(size=Count("pk")).filter(size__lte=SMALL)
    known: dict[int, list[str]] = {pk: [] for pk in names}
    for one in people.filter(company__in=small.values("company")):
        known[one.company_id or 0].append(one.name)
    return {pk: mask(name, filter(None, known[pk])) for pk, name in names.items()}


def found_again(
    query: Query,
    hunted: Hunt,
    order: str,
    after: Place | None,
    reader: User | None,
    limit: int,
    most: int = LOOKED_AT,
) -> tuple[list[Hit], Hit | None]:
    """Up to `limit` hits that the masked text answers too, and the last one looked at if others follow."""
    hits = hunted.hits(order, most + 1, after)
    kept: list[Hit] = []
    step = max(limit, AT_ONCE)
    for at in range(0, min(len(hits), most), step):
        batch = hits[at : min(at + step, most)]
        hidden = _hidden(query, batch, reader)
        for hit in batch:
            kept += [] if hit.id in hidden else [hit]
            if len(kept) == limit:
                return kept, hit if hit is not hits[-1] else None
    return kept, hits[most - 1] if len(hits) > most else None


def _hidden(query: Query, batch: list[Hit], reader: User | None) -> set[int]:
    """Those that match by something masked. Only a name, or a number that may be an address, can be that."""
    every = bool(query.excluded) or any(map(_has_digit, _tokens(query)))
    doubtful = batch if every else [Hit(pk) for pk in _by_a_name(query, [hit.id for hit in batch])]
    return (
        {row.pk for row in read(doubtful, reader, whole=True) if not holds(query, row)} if doubtful else set()
    )


def _by_a_name(query: Query, keys: list[int]) -> Iterator[int]:
    """The words of people in whose name a word of the query stands, or begins."""
    typed = set(_tokens(query))
    beginnings = tuple(term.variants[0][0] for term in _terms(query) if term.prefix)
    people = Words.objects.filter(pk__in=keys, person__isnull=False).values_list("pk", "person__sealed")
    for pk, sealed in people:
        forms = _forms(unsealed(sealed).get("name", ""))
        if not typed.isdisjoint(forms) or (beginnings and any(form.startswith(beginnings) for form in forms)):
            yield pk


def _forms(name: str) -> list[str]:
    """The words of a name as any text may be searched for them."""
    return [form for token in tokens(name) for form in (token, stem(token, "en"), stem(token, "fr"))]


def _terms(query: Query) -> Iterator[Term]:
    return (term for group in query.groups for term in group)


def _tokens(query: Query) -> Iterator[str]:
    return (token for term in _terms(query) for variant in term.variants for token in variant)


def _has_digit(token: str) -> bool:
    return any(map(str.isdigit, token))


def holds(query: Query, words: Words) -> bool:
    """Whether what a reader sees of these words answers the query."""
    stems, forms = stems_and_forms(f"{words.heading}\n{words.opening}", words.language)
    stems, forms = f" {stems} ", f" {forms} "
    wanted = all(any(_stands(term, stems, forms) for term in group) for group in query.groups)
    return wanted and not any(_stands(term, stems, forms) for term in query.excluded)


def _stands(term: Term, stems: str, forms: str) -> bool:
    if term.prefix:
        begins = f" {term.variants[0][0]}"
        return begins in stems or begins in forms
    return any(f" {' '.join(variant)} " in stems for variant in term.variants)
