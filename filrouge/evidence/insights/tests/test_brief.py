"""The brief: both sides, who was heard, and what a decision froze of it."""

import pytest

from filrouge.alignment.decisions.models import Decision
from filrouge.evidence.insights.behind import behind
from filrouge.evidence.insights.brief import brief, frozen_brief
from filrouge.evidence.insights.models import Insight
from filrouge.voices.erasure import erase

from .saying import quote, say, story

pytestmark = pytest.mark.django_db


def texts(side):
    return [verbatim.text for verbatim in side]


def test_it_shows_both_sides_newest_first(cast):
    told = story(cast.pm, cast.design)
    found = brief(told.opportunity, cast.maker).evidence
    assert texts(found.supports) == [
        "I lose my place all day", "Search my folders", "No name here", "Again I lose my place",
    ]  # fmt: skip
    assert texts(found.contradicts) == ["Keep it simple"]
    assert (found.count_for, found.people_for, found.count_against, found.people_against) == (4, 2, 1, 1)
    assert (found.reach.people, found.reach.unknown, found.reach.sources) == (3, 1, 2)


def test_what_contradicts_a_counter_argument_speaks_for_it_again(cast):
    told = story(cast.pm, cast.design)
    quote(cast.design, say("I teach and I want more"), contradicts=told.simple.pk)
    found = brief(told.opportunity, cast.pm).evidence
    assert "I teach and I want more" in texts(found.supports)


def test_a_quote_on_both_sides_is_one_person(cast):
    told = story(cast.pm, cast.design)
    told.quotes[0].link(by=cast.design, to=told.simple.pk, relation="supports")
    found = brief(told.opportunity, cast.pm).evidence
    assert (found.count_for, found.count_against, found.reach.people) == (4, 2, 3)


def test_the_quoted_words_are_marked_where_they_stand(cast):
    told = story(cast.pm, cast.design)
    first = brief(told.opportunity, cast.pm).evidence.supports[0]
    (start, end), words = first.spans[0], told.quotes[0].version.words
    assert first.text[start:end] == "lose my place"
    assert first.href == f"/words/{words.pk}/?start=2&end=15#quote"


def test_open_questions_come_from_the_insights_and_from_the_figures(cast):
    told = story(cast.pm, cast.design)
    found = brief(told.opportunity, cast.pm)
    assert found.questions == [("People lose their place", "Why now?")]
    assert any("no known speaker" in gap for gap in found.gaps)


def test_private_evidence_of_others_is_neither_shown_nor_counted(cast):
    told = story(cast.pm, cast.design)
    secret = Insight.create(by=cast.design, title="Secret", circle="private")
    secret.link(by=cast.design, to=told.opportunity.pk, relation="supports")
    quote(cast.design, say("Whispered", told.people[2]), supports=secret.pk)
    own, others = (brief(told.opportunity, reader).evidence for reader in (cast.design, cast.pm))
    assert (own.count_for, others.count_for) == (5, 4)
    assert "Secret" not in [claim.title for claim in others.claims]
    assert secret.pk not in behind(told.opportunity, cast.admin).types


def test_archived_evidence_leaves_the_brief(cast):
    told = story(cast.pm, cast.design)
    told.lost.archive(by=cast.design)
    assert brief(told.opportunity, cast.pm).evidence.count_for == 1


def decided(cast, told, **given):
    decision = Decision.create(by=cast.pm, title="Build it?", from_items=[{"item": told.opportunity.pk}])
    decision.decide(by=cast.pm, rationale="Heard enough", **given)
    return decision


def frozen(cast, told, decision):
    found = frozen_brief(told.opportunity, cast.pm, decision)
    assert found is not None
    return found


def shape(found):
    evidence = found.evidence
    return (
        found.title, found.problem, texts(evidence.supports), texts(evidence.contradicts),
        [(claim.title, claim.confidence) for claim in evidence.claims], found.questions,
    )  # fmt: skip


def test_a_decided_brief_stays_as_it_was(cast):
    told = story(cast.pm, cast.design)
    decision = decided(cast, told)
    then = shape(frozen(cast, told, decision))
    told.opportunity.revise(by=cast.pm, title="Something else", problem="Changed")
    told.lost.revise(by=cast.design, title="Changed", confidence="low", unknowns="")
    told.simple.unlink(by=cast.pm, to=told.opportunity.pk)
    quote(cast.design, say("Said afterwards", told.people[2]), supports=told.opportunity.pk)
    told.lost.archive(by=cast.design)
    told.opportunity.refresh_from_db()
    assert shape(frozen(cast, told, decision)) == then
    assert brief(told.opportunity, cast.pm).title == "Something else"


def test_a_decided_brief_loses_erased_words(cast):
    told = story(cast.pm, cast.design)
    decision = decided(cast, told)
    erase(told.people[0], by=cast.ops)
    found = frozen(cast, told, decision).evidence
    assert [verbatim.erased for verbatim in found.supports] == [True, False, False, True]
    assert "lose my place" not in " ".join(texts(found.supports))
    assert (found.reach.people, found.reach.erased) == (2, 2)


def test_a_decision_freezes_no_private_item(cast):
    told = story(cast.pm, cast.design)
    secret = Insight.create(by=cast.pm, title="Secret", circle="private")
    secret.link(by=cast.pm, to=told.opportunity.pk, relation="supports")
    decision = decided(cast, told)
    assert str(secret.pk) not in decision.brief["items"]
    assert all(secret.pk not in edge for edge in decision.brief["links"])


def test_a_decision_froze_nothing_of_an_opportunity_linked_later(cast):
    told = story(cast.pm, cast.design)
    decision = Decision.create(by=cast.pm, title="Other?")
    decision.decide(by=cast.pm, rationale="Yes")
    assert frozen_brief(told.opportunity, cast.pm, decision) is None
