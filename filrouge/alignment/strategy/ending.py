"""How a goal or a key result ends, and the grade that a person gives it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from filrouge.core.errors import BadInput

from .grading import must_explain


class Status(models.TextChoices):
    OPEN = "open", pgettext_lazy("goal", "Open")
    CLOSED = "closed", pgettext_lazy("goal", "Closed")
    DROPPED = "dropped", _("Given up")


def declare(item: Any, grade: Decimal, reason: str) -> None:
    """A person's own grade, beside the computed score and never in its place."""
    from .standing import score_of

    if must_explain(Fraction(grade), score_of(item)) and not reason:
        raise BadInput(_("This grade is more than 0.1 from the computed score. Say why."), "reason")
    item.grade, item.grade_reason = grade, reason


def end(item: Any, grade: Decimal | None, reason: str) -> None:
    if grade is not None:
        declare(item, grade, reason)
    item.status, item.reason = Status.CLOSED, reason
