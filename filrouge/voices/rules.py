"""The rules that each field of an arrival must keep, before it may enter."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from filrouge.lib.language import detect
from filrouge.lib.reason import N_, Reason
from filrouge.lib.search_text import stems_and_forms

MOST = 5_000  # rows a transaction, about half a second: whoever else writes waits for a batch, not for a file
LONGEST_TEXT = 1_000_000  # bytes
LONGEST = {
    "external_id": 200, "title": 300, "author": 200, "email": 254, "company": 200, "url": 500, "language": 35,
    "segment name": 80, "segment": 200,
}  # fmt: skip
BEST_RATING = 100
SHOWN = 120  # characters of a bad value in the list of rejected rows

EMPTY = N_("The text is empty.")
TOO_BIG = N_("This text is over 1 MB. Cut it, or split it into several.")
TOO_LONG = N_("This is too long: %(found)d characters, at most %(most)d.")
UNSTORABLE = N_("This holds a NUL or another character that no text holds.")
NOT_EMAIL = N_("This is not an e-mail address.")
NOT_ADDRESS = N_("This address does not begin with http:// or https://.")
NOT_LANGUAGE = N_("This is not a language code such as en or fr.")
NOT_RATING = N_("This is not a rating: a whole number from 0 to 100.")
NOT_DATE = N_("This is not a date that can be read.")

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")
_RATING = re.compile(r"(\d{1,3})(?:[.,]0+)?(?:\s*(?:/|of|sur)\s*\d{1,3})?")
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_].*)?")
_NAMED = {"english": "en", "anglais": "en", "french": "fr", "français": "fr", "francais": "fr"}

DateReader = Callable[[str], datetime]


class Unfit(Exception):
    """A field that breaks a rule; the rest of its row cannot enter without it."""

    def __init__(self, name: str, value: str, reason: Reason) -> None:
        super().__init__(reason.message)
        self.name, self.value, self.reason = name, value, reason


@dataclass(slots=True)
class Arrival:
    """A row that keeps the rules. `comes_again` is the line of a later row that stands in its place."""

    line: int
    text: str
    external_id: str
    said_at: datetime | None = None
    title: str = ""
    author: str = ""
    email: str = ""
    company: str = ""
    url: str = ""
    language: str = ""
    rating: int | None = None
    segments: tuple[tuple[str, str], ...] = ()
    comes_again: int = 0
    index: tuple[str, str, str] | None = None

    def __reduce__(self) -> tuple[type[Arrival], tuple[Any, ...]]:
        """Between two processes it travels as its values in order, at half the cost of naming each."""
        return Arrival, _VALUES(self)

    def indexed(self) -> tuple[str, str, str]:
        """Language, stems and forms: most of the work of a row, so a process of its own may do it before."""
        if self.index is None:
            language = self.language or detect(self.text)
            searched = f"{self.title}\n{self.text}" if self.title else self.text
            self.index = (language, *stems_and_forms(searched, language))
        return self.index


_VALUES = attrgetter(*(one.name for one in fields(Arrival)))


def identity_of(values: Mapping[str, str]) -> str:
    """The row's own id, else one from its text, its author and its date as they are written."""
    own = values.get("external_id", "").strip()
    if own:
        return own
    text = _clean(values.get("text", ""))
    who = (values.get("email") or values.get("author") or "").strip()
    whole = "\0".join((text, who, values.get("created_at", "").strip()))
    return "content-" + hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def arrival(
    values: Mapping[str, str], segments: Mapping[str, str], line: int, read_date: DateReader
) -> Arrival:
    """The row as it may enter, from its values by field; raises Unfit at the first broken rule."""
    _check_storable(values)
    text = _text(values.get("text", ""))
    got = {name: value.strip() for name, value in values.items() if value and name != "text"}
    for name, value in got.items():
        if len(value) > LONGEST.get(name, 100):
            raise Unfit(name, value, _too_long(name, value))
    return Arrival(
        line, text, identity_of(values), _date(got.get("created_at", ""), read_date), got.get("title", ""),
        got.get("author", ""), _email(got.get("email", "")), got.get("company", ""), _url(got.get("url", "")),
        _language(got.get("language", "")), _rating(got.get("rating", "")), _segments(segments),
    )  # fmt: skip


def _clean(text: str) -> str:
    """One kind of line end, so that a place in the text is the same in a browser and here."""
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).strip()


def _text(value: str) -> str:
    text = _clean(value)
    if not text:
        raise Unfit("text", "", Reason(EMPTY))
    if len(text) * 4 > LONGEST_TEXT and len(text.encode()) > LONGEST_TEXT:
        raise Unfit("text", text[:SHOWN], Reason(TOO_BIG))
    return text


def _check_storable(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if _unstorable(value):
            raise Unfit(name, _UNSTORABLE.sub("\ufffd", value[:SHOWN]), Reason(UNSTORABLE))


def _unstorable(text: str) -> bool:
    return "\0" in text or (not text.isascii() and _UNSTORABLE.search(text) is not None)


def _too_long(name: str, value: str) -> Reason:
    return Reason(TOO_LONG, {"found": len(value), "most": LONGEST.get(name, 100)})


def _date(value: str, read_date: DateReader) -> datetime | None:
    if not value:
        return None
    try:
        return read_date(value)
    except ValueError as error:
        reason = getattr(error, "reason", None)
        raise Unfit("created_at", value, reason or Reason(NOT_DATE)) from None


def _email(value: str) -> str:
    if value and not _EMAIL.fullmatch(value):
        raise Unfit("email", value, Reason(NOT_EMAIL))
    return value.lower()


def _url(value: str) -> str:
    if value and not value.lower().startswith(("http://", "https://")):
        raise Unfit("url", value, Reason(NOT_ADDRESS))
    return value


def _language(value: str) -> str:
    if not value:
        return ""
    found = _LANGUAGE.fullmatch(value)
    code = _NAMED.get(value.lower()) or (found and found[1].lower())
    if not code:
        raise Unfit("language", value, Reason(NOT_LANGUAGE))
    return code


def _rating(value: str) -> int | None:
    if not value:
        return None
    found = _RATING.fullmatch(value)
    if not found or int(found[1]) > BEST_RATING:
        raise Unfit("rating", value, Reason(NOT_RATING))
    return int(found[1])


def _segments(segments: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    _check_storable(segments)
    found = [(name.strip(), value.strip()) for name, value in segments.items() if value and value.strip()]
    for name, value in found:
        if _unstorable(name):
            raise Unfit(_UNSTORABLE.sub("\ufffd", name[:SHOWN]), value[:SHOWN], Reason(UNSTORABLE))
        if len(name) > LONGEST["segment name"]:
            raise Unfit(name[:SHOWN], value[:SHOWN], _too_long("segment name", name))
        if len(value) > LONGEST["segment"]:
            raise Unfit(name, value[:SHOWN], _too_long("segment", value))
    return tuple(found)
