"""Pages for what went wrong, in house style and in the reader's language.

Whoever is signed in keeps the navigation; where that fails too, the page stands alone, without the database.
"""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from filrouge.ui.navigation import Text
from filrouge.ui.reader import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Look, browser, known, one_of


def page(request: HttpRequest, status: int, title: Text, what: Text, next_step: Text = "") -> HttpResponse:
    """What happened, what to do next, and a way back."""
    look = getattr(request, "look", None) or anonymous(request)
    with translation.override(look.language):
        context = {"look": look, "status": status, "heading": title, "what": what, "next_step": next_step}
        html = drawn(request, {**context, "back": back(request)})
    return HttpResponse(html, status=status, headers={"Content-Language": look.language})


def drawn(request: HttpRequest, context: dict[str, Any]) -> str:
    if getattr(request, "reader", None) is not None:
        with suppress(Exception):  # what broke the page may break its frame too
            return render_to_string("ui/error_inside.html", context, request)
    return render_to_string("ui/error.html", context)


def back(request: HttpRequest) -> str:
    """Where the reader came from, else the nearest page above this address; nothing if that is the home."""
    if not hasattr(request, "look"):
        return ""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    if ours and urlsplit(came_from).path != request.path:
        return came_from
    return above(request.path)


def above(path: str) -> str:
    """`/initiatives/4/` for `/initiatives/4/move/`."""
    while path := path.rstrip("/").rpartition("/")[0]:
        with suppress(Resolver404):
            resolve(f"{path}/")
            return f"{path}/"
    return ""


def anonymous(request: HttpRequest) -> Look:
    """The look without any account: the error may come from the account itself."""
    language = known(request.COOKIES.get(LANGUAGE_COOKIE, "")) or browser(request)
    return Look(language=language, theme=one_of(THEMES, request.COOKIES.get(THEME_COOKIE)))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    what = _("The address or the form holds something that Filrouge cannot read.")
    return page(request, 400, _("This request makes no sense here"), what, _("Go back and try once more."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403; a sentence given to PermissionDenied is shown, since it says who may and what to do."""
    title = _("This is not yours to open") if request.method == "GET" else _("This is not yours to do")
    if said := str(exception or ""):
        return page(request, 403, title, said)
    what = _("Your role does not open this page.")
    return page(request, 403, title, what, _("Ask an administrator if you think it should be."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; the same whether it never existed or is closed to this reader."""
    what = _("Nothing is at this address, or it is not open to you.")
    return page(
        request, 404, _("Nothing here"), what, _("Look for it with the search, or start from the home page.")
    )


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: the address of a form or of a button, opened as a page."""
    what = _("This address only takes what a form or a button sends. Nothing was changed.")
    answer = page(request, 405, _("There is no page here"), what, _("Go back, and use the button there."))
    answer["Allow"] = allowed
    return answer


def too_many(request: HttpRequest) -> HttpResponse:
    """429, from the pages on which people sign in."""
    what = _(
        "This was tried very often from here, or for this account. Filrouge slows down who may be guessing."
    )
    said = page(
        request, 429, _("Too many attempts"), what, _("Wait a quarter of an hour, then try once more.")
    )
    said["Retry-After"] = "900"
    return said


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    what = _("Filrouge failed to make this page. What you had saved is safe.")
    return page(
        request,
        500,
        _("Something broke on our side"),
        what,
        _("Try again in a moment; then tell an administrator."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came too late, or from another site."""
    what = _("This form was open for too long, or your browser blocks cookies. Nothing was saved.")
    return page(
        request,
        403,
        _("Please send that again"),
        what,
        _("Go back, reload the page and send the form once more."),
    )
