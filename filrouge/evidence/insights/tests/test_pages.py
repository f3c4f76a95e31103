"""The pages of evidence: who sees what, and at which cost."""

import pytest
from django.urls import reverse

from filrouge.alignment.decisions.models import Decision
from filrouge.evidence.insights.models import Insight, Opportunity

from .saying import person, quote, say, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast):
    return story(cast.pm, cast.design)


def pages(told):
    pk = told.opportunity.pk
    of_one = [f"/opportunities/{pk}/{page}" for page in ("", "brief/", "brief.md")]
    heard = [f"/heard/{pk}/{page}" for page in ("", "summary/", "people.csv")]
    alone = [f"/insights/{told.lost.pk}/", f"/quotes/{told.quotes[0].pk}/"]
    return ["/insights/", "/opportunities/", "/tray/", *of_one, *heard, *alone]


def test_product_roles_read_them_all(cast, client, told):
    for reader in (cast.admin, cast.ops, cast.pm, cast.design, cast.maker, cast.coach, cast.other_pm):
        client.force_login(reader)
        assert {client.get(page).status_code for page in pages(told)} == {200}, reader


def test_wider_circles_read_none_of_it(cast, client, told):
    told.lost.open_as_written(by=cast.ops)
    for reader in (cast.stakeholder, cast.guest):
        client.force_login(reader)
        for page in pages(told):
            answer = client.get(page)
            assert (
                b"lose my place all day" not in answer.content and b"Files live apart" not in answer.content
            )
        assert client.get(f"/opportunities/{told.opportunity.pk}/").status_code == 404
        assert client.get(f"/heard/{told.opportunity.pk}/").status_code == 403
        assert client.get(f"/insights/{told.lost.pk}/").status_code == 200


def test_nobody_reads_it_without_signing_in(client, told):
    assert all(client.get(page).status_code == 302 for page in pages(told))


def test_a_private_item_of_another_is_not_there(cast, client):
    insight = Insight.create(by=cast.design, title="Hidden thought", circle="private")
    problem = Opportunity.create(by=cast.pm, title="Hidden problem", circle="private")
    hidden = quote(cast.design, say("Hidden words", person()), supports=insight.pk)
    hidden.link(by=cast.design, to=insight.pk)
    for reader in (cast.ops, cast.admin, cast.other_pm):
        client.force_login(reader)
        heard = [f"/heard/{insight.pk}/{page}" for page in ("", "summary/", "people.csv")]
        briefs = [f"/opportunities/{problem.pk}/{page}" for page in ("", "brief/", "brief.md")]
        for page in (f"/insights/{insight.pk}/", *heard, *briefs):
            assert client.get(page).status_code == 404, page
        assert b"Hidden thought" not in client.get("/insights/").content
        assert b"Hidden problem" not in client.get("/opportunities/").content
        assert b"Hidden thought" not in client.get(f"/quotes/{hidden.pk}/").content


def test_names_are_for_those_who_may_see_who_users_are(cast, client, told):
    pages = [f"/heard/{told.opportunity.pk}/", f"/heard/{told.opportunity.pk}/people.csv"]
    for reader, seen in ((cast.design, True), (cast.ops, True), (cast.maker, False), (cast.coach, False)):
        client.force_login(reader)
        assert [b"Ada Lovelace" in client.get(page).content for page in pages] == [seen, seen]
        assert (b"ada@example.org" in client.get(pages[1]).content) is seen


def test_the_list_of_people_computes_nothing_in_a_spreadsheet(cast, client, told):
    quote(cast.design, say("=1+1"), supports=told.opportunity.pk)
    client.force_login(cast.pm)
    text = client.get(reverse("heard-csv", args=[told.opportunity.pk])).content.decode()
    assert "'=1+1" in text and ",=1+1" not in text


def test_the_frozen_brief_has_a_page(cast, client, told):
    decision = Decision.create(by=cast.pm, title="Build it?", from_items=[{"item": told.opportunity.pk}])
    address = f"/opportunities/{told.opportunity.pk}/brief/?decision={decision.pk}"
    client.force_login(cast.maker)
    assert client.get(address).status_code == 404
    decision.decide(by=cast.pm, rationale="Yes")
    told.opportunity.revise(by=cast.pm, title="Another title")
    page = client.get(address).content.decode()
    assert "Files live apart" in page and "Another title" not in page


@pytest.mark.parametrize("named", ["x", "-1", "9" * 30, "0", "99999", "%00"])
def test_a_decision_that_is_none_is_not_found(cast, client, told, named):
    client.force_login(cast.pm)
    assert client.get(f"/opportunities/{told.opportunity.pk}/brief/?decision={named}").status_code == 404


@pytest.mark.parametrize(
    "query", ["sort=x", "cursor=x", "team=x", "limit=0", "status=%00", "q=%00", "limit=x"]
)
def test_an_address_that_makes_no_sense_is_answered(cast, client, query):
    client.force_login(cast.pm)
    for page in ("/insights/", "/opportunities/"):
        assert client.get(f"{page}?{query}").status_code in (200, 422)


def test_empty_pages_say_what_to_do_first(cast, client):
    client.force_login(cast.pm)
    assert b"Start from the words" in client.get("/insights/").content
    assert b"Frame an opportunity" in client.get("/opportunities/").content
    alone = Opportunity.create(by=cast.pm, title="Alone")
    assert b"Nobody has been quoted" in client.get(f"/opportunities/{alone.pk}/").content
    assert b"Nobody was heard" in client.get(f"/heard/{alone.pk}/").content


@pytest.mark.parametrize("page", ["inbox", "sources", "voices/people", "voices/companies", "voices/segments"])
def test_an_empty_page_offers_only_what_its_reader_may_do(cast, client, page):
    for reader, offered in ((cast.ops, True), (cast.stakeholder, False)):
        client.force_login(reader)
        assert (b'href="/import/">Import a file' in client.get(f"/{page}/").content) is offered


@pytest.mark.parametrize("page", ["/insights/", "/opportunities/"])
def test_a_list_costs_the_same_for_one_row_and_for_many(cast, client, django_assert_max_num_queries, page):
    for number in range(12):
        insight = Insight.create(by=cast.design, title=f"Insight {number}")
        problem = Opportunity.create(by=cast.pm, title=f"Problem {number}", from_items=[{"item": insight.pk}])
        quote(cast.design, say(f"Words {number}", person(role="scientist")), supports=insight.pk)
        assert problem
    client.force_login(cast.pm)
    client.get(page)
    with django_assert_max_num_queries(22):
        answer = client.get(page)
    assert answer.content.count(b"data-row-link") == 12


def test_a_brief_costs_the_same_for_few_and_for_many(cast, client, told, django_assert_max_num_queries):
    for number in range(30):
        quote(cast.design, say(f"More {number}", person(role="scientist")), supports=told.lost.pk)
    client.force_login(cast.pm)
    for page in (f"/opportunities/{told.opportunity.pk}/", f"/heard/{told.opportunity.pk}/"):
        client.get(page)
        with django_assert_max_num_queries(36):
            client.get(page)
