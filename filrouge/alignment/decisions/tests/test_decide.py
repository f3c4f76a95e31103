"""Deciding: the product manager of the team or a deputy, with a reason; the evidence is frozen."""

from datetime import date

import pytest

from filrouge.alignment.decisions.memo import deciders
from filrouge.alignment.decisions.models import Decision
from filrouge.core.errors import Conflict, Forbidden
from filrouge.evidence.insights.models import Insight, Opportunity
from filrouge.people.models import Deputy, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(cast):
    insight = Insight.create(by=cast.design, title="People lose their place")
    problem = Opportunity.create(by=cast.pm, title="Files live apart", from_items=[{"item": insight.pk}])
    return Decision.create(by=cast.pm, title="Build it?", from_items=[{"item": problem.pk}])


def stand_in(cast, deputy, starts=date(2000, 1, 1), ends=date(2999, 1, 1)):
    Deputy.objects.create(manager=cast.pm, deputy=deputy, starts=starts, ends=ends, named_by=cast.pm)
    return User.objects.get(pk=deputy.pk)


def test_the_product_manager_of_the_team_decides(cast, question):
    question.decide(by=cast.pm, rationale="Heard often", outcome="Yes")
    question.refresh_from_db()
    assert (question.status, question.outcome, question.decided_by) == ("decided", "Yes", cast.pm)


def test_nobody_else_does(cast, question):
    for person in (
        cast.other_pm,
        cast.head,
        cast.admin,
        cast.ops,
        cast.design,
        cast.maker,
        cast.coach,
        cast.stakeholder,
    ):
        with pytest.raises(Forbidden):
            question.decide(by=person, rationale="I say so")
    question.refresh_from_db()
    assert question.status == "open"


def test_a_deputy_does_between_two_days(cast, question):
    former = stand_in(cast, cast.maker, ends=date(2001, 1, 1))
    with pytest.raises(Forbidden):
        question.decide(by=former, rationale="Too late")
    deputy = stand_in(cast, cast.design)
    question.decide(by=deputy, rationale="In her place")
    assert question.decided_by == deputy


def test_it_is_decided_once(cast, question):
    question.decide(by=cast.pm, rationale="Yes")
    with pytest.raises(Conflict):
        question.decide(by=cast.pm, rationale="No")


def test_the_brief_is_frozen_as_references(cast, question):
    question.decide(by=cast.pm, rationale="Yes")
    kept = question.brief
    assert set(kept["items"].values()) == {2} and len(kept["links"]) == 2
    assert "People lose" not in str(kept)


def test_the_page_says_who_may_decide(cast, question):
    deputy = stand_in(cast, cast.design)
    stand_in(cast, cast.maker, ends=date(2001, 1, 1))
    assert [(one.id, one.manager) for one in deciders(cast.team.pk)] == [
        (cast.pm.pk, cast.pm.pk), (deputy.pk, cast.pm.pk),
    ]  # fmt: skip
    assert deciders(None) == []
