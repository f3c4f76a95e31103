"""Before anybody exists, every page leads to the first-run page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .tokens import SetupCode

OPEN = ("/static/", "/healthz", "/api/", "/preferences/")


class FirstRun:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        welcome = reverse("welcome")
        waiting = not request.user.is_authenticated and not request.path.startswith((*OPEN, welcome))
        if waiting and SetupCode.wanted():
            return redirect(welcome)
        return self.get_response(request)
