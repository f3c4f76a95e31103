"""Which days a date means as it was shown to readers: “Q3 2026”, “mars 2026”, “automne 2026”, “2026”."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from filrouge.lib.search_text import fold

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv", "february feb fevrier fevr", "march mar mars", "april apr avril avr",
            "may mai", "june jun juin", "july jul juillet juil", "august aug aout",
            "september sept sep septembre", "october oct octobre", "november nov novembre",
            "december dec decembre",
        ), 1)
    for name in names.split()
}  # fmt: skip
# The months at whose end a season is over; a winter ends in the year that it names.
SEASONS = {
    "winter": (1, 3), "hiver": (1, 3), "spring": (4, 6), "printemps": (4, 6), "summer": (7, 9), "ete": (7, 9),
    "autumn": (10, 12), "fall": (10, 12), "automne": (10, 12),
}  # fmt: skip
Span = tuple[date, date]
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_YEAR = re.compile(r"\b(20\d{2})\b")
_PART = re.compile(r"\b([qths])([1-4])\b")
_NUMBERED = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er)?\s+([a-z]+)\.?|\b([a-z]+)\s+(\d{1,2})(?:st|nd|rd|th)?,"
)


def span(text: str) -> Span | None:
    """The first and the last day that a text can mean; None where it names no year."""
    said = fold(text).lower()
    if exact := _DAY.search(said):
        return _day(*map(int, exact.groups()))
    found = _YEAR.search(said)
    return _within(int(found[1]), said.replace(found[1], " ")) if found else None


def _within(year: int, said: str) -> Span | None:
    for day, after, before, second in _NUMBERED.findall(said):
        if month := MONTHS.get(after or before):
            return _day(year, month, int(day or second))
    words = re.findall(r"[a-z]+", said)
    months = [MONTHS[word] for word in words if word in MONTHS]
    if months:
        return _months(year, min(months), max(months))
    if part := _PART.search(said):
        return _part(year, part[1], int(part[2]))
    return next((_months(year, *SEASONS[word]) for word in words if word in SEASONS), _months(year, 1, 12))


def _part(year: int, letter: str, number: int) -> Span | None:
    """A quarter (Q, T) or a half (H, S)."""
    size = 3 if letter in "qt" else 6
    return _months(year, (number - 1) * size + 1, number * size) if number * size <= 12 else None


def _months(year: int, first: int, last: int) -> Span:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _day(year: int, month: int, day: int) -> Span | None:
    try:
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None
