"""Figures count each person once, each text once, and say what they do not know."""

from datetime import UTC, date, datetime

import pytest

from filrouge.evidence.insights.counting import Group, Heard, Trait, groups, heard_in, reach, trend

from .saying import story

AT = datetime(2026, 11, 22, tzinfo=UTC)


def heard(words, person=None, said=AT, **fields):
    return Heard(words, person, fields.pop("company", None), fields.pop("source", 1), said, **fields)


def test_a_person_who_speaks_twice_is_one():
    found = reach([heard(1, 7), heard(2, 7), heard(3, 8)], [], AT)
    assert (found.people, found.texts, found.sources) == (2, 3, 1)


def test_a_text_quoted_twice_is_one():
    assert reach([heard(1), heard(1), heard(2)], [], AT).unknown == 2


def test_unknown_speakers_are_never_people():
    found = reach([heard(1), heard(2), heard(3, 4)], [], AT)
    assert (found.people, found.unknown) == (1, 2)


def test_nobody_is_missing_where_nobody_knows_who_spoke():
    teachers, students = Trait(1, "role", "teacher", 0, 0, 12), Trait(2, "role", "student", 0, 1, 9)
    assert reach([heard(1, 4)], [Group("role", [teachers])], AT).missing == [teachers]
    assert reach([heard(1)], [Group("role", [teachers])], AT).missing == []
    assert reach([heard(1)], [Group("role", [teachers, students])], AT).missing == [teachers]


def test_erased_words_are_counted_apart():
    found = reach([heard(1, 4, erased=True), heard(2, 5)], [], AT)
    assert (found.people, found.texts, found.erased) == (1, 1, 1)


def test_nothing_heard_is_nothing():
    found = reach([], [], AT)
    assert (found.people, found.middle, sum(found.trend.values)) == (0, None, 0)


def test_the_median_is_a_date_on_which_somebody_spoke():
    days = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 11)]
    assert reach([heard(n, n, day) for n, day in enumerate(days, 1)], [], AT).middle == days[1]


def test_the_trend_ends_now_where_words_are_recent():
    found = trend([AT, AT, datetime(2026, 9, 3, tzinfo=UTC)], AT)
    assert (found.months[0], found.months[-1], found.recent) == (date(2025, 12, 1), date(2026, 11, 1), True)
    assert found.values[-3:] == [1, 0, 2]


def test_the_trend_ends_at_the_latest_words_where_all_are_old():
    found = trend([datetime(2015, 12, 9, tzinfo=UTC)], AT)
    assert (found.months[-1], found.values[-1], found.recent) == (date(2015, 12, 1), 1, False)


@pytest.mark.django_db
def test_segments_heard_stand_against_those_that_exist(cast):
    told = story(cast.pm, cast.design)
    texts = heard_in([quote.pk for quote in told.quotes]).values()
    (role,) = groups(texts)
    assert {t.value: (t.heard, t.known) for t in role.traits} == {
        "scientist": (2, 2),
        "teacher": (1, 1),
        "student": (0, 1),
    }
    assert [trait.value for trait in reach(texts, [role], AT).missing] == ["student"]


@pytest.mark.django_db
def test_a_population_that_somebody_told_replaces_the_people_we_know(cast):
    story(cast.pm, cast.design)
    from filrouge.voices.models import Segment

    Segment.objects.filter(value="student").update(population=900)
    (role,) = groups([])
    assert {t.value: t.exists for t in role.traits} == {"student": 900, "scientist": 2, "teacher": 1}
