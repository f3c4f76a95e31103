"""Notes which pages of the tour somebody has been on, once each."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from filrouge.people.models import User

from .models import Footstep
from .tour import PAGES, has_sample, plan

SEEN = "toured"


class Footsteps:
    """A page costs nothing here but a look at its address, except the first time that it is a step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        step = step_of(request) if request.method == "GET" and response.status_code == 200 else ""
        if step and isinstance(request.user, User):
            note(request, request.user, step)
        return response


def step_of(request: HttpRequest) -> str:
    if request.path == "/search/" and not request.GET.get("q"):
        return ""
    return next((name for name, page in PAGES.items() if page.fullmatch(request.path)), "")


def note(request: HttpRequest, reader: User, step: str) -> None:
    seen = request.session.get(SEEN, [])
    if step in seen:
        return
    if step in plan(reader) and has_sample():
        Footstep.objects.get_or_create(user=reader, step=step)
    request.session[SEEN] = [*seen, step]
