"""The Jinja2 environment of every page: translations, and values written as their reader writes them."""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

import jinja2
from django.conf import settings
from django.templatetags.static import static as static_url
from django.urls import get_urlconf, reverse
from django.utils import timezone as zone
from django.utils import translation
from markupsafe import Markup, escape

from filrouge.desk.models import views_of
from filrouge.ui import writing
from filrouge.ui.cells import cells_of
from filrouge.ui.navigation import navigation
from filrouge.ui.reader import Look, look_of

FILTERS: dict[str, Callable[..., Any]] = {
    "date": writing.date,
    "datetime": writing.datetime,
    "month": writing.month,
    "age": writing.age,
    "ago": writing.ago,
    "number": writing.number,
    "percent": writing.percent,
    "count": writing.count,
    "size": writing.size,
    "language": writing.language,
}


def environment(**options: Any) -> jinja2.Environment:
    """The environment that Django's Jinja2 backend asks for."""
    options["undefined"] = jinja2.StrictUndefined
    options.setdefault("extensions", ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])
    env = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, **options)
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals.update(gettext=gettext, _=gettext, ngettext=ngettext, pgettext=pgettext)
    env.filters.update(FILTERS, nl2br=nl2br, marked=marked, initials=initials)
    env.globals.update(static=static, url=url, fixed=fixed, this_day=zone.localdate)
    env.globals.update(navigation=navigation, look_of=look_of, views_of=views_of, cells_of=cells_of)
    return env


def gettext(message: str, /, **values: object) -> Markup:
    """A message in the reader's language, with escaped values in it."""
    return _filled(_said(translation.get_language(), message), values)


def pgettext(context: str, message: str, /, **values: object) -> Markup:
    return _filled(_said(translation.get_language(), message, context), values)


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> Markup:
    return _filled(_said_of(translation.get_language(), singular, plural, num), {"num": num, **values})


@lru_cache(maxsize=8192)
def _said(language: str | None, message: str, context: str = "") -> str:
    """The catalogue does not change while a process lives; a page asks it hundreds of times."""
    return translation.pgettext(context, message) if context else translation.gettext(message)


@lru_cache(maxsize=8192)
def _said_of(language: str | None, singular: str, plural: str, num: int) -> str:
    return translation.ngettext(singular, plural, num)


def _filled(said: str, values: dict[str, object]) -> Markup:
    return Markup(said % {name: escape(value) for name, value in values.items()} if "%" in said else said)


def static(path: str) -> str:
    """The address of a static file, remembered unless files change under us."""
    return static_url(path) if settings.DEBUG else _static(path)


@lru_cache(maxsize=512)
def _static(path: str) -> str:
    return static_url(path)


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named page; those without arguments are remembered."""
    if args or kwargs:
        return reverse(name, args=args, kwargs=kwargs)
    return _url(name, get_urlconf())


@lru_cache(maxsize=512)
def _url(name: str, urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf)


@jinja2.pass_environment
def fixed(env: jinja2.Environment, name: str, look: Look, **values: Hashable) -> Markup:
    """A template that depends on nothing but language, time zone and these values, rendered once for each.

    Equal values write the same: texts, numbers, dates and tuples do; a model of the database does not.
    """
    if settings.DEBUG:
        return _render(env, name, values)
    return _fixed(env, name, look.language, look.timezone, *values.items())


@lru_cache(maxsize=4096)
def _fixed(
    env: jinja2.Environment, name: str, language: str, timezone: str, *values: tuple[str, Hashable]
) -> Markup:
    return _render(env, name, dict(values))


def _render(env: jinja2.Environment, name: str, values: dict[str, Hashable]) -> Markup:
    return Markup(env.get_template(name).render(values))


def nl2br(value: object) -> Markup:
    """Text with its line breaks, everything else escaped."""
    return Markup("<br>\n").join(escape(line) for line in str(value).splitlines())


def marked(text: str, spans: Iterable[tuple[int, int]] = ()) -> Markup:
    """Text with the characters from each start to its end marked; overlapping spans become one."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, len(text))
        if end > start:
            parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
            at = end
    return Markup("".join([*parts, escape(text[at:])]))


def initials(name: object) -> str:
    """One or two letters that stand for a person."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"
