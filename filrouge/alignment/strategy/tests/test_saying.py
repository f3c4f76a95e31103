"""How a person says that a goal stands: beside the computed status, never in its place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.strategy.grove import GROVE
from filrouge.alignment.strategy.meeting import agenda
from filrouge.alignment.strategy.models import Cycle, Goal, KeyResult
from filrouge.alignment.strategy.tree import Scope, tree
from filrouge.core.errors import BadInput, Conflict, Forbidden
from filrouge.core.history import past

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def late(cast):
    """A goal half over, whose key result has not moved."""
    day = timezone.localdate()
    cycle = Cycle.objects.create(name="Now", starts=day - timedelta(days=50), ends=day + timedelta(days=50))
    goal = Goal.create(by=cast.pm, title="People stay", cycle=cycle.pk, owner=cast.maker.pk)
    made = KeyResult.create(by=cast.pm, title="Return", objective=goal.pk, start=0, target=10)
    made.check_in(by=cast.pm, value=1, at=NOW - timedelta(days=1))
    return goal


def stands(goal):
    return GROVE.at()[goal.pk]


def test_what_a_person_says_stands_beside_the_numbers(cast, late):
    assert stands(late).status == stands(late).computed == "at_risk"
    late.say(by=cast.pm, status="on_track", reason="The contract is signed")
    found = stands(late)
    assert (found.status, found.computed, found.disputed, found.contradicts) == (
        "on_track", "at_risk", True, True,
    )  # fmt: skip
    assert (late.said_by, late.said_reason) == (cast.pm, "The contract is signed") and late.said_at
    late.say(by=cast.pm, status="behind", reason="A little late")
    assert stands(late).status == "behind" and not stands(late).contradicts


def test_as_computed_takes_it_back(cast, late):
    late.say(by=cast.pm, status="on_track", reason="Signed")
    late.say(by=cast.pm, status="computed", reason="It was not")
    assert stands(late).status == "at_risk" and not stands(late).said and not stands(late).contradicts


def test_its_owner_may_and_nobody_beside_the_product_manager(cast, late):
    late.say(by=cast.maker, status="behind", reason="Half of us are ill")
    for person in (cast.design, cast.other_pm, cast.ops, cast.stakeholder):
        with pytest.raises(Forbidden, match="its owner"):
            late.say(by=person, status="behind", reason="So I heard")


def test_it_takes_a_reason_and_a_status_that_a_person_may_say(cast, late):
    for wrong in ({"status": "on_track", "reason": " "}, {"status": "achieved", "reason": "Done"}):
        with pytest.raises(BadInput):
            late.say(by=cast.pm, **wrong)


@pytest.mark.parametrize("how", ["close", "drop"])
def test_it_is_gone_when_the_goal_ends_and_does_not_come_back(cast, late, how):
    late.say(by=cast.pm, status="on_track", reason="Signed")
    getattr(late, how)(by=cast.pm, reason="Over")
    assert (late.said, late.said_reason, late.said_by, late.said_at) == ("", "", None, None)
    with pytest.raises(Conflict):
        late.say(by=cast.pm, status="on_track", reason="Still")
    late.reopen(by=cast.pm, reason="Too early")
    assert not stands(late).said


def test_the_goals_above_take_it_over_as_that_of_a_key_result(cast, late):
    above = Goal.create(by=cast.pm, title="The company lasts")
    late.link(by=cast.pm, to=above.pk)
    late.say(by=cast.pm, status="on_track", reason="Signed")
    found = stands(above)
    assert (found.status, found.contradicts, found.disputed) == ("on_track", True, False)


def test_on_a_past_day_it_is_what_was_said_then(cast, late):
    before = timezone.now()
    late.say(by=cast.pm, status="on_track", reason="Signed")
    said = timezone.now()
    late.say(by=cast.pm, status="behind", reason="Not quite")
    assert GROVE.at(before)[late.pk].said == "" and GROVE.at(said)[late.pk].said == "on_track"


def test_the_history_tells_it(cast, late):
    late.say(by=cast.pm, status="on_track", reason="Signed")
    entry = past(late, cast.pm, 1)[0]
    told = {change.name: change.after for change in entry.changes}
    assert entry.sentence == f"{cast.pm.name} said how it stands"
    assert (told["said"], told["said_reason"], told["said_by"]) == ("On track", "Signed", cast.pm.name)


def test_the_meeting_names_what_was_said_against_the_numbers_and_what_was_said_since(cast, late):
    other = Goal.create(by=cast.pm, title="Nothing under it")
    other.say(by=cast.pm, status="at_risk", reason="Nobody has time")
    late.say(by=cast.pm, status="on_track", reason="Signed")

    def talked(since):
        found = agenda(tree(cast.pm, Scope()), since)
        return [one.node.item.pk for one in found.disputed], [one.node.item.pk for one in found.said]

    assert talked(NOW) == ([late.pk], [other.pk])
    assert talked(timezone.now()) == ([late.pk], [])


def test_pages_and_rest_tell_both(cast, late, client):
    late.say(by=cast.pm, status="on_track", reason="The contract is signed")
    client.force_login(cast.pm)
    page = client.get(f"/objectives/{late.pk}/").content.decode()
    for words in (
        "The contract is signed",
        "the numbers say “At risk”",
        f"said by {cast.pm.name} on",
        "computed:",
    ):
        assert words in page
    for address in ("/goals/?cycle=all", "/goals/meeting/?cycle=all"):
        assert "On track" in (page := client.get(address).content.decode()) and "the numbers say" in page
    assert f"stands as {cast.pm.name} said on" in client.get("/goals/?cycle=all").content.decode()
    told = Goal.values_of([late])[0]
    assert (told["status"], told["computed_status"], told["contradicts"]) == ("on_track", "at_risk", True)
    assert (told["said"], told["said_reason"]) == ("on_track", "The contract is signed")
