"""The first five minutes, for each role."""

import pytest
from django.test import Client

from filrouge.alignment.decisions.models import Decision
from filrouge.evidence.insights.models import Quote
from filrouge.people.models import Role, User
from filrouge.sample.tests.conftest import one
from filrouge.sample.tour import PLAN, STEPS, tour_of


def done(user: User) -> set[str]:
    return {step.name for step in tour_of(user).steps if step.done}


def test_every_role_has_steps_that_exist() -> None:
    assert set(PLAN) == set(Role)
    assert {name for names in PLAN.values() for name in names} <= set(STEPS)


@pytest.mark.parametrize(
    "name", ["admin", "ops", "pm", "design", "maker", "coach", "sales", "lab", "health", "head"]
)
def test_nobody_has_done_a_step_at_first_and_each_leads_somewhere(
    sample: None, client: Client, name: str
) -> None:
    user = one(name)
    assert done(user) == set()
    client.force_login(user)
    for step in tour_of(user).steps:
        assert client.get(step.url).status_code == 200, step.url


def test_a_product_manager_walks_all_of_it(sample: None, client: Client) -> None:
    pm = one("pm")
    client.force_login(pm)
    steps = {step.name: step for step in tour_of(pm).steps}
    assert list(steps) == ["search", "read", "quote", "brief", "decide"]
    for name in ("search", "read", "brief"):
        client.get(steps[name].url)
    assert done(pm) == {"search", "read", "brief"}
    words = int(steps["quote"].url.strip("/").split("/")[1])
    Quote.create(by=pm, words=words, start=0, end=8)
    Decision.objects.get(status="open").decide(by=pm, rationale="Enough is known.")
    assert done(pm) == set(steps)
    assert tour_of(pm).next is None
    assert "walked the whole thread" in client.get("/").content.decode()


def test_looking_at_the_search_page_is_not_searching(sample: None, client: Client) -> None:
    client.force_login(one("pm"))
    client.get("/search/")
    assert done(one("pm")) == set()


def test_only_who_may_decide_is_asked_to(sample: None) -> None:
    assert "decide" in {step.name for step in tour_of(one("pm")).steps}
    assert "decide" not in {step.name for step in tour_of(one("lab")).steps}


def test_a_step_is_noted_once_and_costs_nothing_after(
    sample: None, client: Client, django_assert_max_num_queries: object
) -> None:
    pm = one("pm")
    client.force_login(pm)
    url = tour_of(pm).steps[3].url
    client.get(url)
    client.get(url)
    assert pm.footsteps.filter(step="brief").count() == 1
    assert client.session["toured"] == ["brief"]


def test_it_can_be_put_away_and_found_again(sample: None, client: Client) -> None:
    client.force_login(one("maker"))
    assert "/tour/dismiss/" in client.get("/").content.decode()
    assert client.post("/tour/dismiss/").status_code == 302
    assert "/tour/dismiss/" not in client.get("/").content.decode()
    assert "tour-steps" in client.get("/tour/").content.decode()


def test_home_stays_cheap(sample: None, client: Client, django_assert_max_num_queries: object) -> None:
    client.force_login(one("pm"))
    client.get("/")
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        client.get("/")
