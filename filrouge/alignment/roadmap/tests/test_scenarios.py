"""Scenarios: compared with the plan, which only its product manager changes, through Schedule."""

from datetime import date

import pytest

from filrouge.alignment.roadmap.scenarios import Scenario, compared
from filrouge.core.errors import BadInput, Forbidden
from filrouge.core.kinds import by_label
from filrouge.core.models import Item, Link

from .making import make

pytestmark = pytest.mark.django_db
LATER = {"horizon": "later", "ends": date(2028, 6, 1), "ends_precision": "quarter"}


@pytest.fixture
def files(cast):
    return make(cast, horizon="next", ends=date(2028, 1, 31))


@pytest.fixture
def scenario(cast, files):
    made = Scenario.copy_plan(cast.team, "One developer fewer", "", by=cast.maker)
    made.thoughts.get().think(LATER, by=cast.maker)
    return made


def test_it_begins_as_the_plan_and_does_not_touch_it(cast, files):
    made = Scenario.copy_plan(cast.team, "What if", "", by=cast.maker)
    (row,) = compared(made, cast.maker)
    assert (row.item.pk, row.differs, row.difference) == (files.pk, False, [])
    made.thoughts.get().think(LATER, by=cast.maker)
    (row,) = compared(made, cast.maker)
    assert row.difference == ["Later", "151 days later"] and row.imagined.ends_label == "Q2 2028"
    files.refresh_from_db()
    assert (files.horizon, files.ends, files.revision) == ("next", date(2028, 1, 31), 1)


def test_the_rules_of_the_plan_hold_in_it(cast, scenario):
    with pytest.raises(BadInput):
        scenario.thoughts.get().think(LATER | {"starts": date(2029, 1, 1)}, by=cast.maker)


def test_only_who_made_it_and_the_product_manager_change_it(cast, client, scenario):
    at = f"/roadmap/scenarios/{scenario.pk}/"
    item = scenario.thoughts.get().item_id
    for person in (cast.other_pm, cast.ops):
        client.force_login(person)
        assert client.get(at).status_code == 200
        assert client.get(f"{at}{item}/").status_code == 403
        assert client.post(f"{at}{item}/", {"horizon": "now"}).status_code == 403
        assert client.post(f"{at}act/", {"delete": "1"}).status_code == 403
        assert client.post(f"{at}act/", {"again": item}).status_code == 403
    with pytest.raises(Forbidden):
        scenario.thoughts.get().think(LATER, by=cast.other_pm)
    for person in (cast.stakeholder, cast.guest):
        client.force_login(person)
        assert client.get(at).status_code == 403


def test_only_the_product_manager_adopts_it(cast, client, files, scenario):
    at = f"/roadmap/scenarios/{scenario.pk}/act/"
    for person in (cast.maker, cast.ops, cast.other_pm):
        client.force_login(person)
        assert client.post(at, {"adopt": "1", "item": files.pk}).status_code == 403
    client.force_login(cast.pm)
    assert client.post(at, {"adopt": "1", "item": files.pk}, follow=True).status_code == 200
    files.refresh_from_db()
    assert (files.horizon, files.ends, files.ends_precision) == ("later", date(2028, 6, 30), "quarter")
    assert files.history.first().verb == "schedule"
    assert not compared(scenario, cast.pm)[0].differs


def test_a_plan_that_changed_meanwhile_is_not_overwritten(cast, client, files, scenario):
    files.schedule(by=cast.pm, horizon="now", ends=date(2028, 2, 2))
    client.force_login(cast.pm)
    at = f"/roadmap/scenarios/{scenario.pk}/act/"
    answer = client.post(at, {"adopt": "1", "item": files.pk}, follow=True)
    assert "Somebody changed this in the meantime" in answer.content.decode()
    assert "The plan has changed since." in answer.content.decode()
    files.refresh_from_db()
    assert (files.horizon, files.ends) == ("now", date(2028, 2, 2))
    client.post(at, {"again": files.pk})
    assert not compared(scenario, cast.pm)[0].stale


def test_all_or_none_is_adopted(cast, files):
    other = make(cast, "Other", ends=date(2028, 1, 1))
    scenario = Scenario.copy_plan(cast.team, "Both", "", by=cast.pm)
    for thought in scenario.thoughts.all():
        thought.think(LATER, by=cast.pm)
    other.revise(by=cast.pm, outcome="Faster")
    with pytest.raises(Exception, match="Other"):
        scenario.adopt([files.pk, other.pk], by=cast.pm)
    files.refresh_from_db()
    assert files.horizon == "next"


def test_it_tells_which_dependencies_would_not_fit(cast, files, scenario):
    needed = make(cast, "Needed", ends=date(2028, 9, 1))
    files.schedule(by=cast.pm, horizon="next", starts=date(2028, 10, 1))
    files.depend(by=cast.pm, needs=needed.pk)
    made = Scenario.copy_plan(cast.team, "Sooner", "", by=cast.pm)
    assert not any(row.strained for row in compared(made, cast.pm))
    made.thoughts.get(item=files).think({"horizon": "now", "starts": date(2028, 8, 1)}, by=cast.pm)
    assert [row.item.pk for row in compared(made, cast.pm) if row.strained] == [files.pk]


def test_what_is_adopted_says_which_decision_it_follows(cast, client, files, scenario):
    asked = by_label("decisions.Decision").create(by=cast.pm, title="One developer fewer?")
    at = f"/roadmap/scenarios/{scenario.pk}/"
    client.force_login(cast.pm)
    page = client.get(at).content.decode()
    assert "Which decision does it follow?" in page
    assert any('name="no_decision"' in part.partition(">")[0] for part in page.split("<input")), (
        "a line to write"
    )
    both = {"adopt": "1", "item": files.pk, "decision": asked.pk, "no_decision": "Small"}
    assert "not both" in client.post(f"{at}act/", both, follow=True).content.decode()
    client.post(f"{at}act/", both | {"no_decision": ""})
    assert files.history.first().other_id == asked.pk
    assert Link.objects.filter(source=files, target=asked, relation="decided_in").exists()


def test_other_scenarios_of_the_team_stand_beside_it(cast, client, files, scenario):
    other = Scenario.copy_plan(cast.team, "One developer more", "", by=cast.pm)
    other.thoughts.get().think({"horizon": "now", "ends": date(2027, 5, 2)}, by=cast.pm)
    elsewhere = Scenario.copy_plan(cast.other_team, "Elsewhere", "", by=cast.other_pm)
    client.force_login(cast.maker)
    alone = client.get(f"/roadmap/scenarios/{scenario.pk}/").content.decode()
    assert "One developer more" in alone and "2 May 2027" not in alone and "Elsewhere" not in alone
    both = client.get(f"/roadmap/scenarios/{scenario.pk}/?with={other.pk}&with={elsewhere.pk}&with=x")
    text = both.content.decode()
    assert "Q2 2028" in text and "2 May 2027" in text and "Elsewhere" not in text
    make(cast, "Newer")
    newer = Scenario.copy_plan(cast.team, "Newer", "", by=cast.pm)
    assert client.get(f"/roadmap/scenarios/{newer.pk}/?with={other.pk}").status_code == 200


def test_what_is_private_to_others_is_not_in_it(cast, client, files, scenario):
    Item.objects.filter(pk=files.pk).update(circle="private")
    client.force_login(cast.other_pm)
    assert compared(scenario, cast.other_pm) == []
    assert client.get(f"/roadmap/scenarios/{scenario.pk}/{files.pk}/").status_code == 404


def test_the_pages_make_change_and_delete_one(cast, client, files):
    client.force_login(cast.maker)
    assert client.post("/roadmap/scenarios/", {"name": "", "team": cast.team.pk}).status_code == 422
    assert client.post("/roadmap/scenarios/", {"name": "A", "team": "x"}).status_code == 422
    client.post("/roadmap/scenarios/", {"name": "A", "team": cast.team.pk, "note": "Why not"})
    made = Scenario.objects.get()
    at = f"/roadmap/scenarios/{made.pk}/"
    assert 'value="2028-01-31"' in client.get(f"{at}{files.pk}/").content.decode()
    bad = client.post(f"{at}{files.pk}/", {"horizon": "now", "starts": "2029-01-01", "ends": "2028-01-01"})
    assert bad.status_code == 422 and "It ends before it starts." in bad.content.decode()
    good = {"horizon": "now", "ends": "2028-01-01", "ends_precision": "month", "starts_precision": "day"}
    assert client.post(f"{at}{files.pk}/", good).status_code == 302
    text = client.get(at).content.decode()
    assert "Jan 2028" in text and "1 item differs from the plan." in text
    assert b"A" in client.get("/roadmap/scenarios/").content
    client.post(f"{at}act/", {"delete": "1"})
    assert client.get(at).status_code == 404 and not Scenario.objects.exists()
