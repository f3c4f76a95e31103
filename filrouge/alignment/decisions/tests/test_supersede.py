"""Superseding: both ends are linked and shown, and what is superseded says so."""

import pytest

from filrouge.alignment.decisions.memo import gave_place, took_its_place
from filrouge.alignment.decisions.models import Decision
from filrouge.core.errors import BadInput, Conflict, Forbidden, NotFound
from filrouge.core.models import Link
from filrouge.evidence.insights.models import Insight

pytestmark = pytest.mark.django_db


def taken(cast, title, by=None):
    made = Decision.create(by=by or cast.pm, title=title)
    made.decide(by=by or cast.pm, rationale="Because")
    return made


@pytest.fixture
def pair(cast):
    return taken(cast, "Use FTP"), taken(cast, "Use HTTPS")


def test_both_ends_show_each_other(cast, pair, client):
    former, later = pair
    former.supersede(by=cast.pm, successor=later.pk)
    assert former.status == "superseded"
    assert [one.title for one in took_its_place(former, cast.maker)] == [later.title]
    assert [one.title for one in gave_place(later, cast.maker)] == [former.title]
    client.force_login(cast.maker)
    assert b"What stands now is" in client.get(f"/decisions/{former.pk}/").content
    assert b"It supersedes" in client.get(f"/decisions/{later.pk}/").content
    assert b"Superseded" in client.get("/decisions/").content


def test_only_whoever_decides_for_the_former_one(cast, pair):
    former, later = pair
    for person in (cast.maker, cast.other_pm, cast.head, cast.admin):
        with pytest.raises(Forbidden):
            former.supersede(by=person, successor=later.pk)


def test_what_cannot_take_its_place(cast, pair):
    former, later = pair
    insight = Insight.create(by=cast.design, title="No decision")
    for wrong in (former.pk, insight.pk):
        with pytest.raises(BadInput):
            former.supersede(by=cast.pm, successor=wrong)
    with pytest.raises(NotFound):
        former.supersede(by=cast.pm, successor=987_654)
    former.supersede(by=cast.pm, successor=later.pk)
    with pytest.raises(BadInput, match="superseded itself"):
        later.supersede(by=cast.pm, successor=former.pk)
    with pytest.raises(Conflict):
        former.supersede(by=cast.pm, successor=later.pk)


def test_no_other_way_draws_or_removes_half_of_it(cast, pair):
    former, later = pair
    with pytest.raises(BadInput, match="Supersede"):
        former.link(by=cast.pm, to=later.pk)
    with pytest.raises(BadInput, match="Supersede"):
        Decision.create(by=cast.pm, title="From it", from_items=[former.pk])
    former.supersede(by=cast.pm, successor=later.pk)
    with pytest.raises(BadInput, match="Reopen"):
        former.unlink(by=cast.pm, to=later.pk)
    assert Link.objects.filter(relation="superseded_by").count() == 1


def test_reopening_takes_the_edge_away(cast, pair):
    former, later = pair
    former.supersede(by=cast.pm, successor=later.pk)
    former.reopen(by=cast.pm, reason="HTTPS did not do")
    assert former.status == "open" and gave_place(later, cast.pm) == []


def test_a_hidden_successor_is_not_told(cast, pair):
    former, _later = pair
    secret = Decision.create(by=cast.pm, title="Secret", circle="private")
    secret.decide(by=cast.pm, rationale="Because")
    former.supersede(by=cast.pm, successor=secret.pk)
    assert took_its_place(former, cast.maker) == []
    assert [one.pk for one in took_its_place(former, cast.pm)] == [secret.pk]
