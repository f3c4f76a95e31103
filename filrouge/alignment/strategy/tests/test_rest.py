"""Goals and key results over REST, under the names that the API promises."""

import json

import pytest
from django.test import Client

from filrouge.alignment.strategy.models import KeyResult
from filrouge.people.tokens import Token

from .conftest import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(cast):
    secret = Token.create(cast.pm, "write", by=None)[1]
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def send(path, status=200, **body):
        address = f"/api/v1/{path}"
        answer = (
            client.post(address, json.dumps(body), content_type="application/json")
            if body
            else client.get(address)
        )
        assert answer.status_code == status, answer.content
        return answer.json()

    return send


def test_a_goal_a_key_result_and_a_check_in(ask, cast):
    goal = ask("objectives", 201, title="People come back")
    assert goal["team"]["id"] == cast.team.pk and goal["cycle"]["name"]
    made = ask("key-results", 201, title="NPS", objective=goal["id"], type="increase", start=32, target=45)
    assert (made["start"], made["target"], made["score"], made["grade"]) == (32, 45, 0.0, None)
    done = ask(f"key-results/{made['id']}/check-in", value=42, confidence=7)
    assert done["exact"] == "10/13" and round(done["score"], 3) == 0.769
    assert (done["value"], done["confidence"], done["status"]) == (42, 7, "on_track")
    assert {"raw", "score", "grade", "confidence", "status", "state"} <= set(done)
    goal = ask(f"objectives/{goal['id']}")
    assert goal["exact"] == "10/13" and goal["status"] == "on_track"


def test_dashes_and_underscores_both_lead_there(ask, cast, measure):
    key_result = measure()
    ask(f"key-results/{key_result.pk}/check_in", value=3)
    assert ask(f"key-results/{key_result.pk}/check-in", value=4)["value"] == 4
    ask(f"key-results/{key_result.pk}/open-as-written", language="en", status=422)
    paths = ask("openapi.json")["paths"]
    assert "/api/v1/key-results/{id}/check-in" in paths and "/api/v1/key-results/{id}/check_in" not in paths


def test_what_is_wrong_is_said_in_a_sentence(ask):
    said = ask("key-results", 422, title="x", type="increase", start=5, target=5)
    assert "starts at its target" in said["error"] and said["field"] == "target"
    for wrong in ({"type": "up"}, {"start": "many"}, {"objective": 987654}, {"target": 1e300}, {"cycle": 0}):
        assert ask("key-results", 404 if "objective" in wrong else 422, title="x", **wrong)["error"]


def test_a_range_lies_between_its_start_and_its_target(ask):
    made = ask("key-results", 201, title="Room", type="range", start=18, target=22)
    assert (made["start"], made["target"], made["low"], made["high"]) == (18, 22, 18, 22)
    inside = ask(f"key-results/{made['id']}/check-in", value=20)
    assert inside["status"] == "on_track" and inside["score"] > 0
    assert ask(f"key-results/{made['id']}/check-in", value=23)["status"] == "behind"
    assert ask("key-results", 422, title="Room", type="range", start=22, target=18)["field"] == "high"


def test_yes_is_no_number(ask, measure):
    for wrong in ({"confidence": True, "value": 3}, {"value": True}):
        ask(f"key-results/{measure().pk}/check-in", 422, **wrong)


def test_only_a_goal_is_served(ask):
    question = ask("decisions", 201, title="Do we?")["id"]
    for kind, field in (("key-results", "objective"), ("objectives", "parent")):
        said = ask(kind, 422, title="x", **{field: question})
        assert said["field"] == field and "“Do we?” is no goal" in said["error"]
    assert not KeyResult.objects.exists()


def test_a_filter_of_a_value_that_is_none_is_refused(ask, cast, client):
    said = ask("key-results?status=on_track", 422)
    assert said["field"] == "status" and "“on_track” is not a value of" in said["error"]
    assert ask("key-results?status=open&status=closed")["count"] == 0
    client.force_login(cast.pm)
    page = client.get("/initiatives/?status=weird")
    assert page.status_code == 422 and "“weird” is not a value of" in page.content.decode()


def test_a_list_asks_once_for_all(ask, measure, django_assert_max_num_queries):
    for number in range(8):
        measure(title=f"Number {number}")
    ask("key-results")
    with django_assert_max_num_queries(14):
        found = ask("key-results?status=open")
    assert found["count"] == KeyResult.objects.count() == 8
    assert all(one["score"] == 0.0 for one in found["items"])


def test_a_goal_that_is_not_there_is_named_by_its_field(ask, cast):
    answer = ask("key-results", 404, title="NPS", objective=999, type="increase", start=0, target=2)
    assert answer["field"] == "objective" and not KeyResult.objects.exists()


def test_a_goal_tells_what_serves_it_and_what_it_serves(ask, cast, caller, goal, measure):
    above = goal("The company grows")
    item = goal()
    item.link(by=cast.pm, to=above.pk, weight=2)
    counted, supporting = measure(item), goal("Helps along")
    counted.check_in(by=cast.pm, value=4, confidence=6)
    supporting.link(by=cast.pm, to=item.pk, relation="supports")
    found = ask(f"objectives/{item.pk}")
    (served,) = found["serves"]
    assert (served["id"], served["relation"], served["weight"]) == (above.pk, "contributes", 2)
    first, second = found["served_by"]
    assert (first["id"], first["weight"], first["score"], first["grade"], first["confidence"]) == (
        counted.pk, 1, 0.4, None, 6,
    )  # fmt: skip
    assert (second["id"], second["relation"], second["weight"]) == (supporting.pk, "supports", None)
    assert "served_by" not in ask("objectives")["items"][0]


def test_what_is_private_stands_around_no_goal_of_others(cast, caller, goal, measure):
    item, hidden = goal(), goal("Hidden", circle="private")
    measure(item, title="Hidden too", circle="private")
    item.link(by=cast.pm, to=hidden.pk, relation="supports")
    told = caller(cast.maker).get(f"objectives/{item.pk}")
    assert told.json()["serves"] == told.json()["served_by"] == []
    assert "Hidden" not in told.content.decode()
    assert len(caller(cast.pm).get(f"objectives/{item.pk}").json()["serves"]) == 1


def test_a_key_result_tells_its_log_page_by_page(ask, cast, measure, monkeypatch):
    monkeypatch.setattr("filrouge.alignment.strategy.api.ENTRIES", 2)
    item = measure()
    for day, value in ((1, 3), (3, 5), (3, 6), (2, 4)):
        item.check_in(by=cast.pm, value=value, at=on(2, day), note=f"It is {value}", status="behind")
    found = ask(f"key-results/{item.pk}")
    assert [line["value"] for line in found["log"]] == [6, 5, 4, 3]
    assert found["log"][0]["by"]["name"] == "Pm" and found["log"][0]["status"] == "behind"
    first = ask(f"key-results/{item.pk}/log")
    assert [line["note"] for line in first["items"]] == ["It is 6", "It is 5"]
    second = ask(first["next"].partition("/api/v1/")[2])
    assert [line["value"] for line in second["items"]] == [4, 3] and second["next"] is None


def test_a_log_is_told_to_whoever_sees_its_key_result(cast, caller, measure):
    hidden = measure(circle="private")
    hidden.check_in(by=cast.pm, value=3)
    assert caller(cast.pm).get(f"key-results/{hidden.pk}/log").json()["items"]
    for person in (cast.maker, cast.stakeholder):
        assert caller(person).get(f"key-results/{hidden.pk}/log").status_code == 404
    assert caller(cast.pm).get("key-results/none/log").status_code == 404
    assert caller(cast.pm).get(f"key-results/{hidden.pk}/log?before=x").status_code == 404


def test_around_a_goal_costs_the_same_for_many(cast, caller, goal, measure, django_assert_max_num_queries):
    item = goal()
    for number in range(12):
        measure(item, title=f"Number {number}")
    api = caller(cast.pm)
    with django_assert_max_num_queries(24):
        assert len(api.get(f"objectives/{item.pk}").json()["served_by"]) == 12
