"""The six published profiles at their edges, and what a person says against them."""

from datetime import date
from fractions import Fraction as F

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filrouge.alignment.strategy.pace import WORST_FIRST, Pace, Profile, contradicts, elapsed, pace, weakest

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ON, BEHIND, RISK = Pace.ON_TRACK, Pace.BEHIND, Pace.AT_RISK


@pytest.mark.parametrize(
    ("profile", "progress", "expected", "said"),
    [
        ("viva", "0.5", "0.5", ON),
        ("viva", "0.49", "0.5", BEHIND),
        ("ally", "0.25", "0.5", ON),
        ("ally", "0.24", "0.5", RISK),
        ("engagedly", "0.34", "0.5", ON),
        ("engagedly", "0.335", "0.5", BEHIND),
        ("engagedly", "0.17", "0.5", BEHIND),
        ("engagedly", "0.16", "0.5", RISK),
        ("upraise", "0.475", "0.5", ON),
        ("upraise", "0.47", "0.5", BEHIND),
        ("upraise", "0.375", "0.5", BEHIND),
        ("upraise", "0.37", "0.5", RISK),
        ("upraise", "0", "0", ON),
        ("planview", "0.46", "0.5", ON),
        ("planview", "0.45", "0.5", BEHIND),
        ("planview", "0", "0", ON),
        ("mooncamp", "0.5", "0.5", ON),
        ("mooncamp", "0.44", "0.5", BEHIND),
    ],
)
def test_profiles(profile, progress, expected, said):
    assert pace(profile, F(progress), F(expected)) == said


def test_after_the_end():
    assert pace("engagedly", F(1), F(1), ended=True) == Pace.ACHIEVED
    assert pace("engagedly", F(99, 100), F(1), ended=True) == RISK
    assert pace("planview", F(9, 10), F(1), ended=True) == ON
    assert pace("viva", F(1), F(1, 2)) == ON


def test_how_much_of_a_period_has_passed():
    starts, ends = date(2026, 1, 1), date(2026, 1, 11)
    days = (date(2025, 1, 1), date(2026, 1, 1), date(2026, 1, 6), date(2026, 1, 11), date(2027, 1, 1))
    assert [elapsed(day, starts, ends) for day in days] == [0, 0, F(1, 2), 1, 1]
    assert elapsed(starts, None, ends) is None and elapsed(starts, starts, starts) == 1


def test_a_goal_stands_as_its_weakest_key_result():
    assert weakest([ON, RISK, BEHIND]) == RISK and weakest([Pace.ACHIEVED, ON]) == ON and weakest([]) is None
    assert set(WORST_FIRST) == set(Pace)


def test_what_a_person_says_may_contradict_the_numbers():
    assert contradicts("on_track", "at_risk", F(3, 10))
    assert not contradicts("on_track", "behind", F(2, 10)), "a small gap is theirs to judge"
    assert contradicts("at_risk", "on_track", F(0)) and not contradicts("", "at_risk", F(1))
    assert not contradicts("behind", "at_risk", F(1, 2))


@unhurried
@given(st.sampled_from(Profile.values), st.fractions(0, 1), st.fractions(0, 1), st.fractions(0, 1))
def test_more_progress_never_reads_worse(profile, one, other, expected):
    low, high = sorted((one, other))
    assert WORST_FIRST.index(pace(profile, low, expected)) <= WORST_FIRST.index(pace(profile, high, expected))
