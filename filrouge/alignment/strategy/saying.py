"""How a person says that a goal stands, beside what its key results come to."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.errors import BadInput
from filrouge.people.models import User

from .pace import Pace


class Saying(models.TextChoices):
    ON_TRACK = "on_track", Pace.ON_TRACK.label
    BEHIND = "behind", Pace.BEHIND.label
    AT_RISK = "at_risk", Pace.AT_RISK.label
    COMPUTED = "computed", _("As computed")


def say(item: Any, by: User, status: Saying, reason: str) -> None:
    item.said = "" if status == Saying.COMPUTED else status.value
    item.said_reason, item.said_by, item.said_at = reason, by, timezone.now()


def check_said(item: Any) -> None:
    if item.said and item.said_at is None:
        raise BadInput(_("Of what was said of it, this does not tell when."), "said_at")


def unsay(item: Any) -> None:
    """What is over stands nowhere any more."""
    item.said, item.said_reason, item.said_by, item.said_at = "", "", None, None


def said_by_column() -> Any:
    return models.ForeignKey(
        User, verbose_name=_("said by"), null=True, editable=False, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
