"""What the sample's people said of dates over a year, so that drift and past days have something to tell."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from django.utils import timezone

from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.clock import told_of
from filrouge.people.models import User

Told = Mapping[str, Any]


def ago(days: int) -> AbstractContextManager[None]:
    """What is done within was done so many days ago: a sample that is loaded today tells of a year."""
    return told_of(timezone.now() - timedelta(days=days))


def move(item: Initiative, said: list[Told], by: User) -> None:
    """Each date that was said anew, when, and why no decision was needed for it."""
    for one in said:
        ends = timezone.localdate() + timedelta(days=one["ends_in_days"])
        with ago(one["days_ago"]):
            item.schedule(
                by=by, horizon=item.horizon, starts=item.starts, ends=ends,
                ends_precision=one.get("precision", "day"), no_decision=one["why"],
            )  # fmt: skip


def finish(item: Initiative, told: Told, by: User) -> None:
    """What became of it: shipped on a day, or dropped for a reason."""
    if "shipped_in_days" in told:
        day = timezone.localdate() + timedelta(days=told["shipped_in_days"])
        with ago(-told["shipped_in_days"]):
            item.ship(by=by, notes=told["notes"], shipped_on=day)
    if "dropped" in told:
        with ago(told["dropped_days_ago"]):
            item.drop(by=by, reason=told["dropped"])
