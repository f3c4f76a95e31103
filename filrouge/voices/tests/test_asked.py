"""When it was said: the chart of an answer spans what was found, whenever that was."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict

from filrouge.people.models import User
from filrouge.voices.arrivals import receive
from filrouge.voices.asked import Answer, asked
from filrouge.voices.models import Source
from filrouge.voices.reading import parse
from filrouge.voices.rules import Arrival

pytestmark = pytest.mark.django_db


def said(*days: str) -> Answer:
    by = User.objects.create_user("ops@example.org", "product_ops")
    moments = [datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC) for day in days]
    rows = [Arrival(at, "it crashes", str(at), moment) for at, moment in enumerate(moments)]
    receive(Source.objects.create(name="Survey"), rows, by=by)
    return asked(parse(QueryDict("q=crash")), by)


def test_months_from_the_first_to_the_last() -> None:
    found = said("2015-11-03", "2016-01-09", "2016-01-20")
    assert [(begins.isoformat()[:7], n) for begins, n in found.periods] == [
        ("2015-11", 1), ("2015-12", 0), ("2016-01", 2)
    ]  # fmt: skip
    assert not found.yearly


def test_years_where_the_first_and_the_last_are_far_apart() -> None:
    found = said("2011-05-01", "2015-12-03", "2015-12-04")
    assert found.yearly and found.trend == [1, 0, 0, 0, 2] and found.periods[0][0] == date(2011, 1, 1)


def test_one_month_is_one_period() -> None:
    assert said("2015-12-03", "2015-12-24").trend == [2]
