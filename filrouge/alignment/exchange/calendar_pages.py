"""One's own address of the roadmap's calendar, and the calendar behind it."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from filrouge.core.errors import BadInput
from filrouge.people.gate import access, reader_of

from . import calendars
from .models import CalendarAddress


@access("signed_in")
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Make the address, or take it back; a new one is on this answer and never again."""
    reader = reader_of(request)
    made = CalendarAddress.objects.filter(user=reader).first()
    url = ""
    if request.POST.get("act") == "take_back":
        if made:
            made.take_back()
        return redirect("calendar")
    if request.POST.get("act") == "make":
        url = settings.SITE_URL + reverse("calendar-feed", args=[CalendarAddress.make(reader)])
        made = CalendarAddress.objects.get(user=reader)
    return render(request, "exchange/calendar.html", {"made": made, "address": url})


@access("public")  # the address is the key
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever made this address."""
    reader = CalendarAddress.reader(secret)
    if reader is None:
        raise Http404
    try:
        text = calendars.feed(reader, request.GET)
    except BadInput as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=300"
    return answer
