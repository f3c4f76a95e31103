"""The filters of words as a page offers them: a menu for each facet, a chip for each value chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.core.filters import Facet, Filter
from filrouge.people.access import Act, may
from filrouge.people.models import User
from filrouge.ui import writing
from filrouge.voices.masked import company_names
from filrouge.voices.models import Company, Person
from filrouge.voices.reading import BEST, FACETS, NEWEST, SAID_LAST, WordsPage

MENUS = ("source", "language", "segment", "rating")
BY_ID = ("source", "segment", "company", "person")
FLAGS = ("unread", "by_hand")
DAYS = (7, 30, 90, 365)
ANY = "\x00"


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    on: bool = False
    group: str = ""


@dataclass(frozen=True)
class Menu:
    name: str
    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[str]:
        return [choice.label for choice in self.choices if choice.on]


@dataclass(frozen=True)
class Choices:
    """`chips` are the values chosen, each with the address without it."""

    filter: Filter
    menus: list[Menu]
    days: list[Choice]
    chips: list[Choice]
    flags: list[Choice]
    orders: list[Choice]
    clear: str


def canonical(filter: Filter) -> Filter:
    """The same filter with ids where names were given, so that a page can mark what is chosen."""
    values = {name: [_id(_facet(name), text) for text in texts] for name, texts in filter.values.items()}
    return replace(filter, values=values)


def _id(facet: Facet, text: str) -> str:
    value: Any = facet.value(text)
    if facet.name not in BY_ID:
        return text
    return str(value.pk if facet.name == "segment" else value).removeprefix("src")


def _facet(name: str) -> Facet:
    return next(facet for facet in FACETS if facet.name == name)


def choices(filter: Filter, page: WordsPage, path: str, reader: User | None) -> Choices:
    here = replace(filter, cursor="")
    menus = [_menu(here, _facet(name), path) for name in MENUS]
    chips = list(_chips(here, menus, path, reader))
    bare = replace(here, values={})
    flags = [_flag(here, name, path) for name in FLAGS]
    return Choices(here, menus, _days(here, path), chips, flags, _orders(here, page, path), _url(path, bare))


def _flag(here: Filter, name: str, path: str) -> Choice:
    return Choice(str(_facet(name).label), _url(path, here.toggled(name, "yes")), bool(here.values.get(name)))


def _url(path: str, filter: Filter) -> str:
    query = filter.query_string()
    return f"{path}?{query}" if query else path


def _menu(here: Filter, facet: Facet, path: str) -> Menu:
    options = facet.options() if facet.options else []
    held = here.values.get(facet.name, [])
    adding = _url(path, here.toggled(facet.name, ANY))  # one address for hundreds of options
    found = [
        Choice(label(facet.name, text), _url(path, here.toggled(facet.name, value)), True)
        if value in held
        else Choice(label(facet.name, text), adding.replace(quote_plus(ANY), quote_plus(value)))
        for value, text in options
    ]
    return Menu(facet.name, str(facet.label), found)


def label(name: str, text: str) -> str:
    """The words for a value of a facet."""
    if name == "language":
        return writing.language(text)
    return f"★ {text}" if name == "rating" else text


def _days(here: Filter, path: str) -> list[Choice]:
    today = timezone.localdate()
    found = []
    for days in DAYS:
        since = (today - timedelta(days=days)).isoformat()
        wanted = here.with_(values={**here.values, "since": [since], "until": []})
        text = ngettext("Last %(n)s day", "Last %(n)s days", days) % {"n": days}
        found.append(Choice(text, _url(path, wanted), here.values.get("since") == [since]))
    return found


def _chips(here: Filter, menus: list[Menu], path: str, reader: User | None) -> Iterator[Choice]:
    for menu in menus:
        yield from (
            Choice(choice.label, choice.url, group=menu.label) for choice in menu.choices if choice.on
        )
    for name in ("since", "until", "person", "company"):
        for text in here.values.get(name, []):
            yield Choice(
                _chip(name, text, reader), _url(path, here.toggled(name, text)), group=str(_facet(name).label)
            )


def _chip(name: str, text: str, reader: User | None) -> str:
    value = _facet(name).value(text)
    if name == "since":
        return _("Since %(day)s") % {"day": writing.date(value)}
    if name == "until":
        return _("Until %(day)s") % {"day": writing.date(value)}
    if name == "person":
        one = Person.objects.filter(pk=value).first()
        return (one.name if may(reader, Act.SEE_PEOPLE) else one.pseudonym) if one else text
    if name == "company":
        return company_names(Company.objects.filter(pk=value), reader).get(value, text)
    return str(_facet(name).label)


def _orders(here: Filter, page: WordsPage, path: str) -> list[Choice]:
    offered = [*([BEST] if here.query else []), NEWEST, SAID_LAST]
    found = [
        Choice(str(sort.label), _url(path, here.with_(sort=sort)), sort is page.sort) for sort in offered
    ]
    return found
