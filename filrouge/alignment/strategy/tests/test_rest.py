"""Goals and key results over REST, under the names that the API promises."""

import json

import pytest
from django.test import Client

from filrouge.alignment.strategy.models import KeyResult
from filrouge.people.tokens import Token

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
