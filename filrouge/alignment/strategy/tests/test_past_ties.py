"""A day in the past is read with what was aligned on it, and by the weights of then."""

from datetime import timedelta
from fractions import Fraction as F

import pytest
from django.utils import timezone

from filrouge.alignment.strategy.grove import GROVE, Grove
from filrouge.alignment.strategy.models import Goal, KeyResult
from filrouge.alignment.strategy.pages import beside
from filrouge.alignment.strategy.standing import stand_goals, stood
from filrouge.alignment.strategy.ties import ties_of
from filrouge.core.clock import told_of
from filrouge.core.errors import BadInput
from filrouge.core.kinds import by_label
from filrouge.core.models import Item, Link
from filrouge.core.traces import History

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def aim(cast):
    return Goal.create(by=cast.pm, title="Calm")


@pytest.fixture
def result(cast, aim):
    def make(title, value, **fields):
        made = KeyResult.create(by=cast.pm, title=title, start=0, target=10, **fields)
        made.check_in(by=cast.pm, value=value, at=ago(30))
        return made

    return make


def test_what_is_aligned_later_does_not_count_before(cast, aim, result):
    result("Waiting", 2, objective=aim.pk)
    before = timezone.now()
    result("Calling", 8, objective=aim.pk)
    assert (GROVE.at(before)[aim.pk].score, GROVE.at()[aim.pk].score) == (F(1, 5), F(1, 2))


def test_what_was_taken_away_since_counts_again(cast, aim, result):
    result("Waiting", 2, objective=aim.pk)
    gone = result("Calling", 8)
    gone.link(by=cast.pm, to=aim.pk, weight=3)
    before = timezone.now()
    gone.unlink(by=cast.pm, to=aim.pk)
    between = timezone.now()
    gone.link(by=cast.pm, to=aim.pk)
    found = [GROVE.at(at)[aim.pk].score for at in (before, between, None)]
    assert found == [F(13, 20), F(1, 5), F(1, 2)]
    kept = History.objects.filter(item=gone, verb="unlink").get()
    (edge,) = kept.before["edges"]
    assert kept.other_id == aim.pk and not kept.after
    assert edge["relation"] == "contributes" and F(edge["weight"]) == 3


def test_what_was_archived_since_stands_and_counts_on_that_day(cast, client, aim, result):
    result("Waiting", 2, objective=aim.pk)
    gone = result("Calling", 8, objective=aim.pk)
    History.objects.update(at=ago(20))
    Item.objects.update(created_at=ago(20))
    Link.objects.update(at=ago(20))
    before, day = timezone.now(), f"{timezone.localdate(ago(5)):%Y-%m-%d}"
    gone.archive(by=cast.pm)
    assert (GROVE.at(before)[aim.pk].score, GROVE.at()[aim.pk].score) == (F(1, 2), F(1, 5))
    assert stand_goals([aim], before)[aim.pk].score == F(1, 2)
    Goal.objects.get(pk=aim.pk).archive(by=cast.pm)
    client.force_login(cast.pm)
    pages = [client.get(f"/goals/{address}") for address in (f"?on={day}&cycle=all", "?cycle=all")]
    then, now = (page.content.decode() for page in pages)
    assert f"/objectives/{aim.pk}/" in then and "Calling" in then
    assert f"/objectives/{aim.pk}/" not in now and "Calling" not in now


def test_nothing_is_aligned_to_itself(cast, client, aim):
    with pytest.raises(BadInput, match="leads to itself"):
        aim.link(by=cast.pm, to=aim.pk)
    client.force_login(cast.pm)
    answer = client.post(f"/objectives/{aim.pk}/link/", {"to": aim.pk})
    assert answer.status_code == 422 and "leads to itself" in answer.content.decode()


def test_it_weighs_what_it_weighed(cast, aim, result):
    one = result("Waiting", 2, objective=aim.pk)
    result("Calling", 8, objective=aim.pk)
    before = timezone.now()
    aim.weigh(by=cast.pm, contribution=one.pk, weight=2)
    between = timezone.now()
    aim.weigh(by=cast.pm, contribution=one.pk, weight=0)
    found = [GROVE.at(at)[aim.pk].score for at in (before, between, None)]
    assert found == [F(1, 2), F(2, 5), F(4, 5)]


def test_a_goal_that_was_written_down_later_is_as_on_its_first_day(cast, aim, result):
    result("Waiting", 2, objective=aim.pk)
    assert Grove().at(ago(20))[aim.pk].score == F(1, 5)
    Item.objects.filter(pk=aim.pk).update(created_at=ago(5))
    assert Grove().at(ago(20))[aim.pk].score is None


def test_a_key_result_is_read_as_the_goal_of_then_is(cast, aim, result):
    one = result("Waiting", 8, objective=aim.pk)
    before = timezone.now()
    one.unlink(by=cast.pm, to=aim.pk)
    firm = Goal.create(by=cast.pm, title="Firm", ambition="committed")
    one.link(by=cast.pm, to=firm.pk)
    assert (GROVE.at(before)[one.pk].band, GROVE.at()[one.pk].band) == ("green", "yellow")
    aim.revise(by=cast.pm, ambition="committed")
    assert GROVE.at(before)[one.pk].band == "green"
    assert stood(one, before, ties_of(one, before)) == GROVE.at(before)[one.pk]


def test_the_pages_of_a_past_day_show_its_tree(cast, client, aim, result):
    with told_of(ago(9)):
        under = Goal.create(by=cast.pm, title="Quiet", parent=aim.pk)
        work = by_label("roadmap.Initiative").create(by=cast.pm, title="Earplugs")
        work.link(by=cast.pm, to=aim.pk, relation="contributes")
    Item.objects.update(created_at=ago(10))
    with told_of(ago(5)):
        under.unlink(by=cast.pm, to=aim.pk)
        work.unlink(by=cast.pm, to=aim.pk)
    client.force_login(cast.maker)
    for days, tied in ((10, False), (7, True), (3, False)):
        page = client.get(f"/objectives/{aim.pk}/?on={ago(days).date()}").content.decode()
        assert ("Quiet" in page, "Earplugs" in page) == (tied, tied), days
        above = beside(under, cast.maker, ties_of(under, ago(days)))["parents"]
        assert [one.pk for one in above] == [aim.pk] * tied, days
