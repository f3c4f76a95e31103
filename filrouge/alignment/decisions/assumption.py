"""What a decision rests on: a key result that stays on the right side of a value, read from its log."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from filrouge.alignment.strategy.models import KeyResult
from filrouge.alignment.strategy.tables import Observation
from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput
from filrouge.people.models import User

if TYPE_CHECKING:
    from .models import Decision
    from .question import Question


class Breaks(models.TextChoices):
    BELOW = "below", _("below the threshold")
    ABOVE = "above", _("above the threshold")


def check_whole(item: Question) -> None:
    """All three of it, or nothing."""
    given = (item.key_result_id, item.breaks, item.threshold is not None)
    if any(given) and not all(given):
        raise BadInput(_("Give the key result, the side and the threshold, or none of them."), "threshold")
    if item.key_result_id and not shared().filter(pk=item.key_result_id).exists():
        raise BadInput(_("There is no such key result; a private one has to be shared first."), "key_result")


def shared() -> Any:
    """The key results that a decision may rest on: what reopens it is told to everybody who reads it."""
    return KeyResult.objects.exclude(circle=Circle.PRIVATE)


def latest(item: Question) -> Observation | None:
    """What was last noted of the key result since the decision: what was known then is no news."""
    rows = Observation.objects.filter(key_result_id=item.key_result_id, noted_at__gt=item.decided_at)
    return rows.order_by("at", "pk").last() if item.decided_at and item.key_result_id else None


def with_latest(rows: Any) -> Any:
    """The same of many decisions at once, as `latest`."""
    noted = Observation.objects.filter(
        key_result=OuterRef("key_result"), noted_at__gt=OuterRef("decided_at")
    ).order_by("-at", "-pk")
    return rows.annotate(latest=Subquery(noted.values("value")[:1]))


BROKEN = Q(breaks=Breaks.BELOW, latest__lt=F("threshold")) | Q(breaks=Breaks.ABOVE, latest__gt=F("threshold"))


def breach(item: Question) -> str:
    """The value that breaks the threshold, beside it; empty while it holds."""
    if item.threshold is None or (found := latest(item)) is None:
        return ""
    value, limit = found.value, item.threshold
    if not broken(value, item.breaks, limit):
        return ""
    return f"{plain(value)} {'<' if value < limit else '>'} {plain(limit)}"


def broken(value: Decimal, side: str, limit: Decimal) -> bool:
    """Whether a value is on the side on which the decision no longer holds."""
    return value < limit if side == Breaks.BELOW else value > limit


def plain(value: Any) -> str:
    return f"{value.normalize():f}"


@dataclass(frozen=True)
class Assumption:
    key_result: KeyResult
    breaks: str
    threshold: str


def assumption(item: Decision, reader: User | None) -> Assumption | None:
    """What it rests on, for whoever may see the key result."""
    if item.threshold is None:
        return None
    found = KeyResult.objects.visible_to(reader).filter(pk=item.key_result_id).first()
    if found is None:
        return None
    said = " ".join(part for part in (plain(item.threshold), found.unit) if part)
    return Assumption(found, item.breaks, said)
