"""A forest of goals answers everybody alike: in a circle, and several threads at once."""

from fractions import Fraction as F
from threading import Thread

import pytest
from django.utils import timezone

from filrouge.alignment.strategy import grading
from filrouge.alignment.strategy.models import Goal, KeyResult
from filrouge.alignment.strategy.standing import Forest, Standing

ABOVE, BELOW, MEASURE = 1, 2, 3


@pytest.fixture
def forest():
    goals = {pk: Goal(pk=pk, status="open") for pk in (ABOVE, BELOW)}
    found = Forest(timezone.now(), goals, {MEASURE: KeyResult(pk=MEASURE, status="open")})
    found.edges[ABOVE], found.edges[BELOW] = [(BELOW, F(1))], [(MEASURE, F(1))]
    found.measured = {MEASURE: Standing(score=F(1, 2), counted=F(1, 2))}
    return found


def test_who_asks_meanwhile_gets_no_half_of_it(forest, monkeypatch):
    weighted, found = grading.weighted, list[object]()

    def meanwhile(parts):
        monkeypatch.setattr(grading, "weighted", weighted)
        other = Thread(target=lambda: found.extend((forest[ABOVE].score, forest[BELOW].score)))
        other.start()
        other.join()
        return weighted(parts)

    monkeypatch.setattr(grading, "weighted", meanwhile)
    assert forest[ABOVE].score == F(1, 2)
    assert found == [F(1, 2), F(1, 2)]


def test_a_circle_stops_where_it_began(forest):
    forest.edges[BELOW] = [(ABOVE, F(1))]
    assert forest[ABOVE].score is None and forest[BELOW].score is None
