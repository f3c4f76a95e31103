"""Proposals wait for the product manager of the team; proposers read the answer to their own."""

import pytest

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import BadInput, NotFound
from filrouge.evidence.insights.models import Opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(cast):
    return Opportunity.propose(
        by=cast.stakeholder, title="Managed sites", problem="Asked thrice", team=cast.team.pk
    )


def test_it_waits_for_the_teams_product_manager_only(cast, client, proposal):
    Initiative.propose(by=cast.maker, title="First-run guide", team=cast.team.pk)
    for reader, seen in ((cast.pm, True), (cast.other_pm, False), (cast.ops, False), (cast.admin, False)):
        client.force_login(reader)
        page = client.get("/tray/").content
        assert [word in page for word in (b"Managed sites", b"First-run guide", b"/accept/")] == [seen] * 3


def test_a_deputy_finds_it_too(cast, client, proposal):
    from datetime import date

    from filrouge.people.models import Deputy

    Deputy.objects.create(
        manager=cast.pm, deputy=cast.design, starts=date(2000, 1, 1), ends=date(2999, 1, 1), named_by=cast.pm
    )
    client.force_login(cast.design)
    assert b"Managed sites" in client.get("/tray/").content


def test_a_proposer_reads_the_answer_in_their_own_words(cast, client, proposal):
    proposal.accept(by=cast.pm)
    proposal.revise(by=cast.pm, title="What the team calls it")
    second = Opportunity.propose(by=cast.stakeholder, title="Dark theme", team=cast.team.pk)
    second.decline(by=cast.pm, reason="Removed last month")
    client.force_login(cast.stakeholder)
    page = client.get("/tray/").content
    assert b"Managed sites" in page and b"What the team calls it" not in page
    assert b"Removed last month" in page and b"Declined" in page


def test_nobody_reads_the_proposals_of_others(cast, client, proposal):
    client.force_login(cast.maker)
    assert b"Managed sites" not in client.get("/tray/").content


def test_a_guest_proposes_nothing(cast, client):
    client.force_login(cast.guest)
    assert client.get("/tray/").status_code == 403


def test_a_proposal_shows_what_it_stands_on(cast, client, django_assert_max_num_queries):
    problem = Opportunity.create(by=cast.pm, title="Newcomers are lost", problem="Day one")
    proposal = Initiative.propose(
        by=cast.maker, title="First-run guide", team=cast.team.pk, from_items=[{"item": problem.pk}]
    )
    Initiative.propose(by=cast.maker, title="An idea of mine", team=cast.team.pk)
    client.force_login(cast.pm)
    page = client.get("/tray/").content.decode()
    assert "Newcomers are lost" in page and "nothing leads to it yet" in page
    assert f"/heard/{proposal.pk}/" in page
    for number in range(10):
        Initiative.propose(by=cast.maker, title=f"Idea {number}", from_items=[{"item": problem.pk}])
    client.get("/tray/")
    with django_assert_max_num_queries(18):
        client.get("/tray/")


def test_a_proposal_stands_on_what_its_author_sees_only(cast):
    hidden = Opportunity.create(by=cast.pm, title="Hidden", problem="Ours", circle="private")
    for person in (cast.maker, cast.stakeholder):
        with pytest.raises(NotFound):
            Initiative.propose(by=person, title="Idea", team=cast.team.pk, from_items=[{"item": hidden.pk}])
    decision = Decision.create(by=cast.pm, title="Build it?")
    with pytest.raises(BadInput):
        Initiative.propose(by=cast.maker, title="Idea", from_items=[{"item": decision.pk}])
    assert not Initiative.objects.exists()
