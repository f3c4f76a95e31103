"""How exactly a day is meant: the period that it stands for, and its honest name."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache

from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from filrouge.ui import writing


class Precision(models.TextChoices):
    DAY = "day", gettext_lazy("to the day")
    MONTH = "month", gettext_lazy("to the month")
    QUARTER = "quarter", gettext_lazy("to the quarter")
    HALF = "half", gettext_lazy("to the half-year")
    YEAR = "year", gettext_lazy("to the year")


MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}


def opens(day: date, precision: str) -> date:
    """The first day of the period that a day stands for."""
    months = MONTHS.get(Precision(precision))
    return date(day.year, (day.month - 1) // months * months + 1, 1) if months else day


def closes(day: date, precision: str) -> date:
    """The last day of the period that a day stands for."""
    months = MONTHS.get(Precision(precision))
    if months is None:
        return day
    month = ((day.month - 1) // months + 1) * months
    return date(day.year, month, monthrange(day.year, month)[1])


def named(day: date | None, precision: str) -> str:
    """22 Nov 2026, Nov 2026, Q4 2026, H2 2026 or 2026: no more exact than it was said."""
    return _named(day, precision, get_language()) if day else ""


@lru_cache(maxsize=4096)
def _named(day: date, precision: str, language: str | None) -> str:
    match precision:
        case Precision.MONTH:
            return writing.month(day)
        case Precision.QUARTER:
            return _("Q%(quarter)s %(year)s") % {"quarter": (day.month - 1) // 3 + 1, "year": day.year}
        case Precision.HALF:
            return _("H%(half)s %(year)s") % {"half": (day.month - 1) // 6 + 1, "year": day.year}
        case Precision.YEAR:
            return str(day.year)
    return writing.date(day)
