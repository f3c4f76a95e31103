"""What to try when nothing matches: a shorter word, fewer words, fewer filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from filrouge.core.filters import SHOWN, Filter
from filrouge.people.models import User
from filrouge.voices.reading import count

SHORTEST, MOST_WORDS = 4, 6


@dataclass(frozen=True)
class Hint:
    sentence: str
    url: str
    number: int
    more: bool


def hints(filter: Filter, path: str, reader: User | None) -> list[Hint]:
    """Each leads to words; what would find nothing either is not offered."""
    return [hint for hint in _tried(filter, path, reader) if hint.number]


def _tried(filter: Filter, path: str, reader: User | None) -> Iterator[Hint]:
    if filter.values:
        bare = filter.with_(values={}, cursor="")
        yield _hint(_("Without the filters"), bare, path, reader)
    words = [word for word in filter.q.split() if word.strip('"-*')][:MOST_WORDS]
    unsaid = []
    for word in words:
        alone = word.strip('"')
        hint = _hint(_("Only “%(word)s”") % {"word": alone}, filter.with_(q=alone, cursor=""), path, reader)
        unsaid += [] if hint.number else [word]
        yield hint
    for word in unsaid:
        yield from _shorter(word.strip('"-*'), filter, path, reader)


def _shorter(word: str, filter: Filter, path: str, reader: User | None) -> Iterator[Hint]:
    """The longest beginning of a word that anybody used: it mends most slips of spelling, and endings."""
    for length in range(len(word), SHORTEST - 1, -1):
        wanted = filter.with_(q=f"{word[:length]}*", cursor="")
        hint = _hint(_("Words that begin with “%(start)s”") % {"start": word[:length]}, wanted, path, reader)
        if hint.number:
            yield hint
            return


def _hint(sentence: str, filter: Filter, path: str, reader: User | None) -> Hint:
    return Hint(sentence, f"{path}?{filter.query_string()}", *count(filter, reader, SHOWN))
