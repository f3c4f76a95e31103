"""Words that programs send, and words that people write down."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from filrouge.core.errors import BadInput, Forbidden
from filrouge.evidence.feedback.capture import BY_HAND
from filrouge.evidence.feedback.intake import receive_json
from filrouge.evidence.feedback.models import Rejected
from filrouge.people.access import Act, may
from filrouge.voices.models import Segment, Words
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db


def test_good_items_come_in_and_bad_ones_are_rejected_by_their_place(cast: Cast) -> None:
    items: list[Any] = [
        {"text": "Hello", "external_id": 12, "rating": 4, "beta": True, "created_at": "2026-01-02"},
        {"text": ""}, "not an object", {"text": "Hi", "tags": ["a"]}, {"text": "a\0b"},
        {"text": 7, "url": None},
        {"text": "half \ud800"}, {"title": "no text"}, {"text": "Hi", "p\0lan": "free"},
    ]  # fmt: skip
    receipt = receive_json({"source": "App", "items": items}, cast.ops)
    assert (receipt["read"], receipt["new"], receipt["rejected"]) == (9, 2, 7)
    assert [(error["line"], error["column"]) for error in receipt["errors"]] == [
        (2, "text"), (3, ""), (4, "tags"), (5, "text"), (7, "text"), (8, "text"), (9, "p\ufffdlan"),
    ]  # fmt: skip
    assert json.dumps(receipt)
    assert Segment.objects.filter(name="beta", value="true").exists()
    assert Words.objects.get(external_id="12").rating == 4
    assert Rejected.objects.filter(import_of=None, source_name="App").count() == 7
    again = receive_json({"source": "App", "items": items[:1]}, cast.ops)
    assert again["unchanged"] == 1


def test_one_item_may_name_its_source_itself(cast: Cast) -> None:
    assert receive_json({"source": "App", "text": "Hello"}, cast.ops)["new"] == 1


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ([], ""), ({"items": [{"text": "a"}]}, "source"), ({"source": "x" * 121, "text": "a"}, "source"),
        ({"source": "a\0", "text": "a"}, "source"), ({"source": "\ud800", "text": "a"}, "source"),
        ({"source": "App", "items": []}, "items"), ({"source": "App", "items": {}}, "items"),
        ({"source": "App", "items": [{"text": "a"}] * 1001}, "items"), (None, ""), ("x", ""),
    ],
)  # fmt: skip
def test_a_payload_that_makes_no_sense_is_refused_whole(cast: Cast, payload: Any, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        receive_json(payload, cast.ops)
    assert refused.value.field == field and not Words.objects.exists()


def test_a_thousand_at_once(cast: Cast) -> None:
    items = [{"text": f"Words number {n}", "external_id": n} for n in range(1000)]
    assert receive_json({"source": "App", "items": items}, cast.ops)["new"] == 1000


def test_only_those_who_may_import(cast: Cast) -> None:
    for name in ("maker", "coach", "stakeholder", "guest"):
        with pytest.raises(Forbidden):
            receive_json({"source": "App", "text": "a"}, getattr(cast, name))


@pytest.mark.parametrize("name", ["admin", "ops", "pm", "design", "maker", "coach", "stakeholder"])
def test_every_colleague_captures_what_a_user_said(cast: Cast, client: Client, name: str) -> None:
    by = getattr(cast, name)
    client.force_login(by)
    done = client.post(
        "/words/new/", {"text": "I cannot find the export", "author": "Ann", "created_at": "2026-01-02"}
    )
    words = Words.objects.get()
    assert done["Location"] == f"/words/new/?saved={words.pk}"
    assert (words.text, words.source.name, words.captured_by) == ("I cannot find the export", BY_HAND, by)
    assert f"/words/{words.pk}/" in client.get(done["Location"]).text
    assert ("Quote it" in client.get(done["Location"]).text) == may(by, Act.WRITE_EVIDENCE)
    in_dialog = client.post("/words/new/", {"text": "The same"}, headers={"X-Dialog": "1"})
    assert in_dialog.status_code == 200 and "The same" in in_dialog.text


def test_nobody_else_captures_and_what_is_wrong_is_said_at_its_field(cast: Cast, client: Client) -> None:
    assert client.get("/words/new/").status_code == 302
    client.force_login(cast.guest)
    assert (
        client.get("/words/new/").status_code == client.post("/words/new/", {"text": "a"}).status_code == 403
    )
    client.force_login(cast.maker)
    refused = client.post("/words/new/", {"text": "Hello", "created_at": "1601-01-01"})
    assert refused.status_code == 422 and "1970" in refused.text and "Hello" in refused.text
    assert not Words.objects.exists()


def test_what_was_said_today_was_said_just_now(cast: Cast, client: Client) -> None:
    client.force_login(cast.maker)
    client.post("/words/new/", {"text": "Too slow", "created_at": timezone.localdate().isoformat()})
    words = Words.objects.get()
    assert words.dated and timezone.now() - words.said_at < timedelta(minutes=1)


def test_two_people_may_say_the_same(cast: Cast, client: Client) -> None:
    client.force_login(cast.maker)
    for _twice in range(2):
        client.post("/words/new/", {"text": "Too slow"})
    assert Words.objects.count() == 2
