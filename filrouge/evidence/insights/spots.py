"""A whole text with its quotes and one spot marked, each mark a way to its quote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

Span = tuple[int, int]


@dataclass(frozen=True)
class Mark:
    """A quoted stretch of a text, and the address of the quote."""

    start: int
    end: int
    url: str
    label: str


def marked(text: str, marks: Iterable[Mark], spot: Span | None = None, hits: Iterable[Span] = ()) -> Markup:
    """Every character of the text once, so that offsets in the page are those of the text."""
    marks, hits = list(marks), list(hits)
    edges = {0, len(text), *(spot or ())}
    for start, end in [*((mark.start, mark.end) for mark in marks), *hits]:
        edges |= {start, end}
    places = sorted(edge for edge in edges if 0 <= edge <= len(text))
    pieces, seen = [], False
    for start, end in pairwise(places):
        here = bool(spot and spot[0] <= start and end <= spot[1])
        pieces.append(
            _piece(
                text[start:end],
                _innermost(marks, start, end),
                here,
                here and not seen,
                _within(hits, start, end),
            )
        )
        seen = seen or here
    return Markup("").join(pieces)


def _innermost(marks: list[Mark], start: int, end: int) -> Mark | None:
    over = [mark for mark in marks if mark.start <= start and end <= mark.end]
    return min(over, key=lambda mark: mark.end - mark.start, default=None)


def _within(hits: list[Span], start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in hits)


def _piece(text: str, mark: Mark | None, here: bool, first: bool, hit: bool) -> Markup:
    # A carriage return as a reference, or the browser would drop it and every later offset would be wrong.
    inside = Markup(str(escape(text)).replace("\r", "&#13;"))
    if mark:
        inside = Markup('<a href="{}" title="{}">{}</a>').format(mark.url, mark.label, inside)
    if not (mark or here or hit):
        return inside
    kinds = " ".join(
        kind for kind, on in (("quoted", mark), ("spot", here), ("hit", hit and not here and not mark)) if on
    )
    anchor = Markup(' id="quote" tabindex="-1"') if first else Markup("")
    return Markup('<mark class="{}"{}>{}</mark>').format(kinds, anchor, inside)
