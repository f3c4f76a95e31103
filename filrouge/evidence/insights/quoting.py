"""From words to a quote, and in the same move to the insight that it speaks for or against."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from filrouge.core.errors import BadInput, Refused
from filrouge.core.memory import kept
from filrouge.lib.numbers import whole
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.pages import back
from filrouge.voices.models import Words
from filrouge.voices.reading import find_words

from .models import Insight, Quote, Side

OFFERED = 100


def offered_insights(reader: User | None) -> list[str]:
    """Titles to choose from while quoting: the insights that changed last."""

    def titles() -> list[str]:
        found = Insight.objects.visible_to(reader).active().order_by("-changed_at", "-pk")
        return list(found.values_list("title", flat=True)[:OFFERED])

    return kept(f"insights:{reader.pk if reader else 0}", titles)


@transaction.atomic
def keep(by: User, words: int, start: int, end: int, version: int | None, insight: str, side: str) -> Quote:
    """Make the quote; tie it to the insight of that title, which is made if there is none."""
    quote: Quote = Quote.create(by=by, words=words, start=start, end=end, version=version)
    if title := " ".join(insight.split()):
        if side not in Side.values:
            raise BadInput(_("Say whether the words speak for or against the insight."), "side")
        known = (
            Insight.objects.visible_to(by)
            .active()
            .filter(title__iexact=title)
            .order_by("-changed_at")
            .first()
        )
        known = known or Insight.create(by=by, title=title)
        quote.link(by=by, to=known.pk, relation=side)
    return quote


@require_POST
@access(Act.WRITE_EVIDENCE)
def quote_words(request: HttpRequest) -> HttpResponse:
    """Where the quote dialog of any page sends its form."""
    words = find_words(whole(request.POST.get("words", "")) or 0, reader_of(request))
    if words is None:
        raise Http404
    return _quote(request, words)


@require_http_methods(["GET", "POST"])
@access(Act.WRITE_EVIDENCE)
def quote_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The same without selecting anything: shorten the text to the words to keep."""
    words = find_words(pk, reader_of(request))
    if words is None or words.erased_at:
        raise Http404
    return _quote(request, words) if request.method == "POST" else _form(request, words)


def _quote(request: HttpRequest, words: Words) -> HttpResponse:
    given = request.POST
    try:
        start, end = _place(given, words)
        version = _number(given["version"], "version") if given.get("version") else None
        quote = keep(
            reader_of(request), words.pk, start, end, version, given.get("insight", ""), given.get("side", "")
        )
    except Refused as refused:
        return _form(request, words, refused)
    messages.success(
        request, _("Quoted.") if not given.get("insight") else _("Quoted, and tied to the insight.")
    )
    return HttpResponseRedirect(_next(request, quote))


def _place(given: Any, words: Words) -> tuple[int, int]:
    """The offsets that were selected, or where the typed words stand in the text."""
    if "kept" not in given:
        return _number(given.get("start", ""), "start"), _number(given.get("end", ""), "end")
    kept = given["kept"].replace("\r\n", "\n").strip()
    start = words.text.find(kept)
    if not kept or start < 0:
        raise BadInput(
            _("These words are not in the text as you wrote them. Take words away, change none."), "kept"
        )
    return start, start + len(kept)


def _number(text: str, field: str) -> int:
    if (number := whole(text)) is None:
        raise BadInput(_("Select some words first."), field)
    return number


def _form(request: HttpRequest, words: Words, refused: Refused | None = None) -> HttpResponse:
    kept = request.POST.get("kept") or words.text[_digits(request, "start") : _digits(request, "end") or None]
    context = {
        "words": words, "kept": kept.strip(), "refused": refused,
        "insights": offered_insights(reader_of(request)), "sides": Side.choices,
        "insight": request.POST.get("insight", ""), "side": request.POST.get("side", Side.SUPPORTS),
    }  # fmt: skip
    return render(request, "insights/quote_words.html", context, status=refused.status if refused else 200)


def _digits(request: HttpRequest, name: str) -> int:
    return whole(request.POST.get(name, "")) or 0


def _next(request: HttpRequest, quote: Quote) -> str:
    return back(request, f"/words/{quote.version.words_id}/?start={quote.start}&end={quote.end}#quote")
