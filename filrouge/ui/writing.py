"""Dates, ages and numbers as the reader writes them: their language, their time zone."""

import datetime as dt
import re
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from babel.numbers import format_decimal, format_percent
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# British English writes the day before the month, as most of the world does.
LOCALES = {"en": "en_GB", "fr": "fr_FR"}
Unit = Literal["year", "month", "week", "day", "hour", "minute"]
UNITS: dict[Unit, int] = {
    "year": 31557600,
    "month": 2629800,
    "week": 604800,
    "day": 86400,
    "hour": 3600,
    "minute": 60,
}
MANY = 1000


def locale() -> str:
    """The reader's locale, for Babel."""
    return LOCALES.get((translation.get_language() or "en")[:2], "en_GB")


def here(value: dt.datetime) -> dt.datetime:
    """A moment in the reader's time zone."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def date(value: dt.date | dt.datetime | None, format: str = "medium") -> str:
    """22 Nov 2026, 22 nov. 2026; `format` is one of Babel's, "long" writes the month in full."""
    if value is None:
        return ""
    day = here(value).date() if isinstance(value, dt.datetime) else value
    return _date(day, format, locale())


@lru_cache(maxsize=4096)
def _date(value: dt.date, format: str, locale: str) -> str:
    written = format_date(value, format, locale=locale)
    return first_of_month(written) if value.day == 1 and locale.startswith("fr") else written


def first_of_month(written: str) -> str:
    """French says « 1er novembre » where the month is a word."""
    return re.sub(r"\b1(?= [^\W\d])", "1er", written, count=1)


def datetime(value: dt.datetime | None, format: str = "medium") -> str:
    """22 Nov 2026, 14:05."""
    if value is None:
        return ""
    return _datetime(here(value).replace(second=0, microsecond=0, tzinfo=None), format, locale())


@lru_cache(maxsize=4096)
def _datetime(value: dt.datetime, format: str, locale: str) -> str:
    day = _date(value.date(), format, locale)
    return f"{day}, {format_datetime(value, 'HH:mm', locale=locale)}"


@lru_cache(maxsize=1024)
def _month(value: dt.date, locale: str) -> str:
    return format_skeleton("yMMM", value, locale=locale)


def month(value: dt.date) -> str:
    """Nov 2026."""
    return _month(value, locale())


def age(value: dt.date | dt.datetime | None, now: dt.datetime | None = None) -> str:
    """How long ago, in the least room: 2 min, 3 h, 5 d."""
    return "" if value is None else _short(*_largest(_elapsed(value, now)), locale())


def ago(value: dt.date | dt.datetime | None, now: dt.datetime | None = None) -> str:
    """How long ago, in words: 2 minutes ago, in 3 days."""
    if value is None:
        return ""
    count, unit = _largest(_elapsed(value, now))
    return _("just now") if unit is None else _ago(count, unit, locale())


def _elapsed(value: dt.date | dt.datetime, now: dt.datetime | None) -> float:
    if isinstance(value, dt.datetime):
        seconds = ((now or timezone.now()) - value).total_seconds()
        return (
            seconds if abs(seconds) >= UNITS["day"] else max(0.0, seconds)
        )  # what was said today has been said
    today = here(now or timezone.now()).date()
    return (today - value).days * float(UNITS["day"])


def _largest(seconds: float) -> tuple[int, Unit | None]:
    for unit, length in UNITS.items():
        if abs(seconds) >= length:
            return int(seconds / length), unit
    return 0, None


@lru_cache(maxsize=2048)
def _ago(count: int, unit: Unit, locale: str) -> str:
    seconds = count * UNITS[unit]
    text: str = format_timedelta(
        dt.timedelta(seconds=-seconds),
        granularity=unit,
        threshold=1,
        add_direction=True,
        format="long",
        locale=locale,
    )
    return text


@lru_cache(maxsize=2048)
def _short(count: int, unit: Unit | None, locale: str) -> str:
    forms: dict[Unit | None, str] = {
        None: _("now"),
        "minute": _("%(n)s min"),
        "hour": _("%(n)s h"),
        "day": _("%(n)s d"),
        "week": _("%(n)s wk"),
        "month": _("%(n)s mo"),
        "year": ngettext("%(n)s y", "%(n)s y", abs(count)),
    }
    return forms[unit] % {"n": abs(count)}


@lru_cache(maxsize=4096)
def _number(value: float, digits: int | None, locale: str) -> str:
    pattern = None if digits is None else "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(value, format=pattern, locale=locale)


def number(value: float | None, digits: int | None = None) -> str:
    """1,234.5 or 1 234,5."""
    return "" if value is None else _number(value, digits, locale())


def percent(value: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 as 42% or 42 %."""
    if value is None:
        return ""
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + ("\u202f%" if locale() == "fr_FR" else "%")
    return format_percent(value, format=pattern, locale=locale())


def count(value: int, more: bool = False, limit: int = MANY) -> str:
    """A count that stops at a thousand: 1,000+."""
    return f"{number(limit)}+" if (more and value >= limit) or value > limit else number(value)


def size(value: int) -> str:
    """A file's size: 12 kB, 3.4 MB."""
    units = (_("bytes"), _("kB"), _("MB"), _("GB"))
    power = min(max((len(str(abs(value))) - 1) // 3, 0), len(units) - 1)
    amount = value / 1000**power
    return f"{number(round(amount, 1) if amount < 10 else round(amount))}\u00a0{units[power]}"


@lru_cache(maxsize=512)
def _language(code: str, locale: str) -> str:
    name: str = Locale.parse(locale).languages.get(code, code)
    return name


def language(code: str) -> str:
    """A language by its name in the reader's language."""
    return _("unknown language") if code in ("", "und") else _language(code, locale())
