"""A decision opens again by itself on its day, once; Filrouge asks, and decides nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.decisions.home import to_decide
from filrouge.alignment.decisions.jobs import reopen_due
from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.decisions.pages import due_soon
from filrouge.core.errors import BadInput, Conflict, Forbidden
from filrouge.core.history import past
from filrouge.core.traces import History

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def decided(cast):
    made = Decision.create(by=cast.pm, title="Build it?")
    made.decide(by=cast.pm, rationale="Heard often", outcome="Yes", review_on=TODAY + timedelta(days=1))
    return made


def comes(decision, days=0):
    """Its review date, without waiting for it."""
    Decision.objects.filter(pk=decision.pk).update(review_on=TODAY + timedelta(days=days))


def test_before_its_day_it_stands(decided):
    assert reopen_due.call() == 0
    decided.refresh_from_db()
    assert decided.status == "decided"


@pytest.mark.parametrize("days", [0, -1, -400])
def test_on_its_day_it_opens_again_once(decided, days):
    comes(decided, days)
    assert [reopen_due.call(), reopen_due.call()] == [1, 0]
    decided.refresh_from_db()
    assert (decided.status, decided.reopened_for, decided.due) == ("open", "review", TODAY)
    assert (decided.outcome, decided.rationale) == ("Yes", "Heard often")
    assert History.objects.filter(item_id=decided.pk, verb="reopen").count() == 1


def test_the_history_says_that_filrouge_did_it(cast, decided):
    comes(decided)
    reopen_due.call()
    entry = past(decided, cast.pm, 1)[0]
    assert entry.by is None and entry.sentence == "Filrouge reopened it"


def test_two_workers_at_once_reopen_it_once(decided):
    comes(decided)
    one, other = Decision.objects.get(), Decision.objects.get()
    assert (one.reopen_by_itself(), other.reopen_by_itself()) == (True, False)


def test_the_product_manager_is_told_at_home(cast, decided):
    comes(decided)
    reopen_due.call()
    section = to_decide(cast.pm)
    assert section
    (row,) = section.rows
    assert row.title == "Build it?" and "its review date has come" in str(row.note)
    assert due_soon(cast.pm) == [decided.pk]


def test_an_archived_or_open_one_is_left_alone(cast, decided):
    asked = Decision.create(by=cast.pm, title="Later?", review_on=TODAY - timedelta(days=3))
    comes(decided)
    decided.refresh_from_db()
    decided.archive(by=cast.pm)
    assert reopen_due.call() == 0
    asked.refresh_from_db()
    assert asked.reopened_at is None


def test_decided_again_it_does_not_open_the_same_night(cast, decided):
    comes(decided)
    reopen_due.call()
    decided.refresh_from_db()
    decided.decide(by=cast.pm, rationale="Still", outcome="Yes")
    assert reopen_due.call() == 0
    decided.refresh_from_db()
    assert (decided.status, decided.review_on, decided.reopened_at) == ("decided", None, None)


@pytest.mark.parametrize("days", [0, -1])
def test_a_review_is_ahead(cast, decided, days):
    with pytest.raises(BadInput):
        decided.review(by=cast.pm, review_on=TODAY + timedelta(days=days))


def test_the_review_is_set_on_what_was_decided(cast, decided):
    decided.review(by=cast.pm, review_on=TODAY + timedelta(days=90), change_mind="Fewer than ten use it")
    decided.refresh_from_db()
    assert (decided.review_on, decided.change_mind) == (TODAY + timedelta(days=90), "Fewer than ten use it")
    with pytest.raises(Forbidden):
        decided.review(by=cast.other_pm)


def test_a_person_reopens_it_with_a_reason(cast, decided, client):
    for person in (cast.maker, cast.other_pm, cast.admin):
        with pytest.raises(Forbidden):
            decided.reopen(by=person, reason="I disagree")
    decided.reopen(by=cast.pm, reason="A large customer left")
    with pytest.raises(Conflict):
        decided.reopen(by=cast.pm, reason="Again")
    client.force_login(cast.maker)
    page = client.get(f"/decisions/{decided.pk}/").content.decode()
    assert "A large customer left" in page and "The former answer" in page and "Heard often" in page


def test_it_is_on_the_schedule():
    from filrouge.schedule import SCHEDULE

    assert "filrouge.alignment.decisions.jobs.reopen_due" in [entry.task for entry in SCHEDULE]
