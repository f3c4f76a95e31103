"""Findings and rules through REST: who reads which, filtered and page by page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from filrouge.coherence import running
from filrouge.coherence.models import Found, Waiver
from filrouge.people.tokens import Scope, Token
from tests.fixtures.cast import Cast

from .making import DECISION, ITEM, day, make, moment

pytestmark = pytest.mark.django_db


def ask(person: Any, path: str, status: int = 200) -> Any:
    _token, secret = Token.create(person, Scope.READ, "", 9, by=None)
    answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.fixture
def late(cast: Cast) -> Any:
    item = make(DECISION, cast, title="Build it?", due=day(-1))
    make(ITEM, cast, title="Elsewhere", team=cast.other_team, ends=day(-1))
    running.check_everything()
    return item


def rules_of(answer: Any) -> set[tuple[str, int]]:
    return {(one["rule"], one["item"]) for one in answer["items"]}


def test_a_finding_says_what_the_command_says_and_how_to_mend_it(cast: Cast, late: Any) -> None:
    (found,) = ask(cast.pm, "findings?rule=D-12")["items"]
    assert found["item"] == late.pk and found["severity"] == "error" and found["new"]
    assert found["message"].startswith("It was due on") and found["who"].startswith("Pm,")
    assert any(way["url"].endswith(f"/decisions/{late.pk}/decide/") for way in found["mend"])
    assert ask(cast.maker, "findings?rule=D-12")["items"][0]["mend"] == []


def test_findings_are_filtered(cast: Cast, late: Any) -> None:
    everything = rules_of(ask(cast.ops, "findings?limit=1000"))
    assert {("D-12", late.pk)} < everything and any(rule == "R-11" for rule, _item in everything)
    errors = ask(cast.ops, "findings?severity=error&limit=1000")
    assert {one["severity"] for one in errors["items"]} == {"error"} and errors["count"] < len(everything)
    of_team = rules_of(ask(cast.ops, f"findings?team={cast.team.pk}&limit=1000"))
    assert ("D-12", late.pk) in of_team and not any(rule == "R-11" for rule, _item in of_team)
    assert rules_of(ask(cast.ops, f"findings?team={cast.group.pk}&limit=1000")) == everything
    assert {item for _rule, item in rules_of(ask(cast.ops, f"findings?item={late.pk}"))} == {late.pk}
    Found.objects.filter(rule="D-12").update(first_seen=moment(-20))
    assert ("D-12", late.pk) not in rules_of(ask(cast.ops, "findings?new=true&limit=1000"))


@pytest.mark.parametrize(
    "query",
    ["rule=Z-99", "severity=loud", "team=0", "team=x", "item=x", "new=maybe", "colour=red", "limit=0"],
)
def test_a_filter_that_means_nothing_is_refused(query: str, cast: Cast) -> None:
    assert ask(cast.ops, f"findings?{query}", 422)["field"] == query.partition("=")[0]


def test_findings_come_page_by_page(cast: Cast, late: Any) -> None:
    path, seen = "findings?limit=2", []
    while path:
        page = ask(cast.ops, path)
        seen += [one["id"] for one in page["items"]]
        path = (page["next"] or "").partition("/api/v1/")[2]
    assert len(seen) == len(set(seen)) == page["count"] > 2


def test_what_is_hidden_or_silenced_is_not_there(cast: Cast, late: Any) -> None:
    hidden = make(DECISION, cast, due=day(-1), circle="private", author=cast.other_pm)
    Found.objects.create(
        rule="D-12", severity="error", item_id=hidden.pk, first_seen=moment(0), last_seen=moment(0)
    )
    Waiver.objects.create(rule="D-02", item_id=late.pk, reason="x", until=day(3), author=cast.pm)
    found = rules_of(ask(cast.pm, "findings?limit=1000"))
    assert ("D-12", late.pk) in found and ("D-02", late.pk) not in found
    assert hidden.pk not in {item for _rule, item in found}


@pytest.mark.parametrize("path", ["findings", "rules"])
def test_who_reads_no_items_reads_no_findings(path: str, cast: Cast, late: Any) -> None:
    for person in (cast.stakeholder, cast.guest):
        assert "Build it?" not in str(ask(person, path, 403))
    assert Client().get(f"/api/v1/{path}").status_code == 401


def test_rules_say_how_they_are_set_and_what_they_found(cast: Cast, late: Any) -> None:
    told = {one["id"]: one for one in ask(cast.maker, "rules")["items"]}
    assert told["D-12"]["findings"] == 1 and told["D-12"]["on"] and told["D-12"]["about"]
    assert told["D-11"]["limits"] == {"days": 30} and "R-19" not in told
