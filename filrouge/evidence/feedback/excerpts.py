"""As much of a text as a line of a list shows, with what matched in it marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from filrouge.lib.search_text import Query
from filrouge.voices.said import Said

SHOWN, LEAD, TRAITS = 320, 70, 2


@dataclass(frozen=True)
class Line:
    words: Said
    text: str
    spans: list[tuple[int, int]]
    title_spans: list[tuple[int, int]]
    traits: list[str]


def lines(rows: Iterable[Said], query: Query, traits: dict[int, str]) -> list[Line]:
    return [_line(row, query, traits) for row in rows]


def _line(words: Said, query: Query, traits: dict[int, str]) -> Line:
    title = query.highlight(words.heading, words.language) if query and words.heading else []
    known = [traits[pk] for pk in words.segment_ids if pk in traits][:TRAITS] if traits else []
    return Line(words, *excerpt(words, query), title, known)


def excerpt(words: Said, query: Query) -> tuple[str, list[tuple[int, int]]]:
    """The text from a little before the first match."""
    whole = words.opening
    spans = query.highlight(whole, words.language) if query else []
    start = _start(whole, spans[0][0]) if spans and spans[0][0] > SHOWN // 2 else 0
    text = whole[start : start + SHOWN]
    lead = "… " if start else ""
    tail = "…" if len(whole) > start + SHOWN else ""
    moved = [
        (at - start + len(lead), end - start + len(lead))
        for at, end in spans
        if start <= at and end <= start + SHOWN
    ]
    return lead + text + tail, moved


def _start(text: str, match: int) -> int:
    """The beginning of a word a little before the match."""
    space = text.find(" ", max(match - LEAD, 0))
    return space + 1 if 0 <= space < match else match
