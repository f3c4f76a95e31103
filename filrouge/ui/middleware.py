"""What every answer carries: its cost, its content security policy, its reader's language and time zone."""

from collections.abc import Callable, Iterable, Mapping
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from filrouge.people.gate import reader_of
from filrouge.ui.errors import not_allowed
from filrouge.ui.reader import activate, choose

Answer = Callable[[HttpRequest], HttpResponseBase]
REDIRECTS = {301, 302, 303, 307, 308}


class ServerTiming:
    """Say how long the answer took: `Server-Timing: app;dur=2.1`."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = self.get_response(request)
        response["Server-Timing"] = f"app;dur={(perf_counter() - began) * 1000:.1f}"
        return response


class ContentSecurityPolicy:
    """Send `SECURE_CSP`, in the shape that Django 6 gives it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.policy = policy(getattr(settings, "SECURE_CSP", {}))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if self.policy:
            response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


def policy(directives: Mapping[str, Iterable[str] | str | bool | None]) -> str:
    """The header's value: `script-src 'self'; upgrade-insecure-requests`."""
    return "; ".join(filter(None, (_directive(name, value) for name, value in directives.items())))


def _directive(name: str, value: Iterable[str] | str | bool | None) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return name
    return f"{name} {value if isinstance(value, str) else ' '.join(value)}"


class Reader:
    """Set `request.reader` and `request.look`, and write in the reader's language and time zone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reader = reader_of(request)
        request.reader = reader  # type: ignore[attr-defined]
        request.look = choose(request, reader)  # type: ignore[attr-defined]
        activate(request.look)  # type: ignore[attr-defined]
        try:
            return self.finish(request, drawn(request, self.get_response(request)))
        finally:
            translation.deactivate()
            timezone.deactivate()

    def finish(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", request.look.language)  # type: ignore[attr-defined]
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if request.reader is not None:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "no-store")
        return follow(request, response)


def drawn(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Django refuses a method with an empty page: draw one."""
    if isinstance(response, HttpResponseNotAllowed) and not response.content:
        return not_allowed(request, response["Allow"])
    return response


def follow(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tell a dialog where to go instead of redirecting it: following would swallow its messages."""
    if request.headers.get("X-Dialog") and response.status_code in REDIRECTS:
        told = HttpResponse(status=204, headers={"X-Location": response["Location"]})
        told.cookies = response.cookies
        return told
    return response
