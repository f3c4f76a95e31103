"""Everyone heard upstream of an Item, by the channel they spoke in, with what became of what they said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from filrouge.core.errors import NotFound
from filrouge.core.models import Item, find_item
from filrouge.core.thread import Thread, thread
from filrouge.lib.spreadsheet import write_csv
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.itempage import stops

from . import counting
from .behind import Behind, behind
from .models import Quote
from .verbatims import Verbatim, verbatims

SHOWN = 100


@dataclass(frozen=True)
class Channel:
    """A source and those who spoke there, newest words first."""

    name: str
    people: int
    unknown: int
    quotes: list[int]


@dataclass(frozen=True)
class Everyone:
    item: Item
    known: Behind
    texts: dict[int, counting.Heard]
    channels: list[Channel]
    way: Thread


def everyone(item: Item, reader: User | None) -> Everyone:
    """Who was heard, as this reader may see it."""
    known = behind(item, reader)
    quotes = known.quotes() or ({item.pk: frozenset([True])} if isinstance(item, Quote) else {})
    texts = counting.heard_in(list(quotes))
    return Everyone(item, known, texts, _channels(texts), thread(item, reader))


def _channels(texts: dict[int, counting.Heard]) -> list[Channel]:
    by_source = defaultdict[int, list[int]](list)
    for quote in sorted(texts, key=lambda pk: (texts[pk].said_at, pk), reverse=True):
        by_source[texts[quote].source].append(quote)
    names = dict(
        Quote.objects.filter(pk__in=texts).values_list(
            "version__words__source_id", "version__words__source__name"
        )
    )
    found = [_channel(names[source], quotes, texts) for source, quotes in by_source.items()]
    return sorted(found, key=lambda channel: channel.name)


def _channel(name: str, quotes: list[int], texts: dict[int, counting.Heard]) -> Channel:
    alive = [texts[quote] for quote in quotes if not texts[quote].erased]
    unknown = {text.words for text in alive if not text.person}
    return Channel(name, len({text.person for text in alive if text.person}), len(unknown), quotes)


@dataclass(frozen=True)
class Line:
    """One quote of the list: who said it, as this reader may know them."""

    verbatim: Verbatim
    who: str
    url: str
    email: str
    company: str
    agrees: bool


def lines(found: Everyone, quotes: list[int], reader: User | None) -> dict[int, Line]:
    """Quotes by id, each with who said it."""
    people = _people(quotes)
    sides = found.known.quotes()
    rows = [
        _line(v, people.get(v.quote), sides.get(v.quote, frozenset([True])), reader)
        for v in verbatims(quotes)
    ]
    return {row.verbatim.quote: row for row in rows}


def _people(quotes: list[int]) -> dict[int, Quote]:
    rows = Quote.objects.filter(pk__in=quotes).select_related(
        "version__words__person", "version__words__company"
    )
    found: dict[int, Quote] = rows.only("version__words__person", "version__words__company__name").in_bulk()
    return found


def _line(verbatim: Verbatim, quote: Quote | None, sides: frozenset[bool], reader: User | None) -> Line:
    words = quote.version.words if quote else None
    person = words.person if words else None
    named = may(reader, Act.SEE_PEOPLE)
    who = _("Unknown speaker") if person is None or verbatim.erased else person.shown_to(reader)
    email = person.identity.get("email", "") if person and named and not verbatim.erased else ""
    company = words.company.name if words and words.company and named else ""
    url = person.get_absolute_url() if person and not verbatim.erased else ""
    return Line(verbatim, str(who), url, email, company, True in sides)


def _item(pk: int, reader: User | None) -> Item:
    try:
        return find_item(pk, reader)  # type: ignore[no-any-return]
    except NotFound:
        raise Http404 from None


@access(Act.SEE_ITEMS)
@require_safe
def heard(request: HttpRequest, pk: int) -> HttpResponse:
    """The page: channels, then who said what in each."""
    reader = reader_of(request)
    found = everyone(_item(pk, reader), reader)
    reach = counting.reach(found.texts.values(), [], timezone.now())
    most = None if request.GET.get("all") else SHOWN
    said = lines(found, [quote for channel in found.channels for quote in channel.quotes[:most]], reader)
    channels = [(channel, [said[quote] for quote in channel.quotes[:most]]) for channel in found.channels]
    context = {
        "item": found.item,
        "found": found,
        "reach": reach,
        "channels": channels,
        "names": may(reader, Act.SEE_PEOPLE),
        "stops": stops(found.item, found.way),
        "export": may(reader, Act.EXPORT),
    }
    return render(request, "insights/heard.html", context)


@access(Act.SEE_ITEMS)
@require_safe
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """One line for pages of other wings, which fetch it: how many were heard, and how long ago."""
    reader = reader_of(request)
    item = _item(pk, reader)
    texts = counting.heard_in(list(behind(item, reader).quotes()))
    return render(
        request,
        "insights/heard_summary.html",
        {"item": item, "reach": counting.reach(texts.values(), [], timezone.now())},
    )


@access(Act.EXPORT)
@require_safe
def people_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as a file; names and addresses only for those who may see who users are."""
    reader = reader_of(request)
    item = _item(pk, reader)
    header, *rows = table(everyone(item, reader), reader)
    body = b"".join(write_csv(rows, header, bom=True))
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="heard-{item.slug}-{item.pk}.csv"'
    return answer


def table(found: Everyone, reader: User | None) -> Iterator[list[str]]:
    """The heading, then a row for each quote."""
    named = may(reader, Act.SEE_PEOPLE)
    extra = [_("E-mail"), _("Company")] if named else []
    what = [_("Segments"), _("Said on"), _("For or against"), _("Words"), _("What became of it")]
    yield [_("Source"), _("Who"), *extra, *what]
    became = "; ".join(f"{node.title} ({node.state or node.label})" for node in found.way.after)
    every = lines(found, list(found.texts), reader)
    for channel in found.channels:
        for quote in channel.quotes:
            row = every[quote]
            known = [row.email, row.company] if named else []
            yield [channel.name, row.who, *known, *_said(row), became]


def _said(row: Line) -> list[str]:
    said = row.verbatim
    day = timezone.localtime(said.said_at).date().isoformat() if said.dated else ""
    side = _("for") if row.agrees else _("against")
    return [", ".join(said.speaker), day, side, said.text or _("[erased]")]
