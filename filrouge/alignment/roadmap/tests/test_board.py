"""The roadmap: columns, lanes, releases, and moving an item."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.roadmap import board, stages, timeline
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Goal
from filrouge.core.errors import BadInput
from filrouge.core.models import Item
from filrouge.evidence.insights.models import Opportunity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def make(cast, title="Files", by=None, **fields):
    return Initiative.create(by=by or cast.pm, title=title, **fields)


@pytest.fixture
def files(cast):
    problem = Opportunity.create(by=cast.pm, title="Files live apart")
    return make(
        cast, horizon="next", starts=TODAY, ends=TODAY + timedelta(days=90), from_items=[{"item": problem.pk}]
    )


def titles(cards):
    return [card.item.title for card in cards]


def test_columns_stand_in_the_order_of_each_teams_product_manager(cast):
    make(cast, "First made", ends=date(2027, 2, 1))
    second = make(cast, "Second made", ends=date(2027, 1, 1))
    make(cast, "Of the other team", by=cast.other_pm)
    read = lambda: {c.value: titles(c.cards) for c in board.columns(board.parse({}), cast.maker)[0]}  # noqa: E731
    assert read() == {"now": [], "next": [], "later": ["First made", "Second made", "Of the other team"]}
    second.place(by=cast.pm, before=Initiative.objects.get(title="First made").pk)
    assert read()["later"] == ["Second made", "First made", "Of the other team"]


def test_ones_own_teams_stand_first(cast):
    for by in (cast.pm, cast.other_pm):
        make(cast, f"Of {by.name}", by=by)
    for reader in (cast.pm, cast.other_pm):
        columns, _latest = board.columns(board.parse({}), reader)
        assert titles(columns[2].cards)[0] == f"Of {reader.name}"


def test_a_column_shows_its_first_cards_and_says_how_many_there_are(cast, client, monkeypatch):
    monkeypatch.setattr(board, "COLUMN", 2)
    for number in range(3):
        make(cast, f"Item {number}")
    client.force_login(cast.maker)
    text = client.get("/roadmap/").content.decode()
    assert "Item 1" in text and "Item 2" not in text and "All 3 in the list" in text


def test_only_the_teams_product_manager_can_move_a_card(cast, files):
    for reader, movable in ((cast.pm, True), (cast.other_pm, False), (cast.ops, False), (cast.admin, False)):
        (card,) = board.as_cards([files], reader)
        assert card.movable is movable


def test_a_card_says_what_it_answers(cast, files):
    assert [item.title for item in board.reasons([files.pk], cast.maker)[files.pk]] == ["Files live apart"]


def test_a_goal_that_it_serves_is_no_decision_to_take(cast, files):
    goal = Goal.create(by=cast.pm, title="Work is easy to pass on")
    files.link(by=cast.pm, to=goal.pk, relation="contributes")
    assert board.waiting([files.pk], cast.pm)[files.pk] == []


def test_a_private_reason_is_not_told_to_others(cast, files):
    Item.objects.filter(title="Files live apart").update(circle="private")
    assert board.reasons([files.pk], cast.maker)[files.pk] == []
    assert len(board.reasons([files.pk], cast.pm)[files.pk]) == 1


@pytest.mark.parametrize(
    ("starts", "ends", "place"),
    [
        (date(2026, 10, 5), date(2026, 10, 20), (1, 1)),
        (date(2026, 11, 1), date(2027, 1, 31), (2, 3)),
        (date(2026, 1, 1), date(2028, 1, 1), (1, 12)),
        (None, date(2026, 12, 9), (3, 1)),
        (date(2027, 9, 30), None, (12, 1)),
        (date(2027, 10, 1), date(2027, 11, 1), None),
        (date(2026, 7, 1), date(2026, 9, 30), None),
    ],
)
def test_the_timeline_places_an_item_in_twelve_months(cast, starts, ends, place):
    make(cast, starts=starts, ends=ends)
    chunk = timeline.chunk(
        timeline.placed(board.parse({}), cast.pm, date(2026, 10, 1))[0], cast.pm, date(2026, 10, 1), 0
    )
    bars = [bar for _team, bars in chunk.lanes for bar in bars]
    assert [(bar.at, bar.span) for bar in bars] == ([place] if place else [])


def test_what_has_ended_and_not_shipped_is_late(cast):
    yesterday = timezone.localdate() - timedelta(days=1)
    item = make(cast, ends=yesterday)
    assert item.late
    item.ship(by=cast.pm)
    assert not item.late


@pytest.mark.parametrize("text", ["", "zz", "2026-13", "0001-01", "9999-12", "2026"])
def test_a_month_that_is_none_is_this_quarter(text):
    found = timeline.first_month(text)
    assert found.month % 3 == 1 and found.day == 1 and 2000 < found.year < 2200


def test_moving_keeps_the_dates(cast, client, files):
    client.force_login(cast.pm)
    answer = client.post(f"/roadmap/{files.pk}/move/?team={cast.team.pk}", {"horizon": "now"})
    assert (answer.status_code, answer["Location"]) == (302, f"/roadmap/?team={cast.team.pk}&asks={files.pk}")
    files.refresh_from_db()
    assert (files.horizon, files.starts, files.ends) == ("now", TODAY, TODAY + timedelta(days=90))
    assert files.history.first().verb == "schedule"


def test_the_script_gets_the_columns_again(cast, client, files):
    client.force_login(cast.pm)
    answer = client.post(f"/roadmap/{files.pk}/move/", {"horizon": "now"}, headers={"X-Board": "1"})
    assert answer.status_code == 200 and b"data-board" in answer.content and b"<html" not in answer.content


def test_moving_what_somebody_changed_meanwhile_is_refused(cast, client, files):
    files.revise(by=cast.pm, outcome="Faster")
    client.force_login(cast.pm)
    given = {"horizon": "now", "revision": "1"}
    assert client.post(f"/roadmap/{files.pk}/move/", given, headers={"X-Board": "1"}).status_code == 409
    assert client.post(f"/roadmap/{files.pk}/move/", given).status_code == 302
    files.refresh_from_db()
    assert files.horizon == "next"


@pytest.mark.parametrize("horizon", ["", "never", "shipped", "\x00"])
def test_a_horizon_that_is_none_is_refused(cast, client, files, horizon):
    client.force_login(cast.pm)
    given = {"horizon": horizon}
    assert client.post(f"/roadmap/{files.pk}/move/", given, headers={"X-Board": "1"}).status_code == 422


def test_nobody_else_moves_it(cast, client, files):
    for reader, status in ((cast.other_pm, 403), (cast.ops, 403), (cast.admin, 403), (cast.stakeholder, 404)):
        client.force_login(reader)
        assert client.post(f"/roadmap/{files.pk}/move/", {"horizon": "now"}).status_code == status
    files.refresh_from_db()
    assert files.horizon == "next"


def test_the_pages_answer_every_product_role(cast, client, files):
    files.ship(by=cast.pm, version="4.2", notes="It is there.")
    pages = [
        "/roadmap/",
        "/roadmap/board/",
        "/roadmap/timeline/",
        "/roadmap/shipped/",
        f"/initiatives/{files.pk}/",
    ]
    for reader in (cast.admin, cast.ops, cast.pm, cast.design, cast.maker, cast.coach):
        client.force_login(reader)
        assert {client.get(page).status_code for page in pages} == {200}
    assert b"It is there." in client.get("/roadmap/shipped/").content


def test_a_release_without_a_day_stands_after_the_dated_ones(cast, client, files):
    files.ship(by=cast.pm, undated=True)
    dated = Initiative.create(by=cast.pm, title="Dated")
    dated.ship(by=cast.pm, shipped_on=date(1995, 1, 1))
    client.force_login(cast.maker)
    for page in ("/roadmap/", "/roadmap/shipped/"):
        text = client.get(page).content.decode()
        assert 0 < text.index("Dated") < text.index(files.title)


def test_wider_circles_read_wordings_only(cast, client, files):
    client.force_login(cast.stakeholder)
    assert client.get(f"/initiatives/{files.pk}/").status_code == 404
    files.open_to(
        by=cast.pm, circle="company", language="en", title="Files soon", text="You will see your files."
    )
    for page in (
        "/roadmap/",
        "/roadmap/board/",
        "/roadmap/timeline/",
        "/roadmap/shipped/",
        f"/initiatives/{files.pk}/",
    ):
        text = client.get(page).content
        assert b"Files soon" in text and b"Files live apart" not in text


def test_private_items_of_others_are_on_no_board(cast, client):
    item = make(cast, "Hidden plan", circle="private", ends=date(2027, 1, 1))
    client.force_login(cast.other_pm)
    for page in ("/roadmap/", "/roadmap/board/", "/roadmap/timeline/"):
        assert b"Hidden plan" not in client.get(page).content
    assert client.get(f"/initiatives/{item.pk}/").status_code == 404
    assert client.post(f"/roadmap/{item.pk}/move/", {"horizon": "now"}).status_code == 404


@pytest.mark.parametrize("query", ["team=x", "cursor=x", "limit=0", "q=%00", "from=x", "sort=x"])
def test_an_address_that_makes_no_sense_is_answered(cast, client, query):
    client.force_login(cast.pm)
    for page in ("/roadmap/", "/roadmap/board/", "/roadmap/timeline/", "/roadmap/shipped/"):
        assert client.get(f"{page}?{query}").status_code in (200, 422)


def test_an_empty_roadmap_says_what_to_do_first(cast, client):
    client.force_login(cast.pm)
    assert b"Nothing on the roadmap yet" in client.get("/roadmap/").content


@pytest.mark.parametrize("page", ["/roadmap/", "/roadmap/board/"])
def test_a_choice_that_leaves_nothing_leads_back_to_all(cast, client, files, page):
    client.force_login(cast.pm)
    text = client.get(page, {"q": "zeppelin"}).content.decode()
    assert "Nothing on the roadmap for this choice" in text and 'href="?"' in text
    assert "Nothing on the roadmap for this choice" not in client.get(page, {"q": "files"}).content.decode()


def test_when_an_item_ends_is_said_in_french_for_months_and_days_alike(cast, client, files):
    cast.pm.language = "fr"
    cast.pm.save()
    client.force_login(cast.pm)
    assert "fin\u00a0: 20 févr. 2027" in client.get("/roadmap/").content.decode()


@pytest.mark.parametrize("reader", ["pm", "stakeholder"])
def test_a_roadmap_on_paper_says_of_which_day_it_is(cast, client, files, reader):
    client.force_login(getattr(cast, reader))
    assert "Printed on " in client.get("/roadmap/").content.decode()


def test_the_board_costs_the_same_for_many(cast, client, django_assert_max_num_queries):
    for number in range(15):
        problem = Opportunity.create(by=cast.pm, title=f"Problem {number}")
        make(cast, f"Item {number}", from_items=[{"item": problem.pk}])
    client.force_login(cast.pm)
    for page in ("/roadmap/", "/roadmap/timeline/"):
        client.get(page)
        with django_assert_max_num_queries(15):
            client.get(page)


@pytest.mark.parametrize(
    ("today", "place"),
    [((2026, 10, 1), 0.0), ((2026, 11, 16), 1.5 / 12), ((2026, 9, 30), None), ((2027, 10, 1), None)],
)
def test_the_timeline_marks_today_where_it_shows_it(monkeypatch, today, place):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(*today))
    assert timeline.today_in(date(2026, 10, 1)) == place


def test_the_board_shows_how_far_items_are(cast, files):
    for title, act in (("Begun", "start"), ("Old", "ship"), ("Gone", "drop")):
        getattr(make(cast, title), act)(by=cast.pm, **({"reason": "Nobody asks"} if act == "drop" else {}))
    columns = stages.stages(board.parse({}), cast.maker)
    assert [(column.value, act, [card.item.title for card in column.cards]) for column, act in columns] == [
        ("planned", "", [files.title]),
        ("started", "start", ["Begun"]),
        ("shipped", "ship", ["Old"]),
        ("dropped", "drop", ["Gone"]),
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_is_one_of_these_centuries(cast, day):
    with pytest.raises(BadInput, match="1900 and 2999"):
        Initiative.create(by=cast.pm, title="Far", ends=day)


FOLDED = re.compile(r"<details.*?</details>", re.S)


def asked_at_once(client, page, **sent):
    answer = client.post(page, sent) if sent else client.get(page)
    return set(re.findall(r'\bname="(\w+)"', FOLDED.sub("", answer.content.decode())))


def test_a_new_item_asks_what_it_is_before_all_the_rest(cast, client, files):
    client.force_login(cast.pm)
    asked = asked_at_once(client, "/initiatives/new/create/")
    assert {"title", "outcome", "horizon"} <= asked and not {"starts", "circle", "decision"} & asked


def test_what_is_filled_in_or_refused_is_not_hidden(cast, client, files):
    client.force_login(cast.pm)
    sent = {"title": "Files", "starts": "2027-03-01", "ends": "2027-01-01", "address": "https://example.org"}
    asked = asked_at_once(client, "/initiatives/new/create/", **sent)
    assert {"starts", "starts_precision", "ends", "address"} <= asked and "hard_due" not in asked
    assert "starts" in asked_at_once(client, f"/initiatives/{files.pk}/revise/")


def test_the_team_menu_begins_with_ones_own_and_keeps_the_day(cast, client, files):
    client.force_login(cast.pm)
    day = TODAY.isoformat()
    page = client.get(f"/roadmap/?as_of={day}&team={cast.team.pk}").content.decode()
    assert f'href="?team={cast.team.pk}&amp;as_of={day}">My teams' in page
    assert f'<input type="hidden" name="as_of" value="{day}">' in page
    assert f'name="team" value="{cast.team.pk}" checked' in page
    client.force_login(cast.ops)
    assert "My teams" not in client.get("/roadmap/").content.decode()
