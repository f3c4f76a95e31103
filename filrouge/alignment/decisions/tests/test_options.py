"""Options: written by whoever decides, weighed by whoever has evidence, chosen once."""

import pytest

from filrouge.alignment.decisions.memo import weighed
from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.decisions.options import Ground
from filrouge.core.errors import BadInput, Conflict, Forbidden
from filrouge.core.models import Item, Link
from filrouge.evidence.insights.models import Insight, Opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(cast):
    made = Decision.create(by=cast.pm, title="Where do files live?")
    made.add_option(
        by=cast.pm, option_title="Beside notebooks", pros="Asked for\n\n often ", cons="Costs a month"
    )
    made.add_option(by=cast.pm, option_title="Do nothing")
    return made


def test_an_option_holds_an_argument_a_line(question):
    first, second = question.options.all()
    assert (first.title, first.pros.splitlines(), first.cons) == (
        "Beside notebooks",
        ["Asked for", "often"],
        "Costs a month",
    )
    assert (second.position, second.pros) == (2, "")


def test_only_whoever_decides_writes_options(cast, question):
    for person in (cast.maker, cast.other_pm, cast.admin, cast.head):
        with pytest.raises(Forbidden):
            question.add_option(by=person, option_title="Mine")


def test_two_options_have_two_names(cast, question):
    with pytest.raises(BadInput):
        question.add_option(by=cast.pm, option_title="  Do  nothing ")


def test_an_option_is_edited_and_dropped(cast, question):
    first, second = question.options.all()
    question.edit_option(by=cast.pm, option=first.pk, option_title="Next to notebooks", cons="None")
    question.drop_option(by=cast.pm, option=second.pk)
    (left,) = question.options.all()
    assert (left.title, left.pros, left.cons) == ("Next to notebooks", "", "None")


def test_the_history_keeps_what_an_option_said(cast, question, client):
    client.force_login(cast.maker)
    page = client.get(f"/decisions/{question.pk}/history/").content.decode()
    assert "added an option" in page and "Beside notebooks" in page and "Costs a month" in page


def test_an_option_of_another_decision_is_none(cast, question):
    other = Decision.create(by=cast.pm, title="Another")
    for act in ("drop_option", "edit_option"):
        given = {"option": question.options.first().pk} | ({"option_title": "x"} if "edit" in act else {})
        with pytest.raises(BadInput):
            getattr(other, act)(by=cast.pm, **given)


def test_a_maker_brings_evidence_on_either_side(cast, question):
    heard = Insight.create(by=cast.design, title="People lose files")
    problem = Opportunity.create(by=cast.pm, title="Files live apart")
    first = question.options.first()
    question.weigh(by=cast.maker, option=first.pk, side="for", from_items=[heard.pk, problem.pk])
    question.weigh(by=cast.maker, option=first.pk, side="against", from_items=[heard.pk])
    one, _nothing = weighed(question, cast.maker)
    assert [item.title for item in one.supports] == ["Files live apart"]
    assert [item.title for item in one.opposes] == ["People lose files"]
    assert Link.objects.filter(target_id=question.pk, relation="weighs_in").count() == 2


def test_only_what_may_weigh_is_offered(cast, question, client):
    Insight.create(by=cast.design, title="People lose files")
    Decision.create(by=cast.pm, title="Another question")
    client.force_login(cast.maker)
    page = client.get(f"/decisions/{question.pk}/weigh/").content.decode()
    assert "People lose files" in page and "Another question" not in page


def test_evidence_that_a_reader_may_not_see_is_not_told(cast, question):
    heard = Insight.create(by=cast.design, title="Hidden", circle="private")
    question.weigh(by=cast.design, option=question.options.first().pk, side="for", from_items=[heard.pk])
    assert weighed(question, cast.maker)[0].supports == []
    assert len(weighed(question, cast.design)[0].supports) == 1


def test_unlinking_takes_the_evidence_off_the_option(cast, question):
    heard = Insight.create(by=cast.design, title="People lose files")
    question.weigh(by=cast.maker, option=question.options.first().pk, side="for", from_items=[heard.pk])
    heard.unlink(by=cast.design, to=question.pk)
    assert not Ground.objects.exists()


def test_the_chosen_option_is_the_outcome_and_the_only_one(cast, question):
    first, second = question.options.all()
    question.decide(by=cast.pm, option=second.pk, rationale="Not now")
    question.reopen(by=cast.pm, reason="A customer left")
    question.decide(by=cast.pm, option=first.pk, rationale="Now")
    assert question.outcome == "Beside notebooks"
    assert list(question.options.filter(chosen=True)) == [first]


def test_what_was_decided_here_keeps_its_options(cast, question):
    question.decide(by=cast.pm, rationale="Not now")
    with pytest.raises(Conflict):
        question.add_option(by=cast.pm, option_title="Too late")


def test_the_dialogs_offer_the_options_of_this_decision(cast, question, client):
    client.force_login(cast.pm)
    first = question.options.first()
    page = client.get(f"/decisions/{question.pk}/decide/").content.decode()
    assert f'<option value="{first.pk}">Beside notebooks</option>' in page
    page = client.get(f"/decisions/{question.pk}/edit_option/?option={first.pk}").content.decode()
    assert "Costs a month" in page and f'<option value="{first.pk}" selected>' in page
    sent = {"option": first.pk, "option_title": "Near", "about": "", "pros": "", "cons": "", "revision": ""}
    assert client.post(f"/decisions/{question.pk}/edit_option/", sent).status_code == 302
    first.refresh_from_db()
    assert first.title == "Near"


@pytest.mark.parametrize("option", ["", "0", "x", "9" * 30])
def test_an_option_that_is_none_opens_an_empty_dialog(cast, question, client, option):
    client.force_login(cast.pm)
    assert client.get(f"/decisions/{question.pk}/edit_option/?option={option}").status_code == 200


def test_rest_and_the_command_list_them(cast, question):
    told = question.own_values()
    assert [one["title"] for one in told["options"]] == ["Beside notebooks", "Do nothing"]
    assert told["options"][0]["cons"] == ["Costs a month"]


def test_the_page_shows_both_sides(cast, question, client):
    heard = Insight.create(by=cast.design, title="People lose files")
    question.weigh(by=cast.maker, option=question.options.first().pk, side="against", from_items=[heard.pk])
    client.force_login(cast.maker)
    page = client.get(f"/decisions/{question.pk}/").content.decode()
    assert "Asked for" in page and "Evidence against it" in page and "People lose files" in page
    assert f"/decisions/{question.pk}/weigh/" in page and "/add_option/" not in page
    assert Item.objects.count() == 2
