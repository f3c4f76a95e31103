"""REST: every answer in its shape, every refusal with its status."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from filrouge.alignment.decisions.models import Decision
from filrouge.evidence.insights.models import Insight, Opportunity
from tests.fixtures.cast import Cast


@pytest.fixture
def decision(cast: Cast) -> Decision:
    opportunity = Opportunity.create(by=cast.pm, title="Keep the place")
    made: Decision = Decision.create(
        by=cast.pm, title="Do we build it?", from_items=[{"item": opportunity.pk}]
    )
    return made


def test_an_insight_is_made_read_listed_and_changed(cast: Cast, caller: Any) -> None:
    api = caller(cast.design)
    made = api.post("insights", {"title": "People lose their place", "confidence": "high"})
    assert made.status_code == 201
    item = made.json()
    assert (item["title"], item["type"], item["confidence"]) == (
        "People lose their place",
        "insights.Insight",
        "high",
    )
    assert item["team"] == {"id": cast.team.pk, "name": "Notebook"} and item["author"]["name"] == "Design"
    assert api.get(f"insights/{item['id']}").json() == item
    assert api.get("insights").json() == {"items": [item], "count": 1, "next": None}
    changed = api.post(f"insights/{item['id']}/revise", {"title": "Another", "revision": 1})
    assert (changed.status_code, changed.json()["title"], changed.json()["revision"]) == (200, "Another", 2)
    stale = api.post(f"insights/{item['id']}/revise", {"title": "Third"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["field"]) == (409, "revision")
    history = api.get(f"insights/{item['id']}/history").json()["items"]
    assert [entry["verb"] for entry in history] == ["revise", "create"]
    assert history[0]["changes"] == [
        {"field": "title", "label": "title", "before": "People lose their place", "after": "Another"}
    ]


def test_a_decision_is_taken_by_its_manager_alone(cast: Cast, caller: Any, decision: Decision) -> None:
    path = f"decisions/{decision.pk}/decide"
    assert caller(cast.other_pm).post(path, {"rationale": "Mine"}).status_code == 403
    assert caller(cast.admin).post(path, b"{ not json").status_code == 403
    assert caller(cast.stakeholder).post(path, {"rationale": "x"}).status_code == 404
    api = caller(cast.pm)
    empty = api.post(path, {})
    assert (empty.status_code, empty.json()["field"]) == (422, "rationale")
    assert api.post(path, b"{ not json").status_code == 400
    done = api.post(path, {"rationale": "Because"})
    assert (done.status_code, done.json()["status"], done.json()["decided_by"]["name"]) == (
        200,
        "decided",
        "Pm",
    )
    assert api.post(path, b"{ not json").status_code == 409
    thread = api.get(f"decisions/{decision.pk}/thread").json()
    assert [step["item"]["type"] for step in thread["before"]] == ["insights.Opportunity"]


def test_lists_page_by_cursor_and_refuse_unknown_filters(cast: Cast, caller: Any) -> None:
    for number in range(5):
        Insight.create(by=cast.pm, title=f"Insight {number}", confidence="high" if number else "low")
    api = caller(cast.maker)
    for query, number in (("limit=2&confidence=high", 4), ("limit=2", 5)):
        seen, path = [], f"insights?{query}"
        while path:
            page = api.get(path).json()
            assert page["count"] == number
            seen += [item["title"] for item in page["items"]]
            path = (page["next"] or "").partition("/api/v1/")[2]
        assert seen == [f"Insight {place}" for place in range(4, 4 - number, -1)]
    for query in (
        "colour=red",
        "limit=0",
        "limit=1001",
        "sort=rank",
        "cursor=%00",
        "team=-1",
        "cursor=MX4wMDAxLTAxLTAxVDAwOjAwOjAwKzAwOjAw",
    ):
        assert api.get(f"insights?{query}").status_code == 422, query
    assert api.get("insights?q=insight+3").json()["count"] == 1


@pytest.mark.parametrize("path", ["insights", "insights/1", "decisions/1/decide", "nothing/1", "feedback"])
def test_without_a_token_nothing_is_told(db: None, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        answer = Client().get(f"/api/v1/{path}", headers=headers)
        assert answer.status_code in (401, 404, 405) and "error" in answer.json()
        assert answer.status_code != 404 or path.startswith("nothing")


def test_a_session_is_no_token(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.pm)
    assert client.get("/api/v1/insights").status_code == 401


def test_scope_method_and_address(cast: Cast, caller: Any) -> None:
    reading = caller(cast.pm, "read")
    assert reading.get("insights").status_code == 200
    assert reading.post("insights", {"title": "x"}).status_code == 403
    wrong = reading.client.delete("/api/v1/insights")
    assert (wrong.status_code, wrong.json()["error"]) == (405, "This address takes GET, POST.")
    assert reading.get("opinions").json()["error"] and reading.get("opinions").status_code == 404
    for odd in ("insights/0", "insights/x", "insights/" + "9" * 400, "insights/%00", "insights/-1/thread"):
        assert reading.get(odd).status_code == 404, odd


@pytest.mark.parametrize(
    "body",
    [
        b"[]", b'"x"', b"[" * 100_000, b'{"title": ' + b"9" * 5000 + b"}", b'{"title": NaN}', b"\xff\xfe",
        b'{"title": "\\ud800"}',
        b'{"title": "a\\u0000b"}', b'{"by": 1}', b'{"title": "x", "by": 1}',
        b'{"title": "x", "self": 1, "target": 2}',
        b'{"title": ["x"]}', b'{"title": "x", "team": 99999999999999999999}', b'{"title": "x", "team": true}',
        b'{"title": "x", "from_items": [99999999]}', b'{"title": "x", "from_items": [{"item": {}}]}',
        b'{"title": ""}',
        b'{"title": "x", "product": 12345}', b'{"title": "x", "circle": "world"}',
        b'{"title": "x", "revision": []}',
    ],
)  # fmt: skip
def test_bad_bodies_are_refused_with_a_sentence(cast: Cast, caller: Any, body: bytes) -> None:
    answer = caller(cast.pm).post("insights", body)
    assert answer.status_code in (400, 404, 422), answer.content
    assert answer.json()["error"]
    assert not Insight.objects.exists()


def test_what_is_sent_twice_is_done_once(cast: Cast, caller: Any) -> None:
    api = caller(cast.pm)
    first = api.post("insights", {"title": "Once"}, Idempotency_Key="a")
    again = api.post("insights", {"title": "Once"}, Idempotency_Key="a")
    assert first.json() == again.json() and again.status_code == 201
    assert again["Idempotent-Replayed"] == "true"
    assert api.post("insights", {"title": "Other"}, Idempotency_Key="a").status_code == 409
    assert caller(cast.design).post("insights", {"title": "Once"}, Idempotency_Key="a").status_code == 201
    assert api.post("insights", {"title": ""}, Idempotency_Key="b").status_code == 422
    assert api.post("insights", {"title": "Now right"}, Idempotency_Key="b").status_code == 201
    assert Insight.objects.count() == 3
    assert api.post("insights", {"title": "x"}, Idempotency_Key="k" * 300).status_code == 422


def test_readers_of_wider_circles_get_wordings(cast: Cast, caller: Any) -> None:
    insight = Insight.create(by=cast.pm, title="Secret words", claim="Secret claim", confidence="high")
    for reader in (cast.stakeholder, cast.guest):
        api = caller(reader)
        assert api.get("insights").json()["count"] == 0
        assert api.get(f"insights/{insight.pk}").status_code == 404
    insight.open_to(by=cast.pm, circle="company", language="en", title="We heard you", text="Soon.")
    api = caller(cast.stakeholder)
    face = api.get(f"insights/{insight.pk}").json()
    assert (face["title"], face["text"], face["confidence"]) == ("We heard you", "Soon.", "high")
    assert "Secret" not in api.get("insights").content.decode() and "team" not in face
    assert api.get(f"insights/{insight.pk}/history").status_code == 404
    assert api.post(f"insights/{insight.pk}/archive").status_code == 403
    proposed = api.post("opportunities/propose", {"title": "Please", "team": cast.team.pk})
    assert proposed.status_code == 201 and set(proposed.json()) == {"id", "type", "title", "url"}
    assert caller(cast.guest).post("opportunities/propose", {"title": "Please"}).status_code == 403


def test_a_proposal_sent_twice_tells_what_was_proposed(cast: Cast, caller: Any) -> None:
    api, body = caller(cast.stakeholder), {"title": "Please", "team": cast.team.pk}
    first = api.post("opportunities/propose", body, Idempotency_Key="a")
    Opportunity.objects.get().revise(by=cast.pm, title="What we make of it, among ourselves")
    again = api.post("opportunities/propose", body, Idempotency_Key="a")
    assert (again.status_code, again.json()) == (201, first.json())


def test_too_many_requests_wait(cast: Cast, caller: Any, settings: Any) -> None:
    settings.API_PER_MINUTE = 3
    caches["process"].clear()  # what other tests asked
    api = caller(cast.pm)
    statuses = [api.get("insights").status_code for _number in range(5)]
    assert statuses.count(429) >= 1 and statuses[0] == 200
    limited = api.get("insights")
    assert limited.status_code == 429 and 1 <= int(limited["Retry-After"]) <= 60


def test_sentences_are_in_the_persons_language(cast: Cast, caller: Any) -> None:
    cast.pm.language = "fr"
    cast.pm.save()
    answer = caller(cast.pm).get("insights/999999")
    assert answer["Content-Language"] == "fr"


def test_the_description_names_everything(db: None) -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    assert {"/api/v1/decisions/{id}/decide", "/api/v1/opportunities/propose", "/api/v1/feedback"} <= set(
        schema["paths"]
    )
    decide = schema["paths"]["/api/v1/decisions/{id}/decide"]["post"]
    assert {"200", "400", "401", "403", "404", "409", "422", "429"} <= set(decide["responses"])
    body = decide["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["rationale"]
    assert {"type": "null"} in body["properties"]["revision"]["anyOf"]
    words = schema["paths"]["/api/v1/quotes"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert words["properties"]["start"]["anyOf"][0] == {"minimum": 0, "maximum": 2**31 - 1, "type": "integer"}
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200 and "/api/v1/decisions/{id}/decide" in page.content.decode()


def test_the_page_of_the_description_speaks_the_readers_language(db: None) -> None:
    page = Client(headers={"Accept-Language": "fr"}).get("/api/v1/docs").content.decode()
    assert "<h2>Citations</h2>" in page and "<h2>Quotes</h2>" not in page
    assert "Chaque appel agit" in page and "Envoyer un texte" in page
    english = Client().get("/api/v1/docs").content.decode()
    assert "<h2>Quotes</h2>" in english and "Every call acts" in english


def test_feedback_is_sent_and_read(cast: Cast, caller: Any) -> None:
    api = caller(cast.ops)
    sent = {
        "source": "Survey",
        "items": [{"text": "I lose my place", "external_id": "1", "role": "teacher"}, {"text": ""}],
    }
    receipt = api.post("feedback", sent).json()
    assert (receipt["read"], receipt["new"], receipt["rejected"]) == (2, 1, 1)
    listed = api.get("feedback?q=place").json()
    assert (listed["count"], listed["items"][0]["segments"]) == (1, {"role": "teacher"})
    one = api.get(f"feedback/{listed['items'][0]['id']}").json()
    assert one["text"] == "I lose my place"
    assert caller(cast.guest).get("feedback").status_code == 403
    assert caller(cast.maker).post("feedback", b"{").status_code == 403
    assert api.post("feedback", b"{").status_code == 400
    assert api.post("feedback", []).status_code == 422
