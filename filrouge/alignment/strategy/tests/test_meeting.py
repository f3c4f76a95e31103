"""The meeting page: what changed or contradicts itself, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.strategy.frameworks import BOARDS, crowded, four_dx
from filrouge.alignment.strategy.meeting import agenda
from filrouge.alignment.strategy.models import Cycle, Goal, KeyResult
from filrouge.alignment.strategy.pace import Pace
from filrouge.alignment.strategy.standing import stand
from filrouge.alignment.strategy.tree import Scope, tree

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def running(cast):
    """A cycle half over, with a goal in it."""
    day = timezone.localdate()
    cycle = Cycle.objects.create(name="Now", starts=day - timedelta(days=50), ends=day + timedelta(days=50))
    return Goal.create(by=cast.pm, title="People stay", cycle=cycle.pk)


def measured(cast, goal, title, *values, **given):
    """A key result with (days ago, value) observations."""
    made = KeyResult.create(by=cast.pm, title=title, objective=goal.pk, start=0, target=10)
    for days, value in values:
        made.check_in(by=cast.pm, value=value, at=NOW - timedelta(days=days), **given)
    return made


def talked_about(cast, days=7):
    found = agenda(tree(cast.pm, Scope()), NOW - timedelta(days=days))
    return (
        {point.measure.item.title: point.reasons for point in found.odd},
        {point.measure.item.title: point.reasons for point in found.changed},
        found.quiet,
    )


def test_what_did_not_change_is_only_counted(cast, running):
    measured(cast, running, "Same", (8, 6), (1, 6))
    measured(cast, running, "Moved", (8, 6), (1, 7))
    odd, changed, quiet = talked_about(cast)
    assert (odd, list(changed), quiet) == ({}, ["Moved"], 1)


def test_a_word_or_a_little_less_confidence_is_a_change(cast, running):
    for title, given in (
        ("Unsure", {"confidence": 6}),
        ("Surer", {"confidence": 9}),
        ("Told", {"note": "Ill"}),
    ):
        known = measured(cast, running, title, (8, 6), confidence=8)
        known.check_in(by=cast.pm, value=6, **given)
    odd, changed, quiet = talked_about(cast)
    assert not odd and quiet == 0
    assert changed == {
        "Unsure": ["confidence fell from 8 to 6"], "Surer": ["confidence rose from 8 to 9"], "Told": [],
    }  # fmt: skip


def test_what_was_missed_before_the_last_meeting_is_not_told_again(cast, running):
    guard = KeyResult.create(
        by=cast.pm, title="Guard", objective=running.pk, type="stay_above", target=5, cadence=7
    )
    for days in (7, 3):
        guard.check_in(by=cast.pm, value=6, at=NOW - timedelta(days=days))
    assert talked_about(cast)[0] == {}
    assert "missing" in talked_about(cast, days=40)[0]["Guard"][0]


def test_what_contradicts_itself_comes_first(cast, running):
    measured(cast, running, "Green by word", (1, 0), status="on_track")
    measured(cast, running, "Silent", (20, 5))
    sure = measured(cast, running, "Unsure", (9, 6), confidence=8)
    sure.check_in(by=cast.pm, value=6, confidence=4)
    odd, changed, quiet = talked_about(cast)
    assert set(odd) == {"Green by word", "Unsure"} and not changed and quiet == 0
    assert "On track" in odd["Green by word"][0] and "8" in odd["Unsure"][0]


def test_what_was_written_down_today_is_neither_late_nor_silent(cast, running):
    new = measured(cast, running, "New")
    (one,) = stand([new]).values()
    assert one.status == Pace.NOT_STARTED and not one.stale and one.score == 0
    (later,) = stand([new], NOW + timedelta(days=20)).values()
    assert (later.status, later.stale) == (Pace.NOT_STARTED, True)
    (ended,) = stand([new], NOW + timedelta(days=60)).values()
    assert ended.status == Pace.AT_RISK


def test_who_is_silent_is_told_once_for_each_team(cast, running, client):
    for title in ("Silent", "Silent too"):
        measured(cast, running, title, (20, 5))
    ((who, points),) = agenda(tree(cast.pm, Scope()), NOW - timedelta(days=7)).silent
    assert who == cast.team.name and len(points) == 2
    client.force_login(cast.pm)
    page = client.get("/goals/meeting/").content.decode()
    assert "Silent too" in page and "Contradicts itself" not in page


def test_the_page_says_when_there_is_nothing_to_discuss(cast, running, client):
    measured(cast, running, "Same", (8, 6), (1, 6))
    client.force_login(cast.pm)
    assert b"Nothing to discuss" in client.get("/goals/meeting/").content
    assert client.get("/goals/meeting/?since=x").status_code == 200


def test_each_framework_is_a_view_of_the_same_goals(cast, running):
    measured(cast, running, "Return", (1, 5))
    low = Goal.create(by=cast.pm, title="Faster start", parent=running.pk, cycle=running.cycle_id)
    measured(cast, low, "Seconds to start", (1, 1))
    grown = tree(cast.pm, Scope())
    for name, view in BOARDS.items():
        (first, *_rest) = view(grown)
        titles = [cell.title for column in first.columns for cell in column.cells]
        assert first.head.title == "People stay" and "Return" in titles, name
    assert crowded("4dx", four_dx(grown)) == []
    for number in range(2):
        measured(cast, Goal.create(by=cast.pm, title=f"More {number}", cycle=running.cycle_id), "x")
    assert crowded("4dx", four_dx(tree(cast.pm, Scope()))) == [cast.team.name]
