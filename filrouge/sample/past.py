"""What the sample's people said of dates over a year, so that drift and past days have something to tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.models import History, Item
from filrouge.people.models import User

Told = Mapping[str, Any]


def ago(item: Item, days: int) -> None:
    """Its last act was done so many days ago: a sample that is loaded today tells of a year."""
    at = timezone.now() - timedelta(days=days)
    last = item.history.order_by("pk").last()
    assert last is not None
    History.objects.filter(pk=last.pk).update(at=at)
    if item.revision == 1:
        Item.objects.filter(pk=item.pk).update(created_at=at)


def move(item: Initiative, said: list[Told], by: User) -> None:
    """Each date that was said anew, when, and why no decision was needed for it."""
    for one in said:
        ends = timezone.localdate() + timedelta(days=one["ends_in_days"])
        item.schedule(
            by=by, horizon=item.horizon, starts=item.starts, ends=ends,
            ends_precision=one.get("precision", "day"), no_decision=one["why"],
        )  # fmt: skip
        ago(item, one["days_ago"])


def finish(item: Initiative, told: Told, by: User) -> None:
    """What became of it: shipped on a day, or dropped for a reason."""
    if "shipped_in_days" in told:
        day = timezone.localdate() + timedelta(days=told["shipped_in_days"])
        item.ship(by=by, notes=told["notes"], shipped_on=day)
        ago(item, -told["shipped_in_days"])
    if "dropped" in told:
        item.drop(by=by, reason=told["dropped"])
        ago(item, told["dropped_days_ago"])
