"""Pages of any Kind, seen by each kind of reader."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from filrouge.alignment.decisions.models import Decision
from filrouge.core.models import Item
from filrouge.core.thread import Edge, Node
from filrouge.core.verbs import verbs_of
from filrouge.evidence.insights.models import Insight, Opportunity
from filrouge.ui.asking import inputs
from filrouge.ui.itempage import _causes, _states, buttons
from tests.fixtures.cast import Cast


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def insight(cast: Cast) -> Insight:
    made: Insight = Insight.create(
        by=cast.pm, title="People lose their place", claim="Files and notebooks live apart."
    )
    return made


@pytest.fixture
def decision(cast: Cast, insight: Insight) -> Decision:
    opportunity = Opportunity.create(by=cast.pm, title="Keep the place", from_items=[{"item": insight.pk}])
    made: Decision = Decision.create(
        by=cast.pm, title="Do we build it?", from_items=[{"item": opportunity.pk}]
    )
    return made


def test_a_decision_is_taken_through_its_dialog(cast: Cast, decision: Decision) -> None:
    client = signed_in(cast.pm)
    url = f"/decisions/{decision.pk}/decide/"
    form = client.get(url)
    assert form.status_code == 200
    assert 'name="rationale"' in form.content.decode()
    refused = client.post(url, {"rationale": "", "revision": decision.revision})
    assert refused.status_code == 422
    assert "id_rationale-error" in refused.content.decode()
    done = client.post(url, {"rationale": "Because", "outcome": "Yes", "revision": decision.revision})
    assert done.status_code == 302
    decision.refresh_from_db()
    assert (decision.status, decision.rationale, decision.decided_by) == ("decided", "Because", cast.pm)
    assert client.get(url).status_code == 409


def test_access_is_checked_before_state_and_body(cast: Cast, decision: Decision) -> None:
    decision.decide(by=cast.pm, rationale="Because")
    url = f"/decisions/{decision.pk}/decide/"
    assert signed_in(cast.maker).post(url, {}).status_code == 403
    assert signed_in(cast.pm).post(url, {}).status_code == 409
    assert signed_in(cast.stakeholder).post(url, {}).status_code == 404
    assert Client().post(url, {}).status_code == 302


def test_a_change_in_the_meantime_keeps_what_was_typed(cast: Cast, insight: Insight) -> None:
    client = signed_in(cast.pm)
    insight.revise(by=cast.design, title="Another title")
    answer = client.post(
        f"/insights/{insight.pk}/revise/", {"title": "Mine", "claim": "x", "confidence": "low", "revision": 1}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="Mine"' in page and f'name="revision" value="{insight.revision}"' in page
    insight.refresh_from_db()
    assert insight.title == "Another title"


def test_emptying_a_field_empties_it(cast: Cast, insight: Insight) -> None:
    sent = {"title": insight.title, "claim": "", "unknowns": "", "confidence": "high", "revision": 1}
    assert signed_in(cast.pm).post(f"/insights/{insight.pk}/revise/", sent).status_code == 302
    insight.refresh_from_db()
    assert (insight.claim, insight.confidence) == ("", "high")


def test_one_can_be_made_because_of_another(cast: Cast, insight: Insight) -> None:
    client = signed_in(cast.pm)
    page = client.get(f"/opportunities/new/create/?from_items={insight.pk}").content.decode()
    assert f'<option value="{insight.pk}" selected>' in page
    sent = {"title": "New", "team": cast.team.pk, "circle": "team", "from_items": [insight.pk]}
    assert client.post("/opportunities/new/create/", sent).status_code == 302
    made = Opportunity.objects.get()
    assert [link.source_id for link in made.links_in.all()] == [insight.pk]


def test_what_was_done_is_said_once(cast: Cast, insight: Insight) -> None:
    client = signed_in(cast.pm)
    told = client.post(f"/insights/{insight.pk}/archive/", follow=True).content.decode()
    assert f"<strong>Done.</strong> Archive: {insight.title}" in told


def test_every_dialog_opens(cast: Cast, insight: Insight, decision: Decision) -> None:
    """Each Verb has a form, with a label for every question."""
    items: list[Item] = [insight, decision, Opportunity.objects.get()]
    for item in items:
        for name, verb in verbs_of(type(item)).items():
            target = None if verb.makes else item
            asked = inputs(verb, type(item), target, cast.pm, {})
            assert all(one.label for one in asked), name
            url = f"/{item.slug}/new/{name}/" if verb.makes else f"/{item.slug}/{item.pk}/{name}/"
            assert signed_in(cast.pm).get(url).status_code in (200, 409), url


def test_a_private_item_is_not_there_for_others(cast: Cast) -> None:
    item = Insight.create(by=cast.design, title="Mine alone", circle="private")
    nobody = 999_999
    for path in ("/insights/{}/", "/insights/{}/history/", "/insights/{}/thread/", "/insights/{}/revise/"):
        there, absent = (signed_in(cast.pm).get(path.format(pk)) for pk in (item.pk, nobody))
        assert (there.status_code, absent.status_code) == (404, 404)
    assert signed_in(cast.design).get(f"/insights/{item.pk}/history/").status_code == 200
    assert "Mine alone" not in signed_in(cast.admin).get("/palette/?q=mine").content.decode()
    assert "Mine alone" not in signed_in(cast.admin).get("/insights/export/?format=json").content.decode()


def test_readers_of_wider_circles_get_the_wording_alone(cast: Cast, insight: Insight) -> None:
    reader = signed_in(cast.stakeholder)
    assert reader.get(f"/insights/{insight.pk}/thread/").status_code == 404
    insight.open_to(by=cast.pm, circle="world", language="en", title="We heard you", text="Soon.")
    for client in (reader, Client()):
        page = client.get(f"/insights/{insight.pk}/thread/").content.decode()
        assert "We heard you" in page and "lose their place" not in page
    assert reader.get(f"/insights/{insight.pk}/history/").status_code == 403
    assert reader.post(f"/insights/{insight.pk}/archive/").status_code == 403
    hidden = Insight.create(by=cast.pm, title="Hidden")
    assert Client().get(f"/insights/{hidden.pk}/thread/").status_code == 302
    assert Client().get("/insights/999999/thread/").status_code == 302


def test_the_export_holds_no_formula(cast: Cast) -> None:
    Insight.create(by=cast.pm, title="=1+1")
    client = signed_in(cast.maker)
    csv = client.get("/insights/export/?format=csv").content.decode("utf-8-sig")
    assert "'=1+1" in csv and csv.startswith("id,type,title")
    assert client.get("/insights/export/?format=json").json()[0]["title"] == "=1+1"
    assert client.get("/insights/export/?format=xls").status_code == 422
    assert client.get("/insights/export/?status=%00&team=x").status_code == 422
    assert signed_in(cast.stakeholder).get("/insights/export/").status_code == 403


def test_a_large_export_is_a_file_for_who_asked(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filrouge.jobs.models import Job

    monkeypatch.setattr("filrouge.ui.exports.DIRECT", 1)
    for number in range(3):
        Insight.create(by=cast.pm, title=f"Insight {number}")
    client = signed_in(cast.maker)
    place = client.get("/insights/export/?format=csv")["Location"]
    assert client.get(place).status_code == 200
    assert client.get(f"{place}file/").status_code == 404
    job = Job.objects.latest("id")
    assert signed_in(cast.pm).get(place).status_code == 404
    run_now(job)
    assert client.get(place).status_code == 200
    assert b"".join(client.get(f"{place}file/").streaming_content).count(b"Insight ") == 3  # type: ignore[attr-defined]


def run_now(job: Any) -> None:
    from filrouge.jobs.backend import task_of
    from filrouge.jobs.models import Job, State
    from filrouge.jobs.run import Run, running

    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, attempts=1)
    job.refresh_from_db()
    with running(Run(job)):
        task_of(job).func(**job.payload["kwargs"])
    Job.objects.filter(pk=job.pk).update(state=State.DONE)


def test_the_palette_knows_where_it_is(cast: Cast, decision: Decision) -> None:
    client = signed_in(cast.pm)
    here = client.get("/palette/", {"q": "deci", "at": f"/decisions/{decision.pk}/"}).json()["items"]
    assert {"label": "Decide…", "method": "dialog"}.items() <= next(
        one for one in here if one["label"] == "Decide…"
    ).items()
    assert any(one["url"] == "/decisions/new/create/" for one in here)
    [capture] = client.get("/palette/", {"q": "capt"}).json()["items"]
    assert (capture["url"], capture["method"]) == ("/words/new/", "dialog")
    found = client.get("/palette/", {"q": "buil"}).json()["items"]
    assert found[0]["url"] == f"/decisions/{decision.pk}/"
    assert client.get("/palette/", {"q": "\x00'\"*(", "at": "/insights/" + "9" * 30}).status_code == 200


@pytest.mark.parametrize("typed", ["People l", "People lo", "People lose t", "people lose their"])
def test_the_first_letter_of_a_word_does_not_empty_the_list(cast: Cast, insight: Insight, typed: str) -> None:
    page = signed_in(cast.pm).get("/pick/", {"name": "to", "kinds": "insights", "find": typed})
    assert insight.title in page.content.decode()


@pytest.mark.parametrize("path", ["/decisions/", "/initiatives/", "/quotes/"])
def test_lists_cost_a_bounded_number_of_queries(
    cast: Cast, path: str, django_assert_max_num_queries: Any, decision: Decision
) -> None:
    client = signed_in(cast.pm)
    client.get(path)
    with django_assert_max_num_queries(14):
        assert client.get(path).status_code == 200


def test_wrong_filters_are_said_not_failed(cast: Cast) -> None:
    page = signed_in(cast.pm).get("/quotes/?team=abc&cursor=zzz&limit=-1")
    assert page.status_code == 422
    for query in (
        "cursor=MX4xCg",
        "cursor=MX4AAA",
        "limit=00000000019",
        "sort=zz",
        "author=99999999999999999999",
    ):
        assert signed_in(cast.pm).get(f"/quotes/?{query}").status_code in (200, 422)


def test_a_list_without_a_filter_has_a_second_page_too(cast: Cast) -> None:
    for number in range(3):
        Opportunity.create(by=cast.pm, title=f"Problem {number}", problem="It is slow.")
        Insight.create(by=cast.pm, title=f"Insight {number}")
    client = Client()
    client.force_login(cast.pm)
    for path in ("/insights/", "/opportunities/"):
        assert 'rel="next"' in client.get(f"{path}?limit=2").content.decode(), path


def test_the_way_stands_in_its_order_whatever_leads_to_its_like() -> None:
    assert _causes(Decision) == [
        "insights.Quote", "insights.Insight", "insights.Opportunity", "roadmap.Initiative",
        "strategy.KeyResult", "strategy.Goal",
    ]  # fmt: skip


def test_acts_of_the_type_stand_before_those_of_every_item(cast: Cast, decision: Decision) -> None:
    page = signed_in(cast.pm).get(decision.get_absolute_url()).content.decode()
    link = f'/decisions/{decision.pk}/link/"'
    names = [button.name for button in buttons(decision, cast.pm) if not button.common]
    assert "link" not in names and "decide" in names
    assert page.count('class="menu-part"') == 1 and f"{link} data-dialog-url class" in page


@pytest.mark.parametrize(
    ("language", "said"), [("en", "2 open, 1 kept"), ("fr", "open\u00a0: 2, kept\u00a0: 1")]
)
def test_how_many_are_in_which_state_agrees_with_no_number(language: str, said: str) -> None:
    states = ("Open", "Kept", "Open", "")
    nodes = [Node(Edge(1, 2, "leads_to", "insights.Insight"), "Anything", 1, "", state) for state in states]
    with override(language):
        assert _states(nodes) == said
