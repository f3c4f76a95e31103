"""Who answers for a goal or a key result, and from when to when."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from filrouge.core.errors import BadInput
from filrouge.people.models import User

from . import aligning
from .tables import Cycle


def owner_column() -> Any:
    return models.ForeignKey(
        User, verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )


def cycle_column() -> Any:
    return models.ForeignKey(
        Cycle, verbose_name=_("cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


def check_owner(item: Any) -> None:
    if item.owner_id is not None and not User.objects.reading_items().filter(pk=item.owner_id).exists():
        raise BadInput(_("The owner is not in the product teams any more. Choose another one."), "owner")


def period_of(item: Any) -> aligning.Period:
    """Its own dates, where it has any; else its cycle's."""
    cycle = item.cycle
    return item.starts or (cycle and cycle.starts), item.ends or (cycle and cycle.ends)


def check_period(item: Any) -> None:
    starts, ends = period_of(item)
    if starts and ends and ends < starts:
        raise BadInput(_("It ends before it starts."), "ends")
    if item.pk:
        aligning.check_dates(item)
