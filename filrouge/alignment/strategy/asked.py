"""The types of what the acts on goals and key results ask."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from filrouge.core.errors import BadInput
from filrouge.core.fields import AsWritten, Id, Refers, Writes, exact

from .tables import DIGITS, PLACES

Share = Annotated[Decimal, AsWritten, exact(DIGITS, PLACES, ge=0, le=1)]
Value = Annotated[Decimal, AsWritten, exact(DIGITS, PLACES)]
Weighs = Annotated[Decimal, AsWritten, exact(DIGITS, PLACES, ge=0)]
GoalId = Annotated[Id, Refers("strategy.Goal")]
Ten = Annotated[int, Field(ge=0, le=10)]
Moves = Annotated[
    Literal[
        "increase", "decrease", "reach", "stay_above", "stay_below", "range", "binary", "milestone",
        "ordinal", "baseline",
    ],
    Writes("movement"),
]  # fmt: skip
Said = Annotated[Literal["on_track", "behind", "at_risk"], Writes("said")]


def moment(given: datetime | None) -> datetime:
    """When a value held: now if not said, in the person's time zone if no zone is given, never to come."""
    if given is None:
        return timezone.now()
    found = timezone.make_aware(given) if timezone.is_naive(given) else given
    if not date(1970, 1, 1) <= found.date() or found > timezone.now():
        raise BadInput(_("A value is noted when it is known: from 1970 to now."), "at")
    return found.astimezone(UTC)
