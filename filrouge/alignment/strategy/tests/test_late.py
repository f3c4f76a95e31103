"""What a mark loses that is reached late: nothing unless it was said beforehand, and then exactly so much."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filrouge.alignment.strategy.grading import Movement, Promise, Reading, raw
from filrouge.alignment.strategy.marks import dues_of, marks_of
from filrouge.alignment.strategy.models import KeyResult
from filrouge.alignment.strategy.standing import stand

from .conftest import on

MARKS = "40 Reviewed 2026-02-10\n100 Live"
ENDS = date(2026, 3, 31)
PROMISE = Promise(
    Movement.MILESTONE, marks=(F(2, 5), F(1)), dues=dues_of(MARKS), starts=date(2026, 1, 1), ends=ENDS
)


def reached(*days):
    """The first mark reached on the first day, the next on the next."""
    return [Reading(on(month, day), F(number), number) for number, (month, day) in enumerate(days, 1)]


@pytest.mark.parametrize(
    ("late", "days", "share"),
    [
        ("", [(2, 11), (4, 30)], "1"),
        ("all", [(2, 10), (3, 31)], "1"),
        ("all", [(2, 11)], "0"),
        ("all", [(2, 11), (3, 31)], "3/5"),
        ("all", [(2, 10), (4, 1)], "2/5"),
        ("tenth", [(2, 11)], "9/25"),  # a week begun: nine tenths of 2/5
        ("tenth", [(2, 17)], "9/25"),
        ("tenth", [(2, 18)], "8/25"),
        ("tenth", [(2, 18), (3, 31)], "23/25"),
        ("tenth", [(2, 10), (4, 14)], "22/25"),
        ("tenth", [(5, 30)], "0"),
    ],
)
def test_a_late_mark_counts_what_was_agreed(late, days, share):
    assert raw(replace(PROMISE, late=late), reached(*days)) == F(share)


def test_a_mark_that_was_not_reached_after_all_is_as_late_as_when_it_is_again():
    late = replace(PROMISE, late="all")
    log = [Reading(on(2, 1), F(1), 1), Reading(on(2, 5), F(-1), 2), Reading(on(2, 20), F(1), 3)]
    assert (raw(late, log[:1]), raw(late, log[:2]), raw(late, log)) == (F(2, 5), F(0), F(0))
    assert raw(late, [log[0], Reading(on(2, 20), F(1), 2)]) == F(2, 5), "said again is no later"


@given(st.lists(st.integers(0, 200), min_size=2, max_size=2).map(sorted), st.integers(0, 100))
def test_later_never_counts_more_and_nothing_counts_more_than_in_time(days, more):
    for late in ("", "tenth", "all"):
        promise = replace(PROMISE, late=late)
        moments = [on(1, 1, hour) + timedelta(days=day) for hour, day in enumerate(days)]
        log = [Reading(at, F(number), number) for number, at in enumerate(moments, 1)]
        later = [replace(log[0]), replace(log[1], at=log[1].at + timedelta(days=more))]
        after, before = raw(promise, later), raw(promise, log)
        assert after is not None and before is not None and 0 <= after <= before <= 1
        assert late or before == after == 1


def test_the_day_of_a_mark_ends_its_line():
    assert dues_of(MARKS) == (date(2026, 2, 10), None)
    assert dues_of("50 2026-02-10\n60 Until 2026-02-10 or so\n100 v2026-02-30 2026-02-30") == (
        date(2026, 2, 10), None, None,
    )  # fmt: skip
    assert [name for _share, name in marks_of(MARKS)] == ["Reviewed 2026-02-10", "Live"]


@pytest.mark.django_db
def test_it_is_off_until_somebody_says_so_and_off_again(cast, measure, client):
    one = measure(type="milestone", start=None, target=None, marks=MARKS)
    one.check_in(by=cast.pm, value=1, at=on(2, 11))
    assert one.late is None and stand([one])[one.pk].score == F(2, 5)
    one.revise(by=cast.pm, late="tenth")
    assert stand([one])[one.pk].score == F(9, 25)
    client.force_login(cast.pm)
    assert "A tenth less for each week begun" in client.get(f"/key-results/{one.pk}/").content.decode()
    assert KeyResult.values_of([one])[0]["late"] == "tenth"
    sent = client.post(f"/key-results/{one.pk}/revise/", {"title": one.title, "late": "", "marks": MARKS})
    assert sent.status_code in (200, 302), sent.content.decode()
    one.refresh_from_db()
    assert not one.late and stand([one])[one.pk].score == F(2, 5)
