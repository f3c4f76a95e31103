"""Quick capture: write down what a user said, from any page, in ten seconds."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filrouge.core.errors import BadInput
from filrouge.lib.dates import parse_date
from filrouge.lib.numbers import whole
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.voices.arrivals import receive
from filrouge.voices.masked import shown
from filrouge.voices.models import Source, Words
from filrouge.voices.rules import Unfit, arrival

BY_HAND = "Captured by hand"
FORM = ("text", "author", "email", "company", "created_at", "source")
FIELD_OF = {"external_id": "text"}


def write_down(values: dict[str, str], by: User) -> Words:
    """The words as they are kept; BadInput names the field to mend."""
    fields = {name: values.get(name, "") for name in FORM if name != "source"}
    fields["external_id"] = f"hand-{uuid.uuid4()}"  # two people may well say the same: nothing is merged
    try:
        fit = arrival(fields, {}, 1, _moment)
    except Unfit as unfit:
        raise BadInput(str(unfit.reason), FIELD_OF.get(unfit.name, unfit.name)) from None
    name = values.get("source", "").strip() or BY_HAND
    if len(name) > 120 or "\0" in name:
        raise BadInput(_("The name of the source is too long: at most 120 characters."), "source")
    with transaction.atomic():
        source, _new = Source.objects.get_or_create(name=name)
        receipt = receive(source, [fit], by=by, captured=True)
        if receipt.rejected:
            raise BadInput(str(receipt.remarks[0].reason), "author")
        words: Words = Words.objects.get(source=source, external_id=fit.external_id)
        return words


def _moment(day: str) -> datetime:
    """Of today, the moment is known: now."""
    return timezone.now() if day == timezone.localdate().isoformat() else parse_date(day)


@require_http_methods(["GET", "POST"])
@access(Act.CAPTURE)
def capture(request: HttpRequest) -> HttpResponse:
    """The form, as a page or in a dialog; then the way to a quote."""
    by = reader_of(request)
    if request.method == "GET":
        return _form(request, by, {})
    values = {name: request.POST.get(name, "") for name in FORM}
    try:
        words = write_down(values, by)
    except BadInput as refused:
        return _form(request, by, values, refused)
    if request.headers.get("X-Dialog"):
        return _captured(request, words)
    return redirect(f"{request.path}?saved={words.pk}")


def _captured(request: HttpRequest, words: Words) -> HttpResponse:
    by = reader_of(request)
    context = {"words": words, "text": shown(words, words.text, by), "quotes": may(by, Act.WRITE_EVIDENCE)}
    return render(request, "feedback/captured.html", context)


def _form(
    request: HttpRequest, by: User, values: dict[str, str], refused: BadInput | None = None
) -> HttpResponse:
    mine = Words.objects.visible_to(by).filter(captured_by=by)
    saved = whole(request.GET.get("saved", ""))
    if saved and (words := mine.filter(pk=saved).first()):
        return _captured(request, words)
    context: dict[str, Any] = {
        "values": {"source": BY_HAND, **values},
        "error": str(refused or ""),
        "wrong": refused and refused.field,
        "sources": Source.objects.values_list("name", flat=True)[:200], "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "feedback/capture.html", context, status=422 if refused else 200)
