"""Pages for what went wrong, in house style and in the reader's language; none needs the database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from filrouge.ui.navigation import Text
from filrouge.ui.reader import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Look, browser, known, one_of


def page(request: HttpRequest, status: int, title: Text, what: Text, next_step: Text) -> HttpResponse:
    """One sheet that says what happened and what to do next."""
    look = getattr(request, "look", None) or anonymous(request)
    with translation.override(look.language):
        context = {"look": look, "status": status, "heading": title, "what": what, "next_step": next_step}
        html = render_to_string("ui/error.html", context)
    return HttpResponse(html, status=status, headers={"Content-Language": look.language})


def anonymous(request: HttpRequest) -> Look:
    """The look without any account: the error may come from the account itself."""
    language = known(request.COOKIES.get(LANGUAGE_COOKIE, "")) or browser(request)
    return Look(language=language, theme=one_of(THEMES, request.COOKIES.get(THEME_COOKIE)))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    what = _("The address or the form holds something that Filrouge cannot read.")
    return page(request, 400, _("This request makes no sense here"), what, _("Go back and try once more."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403; a sentence given to PermissionDenied is shown, since it says why."""
    why = str(exception) if exception and str(exception) else _("Your role does not open this page.")
    return page(
        request,
        403,
        _("This is not yours to open"),
        why,
        _("Ask an administrator if you think it should be."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; the same whether it never existed or is closed to this reader."""
    what = _("Nothing is at this address, or it is not open to you.")
    return page(
        request, 404, _("Nothing here"), what, _("Look for it with the search, or start from the home page.")
    )


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
