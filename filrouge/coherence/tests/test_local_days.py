"""A rule that counts days counts those of the place where it is asked, as it tells them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.core.checks import Look, all_checks
from filrouge.core.models import History
from tests.fixtures.cast import Cast

from .making import DECISION, ITEM, KEY_RESULT, acted, make

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # the first of April in Auckland
APRIL = "2026-04-01"


def told(rule: str, today: date) -> list[dict[str, Any]]:
    check = next(one for one in all_checks() if one.id == rule)
    return [found.values for found in check.findings(Look(today=today), {})]


@pytest.fixture
def auckland() -> Any:
    with timezone.override("Pacific/Auckland"):
        yield


def test_days_of_decisions(cast: Cast, auckland: None) -> None:
    taken = make(DECISION, cast, status="decided", decided_at=LATE)
    assert told("D-07", date(2026, 4, 15)) == [] and told("D-07", date(2026, 4, 16)) == [{"decided": APRIL}]
    type(taken).objects.filter(pk=taken.pk).update(status="open", created_at=LATE)
    assert told("D-11", date(2026, 5, 1)) == [] and told("D-11", date(2026, 5, 2)) == [{"since": APRIL}]


def test_days_of_roadmap_items(cast: Cast, auckland: None) -> None:
    item = make(ITEM, cast, status="started", horizon="now", changed=LATE)
    assert told("R-14", date(2026, 5, 1)) == []
    assert told("R-14", date(2026, 5, 2)) == [{"since": APRIL}]
    theirs = make(ITEM, cast, status="planned", horizon="later", team=cast.other_team)
    Dependency.objects.create(item=theirs, needs=item, asked_at=LATE)
    assert told("R-09", date(2026, 5, 1)) == [{"since": APRIL, "what": "asked"}]


def test_the_day_on_which_goal_posts_moved(cast: Cast, auckland: None) -> None:
    one = make(KEY_RESULT, cast, movement="increase", start=0, target=5, starts=date(2026, 4, 1))
    type(one).objects.filter(pk=one.pk).update(ends=date(2026, 6, 30))
    acted(one, "revise", before={"target": "10"}, after={"target": "5"})
    History.objects.filter(verb="revise").update(at=LATE)
    assert told("KR-12", date(2026, 5, 1)) == [{"at": APRIL, "before": 10.0, "after": 5.0}]
