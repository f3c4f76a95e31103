"""Where users' words are read: the inbox, one text, one person."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from markupsafe import Markup

from filrouge.core.filters import SHOWN
from filrouge.core.filters import count as count_rows
from filrouge.evidence.feedback.listing import listing
from filrouge.lib.numbers import whole
from filrouge.lib.search_text import Query
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.voices.masked import shown
from filrouge.voices.models import Version, Words
from filrouge.voices.reading import find_words, segments_of

from .changes import difference
from .kept_quotes import served
from .models import Quote
from .quoting import offered_insights
from .spots import Mark, Span, marked

SHOWN_QUOTES = 200


@require_GET
@access(Act.READ_MASKED)
def inbox(request: HttpRequest) -> HttpResponse:
    """Every text in turn, with the keyboard."""
    context = listing(request, reverse("inbox"))
    context["arrived"] = bool(context["lines"]) or Words.objects.exists()
    reader, status = reader_of(request), 422 if context["problem"] else 200
    context["can_import"] = may(reader, Act.IMPORT)
    return render(request, "insights/inbox.html", context | quoting(reader), status=status)


def quoting(reader: User | None) -> dict[str, Any]:
    """What the quote dialog needs, for those who may quote."""
    can = may(reader, Act.WRITE_EVIDENCE)
    return {"can_quote": can, "insights": offered_insights(reader) if can else []}


@require_GET
@access(Act.READ_MASKED)
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """One text: what was said, by whom, where, what was quoted of it, what it said before."""
    reader = reader_of(request)
    return render(request, "insights/words.html", reading(request, pk) | quoting(reader))


@require_GET
@access(Act.READ_MASKED)
def pane(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a fragment, beside the inbox."""
    context = reading(request, pk) | {"can_quote": may(reader_of(request), Act.WRITE_EVIDENCE)}
    return render(request, "insights/words_pane.html", context)


def reading(request: HttpRequest, pk: int) -> dict[str, Any]:
    reader = reader_of(request)
    said = find_words(pk, reader)
    if said is None:
        raise Http404
    version = _version(said, request.GET.get("version", ""), reader)
    text = shown(said, version.text if version else said.text, reader)
    quotes = _quotes(said, reader)
    return {
        "words": said, "heading": shown(said, said.title, reader), "version": version, "text": text,
        "body": _body(request, said, text, version, quotes, reader), "quotes": quotes,
        "serves": served([quote.pk for quote in quotes], reader) if quotes else {},
        "traits": list(segments_of([said]).values()), "sees_people": may(reader, Act.SEE_PEOPLE),
        "company": said.company and shown(said, said.company.name, reader),
        "as_said": may(reader, Act.READ_WORDS), "versions": _versions(said, reader),
    }  # fmt: skip


def _versions(said: Words, reader: User | None) -> list[tuple[Version, Markup]]:
    """Former texts, each with what changed in the one that followed."""
    if not may(reader, Act.READ_WORDS) or said.version == 1 or said.erased_at:
        return []
    former = list(said.versions.exclude(number=said.version).order_by("-number")[:20])
    followers = [said.text, *(version.text for version in former)]
    return [
        (version, difference(version.text, after)) for version, after in zip(former, followers, strict=False)
    ]


def _version(said: Words, number: str, reader: User | None) -> Version | None:
    """A former text that the address asks for; masked readers read the present one."""
    if (wanted := whole(number)) in (None, said.version) or not may(reader, Act.READ_WORDS):
        return None
    return said.versions.filter(number=wanted).first()


def _quotes(said: Words, reader: User | None) -> list[Quote]:
    rows = (
        Quote.objects.visible_to(reader)
        .active()
        .filter(version__words=said)
        .select_related("version", "author")
    )
    return list(rows.order_by("start", "end")[:SHOWN_QUOTES])


def _body(
    request: HttpRequest,
    said: Words,
    text: str,
    version: Version | None,
    quotes: list[Quote],
    reader: User | None,
) -> Any:
    if not may(reader, Act.READ_WORDS):
        return marked(text, ())
    number = version.number if version else said.version
    here = [quote for quote in quotes if quote.version.number == number]
    marks = [
        Mark(quote.start, quote.end, quote.get_absolute_url(), _("Quoted: open the quote")) for quote in here
    ]
    hits = Query.parse(request.GET.get("q", "")).highlight(text, said.language)
    return marked(text, marks, _spot(request, text), hits)


def _spot(request: HttpRequest, text: str) -> Span | None:
    """The characters that the address points to."""
    start, end = whole(request.GET.get("start", "")), whole(request.GET.get("end", ""))
    if start is None or end is None or start >= min(end, len(text)):
        return None
    return start, min(end, len(text))


def waiting(reader: User | None) -> dict[str, int | str]:
    """For the side bar: how many texts nobody has read, up to a thousand."""
    if not may(reader, Act.READ_WORDS):
        return {}
    number, more = count_rows(Words.objects.visible_to(reader).filter(read_at=None), SHOWN)
    return {"inbox": number + more}


@require_POST
@access(Act.READ_WORDS)
def mark_read(request: HttpRequest) -> HttpResponse:
    """Say that words were read, or that they wait to be; the same for everybody."""
    keys = [key for text in request.POST.getlist("words")[:1_000] if (key := whole(text))]
    words = Words.objects.visible_to(reader_of(request)).filter(pk__in=keys)
    words.mark(read=request.POST.get("as") != "unread")
    if request.headers.get("X-Quiet"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(
        reverse("inbox") + ("?" + request.POST["query"][:2_000] if request.POST.get("query") else "")
    )
