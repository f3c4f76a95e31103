"""The days of a decision: one on which it was taken, one on which it is looked at again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.errors import BadInput


def noon(day: date) -> datetime:
    """The same day in every time zone that people work in."""
    if day > timezone.localdate():
        raise BadInput(_("What is decided in the future has not been decided yet."), "decided_on")
    if day.year < 1900:
        raise BadInput(_("Give a day after 1900."), "decided_on")
    return datetime.combine(day, time(12), UTC)


def ahead(day: date | None) -> date | None:
    """The day of a review, which is to come."""
    if day and day <= timezone.localdate():
        raise BadInput(_("A review is ahead: choose a day after today."), "review_on")
    return day
