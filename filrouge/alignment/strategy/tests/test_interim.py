"""Interim targets: the line that is due bends where they say, and nowhere else."""

from datetime import date, timedelta
from fractions import Fraction as F
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from filrouge.alignment.strategy.chart import draw
from filrouge.alignment.strategy.interim import interim_of
from filrouge.alignment.strategy.models import KeyResult
from filrouge.alignment.strategy.pace import elapsed
from filrouge.alignment.strategy.past import as_it_was
from filrouge.alignment.strategy.standing import stand
from filrouge.core.errors import BadInput

from .conftest import on

STARTS, DAYS = date(2026, 1, 1), 100
ENDS = STARTS + timedelta(days=DAYS)
PLACES = st.lists(st.integers(1, DAYS - 1), unique=True, max_size=5).map(sorted)


@st.composite
def steps(draw):
    places = draw(PLACES)
    shares = sorted(draw(st.lists(st.fractions(0, 1), min_size=len(places), max_size=len(places))))
    return [(STARTS + timedelta(days=place), share) for place, share in zip(places, shares, strict=True)]


def after(days):
    return STARTS + timedelta(days=days)


@given(steps(), st.integers(-10, DAYS + 10), st.integers(-10, DAYS + 10))
def test_what_is_due_is_bounded_and_never_falls(bends, one, other):
    low, high = (elapsed(after(day), STARTS, ENDS, bends) for day in sorted((one, other)))
    assert low is not None and high is not None and 0 <= low <= high <= 1


@given(steps())
def test_it_goes_through_each_interim_target_from_the_start_to_the_end(bends):
    for day, share in [(STARTS, 0), *bends, (ENDS, 1)]:
        assert elapsed(day, STARTS, ENDS, bends) == share


@given(PLACES, st.integers(-10, DAYS + 10))
def test_without_a_bend_it_is_the_straight_line(places, day):
    along = [(after(place), F(place, DAYS)) for place in places]
    straight = min(max(F(day, DAYS), F(0)), F(1))
    assert elapsed(after(day), STARTS, ENDS) == straight == elapsed(after(day), STARTS, ENDS, along)


@given(steps(), st.integers(0, DAYS - 1))
def test_between_two_of_them_it_is_straight(bends, day):
    line = [(STARTS, F(0)), *bends, (ENDS, F(1))]
    (left, before), (right, then) = next(
        pair for pair in pairwise(line) if pair[0][0] <= after(day) < pair[1][0]
    )
    share = F((after(day) - left).days, (right - left).days)
    assert elapsed(after(day), STARTS, ENDS, bends) == before * (1 - share) + then * share


def test_days_outside_the_period_bend_nothing():
    """The cycle may have changed since."""
    outside = [(STARTS, F(1, 2)), (ENDS, F(1, 2)), (after(200), F(1, 2))]
    assert elapsed(after(50), STARTS, ENDS, outside) == F(1, 2)


def test_values_are_read_as_people_write_them():
    assert interim_of("2026-02-01 40\n\n 2026-03-01   1 234,5 ") == (
        (date(2026, 2, 1), F(40)),
        (date(2026, 3, 1), F(2469, 2)),
    )


WRONG = [
    ("2026-02-30 4", "interim target"),
    ("in spring 4", "interim target"),
    ("2026-02-01", "interim target"),
    ("2026-02-01 many", "interim target"),
    ("2026-02-01 1,234", "interim target"),
    ("2026-02-02 4\n2026-02-01 5", "in order"),
    ("2026-02-01 4\n2026-02-01 5", "once"),
    ("2026-01-01 4", "not between"),
    ("2026-03-31 4", "not between"),
    ("2026-02-01 5\n2026-02-02 4", "going back"),
    ("2026-02-01 -1", "going back"),
    ("2026-02-01 11", "going back"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "words"), WRONG)
def test_what_leads_nowhere_is_refused(measure, text, words):
    with pytest.raises(BadInput, match=words) as caught:
        measure(interim=text)
    assert caught.value.field == "interim"


@pytest.mark.django_db
def test_without_a_start_or_a_target_nothing_lies_between(measure):
    with pytest.raises(BadInput, match="between a start"):
        measure(start=None, interim="2026-02-01 4")


@pytest.mark.django_db
def test_where_nothing_moves_they_are_not_read(measure):
    one = measure(type="stay_above", start=None, target=None, low=3, interim="2026-02-01 4")
    assert one.promise.interim == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"type": "increase", "start": 10, "target": 20}, "2026-02-01 12"),
        ({"type": "decrease", "start": 20, "target": 10}, "2026-02-01 18"),
        ({"type": "reach", "start": None, "target": 10}, "2026-02-01 2"),
    ],
)
def test_the_pace_follows_them_exactly(cast, measure, fields, text):
    one = measure(interim=text, **fields)
    due = [stand([one], on(*day))[one.pk].expected for day in ((1, 1), (2, 1), (3, 31))]
    assert due == [0, F(1, 5), 1]
    first = stand([one], on(2, 2))[one.pk].expected
    assert first == F(1, 5) + F(4, 5) / (date(2026, 3, 31) - date(2026, 2, 1)).days


@pytest.mark.django_db
def test_on_a_past_day_they_are_those_of_that_day(cast, measure):
    one = measure(interim="2026-02-01 4")
    before = timezone.now()
    one.revise(by=cast.pm, interim="2026-02-01 8")
    then = KeyResult.objects.get(pk=one.pk)
    as_it_was([then], before)
    assert (one.promise.steps[0][1], then.promise.steps[0][1]) == (F(4, 5), F(2, 5))


@pytest.mark.django_db
def test_the_page_the_chart_and_rest_show_them(cast, measure, client):
    one = measure(interim="2026-02-01 4", unit="%")
    one.check_in(by=cast.pm, value=3, at=on(1, 20))
    chart = draw(one, list(one.observations.all()))
    assert chart and len(chart.line) == 3 and chart.line[0] < chart.line[1] < chart.line[2]
    client.force_login(cast.pm)
    page = client.get(f"/key-results/{one.pk}/").content.decode()
    assert "By 1 Feb 2026" in page and "4\u00a0%" in page
    assert "id_interim" in client.get(f"/key-results/{one.pk}/revise/").content.decode()
    assert KeyResult.values_of([one])[0]["interim"] == "2026-02-01 4"
