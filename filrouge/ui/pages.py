"""The gallery of parts, and the two choices that anybody may make: language and theme."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from filrouge.people.gate import access, reader_of
from filrouge.ui.examples import examples
from filrouge.ui.reader import (
    DENSITIES,
    DENSITY_COOKIE,
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    THEMES,
    known,
)

YEAR = 365 * 24 * 3600


@require_GET
@access("public")
def gallery(request: HttpRequest) -> HttpResponse:
    """Every part in every state."""
    return render(request, "ui/gallery.html", {**examples(), "both": "both" in request.GET})


@require_POST
@access("public")
def language(request: HttpRequest) -> HttpResponse:
    """Read Filrouge in another language from now on."""
    return keep(request, "language", known(request.POST.get("language", "")), LANGUAGE_COOKIE)


@require_POST
@access("public")
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the machine prefers."""
    chosen = request.POST.get("theme", "")
    return keep(request, "theme", chosen if chosen in THEMES else "", THEME_COOKIE)


@require_POST
@access("public")
def density(request: HttpRequest) -> HttpResponse:
    """Calm or dense rows, on this machine."""
    chosen = request.POST.get("density", "")
    return keep(request, "density", chosen if chosen in DENSITIES else "", DENSITY_COOKIE)


def keep(request: HttpRequest, name: str, value: str, cookie: str) -> HttpResponse:
    """Remember a choice in the account of a reader, and in a cookie for the pages before sign-in."""
    response = HttpResponseRedirect(back(request))
    if not value:
        return response
    reader: Any = reader_of(request)
    if hasattr(reader, name) and getattr(reader, name) != value:
        setattr(reader, name, value)
        reader.save(update_fields=[name])
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response


def back(request: HttpRequest, otherwise: str = "/") -> str:
    """The page that the form came from, if it is one of ours."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else otherwise
