"""Who reads, in which language, time zone and look: from their account, else from cookies and the browser."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from filrouge.lib.dates import zone

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
DENSITY_COOKIE = "density"
THEMES = ("auto", "light", "dark")
DENSITIES = ("calm", "dense")


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is written for its reader; most of it stands in the `<html>` element."""

    language: str = "en"
    timezone: str = "UTC"
    theme: str = "auto"
    density: str = "calm"
    shortcuts: bool = True
    signed_in: bool = False


def look_of(request: HttpRequest | None = None) -> Look:
    """The look of this request; a plain one where the request never came through our middleware."""
    look = getattr(request, "look", None)
    return look if isinstance(look, Look) else Look(language=(translation.get_language() or "en")[:2])


def choose(request: HttpRequest, reader: Any) -> Look:
    """The look that the account asks for, else the cookies, else the browser."""
    cookies = request.COOKIES
    return Look(
        language=known(getattr(reader, "language", ""))
        or known(cookies.get(LANGUAGE_COOKIE, ""))
        or browser(request),
        timezone=getattr(reader, "timezone", "") or settings.TIME_ZONE,
        theme=one_of(THEMES, getattr(reader, "theme", None) or cookies.get(THEME_COOKIE)),
        density=one_of(DENSITIES, cookies.get(DENSITY_COOKIE)),
        shortcuts=bool(getattr(reader, "shortcuts", True)),
        signed_in=reader is not None,
    )


def one_of(choices: tuple[str, ...], value: str | None) -> str:
    return value if value in choices else choices[0]


def known(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else ""


def browser(request: HttpRequest) -> str:
    """What the Accept-Language header prefers among our languages."""
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if known(code[:2]):
            return code[:2]
    return str(settings.LANGUAGE_CODE)


def activate(look: Look) -> None:
    """Make this thread write in the reader's language and time zone."""
    translation.activate(look.language)
    timezone.activate(zone(look.timezone))
