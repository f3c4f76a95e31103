"""The side bar: capabilities register their entries in `AppConfig.ready`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filrouge.core.memory import kept
from filrouge.people.gate import reader_of

Text = str | Promise
Counts = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the side bar.

    `roles` limits who sees it; `count` answers a number for the reader, or is a key of a shared `counter`;
    `key` is the letter after `g` that goes there; `dialog` opens it in a dialog (section "top");
    `holds` are where addresses begin that do not begin with its own, and are of it.
    """

    label: Text
    url_name: str
    icon: str = ""
    roles: frozenset[str] | None = None
    count: Callable[[Any], int | str | None] | str | None = None
    key: str = ""
    dialog: bool = False
    args: tuple[object, ...] = ()
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as one reader sees it on one page: its address says which, whatever the language."""

    label: Text = field(compare=False)
    url: str
    current: bool
    count: int | str | None
    entry: Entry = field(compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    label: Text = field(compare=False)
    places: tuple[Place, ...] = ()


SECTIONS: dict[str, Text] = {
    "": "",
    "evidence": _("Evidence"),
    "alignment": _("Alignment"),
    "settings": _("Settings"),
    "top": "",
    "me": "",
}
NAV: dict[str, list[Entry]] = {name: [] for name in SECTIONS}
COUNTERS: list[Callable[[Any], Counts]] = []


def register(section: str, entry: Entry, *, before: str = "") -> None:
    """Add an entry to a section ("", evidence, alignment, settings, top, me); twice the same is once."""
    entries = NAV[section.lower()]
    if any(known.url_name == entry.url_name and known.args == entry.args for known in entries):
        return
    names = [known.url_name for known in entries]
    entries.insert(names.index(before) if before in names else len(entries), entry)


def counter(function: Callable[[Any], Counts]) -> Callable[[Any], Counts]:
    """Register one function that answers many counts in one query: `{"insights": 86, "inbox": "1,000+"}`."""
    if function not in COUNTERS:
        COUNTERS.append(function)
    return function


def navigation(
    request: HttpRequest, names: Iterable[str] = ("", "evidence", "alignment", "settings")
) -> tuple[Section, ...]:
    """The sections that this reader may enter, with the current place marked; empty ones are left out."""
    reader = reader_of(request)
    found = [Section(name, SECTIONS[name], _places(request, reader, NAV[name])) for name in names]
    return tuple(section for section in found if section.places)


def _places(request: HttpRequest, reader: Any, entries: list[Entry]) -> tuple[Place, ...]:
    seen = [entry for entry in entries if entry.roles is None or getattr(reader, "role", None) in entry.roles]
    addresses = [(entry, _address(entry.url_name, entry.args, get_urlconf())) for entry in seen]
    return tuple(
        Place(
            entry.label,
            address,
            _is_current(request.path, (address, *entry.holds)),
            _count(request, reader, entry),
            entry,
        )
        for entry, address in addresses
        if address
    )


def _is_current(path: str, addresses: Iterable[str]) -> bool:
    return any(path == one or (one != "/" and path.startswith(one)) for one in addresses)


@lru_cache(maxsize=256)
def _address(name: str, args: tuple[object, ...], urlconf: str | None) -> str:
    try:
        return reverse(name, args=args, urlconf=urlconf)
    except NoReverseMatch:
        return ""


def _count(request: HttpRequest, reader: Any, entry: Entry) -> int | str | None:
    if entry.count is None or reader is None:
        return None
    return _counts(request, reader).get(entry.url_name if callable(entry.count) else entry.count)


def _counts(request: HttpRequest, reader: Any) -> Counts:
    """All counts, asked for once per request at most."""
    known: Counts | None = getattr(request, "_navigation_counts", None)
    if known is None:
        known = kept(f"counts:{reader.pk}:{get_language()}", lambda: _counted(reader))
        request._navigation_counts = known  # type: ignore[attr-defined]
    return known


def _counted(reader: Any) -> Counts:
    found: Counts = {}
    for function in COUNTERS:
        found.update(function(reader))
    for entry in (entry for entries in NAV.values() for entry in entries):
        if callable(entry.count) and (number := entry.count(reader)) is not None:
            found[entry.url_name] = number
    return found
