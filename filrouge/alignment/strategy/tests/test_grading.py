"""The published test vectors, as exact fractions; and what holds for any key result."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction as F

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filrouge.alignment.strategy.grading import (
    MOVING,
    Ambition,
    Band,
    Movement,
    Promise,
    Reading,
    band,
    known,
    missed,
    must_explain,
    raw,
    score,
    weighted,
)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)


def at(value, days=0, order=0):
    return Reading(DAY + timedelta(days=days), F(str(value)), order)


@pytest.mark.parametrize(
    ("movement", "start", "target", "value", "expected_raw", "expected"),
    [
        ("increase", 32, 45, 42, F(10, 13), F(10, 13)),
        ("decrease", 8, 5, 6, F(2, 3), F(2, 3)),
        ("reach", 0, 500, 400, F(4, 5), F(4, 5)),
        ("decrease", 50, 10, 30, F(1, 2), F(1, 2)),
        ("decrease", 50, 10, 55, F(-1, 8), F(0)),
        ("increase", 0, 10, 12, F(6, 5), F(1)),
        ("reach", 0, 6, 3, F(1, 2), F(1, 2)),
        ("increase", "0.1", "0.4", "0.2", F(1, 3), F(1, 3)),
    ],
)
def test_movements(movement, start, target, value, expected_raw, expected):
    found = raw(Promise(movement, F(start), F(target)), [at(value)])
    assert (found, score(found)) == (expected_raw, expected)


def test_three_key_results_one_done():
    assert weighted([(F(1), F(1)), (F(1), F(0)), (F(1), F(0))]) == F(1, 3)


def test_weights_count_and_what_cannot_be_graded_does_not():
    assert weighted([(F(3), F(1)), (F(1), F(0)), (F(5), None), (F(0), F(0))]) == F(3, 4)
    assert weighted([(F(1), None)]) is None and weighted([]) is None
    assert weighted([(F(0), F(1))]) is None


MILESTONES = Promise("milestone", marks=(F(20, 100), F(40, 100), F(60, 100), F(1)))


def test_milestones_after_sign_off():
    assert raw(MILESTONES, [at(1), at(2, 7), at(3, 14)]) == F(60, 100)


def test_a_mark_counts_with_those_before_it_only():
    assert raw(MILESTONES, [at(1), at(2, 7), at(4, 14)]) == F(40, 100)
    assert raw(MILESTONES, [at(3)]) == 0
    assert raw(MILESTONES, [at(1), at(2, 7), at(-2, 14)]) == F(20, 100)


def test_milestones_without_marks_are_how_far_it_is():
    assert raw(Promise("milestone", F(0), F(4)), [at(3)]) == F(3, 4)


WEEKLY = Promise("stay_below", target=F(100), starts=date(2026, 1, 5), ends=date(2026, 3, 29))


def weeks(*values):
    return [at(value, 7 * number) for number, value in enumerate(values) if value is not None]


def test_eleven_weeks_of_twelve():
    assert raw(WEEKLY, weeks(*[90] * 11, 120)) == F(11, 12)
    assert raw(WEEKLY, weeks(*[90] * 11)) == F(11, 12), "a missing observation does not comply"


def test_a_week_with_two_observations_complies_when_both_do():
    assert raw(WEEKLY, [at(90), at(120, 1)]) == 0
    assert raw(WEEKLY, [at(90), at(95, 1)]) == F(1, 12)


def test_missed_weeks_are_counted_when_they_are_over():
    assert missed(WEEKLY, weeks(90, None, 90), DAY + timedelta(days=21)) == 1
    assert missed(WEEKLY, weeks(90), DAY) == 0


@pytest.mark.parametrize(
    ("promise", "inside", "outside"),
    [
        (Promise("stay_above", target=F(10)), [10, 11], [9]),
        (Promise("stay_above", low=F(10)), [10], [9]),
        (Promise("stay_below", high=F(10)), [10, 9], [11]),
        (Promise("range", low=F(1), high=F(3)), [1, 2, 3], [0, 4]),
    ],
)
def test_where_a_value_stays(promise, inside, outside):
    assert all(promise.kept_by(F(value)) for value in inside)
    assert not any(promise.kept_by(F(value)) for value in outside)
    assert raw(promise, [at(inside[0])]) == 1 and raw(promise, [at(outside[0])]) == 0


def test_the_other_kinds():
    assert raw(Promise("binary"), []) == 0 and raw(Promise("binary"), [at(1)]) == 1
    assert raw(Promise("binary"), [at(1), at(0, 1)]) == 0
    assert [raw(Promise("ordinal"), [at(n)]) for n in range(4)] == [0, F(3, 10), F(7, 10), 1]
    assert raw(Promise("baseline"), []) == 0 and raw(Promise("baseline"), [at(0)]) == 1


@pytest.mark.parametrize(
    "promise",
    [
        Promise("increase", F(5), F(5)),
        Promise("increase", None, F(5)),
        Promise("decrease", F(5), None),
        Promise("reach", target=F(0)),
        Promise("stay_above"),
        Promise("range"),
    ],
)
def test_what_cannot_be_graded_is_not_zero(promise):
    assert raw(promise, [at(5)]) is None and score(None) is None and band(None) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.34", Band.RED),
        ("0.35", Band.YELLOW),
        ("0.64", Band.YELLOW),
        ("0.65", Band.GREEN),
        ("0", Band.RED),
        ("1", Band.GREEN),
    ],
)
def test_bands_have_no_holes(value, expected):
    assert band(F(value)) == expected


def test_the_ambition_reads_the_same_score_differently():
    assert band(F(7, 10), Ambition.ASPIRATIONAL) == Band.GREEN
    assert band(F(99, 100), Ambition.COMMITTED) == Band.YELLOW
    assert band(F(1), Ambition.COMMITTED) == Band.GREEN
    assert band(F(3, 10), Ambition.COMMITTED) == Band.RED
    assert band(F(1), Ambition.LEARNING) is None


def test_a_declared_grade_far_from_the_computed_one_needs_its_reason():
    assert not must_explain(F(8, 10), F(7, 10)) and must_explain(F(81, 100), F(7, 10))
    assert must_explain(F(1), None)


NUMBERS = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 120 * 24).map(lambda hours: FIRST + timedelta(hours=hours))
READINGS = st.lists(
    st.builds(
        Reading,
        MOMENTS,
        NUMBERS,
        st.integers(0, 5),
    ),
    max_size=12,
    unique_by=lambda one: (one.at, one.order),
)
PROMISES = st.builds(
    Promise,
    st.sampled_from(Movement.values),
    st.none() | NUMBERS,
    st.none() | NUMBERS,
    st.none() | NUMBERS,
    st.none() | NUMBERS,
    st.lists(st.fractions(0, 1), max_size=4).map(lambda marks: tuple(sorted(marks))),
    st.just(date(2026, 1, 5)),
    st.just(date(2026, 3, 29)),
    st.integers(1, 40),
)


@unhurried
@given(PROMISES, READINGS)
def test_a_score_is_bounded(promise, readings):
    found = score(raw(promise, readings))
    assert found is None or 0 <= found <= 1


@unhurried
@given(PROMISES, READINGS, st.randoms())
def test_the_order_of_observations_is_irrelevant(promise, readings, random):
    shuffled = readings[:]
    random.shuffle(shuffled)
    assert raw(promise, readings) == raw(promise, shuffled)


@unhurried
@given(st.sampled_from(MOVING), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_movements_are_monotone(movement, start, target, one, other):
    promise = Promise(movement, start, target)
    begins = F(0) if movement == Movement.REACH else start
    if begins == target:
        assert raw(promise, [at(0)]) is None
        return
    near, far = sorted((one, other), key=lambda value: (value - begins) * (target - begins))
    lower, higher = (raw(promise, [Reading(DAY, value)]) for value in (near, far))
    assert lower is not None and higher is not None and lower <= higher
    low, high = score(lower), score(higher)
    assert low is not None and high is not None and low <= high


@unhurried
@given(PROMISES, READINGS, MOMENTS)
def test_a_score_as_of_a_moment_knows_nothing_later(promise, readings, moment):
    before = [one for one in readings if one.at <= moment]
    assert raw(promise, readings, moment) == raw(promise, before)


def test_a_correction_takes_the_place_of_what_it_corrects():
    promise = Promise("increase", F(0), F(10))
    wrong, right = at(99, order=1), at(5, order=2)
    assert raw(promise, [right, wrong]) == F(1, 2) and len(known([right, wrong])) == 1
