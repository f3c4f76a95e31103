"""The order of a team's list is its product manager's own: nothing else writes it."""

import re

import pytest

from filrouge.alignment.roadmap import order
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import BadInput, Forbidden, NotFound

from .making import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast):
    return [make(cast, title) for title in ("One", "Two", "Three")]


def order_of(team):
    rows = Initiative.objects.filter(team=team).order_by("position", "pk")
    return list(rows.values_list("title", flat=True))


def shown(client, query=""):
    """Team names and titles as the list shows them, and the query of the page that follows."""
    text = client.get(f"/roadmap/list/?{query}").content.decode()
    onward = re.search(r'href="\?([^"]*)" rel="next"', text)
    names = re.findall(r'(?:rowgroup" colspan="7"|data-row-link)>([^<]+)<', text)
    return names, onward[1].replace("&amp;", "&") if onward else ""


def test_what_is_new_stands_last(cast, three):
    assert order_of(cast.team) == ["One", "Two", "Three"]


def test_an_item_is_placed_before_another_or_last(cast, three):
    one, _two, last = three
    last.place(by=cast.pm, before=one.pk)
    assert order_of(cast.team) == ["Three", "One", "Two"]
    last.place(by=cast.pm)
    assert order_of(cast.team) == ["One", "Two", "Three"]


def test_only_the_teams_product_manager_orders(cast, three):
    for person in (cast.other_pm, cast.ops, cast.admin, cast.head, cast.maker):
        with pytest.raises(Forbidden):
            three[2].place(by=person, before=three[0].pk)
    assert order_of(cast.team) == ["One", "Two", "Three"]


def test_it_is_placed_among_its_own_team_only(cast, three):
    foreign = make(cast, "Foreign", by=cast.other_pm)
    for before, refusal in ((foreign.pk, BadInput), (three[0].pk, BadInput), (987_654, NotFound)):
        with pytest.raises(refusal):
            three[0].place(by=cast.pm, before=before)


def test_the_same_gap_takes_any_number(cast, three, monkeypatch):
    monkeypatch.setattr(order, "STEP", 4)
    one, two, last = three
    for _turn in range(12):
        last.place(by=cast.pm, before=two.pk)
        one.place(by=cast.pm, before=last.pk)
        two.place(by=cast.pm, before=one.pk)
        assert order_of(cast.team) == ["Two", "One", "Three"]
        one.place(by=cast.pm, before=two.pk)
        last.place(by=cast.pm)
        assert order_of(cast.team) == ["One", "Two", "Three"]


def test_nothing_but_placing_changes_the_order(cast, three):
    three[0].schedule(by=cast.pm, horizon="later", ends="2031-01-01")
    three[1].start(by=cast.pm)
    three[2].revise(by=cast.pm, title="Three again")
    assert order_of(cast.team) == ["One", "Two", "Three again"]


def test_the_history_tells_of_it_without_a_number(cast, client, three):
    three[2].place(by=cast.pm, before=three[0].pk)
    client.force_login(cast.maker)
    text = client.get(f"/initiatives/{three[2].pk}/history/").content.decode()
    assert "gave it another place" in text and "<dt>Place</dt>" not in text


def test_the_list_is_grouped_by_team_in_that_order(cast, client, three):
    make(cast, "Foreign", by=cast.other_pm)
    three[2].place(by=cast.pm, before=three[0].pk)
    client.force_login(cast.maker)
    assert shown(client)[0] == ["Notebook", "Three", "One", "Two", "Terminal", "Foreign"]
    assert b"data-place" not in client.get("/roadmap/list/").content


def test_pages_of_the_list_follow_one_another(cast, client, three):
    make(cast, "Foreign", by=cast.other_pm)
    client.force_login(cast.maker)
    seen, query = [], "limit=1"
    while query:
        names, query = shown(client, query)
        seen.append(names[-1])
    assert seen == ["One", "Two", "Three", "Foreign"]


@pytest.mark.parametrize("sort", ["ends", "title", "changed", "hand"])
def test_a_reader_may_choose_another_order_for_the_moment(cast, client, three, sort):
    client.force_login(cast.maker)
    first, query = shown(client, f"sort={sort}&limit=2")
    second, none = shown(client, query)
    assert sorted([*first, *second]) == sorted(["One", "Two", "Three", *["Notebook"] * 2 * (sort == "hand")])
    assert not none and order_of(cast.team) == ["One", "Two", "Three"]


def test_the_list_is_filtered(cast, client, three):
    three[0].revise(by=cast.pm, owner=cast.maker.pk, product=cast.area.pk)
    three[1].ship(by=cast.pm)
    client.force_login(cast.maker)
    for query, titles in (
        (f"owner={cast.maker.pk}", {"One"}),
        (f"product={cast.area.pk}", {"One"}),
        (f"team={cast.other_team.pk}", set()),
        ("status=shipped", {"Two"}),
        ("horizon=later", {"One", "Three"}),
        ("", {"One", "Three"}),
    ):
        assert set(shown(client, query)[0]) - {"Notebook"} == titles, query


def test_the_rows_menu_moves_and_says_when_it_cannot(cast, client, three):
    client.force_login(cast.pm)
    at = f"/roadmap/{three[2].pk}/place/?team={cast.team.pk}"
    answer = client.post(at, {"before": three[0].pk, "revision": three[2].revision})
    assert (answer.status_code, answer["Location"]) == (302, f"/roadmap/list/?team={cast.team.pk}")
    assert order_of(cast.team) == ["Three", "One", "Two"]
    stale = client.post(at, {"before": "", "revision": 1}, headers={"X-Board": "1"})
    assert stale.status_code == 409 and b"Somebody changed this" in stale.content
    assert client.post(at, {"before": "x"}, headers={"X-Board": "1"}).status_code == 422
    fragment = client.post(at, {"before": ""}, headers={"X-Board": "1"}).content
    assert b"data-order" in fragment and b"<html" not in fragment
    assert order_of(cast.team) == ["One", "Two", "Three"]
    client.force_login(cast.other_pm)
    assert client.post(at, {"before": ""}).status_code == 403
