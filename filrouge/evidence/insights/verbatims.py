"""A quote as a page shows it: the words marked where they stand, their source, who in segments, how old."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from filrouge.voices.models import PersonSegment

from .models import Quote

AROUND = 90
TRAITS = 3


@dataclass(frozen=True)
class Verbatim:
    """`text` is the quote with some words around it; `spans` are the marked characters of `text`."""

    quote: int
    words: int
    text: str
    spans: list[tuple[int, int]]
    source: str
    said_at: datetime
    language: str
    href: str
    speaker: list[str] = field(default_factory=list)
    through: list[str] = field(default_factory=list)
    erased: bool = False
    dated: bool = True


def verbatims(quotes: Collection[int], through: dict[int, list[str]] | None = None) -> list[Verbatim]:
    """Quotes by id, as one page needs them, the newest words first."""
    rows = (
        Quote.objects.filter(pk__in=quotes)
        .select_related("version__words__source")
        .defer("version__words__text", "version__words__stems", "version__words__forms", "stems", "forms")
        .order_by("-version__words__said_at", "-pk")
    )
    found = list(rows)
    speakers = _speakers({row.version.words.person_id for row in found if row.version.words.person_id})
    return [_verbatim(row, speakers, (through or {}).get(row.pk, [])) for row in found]


def _verbatim(quote: Quote, speakers: dict[int, list[str]], through: list[str]) -> Verbatim:
    words = quote.version.words
    text, spans = surroundings(quote.version.text, quote.start, quote.end)
    erased = words.erased_at is not None
    return Verbatim(
        quote.pk,
        words.pk,
        "" if erased else text,
        [] if erased else spans,
        words.source.name,
        words.said_at,
        words.language,
        address(quote),
        speakers.get(words.person_id or 0, []),
        through,
        erased,
        words.dated,
    )


def address(quote: Quote) -> str:
    version = quote.version
    return spot(version.words_id, quote.start, quote.end, version.number, version.words.version)


def spot(words: int, start: int, end: int, version: int, current: int) -> str:
    """The page of the words, opened at the spot, in the version that was quoted."""
    place = {"start": start, "end": end} | ({"version": version} if version != current else {})
    return f"/words/{words}/?{urlencode(place)}#quote"


def surroundings(whole: str, start: int, end: int, around: int = AROUND) -> tuple[str, list[tuple[int, int]]]:
    """The quoted characters with some text on both sides, cut between words, and where they now stand."""
    before, after = whole[:start], whole[end:]
    if len(before) > around:
        cut = before[-around:]
        before = "… " + cut[cut.find(" ") + 1 :]
    if len(after) > around:
        cut = after[:around]
        after = (cut[: cut.rfind(" ")] if " " in cut else cut) + " …"
    before, after = before.lstrip(), after.rstrip()
    return before + whole[start:end] + after, [(len(before), len(before) + end - start)]


def _speakers(people: Iterable[int]) -> dict[int, list[str]]:
    """For each person a few words that say who speaks, without saying who they are."""
    rows = PersonSegment.objects.filter(person_id__in=set(people)).order_by("segment__name", "segment__value")
    found: dict[int, list[str]] = {}
    for person, value in rows.values_list("person_id", "segment__value"):
        found.setdefault(person, []).append(value)
    return {person: values[:TRAITS] for person, values in found.items()}
