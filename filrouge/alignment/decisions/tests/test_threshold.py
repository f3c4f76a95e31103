"""A decision rests on a key result: when its log crosses the threshold, the question is put again."""

from decimal import Decimal

import pytest
from django.utils import timezone

from filrouge.alignment.decisions import logbook
from filrouge.alignment.decisions.home import to_decide
from filrouge.alignment.decisions.importing import Importing, entries
from filrouge.alignment.decisions.jobs import reopen_due
from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.strategy.models import Goal, KeyResult, Observation
from filrouge.core.errors import BadInput
from filrouge.core.traces import History

pytestmark = pytest.mark.django_db


@pytest.fixture
def returns(cast):
    goal = Goal.create(by=cast.pm, title="People come back")
    return KeyResult.create(by=cast.pm, title="Weekly return", objective=goal.pk, start="0.3", target="0.6")


@pytest.fixture
def decided(cast, returns):
    made = Decision.create(by=cast.pm, title="Build it?")
    made.decide(by=cast.pm, rationale="It brings people back")
    made.review(by=cast.pm, key_result=returns.pk, breaks="below", threshold="0.4")
    return made


def status(decision):
    decision.refresh_from_db()
    return decision.status


@pytest.mark.parametrize(("value", "found"), [("0.4", "decided"), ("0.41", "decided"), ("0.39999", "open")])
def test_it_opens_again_below_the_threshold_only(cast, decided, returns, value, found):
    returns.check_in(by=cast.pm, value=value)
    reopen_due.call()
    assert status(decided) == found


def test_above_is_the_other_side(cast, decided, returns):
    decided.review(by=cast.pm, key_result=returns.pk, breaks="above", threshold="0.5")
    returns.check_in(by=cast.pm, value="0.2")
    assert status(decided) == "decided"
    returns.check_in(by=cast.pm, value="0.51")
    assert status(decided) == "open" and reopen_due.call() == 0


def test_it_opens_in_the_check_in_itself_once_and_stays_open_when_the_value_recovers(cast, decided, returns):
    for value in ("0.35", "0.55"):
        returns.check_in(by=cast.pm, value=value)
    assert status(decided) == "open" and decided.reopened_why == "0.35 < 0.4"
    returns.check_in(by=cast.pm, value="0.3")
    assert reopen_due.call() == 0
    assert History.objects.filter(item_id=decided.pk, verb="reopen", by=None).count() == 1


def test_what_holds_costs_one_question_however_much_it_is(cast, returns, decided, django_assert_num_queries):
    returns.check_in(by=cast.pm, value="0.5")
    for number in range(3):
        more = Decision.create(by=cast.pm, title=f"And {number}?")
        more.decide(by=cast.pm, rationale="It holds")
        more.review(by=cast.pm, key_result=returns.pk, breaks="above", threshold="10")
    with django_assert_num_queries(1):
        assert reopen_due.func() == 0
    returns.check_in(by=cast.pm, value="9.5", at="2026-01-01T12:00")  # older than what is known by now
    assert reopen_due.func() == 0
    Observation.objects.create(key_result=returns, value="10.5", at=timezone.now(), by=cast.pm)  # by no act
    assert reopen_due.func() == 3 and status(decided) == "decided"


def test_the_product_manager_reads_why(cast, decided, returns, client):
    returns.check_in(by=cast.pm, value="0.35")
    reopen_due.call()
    decided.refresh_from_db()
    assert (decided.reopened_for, decided.reopened_why) == ("threshold", "0.35 < 0.4")
    section = to_decide(cast.pm)
    assert section
    (row,) = section.rows
    assert "its threshold broke" in str(row.note)
    client.force_login(cast.maker)
    assert "0.35 &lt; 0.4" in client.get(f"/decisions/{decided.pk}/").content.decode()


def test_what_was_known_when_it_was_decided_is_no_news(cast, returns):
    returns.check_in(by=cast.pm, value="0.2")
    made = Decision.create(
        by=cast.pm, title="Build it?", key_result=returns.pk, breaks="below", threshold=Decimal("0.4")
    )
    made.decide(by=cast.pm, rationale="We know that it is low")
    assert reopen_due.call() == 0
    returns.check_in(by=cast.pm, value="0.19")
    assert status(made) == "open"


def test_decided_again_it_stands_until_the_next_news(cast, decided, returns):
    returns.check_in(by=cast.pm, value="0.2")
    reopen_due.call()
    decided.refresh_from_db()
    decided.decide(by=cast.pm, rationale="Still")
    assert reopen_due.call() == 0 and status(decided) == "decided"


@pytest.mark.parametrize("given", [{"breaks": "below"}, {"threshold": "1"}, {"key_result": 987_654}])
def test_half_a_threshold_is_none(cast, decided, given):
    with pytest.raises(BadInput):
        decided.review(by=cast.pm, **given)


def test_a_key_result_that_does_not_exist(cast, decided):
    with pytest.raises(BadInput, match="no such key result"):
        decided.review(by=cast.pm, key_result=987_654, breaks="below", threshold="1")


def test_a_private_key_result_is_not_told(cast, decided, returns, client):
    KeyResult.objects.filter(pk=returns.pk).update(circle="private", author=cast.pm)
    client.force_login(cast.maker)
    assert b"Weekly return" not in client.get(f"/decisions/{decided.pk}/").content
    for format in logbook.WRITERS:
        assert "Weekly return" not in logbook.text_of(decided, cast.pm, format)


def test_the_page_and_the_file_say_what_it_rests_on(cast, decided, client):
    client.force_login(cast.maker)
    assert "is noted below 0.4" in client.get(f"/decisions/{decided.pk}/").content.decode()
    text = logbook.text_of(decided, cast.pm).replace("home: ", "home: x")
    assert "key-result: Weekly return" in text
    receipt = Importing("copy", cast.pm).go(entries([("1.md", text)], "madr"))
    copy = Decision.objects.exclude(pk=decided.pk).get()
    assert receipt["errors"] == [] and (copy.breaks, copy.threshold) == ("below", Decimal("0.4"))
    unknown = text.replace("Weekly return", "Something else")
    assert "title is here" in str(Importing("b", cast.pm).go(entries([("1.md", unknown)], "madr"))["errors"])


def test_it_rests_on_no_private_key_result(cast):
    hidden = KeyResult.create(by=cast.pm, title="Hidden aim", circle="private", start=0, target=5)
    resting = {"key_result": hidden.pk, "breaks": "below", "threshold": 3}
    for by in (cast.pm, cast.other_pm):
        with pytest.raises(BadInput, match="no such key result"):
            Decision.create(by=by, title="Build it?", **resting)
    made = Decision.create(by=cast.pm, title="Build it?")
    made.decide(by=cast.pm, rationale="We hope")
    with pytest.raises(BadInput, match="no such key result"):
        made.review(by=cast.pm, **resting)


def test_a_private_key_result_is_not_named_to_those_who_do_not_see_it(cast, client, decided, returns):
    KeyResult.objects.filter(pk=returns.pk).update(circle="private")
    assert decided.own_values()["key_result"] is None
    client.force_login(cast.other_pm)
    for page in ("", "history/"):
        assert b"Weekly return" not in client.get(f"/decisions/{decided.pk}/{page}").content
