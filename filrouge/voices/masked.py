"""What a reader sees of words.

What the mask hides is not found either: where it matters, matches are searched again in the masked text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models.functions import Substr

from filrouge.lib.search_text import Query, Term, stem, stems_and_forms, tokens
from filrouge.people.access import Act, may
from filrouge.people.models import User

from .finding import Hit, Hunt, Place
from .models import Words

LOOKED_AT, ASKED_OF = 300, 1_000
"""Rows looked at for a reader of masked words: for a page, for an answer."""
OPENING, EDGE = 4_000, 300


def read(hits: Iterable[Hit], reader: User | None, whole: bool = False) -> list[Words]:
    """The rows of hits in their order, with all that a page says of them."""
    keys = [hit.id for hit in hits]
    rows: Any = (
        Words.objects.filter(pk__in=keys)
        .select_related("source", "person", "company")
        .defer("stems", "forms")
    )
    if not whole:
        rows = rows.defer("text", "stems", "forms").annotate(cut=Substr("text", 1, OPENING))
    found: dict[int, Any] = {row.pk: row for row in rows}
    for row in found.values():
        row.opening = shown(row, row.text, reader) if whole else _opening(row, reader)
        row.heading = shown(row, row.title, reader)
    return [found[key] for key in keys if key in found]


def _opening(row: Any, reader: User | None) -> str:
    """The beginning of a text; an address that the cut went through is not masked, so the end goes too."""
    text = shown(row, row.cut, reader)
    return text if len(row.cut) < OPENING or may(reader, Act.READ_WORDS) else text[:-EDGE]


def shown(words: Words, text: str, reader: User | None) -> str:
    """Any text of these words as a reader may see it."""
    if may(reader, Act.READ_WORDS):
        return text
    if not may(reader, Act.READ_MASKED):
        return ""
    return words.masked(text)


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
    for at in range(0, min(len(hits), most), 100):
        batch = hits[at : min(at + 100, most)]
        hidden = _hidden(query, batch, reader)
        for hit in batch:
            kept += [] if hit.id in hidden else [hit]
            if len(kept) == limit:
                return kept, hit if hit is not hits[-1] else None
    return kept, hits[most - 1] if len(hits) > most else None


def _hidden(query: Query, batch: list[Hit], reader: User | None) -> set[int]:
    """Those that match by something masked. Only a name, or a number that may be an address, can be that."""
    keys = [hit.id for hit in batch]
    rows = (
        Words.objects.filter(pk__in=keys, person__isnull=False)
        .select_related("person")
        .only("id", "person__sealed")
    )
    known = {row.pk: row.person.identity for row in rows if row.person}
    every = bool(query.excluded) or _has_number(query)
    doubtful = [hit for hit in batch if every or (hit.id in known and _names(query, known[hit.id]))]
    return (
        {row.pk for row in read(doubtful, reader, whole=True) if not holds(query, row)} if doubtful else set()
    )


def _terms(query: Query) -> Iterator[Term]:
    return (term for group in query.groups for term in group)


def _has_number(query: Query) -> bool:
    tokens = (token for term in _terms(query) for variant in term.variants for token in variant)
    return any(character.isdigit() for token in tokens for character in token)


def _names(query: Query, identity: dict[str, str]) -> bool:
    """Whether a word of the query may be the person's name."""
    name = tokens(identity.get("name", ""))
    forms = {form for token in name for form in (token, stem(token, "en"), stem(token, "fr"))}
    return any(
        any(form.startswith(variant[0]) for form in forms) if term.prefix else not forms.isdisjoint(variant)
        for term in _terms(query)
        for variant in term.variants
    )


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
