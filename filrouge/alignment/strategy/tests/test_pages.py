"""The pages of goals answer everybody who may read them, and say what there is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.strategy import tree as tree_module
from filrouge.alignment.strategy.grove import GROVE
from filrouge.alignment.strategy.models import Cycle, Framework, Goal, KeyResult

from .conftest import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def cascade(cast, goal, measure, quarter):
    """A goal of the company, one of the team under it, with two key results."""
    top = goal("The company grows", by=cast.head)
    low = goal("People come back")
    low.link(by=cast.pm, to=top.pk)
    nps = measure(low, 32, 45, title="NPS", unit="points")
    quiet = measure(low, type="stay_below", start=None, target=100, title="Crashes a week")
    nps.check_in(by=cast.pm, value=42, confidence=7, at=on(1, 10))
    quiet.check_in(by=cast.pm, value=90, at=on(1, 3))
    return {"top": top, "low": low, "nps": nps, "quiet": quiet, "cycle": quarter}


def pages(cascade):
    query = f"?cycle={cascade['cycle'].pk}"
    yield from (f"/goals/{name}{query}" for name in ("", "list/", "timeline/", "meeting/", "check-ins/"))
    yield from (f"/goals/as/{one}/{query}" for one in Framework.values)
    yield from (f"/objectives/{cascade['low'].pk}/", f"/key-results/{cascade['nps'].pk}/", "/goals/settings/")


def test_every_page_answers_every_product_role(cast, client, cascade):
    for reader in (cast.admin, cast.ops, cast.pm, cast.design, cast.maker, cast.coach):
        client.force_login(reader)
        for page in pages(cascade):
            assert client.get(page).status_code == 200, page


def test_the_tree_shows_the_cascade_with_its_scores(cast, client, cascade):
    client.force_login(cast.maker)
    page = client.get(f"/goals/?cycle={cascade['cycle'].pk}").content.decode()
    assert page.index("The company grows") < page.index("People come back") < page.index("NPS")
    assert "from 32 to 45 points" in page.replace("\xa0", " ") and "0.77" in page


def test_what_ones_own_team_has_a_part_in_comes_first(cast, client, goal, cascade):
    goal("Another team's", by=cast.other_pm)
    for reader, first in ((cast.pm, "The company grows"), (cast.other_pm, "Another team&#39;s")):
        client.force_login(reader)
        page = client.get(f"/goals/?cycle={cascade['cycle'].pk}").content.decode()
        titles = ["The company grows", "Another team&#39;s"]
        assert min(titles, key=page.index) == first


def test_a_goal_under_two_others_is_shown_once_and_named_under_the_other(cast, client, goal, cascade):
    other = goal("Another aim", by=cast.head)
    cascade["low"].link(by=cast.pm, to=other.pk, relation="supports")
    client.force_login(cast.maker)
    page = client.get(f"/goals/?cycle={cascade['cycle'].pk}").content.decode()
    assert page.count(">People come back<") == 1 and "also under" in page


def test_the_pages_tell_as_of_a_day(cast, client, cascade):
    client.force_login(cast.maker)
    address = f"/key-results/{cascade['nps'].pk}/"
    assert "42" in client.get(address).content.decode()
    page = client.get(f"{address}?on=2026-01-09").content.decode()
    assert "No observation yet" in page and "As of 9 January 2026" in page
    page = client.get(f"/objectives/{cascade['low'].pk}/?on=2026-01-09").content.decode()
    assert "0.77" not in page


def test_who_looks_back_at_today_reads_what_is_kept_of_now(cast, client, cascade):
    client.force_login(cast.maker)
    client.get("/goals/")
    kept = list(GROVE.forests)
    for page in ("/goals/", f"/objectives/{cascade['low'].pk}/", f"/key-results/{cascade['nps'].pk}/"):
        assert "As of " in client.get(f"{page}?on={timezone.localdate()}").content.decode()
    assert list(GROVE.forests) == kept


@pytest.mark.parametrize(
    "query", ["cycle=x", "team=99999", "on=never", "on=2999-01-01", "cycle=%00", "from=x"]
)
def test_an_address_that_makes_no_sense_is_answered(cast, client, cascade, query):
    client.force_login(cast.pm)
    for page in pages(cascade):
        address = f"{page}&{query}" if "?" in page else f"{page}?{query}"
        assert client.get(address).status_code in (200, 422), address


def test_wider_circles_read_wordings_only(cast, client, cascade):
    client.force_login(cast.stakeholder)
    assert client.get(f"/objectives/{cascade['low'].pk}/").status_code == 404
    assert b"People come back" not in client.get("/goals/").content
    cascade["low"].open_to(by=cast.pm, circle="company", language="en", title="We keep people", text="So.")
    assert b"We keep people" in client.get("/goals/").content
    assert client.get("/goals/list/").status_code == 403


def test_private_goals_of_others_are_on_no_page(cast, client, goal, measure, quarter):
    hidden = goal("Hidden aim", circle="private")
    measure(hidden, title="Hidden measure", circle="private")
    client.force_login(cast.other_pm)
    for page in ("/goals/", "/goals/list/", "/goals/timeline/", "/goals/as/okr/", "/goals/meeting/"):
        assert b"Hidden" not in client.get(f"{page}?cycle={quarter.pk}").content
    assert client.get(f"/objectives/{hidden.pk}/").status_code == 404
    client.force_login(cast.pm)
    assert b"Hidden measure" in client.get(f"/goals/?cycle={quarter.pk}").content


def test_an_empty_page_says_what_to_do_first(cast, client):
    client.force_login(cast.pm)
    assert b"No goals here yet" in client.get("/goals/").content
    assert b"Set a goal" in client.get("/goals/").content
    assert b"No key result is yours" in client.get("/goals/check-ins/").content


def test_the_tree_costs_the_same_for_many(
    cast, client, goal, measure, quarter, django_assert_max_num_queries
):
    for number in range(6):
        one = goal(f"Goal {number}")
        for place in range(3):
            measure(one, title=f"Measure {place}").check_in(by=cast.pm, value=place)
    client.force_login(cast.pm)
    for page in (
        "/goals/",
        "/goals/list/",
        "/goals/as/opportunity-tree/",
        "/goals/check-ins/",
        "/goals/meeting/",
    ):
        client.get(f"{page}?cycle={quarter.pk}")
        with django_assert_max_num_queries(14):
            client.get(f"{page}?cycle={quarter.pk}")


def test_a_page_sends_at_most_three_hundred_rows(cast, client, goal, quarter, monkeypatch):
    monkeypatch.setattr("filrouge.alignment.strategy.tree.MOST", 3)
    for number in range(5):
        goal(f"Goal {number}")
    client.force_login(cast.pm)
    page = client.get(f"/goals/?cycle={quarter.pk}").content.decode()
    assert page.count('class="goal-row"') == 3 and "more goals than fit" in page


def test_only_product_ops_and_administrators_set_how_goals_work(cast, client, quarter):
    client.force_login(cast.pm)
    assert client.get("/goals/settings/cycle/new/").status_code == 403
    client.force_login(cast.ops)
    given = {"name": "Spring", "starts": "2026-04-01", "ends": "2026-06-30"}
    assert client.post("/goals/settings/cycle/new/", given).status_code == 302
    assert Cycle.objects.get(name="Spring").ends.month == 6
    wrong = client.post("/goals/settings/cycle/new/", given | {"name": "Back", "ends": "2026-03-01"})
    assert wrong.status_code == 422 and b"before the first" in wrong.content
    given = {"name": "Bet", "base": "objective", "measured": "on"}
    assert client.post("/goals/settings/type/new/", given).status_code == 302
    for profile in ("viva", "ally"):
        given = {"team": cast.team.pk, "framework": "4dx", "profile": profile}
        assert client.post("/goals/settings/reading/new/", given).status_code == 302
    assert b"4DX" in client.get("/goals/settings/").content
    assert client.get("/goals/settings/nothing/new/").status_code == 404


def test_a_goal_is_made_in_the_dialog_with_the_cycle_of_the_page(cast, client, quarter):
    client.force_login(cast.pm)
    assert b"First quarter of 2026" in client.get(f"/objectives/new/create/?cycle={quarter.pk}").content
    sent = {"title": "From the dialog", "ambition": "committed", "cycle": quarter.pk, "circle": "team"}
    assert client.post("/objectives/new/create/", sent).status_code == 302
    made = Goal.objects.get()
    page = client.get(f"/key-results/new/create/?objective={made.pk}").content.decode()
    assert "From the dialog" in page and "Stay above" in page
    sent = {"title": "Return", "objective": made.pk, "type": "decrease", "start": "1 000,5", "target": "2"}
    answer = client.post("/key-results/new/create/", sent | {"circle": "team", "cadence": "7"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert "1,000.5" in client.get(answer["Location"]).content.decode()


VIEWS = ("/goals/", "/goals/list/", "/goals/timeline/", "/goals/meeting/", "/goals/as/okr/", "/goals/as/4dx/")


@pytest.mark.parametrize("view", VIEWS)
def test_ones_own_team_comes_first_in_every_view(cast, client, view):
    day = timezone.localdate()
    cycle = Cycle.objects.create(name="Now", starts=day - timedelta(days=50), ends=day + timedelta(days=50))
    for by, title in ((cast.pm, "Cells of ours"), (cast.other_pm, "Shells of theirs")):
        made = Goal.create(by=by, title=title, cycle=cycle.pk)
        wanted = KeyResult.create(by=by, title=f"{title}, measured", objective=made.pk, start=0, target=10)
        wanted.check_in(by=by, value=3)
    for reader, first in ((cast.pm, "Cells of ours"), (cast.other_pm, "Shells of theirs")):
        client.force_login(reader)
        page = client.get(view).content.decode()
        assert min(("Cells of ours", "Shells of theirs"), key=page.index) == first


def test_a_long_tree_is_not_cut_at_ones_own_goals(cast, monkeypatch):
    monkeypatch.setattr(tree_module, "MOST", 2)
    for number in range(3):
        Goal.create(by=cast.pm, title=f"Older {number}")
    Goal.create(by=cast.other_pm, title="Of my own")
    found = tree_module.tree(cast.other_pm, tree_module.Scope())
    assert found.roots[0].item.title == "Of my own" and found.cut
