"""What is kept a while in the process."""

import pytest
from django.core.cache import caches

from filrouge.core.memory import kept


@pytest.fixture(autouse=True)
def _remembering(settings):
    settings.KEPT_SECONDS = 5
    yield
    caches["process"].clear()


def test_a_value_is_made_once():
    values = iter([7, 8])
    assert [kept("here", lambda: next(values)) for _time in range(3)] == [7, 7, 7]


def test_only_what_is_worth_it_is_kept():
    counts = iter([(3, False), (1_000, True), (4, False)])
    answers = [kept("many", lambda: next(counts), only=lambda count: count[1]) for _time in range(3)]
    assert answers == [(3, False), (1_000, True), (1_000, True)]


def test_nothing_found_is_a_value_too():
    values = iter([None, 8])
    assert [kept("none", lambda: next(values)) for _time in range(2)] == [None, None]


@pytest.mark.filterwarnings("error")
def test_a_key_may_be_as_long_as_what_somebody_typed():
    values = iter([7, 8])
    assert [kept("mot à mot " * 100, lambda: next(values)) for _time in range(2)] == [7, 7]
