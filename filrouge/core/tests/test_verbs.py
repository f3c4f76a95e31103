"""What every Verb does: access, then state, then body; one transaction; one line of History."""

import pytest

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import BadInput, Conflict, Forbidden, NotFound
from filrouge.core.history import states
from filrouge.core.models import History, Item
from filrouge.core.verbs import offered, verbs_of
from filrouge.evidence.insights.models import Insight, Opportunity

pytestmark = pytest.mark.django_db


def test_it_leaves_one_line_of_history(cast):
    insight = Insight.create(by=cast.ops, title="People lose their place")
    insight.revise(by=cast.design, confidence="high")
    lines = list(
        History.objects.filter(item_id=insight.pk).values_list("verb", "by_id", "revision", "before", "after")
    )
    assert lines[0] == ("revise", cast.design.pk, 2, {"confidence": "low"}, {"confidence": "high"})
    assert lines[1][0] == "create" and lines[1][4]["title"] == "People lose their place"


def test_access_is_checked_before_state_and_body(cast):
    decision = Decision.create(by=cast.pm, title="Build it?")
    decision.decide(by=cast.pm, rationale="Because")
    with pytest.raises(Forbidden):
        decision.decide(by=cast.ops, rationale="")
    with pytest.raises(Conflict):
        decision.decide(by=cast.pm, rationale="")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"rationale": "  "},
        {"rationale": "a\x00b"},
        {"rationale": "\u200b\u2060"},
        {"rationale": 7},
        {"rationale": "x", "no": 1},
    ],
)
def test_a_bad_body_names_its_field_and_changes_nothing(cast, given):
    decision = Decision.create(by=cast.pm, title="Build it?")
    with pytest.raises(BadInput) as refused:
        decision.decide(by=cast.pm, **given)
    assert refused.value.field in {"rationale", "no"}
    decision.refresh_from_db()
    assert decision.status == "open" and decision.revision == 1


@pytest.mark.parametrize("due", [0, "0", " 0", 86_400, "1e3", True, "soon", "2026-02-30"])
def test_what_is_no_day_is_not_counted_from_1970(cast, due):
    with pytest.raises(BadInput) as refused:
        Decision.create(by=cast.pm, title="Build it?", due=due)
    assert refused.value.field == "due"
    item = Initiative.create(by=cast.pm, title="A panel")
    with pytest.raises(BadInput):
        item.schedule(by=cast.pm, starts=due)


def test_a_stale_revision_is_a_conflict(cast):
    insight = Insight.create(by=cast.ops, title="A")
    insight.revise(by=cast.ops, title="B")
    with pytest.raises(Conflict):
        Insight.objects.get(pk=insight.pk).revise(by=cast.ops, title="C", revision=1)


@pytest.mark.parametrize("who", ["admin", "ops", "design", "maker", "coach", "stakeholder", "other_pm"])
def test_only_the_product_manager_of_the_team_frames_plans_and_decides(cast, who):
    person = getattr(cast, who)
    team = next(iter(cast.pm.managed_team_ids))
    for kind in (Opportunity, Initiative, Decision):
        with pytest.raises(Forbidden):
            kind.create(by=person, title="Mine", team=team)
    assert not Item.objects.exists()


def test_others_propose_and_the_manager_accepts_or_declines(cast):
    team = next(iter(cast.pm.managed_team_ids))
    proposal = Opportunity.propose(by=cast.stakeholder, title="Offline mode", team=team)
    assert proposal.status == "proposed"
    with pytest.raises(Forbidden):
        proposal.accept(by=cast.ops)
    proposal.accept(by=cast.pm)
    assert proposal.status == "open" and proposal.framed_at
    with pytest.raises(Conflict):
        proposal.decline(by=cast.pm, reason="Too late")


def test_a_link_needs_both_ends_in_sight(cast):
    secret = Insight.create(by=cast.design, title="Private", circle="private")
    opportunity = Opportunity.create(by=cast.pm, title="Open")
    with pytest.raises(NotFound):
        Opportunity.create(by=cast.pm, title="Other", from_items=[secret.pk])
    assert not Opportunity.objects.filter(title="Other").exists()
    secret.link(by=cast.design, to=opportunity.pk)
    assert opportunity.links_in.count() == 1


def test_a_relation_that_no_kind_declares_is_refused(cast):
    opportunity = Opportunity.create(by=cast.pm, title="Open")
    insight = Insight.create(by=cast.pm, title="Claim")
    with pytest.raises(BadInput):
        opportunity.link(by=cast.pm, to=insight.pk)
    with pytest.raises(BadInput):
        insight.link(by=cast.pm, to=opportunity.pk, relation="proves")


def test_offered_verbs_are_the_ones_that_would_work(cast):
    decision = Decision.create(by=cast.pm, title="Build it?")
    assert "decide" in {v.name for v in offered(cast.pm, decision)}
    assert "decide" not in {v.name for v in offered(cast.ops, decision)}
    decision.decide(by=cast.pm, rationale="Because")
    assert "decide" not in {v.name for v in offered(cast.pm, decision)}


def test_what_puts_away_is_offered_last(cast):
    for item in (Decision.create(by=cast.pm, title="Build it?"), Insight.create(by=cast.pm, title="Claim")):
        assert [v.name for v in offered(cast.pm, item)][-1] == "archive"


def test_a_quote_cannot_be_revised():
    from filrouge.evidence.insights.models import Quote

    assert "revise" not in verbs_of(Quote) and "create" in verbs_of(Quote)


def test_as_of_tells_what_an_item_said_then(cast):
    insight = Insight.create(by=cast.ops, title="First")
    insight.revise(by=cast.ops, title="Second")
    assert states({insight.pk: 1})[insight.pk]["title"] == "First"
    assert states({insight.pk: 2})[insight.pk]["title"] == "Second"
