"""The pages of decisions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.decisions.models import Decision, due_first
from filrouge.alignment.decisions.pages import due_soon, parse
from filrouge.alignment.roadmap.board import waiting
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core import lists
from filrouge.core.models import Item
from filrouge.evidence.insights.models import Opportunity

pytestmark = pytest.mark.django_db


def ask(cast, title="Build it?", days=None, by=None, **fields):
    due = None if days is None else timezone.localdate() + timedelta(days=days)
    return Decision.create(by=by or cast.pm, title=title, due=due, **fields)


@pytest.fixture
def question(cast):
    problem = Opportunity.create(by=cast.pm, title="Files live apart")
    return ask(cast, from_items=[{"item": problem.pk}])


def test_open_ones_come_by_due_date(cast):
    for title, days in (("No date", None), ("Later", 20), ("Late", -3), ("Soon", 2)):
        ask(cast, title, days)
    found = due_first(lists.rows(Decision, parse({}), cast.maker))
    assert [item.title for item in found] == ["Late", "Soon", "Later", "No date"]


def test_what_is_due_soon_is_of_ones_own_teams(cast):
    late, soon, _later = ask(cast, days=-3), ask(cast, days=7), ask(cast, days=8)
    theirs = ask(cast, days=1, by=cast.other_pm)
    assert set(due_soon(cast.pm)) == {late.pk, soon.pk}
    assert set(due_soon(cast.maker)) == {late.pk, soon.pk, theirs.pk}
    assert due_soon(cast.stakeholder) == []


def test_only_the_product_manager_is_offered_to_decide(cast, client, question):
    for reader, offered in (
        (cast.pm, True),
        (cast.other_pm, False),
        (cast.admin, False),
        (cast.maker, False),
    ):
        client.force_login(reader)
        page = client.get(f"/decisions/{question.pk}/").content
        assert (f"/decisions/{question.pk}/decide/".encode() in page) is offered
        assert (b"Only they can decide" in page) is not offered


def test_the_page_links_the_brief_and_then_the_frozen_one(cast, client, question):
    client.force_login(cast.maker)
    address = f"/opportunities/{Opportunity.objects.get().pk}/brief/"
    page = client.get(f"/decisions/{question.pk}/").content.decode()
    assert f'href="{address}"' in page and "decision=" not in page
    question.decide(by=cast.pm, rationale="Heard often", outcome="Yes, in spring")
    page = client.get(f"/decisions/{question.pk}/").content.decode()
    assert f'href="{address}?decision={question.pk}"' in page
    assert "Heard often" in page and "Yes, in spring" in page and "/decide/" not in page


def test_an_opportunity_linked_later_has_no_frozen_brief(cast, client, question):
    question.decide(by=cast.pm, rationale="Yes")
    later = Opportunity.create(by=cast.pm, title="Came later")
    later.link(by=cast.pm, to=question.pk)
    client.force_login(cast.maker)
    page = client.get(f"/decisions/{question.pk}/").content.decode()
    assert f'href="/opportunities/{later.pk}/brief/"' in page and "Linked after the decision" in page


def test_a_private_opportunity_behind_it_is_not_told(cast, client, question):
    Item.objects.filter(title="Files live apart").update(circle="private")
    client.force_login(cast.maker)
    assert b"Files live apart" not in client.get(f"/decisions/{question.pk}/").content


def test_an_open_decision_waits_on_the_roadmap(cast, client):
    item = Initiative.create(by=cast.pm, title="Files next to notebooks")
    question = ask(cast, from_items=[{"item": item.pk}])
    assert [one.title for one in waiting([item.pk], cast.maker)[item.pk]] == ["Build it?"]
    question.decide(by=cast.pm, rationale="Yes")
    assert waiting([item.pk], cast.maker)[item.pk] == []


def test_private_decisions_of_others_are_not_there(cast, client):
    hidden = ask(cast, "Hidden question", days=1, circle="private")
    for reader in (cast.other_pm, cast.admin):
        client.force_login(reader)
        assert b"Hidden question" not in client.get("/decisions/").content
        assert client.get(f"/decisions/{hidden.pk}/").status_code == 404
        assert due_soon(reader) == []


def test_wider_circles_read_wordings_only(cast, client, question):
    client.force_login(cast.stakeholder)
    assert client.get(f"/decisions/{question.pk}/").status_code == 404
    assert b"Build it?" not in client.get("/decisions/").content
    question.decide(by=cast.pm, rationale="Secret reasons", outcome="Yes")
    question.open_to(by=cast.pm, circle="company", language="en", title="We build it", text="In spring.")
    page = client.get(f"/decisions/{question.pk}/").content
    assert b"We build it" in page and b"Secret reasons" not in page


@pytest.mark.parametrize("query", ["team=x", "cursor=x", "limit=0", "q=%00", "sort=x"])
def test_an_address_that_makes_no_sense_is_answered(cast, client, query):
    client.force_login(cast.pm)
    assert client.get(f"/decisions/?{query}").status_code in (200, 422)


def test_an_empty_page_says_what_to_do_first(cast, client):
    client.force_login(cast.pm)
    assert b"No decisions yet" in client.get("/decisions/").content


def test_the_list_costs_the_same_for_many(cast, client, django_assert_max_num_queries):
    for number in range(12):
        ask(cast, f"Question {number}").decide(by=cast.pm, rationale="Yes")
        ask(cast, f"Open {number}")
    client.force_login(cast.pm)
    client.get("/decisions/")
    with django_assert_max_num_queries(18):
        client.get("/decisions/")


def test_the_world_does_not_learn_from_the_thread_what_became_of_a_decision(client, cast):
    problem = Opportunity.create(by=cast.pm, title="Lost work", team=cast.team.pk)
    decision = Decision.create(by=cast.pm, title="Keep drafts?", team=cast.team.pk)
    problem.link(by=cast.pm, to=decision.pk)
    for item in (problem, decision):
        item.open_to(by=cast.pm, circle="world", language="en", title="Told to all", text="Told")
    before = [client.get(f"/opportunities/{problem.pk}/{page}").content for page in ("", "thread/")]
    decision.decide(by=cast.pm, rationale="Inside", outcome="Inside")
    after = [client.get(f"/opportunities/{problem.pk}/{page}").content for page in ("", "thread/")]
    assert before[0].count(b"Told to all") and before == after


def test_of_many_open_decisions_the_first_come_and_the_others_on_request(cast, client):
    for number in range(51):
        ask(cast, f"Question {number}", days=number)
    client.force_login(cast.maker)
    page = client.get("/decisions/").content.decode()
    assert "Question 49" in page and "Question 50" not in page and 'href="?all=1"' in page
    page = client.get("/decisions/?all=1").content.decode()
    assert "Question 50" in page and "Show the others" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=superseded", {"Former"}),
        ("status=decided&year=2020", set()),
        ("year=2020", {"Former"}),
        ("q=python", {"Python it is"}),
        ("status=open", {"Waits"}),
    ],
)
def test_the_log_is_filtered_by_status_and_year(cast, client, query, found):
    former = Decision.record(by=cast.pm, title="Former", rationale="Then", decided_on="2020-02-03")
    later = Decision.record(by=cast.pm, title="Python it is", rationale="Now", decided_on="2024-02-03")
    former.supersede(by=cast.pm, successor=later.pk)
    ask(cast, "Waits")
    client.force_login(cast.maker)
    page = client.get(f"/decisions/?{query}").content.decode()
    assert {title for title in ("Former", "Python it is", "Waits") if f">{title}</a>" in page} == found


@pytest.mark.parametrize("year", ["x", "0", "99999", "1e3"])
def test_a_year_that_is_none(cast, client, year):
    client.force_login(cast.pm)
    assert client.get(f"/decisions/?year={year}").status_code == 422
