"""A decision taken elsewhere: recorded with its day, corrected, and never passed off as taken here."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.decisions.models import Decision
from filrouge.core.errors import BadInput, Conflict, Forbidden

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 6)


@pytest.fixture
def recorded(cast):
    return Decision.record(
        by=cast.pm, title="We use Python", rationale="Everyone reads it", decided_on=DAY, taken_by="The board"
    )


def test_it_is_decided_by_nobody_here(cast, recorded, client):
    assert (recorded.status, recorded.decided_by, recorded.decided_at.date()) == ("decided", None, DAY)
    client.force_login(cast.maker)
    page = client.get(f"/decisions/{recorded.pk}/").content.decode()
    assert "The board decided this on 6 May 2024, elsewhere" in page
    assert "The board" in client.get("/decisions/?year=2024").content.decode()


def test_only_whoever_decides_records(cast):
    for person in (cast.maker, cast.admin, cast.ops, cast.stakeholder):
        with pytest.raises(Forbidden):
            Decision.record(by=person, title="x", rationale="x", decided_on=DAY, team=cast.team.pk)


def test_it_can_be_corrected(cast, recorded):
    recorded.answer(by=cast.pm, rationale="It is read", decided_on=date(2024, 5, 7))
    recorded.revise(by=cast.pm, context="A meeting")
    recorded.add_option(by=cast.pm, option_title="Rust")
    recorded.answer(by=cast.pm, option=recorded.options.get().pk)
    found = (recorded.rationale, recorded.decided_at.day, recorded.taken_by, recorded.context)
    assert found == ("It is read", 7, "The board", "A meeting")
    assert recorded.options.get().chosen and recorded.outcome == "Rust"


def test_an_open_question_gets_the_answer_of_a_meeting(cast):
    made = Decision.create(by=cast.pm, title="Build it?")
    with pytest.raises(BadInput, match="when it was decided"):
        made.answer(by=cast.pm, rationale="Agreed")
    made.answer(by=cast.pm, rationale="Agreed", decided_on=DAY, taken_by="The board")
    assert (made.status, made.decided_by, made.taken_by) == ("decided", None, "The board")


def test_what_was_taken_here_is_not_corrected(cast):
    made = Decision.create(by=cast.pm, title="Build it?")
    made.decide(by=cast.pm, rationale="Yes")
    with pytest.raises(Conflict):
        made.answer(by=cast.pm, rationale="x", decided_on=DAY)


@pytest.mark.parametrize("day", [timezone.localdate() + timedelta(days=1), date(1601, 1, 1)])
def test_a_day_on_which_nobody_decided(cast, day):
    with pytest.raises(BadInput):
        Decision.record(by=cast.pm, title="x", rationale="x", decided_on=day)
