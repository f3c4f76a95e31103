"""Goals and key results, made in a line."""

from datetime import UTC, date, datetime

import pytest

from filrouge.alignment.strategy.models import Cycle, Goal, KeyResult


@pytest.fixture
def quarter(db):
    return Cycle.objects.get_or_create(
        name="First quarter of 2026", starts=date(2026, 1, 1), ends=date(2026, 3, 31)
    )[0]


@pytest.fixture
def goal(cast, quarter):
    def make(title="People stay", by=None, **fields):
        return Goal.create(by=by or cast.pm, title=title, **({"cycle": quarter.pk} | fields))

    return make


@pytest.fixture
def measure(cast, quarter):
    """`measure(goal, start, target)`: a key result under a goal."""

    def make(objective=None, start=0, target=10, by=None, **fields):
        given = {"title": "Weekly return", "start": start, "target": target} | fields
        if objective is None:
            given.setdefault("cycle", quarter.pk)
        return KeyResult.create(by=by or cast.pm, objective=objective and objective.pk, **given)

    return make


def on(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)
