"""The types of what the acts on goals and key results ask."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, Field

from filrouge.core.errors import BadInput
from filrouge.core.fields import AsWritten, Id, Refers, Writes, exact, number_proper

from .tables import DIGITS, PLACES

Value = Annotated[Decimal, AsWritten, exact(DIGITS, PLACES)]
GoalId = Annotated[Id, Refers("strategy.Goal")]
Ten = Annotated[int, Field(ge=0, le=10), BeforeValidator(number_proper)]
Moves = Annotated[
    Literal[
        "increase", "decrease", "reach", "stay_above", "stay_below", "range", "binary", "milestone",
        "ordinal", "baseline",
    ],
    Writes("movement"),
]  # fmt: skip
Said = Annotated[Literal["on_track", "behind", "at_risk"], Writes("said")]


def moment(given: datetime | None) -> datetime:
    """When a value held: now if not said, in the person's time zone if no zone is given, never to come.

    A bare day is its noon, the same day for everybody: midnight here is the day before elsewhere.
    """
    now = timezone.now()
    if given is None:
        return now
    day = given.date()
    bare = timezone.is_naive(given) and given.time() == time()
    found = timezone.make_aware(given) if timezone.is_naive(given) else given
    if day < date(1970, 1, 1) or found > now:
        raise BadInput(_("A value is noted when it is known: from 1970 to now."), "at")
    return min(datetime.combine(day, time(12), UTC), now) if bare else found.astimezone(UTC)
