"""What REST tells around one decision is what its memo tells, to the same reader."""

import json

import pytest
from click.testing import CliRunner

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.cli import cli
from filrouge.core.kinds import all_kinds
from filrouge.evidence.insights.models import Insight
from filrouge.people.models import Deputy

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(cast):
    made = Decision.create(by=cast.pm, title="Where do files live?", approver=cast.pm.pk)
    made.add_option(by=cast.pm, option_title="Beside notebooks", pros="Asked for", cons="Costs a month")
    made.add_option(by=cast.pm, option_title="Do nothing")
    return made


def test_options_with_their_evidence_as_the_reader_sees_it(cast, caller, question):
    beside, _nothing = question.options.all()
    seen = Insight.create(by=cast.maker, title="They ask for it")
    hidden = Insight.create(by=cast.pm, title="Hidden", circle="private")
    question.weigh(by=cast.maker, option=beside.pk, side="for", from_items=[{"item": seen.pk}])
    question.weigh(by=cast.pm, option=beside.pk, side="against", from_items=[{"item": hidden.pk}])
    told = caller(cast.maker).get(f"decisions/{question.pk}")
    first, second = told.json()["options"]
    assert [one["id"] for one in first["for"]] == [seen.pk] and first["against"] == []
    assert (first["pros"], first["cons"], second["for"]) == (["Asked for"], ["Costs a month"], [])
    assert "Hidden" not in told.content.decode()
    mine = caller(cast.pm).get(f"decisions/{question.pk}").json()["options"][0]
    assert [one["title"] for one in mine["against"]] == ["Hidden"]
    assert "for" not in caller(cast.pm).get("decisions").json()["items"][0]["options"][0]


def test_who_may_answer_and_who_has_a_part(cast, caller, question):
    Deputy.objects.create(
        manager=cast.pm, deputy=cast.maker, starts="2020-01-01", ends="2999-01-01", named_by=cast.pm
    )
    question.involve(by=cast.pm, part="informed", by_name="Sales in Lyon")
    told = caller(cast.coach).get(f"decisions/{question.pk}").json()
    assert told["approver"]["name"] == "Pm" and told["parts"][0]["name"] == "Sales in Lyon"
    assert [(one["name"], one["stands_in_for"]) for one in told["deciders"]] == [
        ("Pm", None), ("Maker", {"id": cast.pm.pk, "name": "Pm"}),
    ]  # fmt: skip


def test_superseding_is_told_on_both_ends(cast, caller, question):
    later = Decision.create(by=cast.pm, title="Files live with us")
    for one in (question, later):
        one.decide(by=cast.pm, rationale="Because")
    question.supersede(by=cast.pm, successor=later.pk)
    api = caller(cast.maker)
    former, latter = (api.get(f"decisions/{one.pk}").json() for one in (question, later))
    assert [one["id"] for one in former["superseded_by"]] == [later.pk] and former["supersedes"] == []
    assert [one["id"] for one in latter["supersedes"]] == [question.pk] and latter["superseded_by"] == []


def test_what_a_kind_says_that_it_tells_is_what_one_answer_tells(cast, caller, question):
    told = caller(cast.pm).get(f"decisions/{question.pk}").json()
    assert set(question.kind.surroundings) <= set(told)
    shape = caller(cast.pm).get("openapi.json").json()["components"]["schemas"]
    for model in all_kinds():
        assert set(model.kind.surroundings) <= set(shape[f"{model.__name__}Out"]["properties"])


def test_a_roadmap_item_tells_the_decision_that_it_follows_as_the_reader_sees_it(cast, caller):
    item = Initiative.create(by=cast.pm, title="Files")
    decision = Decision.create(by=cast.pm, title="Files first?")
    secret = Decision.create(by=cast.pm, title="Not yet told", circle="private")
    for one in (decision, secret):
        item.follow(by=cast.pm, decision=one.pk)
    told = caller(cast.maker).get(f"initiatives/{item.pk}")
    assert [one["title"] for one in told.json()["follows"]] == ["Files first?"]
    assert "Not yet told" not in told.content.decode()
    new = {"title": "Mend", "horizon": "now", "no_decision": "A repair"}
    assert caller(cast.pm).post("initiatives", new).json()["no_decision"] == "A repair"
    words = ["initiatives", "create", "--title", "Mend", "--no-decision", "A repair", "--as", cast.pm.email]
    pk = json.loads(CliRunner().invoke(cli, [*words, "--json"]).output)["id"]
    assert caller(cast.maker).get(f"initiatives/{pk}").json()["no_decision"] == "A repair"
    item.follow(by=cast.pm, no_decision="Too small")
    assert caller(cast.maker).get(f"initiatives/{item.pk}").json()["no_decision"] == "Too small"
