"""Dates that move: counted, measured, and used to say where the next one lands."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.roadmap import asof
from filrouge.alignment.roadmap.drift import Drift, Said, Slip, by_team, forecast, landings, percentile, slips
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.roadmap.moves import acts_of, moves
from filrouge.alignment.roadmap.past_pages import dots, forecast_of, marks
from filrouge.core.models import History, Item

from .making import make

RELEASES = {"v1.28": date(2023, 8, 15), "v1.29": date(2023, 12, 13), "v1.30": date(2024, 4, 17),
            "v1.31": date(2024, 8, 13), "v1.32": date(2024, 12, 11)}  # fmt: skip


def enhancement(item, team, *targets):
    """An enhancement whose target release was said anew, a month between two sayings."""
    begun = date(2023, 1, 1)
    return [
        Said(item, team, begun + timedelta(days=30 * number), RELEASES[target])
        for number, target in enumerate(targets)
    ]


def test_each_new_date_is_a_slip_with_its_days():
    said = enhancement(1287, 1, "v1.28", "v1.29", "v1.29", "v1.31", "v1.30")
    assert [slip.days for slip in slips(said)] == [120, 244, -118]


def test_the_order_in_which_they_are_read_does_not_matter():
    said = [*enhancement(1, 1, "v1.28", "v1.30"), *enhancement(2, 2, "v1.29", "v1.28")]
    assert sorted(slip.days for slip in slips(reversed(said))) == sorted(slip.days for slip in slips(said))


@pytest.mark.parametrize(
    ("first", "then", "moves"),
    [
        ((date(2026, 6, 30), "quarter"), (date(2026, 5, 15), "day"), 0),
        ((date(2026, 5, 15), "day"), (date(2026, 6, 30), "quarter"), 0),
        ((date(2026, 6, 30), "quarter"), (date(2026, 7, 1), "day"), 1),
        ((date(2026, 6, 30), "quarter"), (date(2026, 3, 31), "day"), 1),
        ((date(2026, 6, 30), "half"), (date(2026, 3, 31), "quarter"), 0),
        ((date(2026, 6, 30), "quarter"), (date(2026, 12, 31), "half"), 1),
    ],
)
def test_saying_the_same_period_otherwise_is_no_slip(first, then, moves):
    said = [Said(1, 1, date(2026, 1, 1), *first), Said(1, 1, date(2026, 2, 1), *then)]
    assert len(slips(said)) == moves


def test_a_landing_is_measured_from_the_date_first_said():
    said = [*enhancement(1, 1, "v1.28", "v1.30"), *enhancement(2, 1, "v1.29"), *enhancement(3, 1, "v1.32")]
    shipped = {1: RELEASES["v1.31"], 2: RELEASES["v1.29"]}
    assert sorted(landings(said, shipped)) == [(1, 0), (1, 364)]


@pytest.mark.parametrize(("share", "value"), [(0.5, 20), (0.8, 40), (1.0, 50), (0.01, 10)])
def test_a_percentile_is_one_of_the_values(share, value):
    assert percentile([50, 10, 20, 20, 40], share) == value


def test_too_few_landings_say_nothing():
    assert forecast([1, 2, 3, 4]) is None
    found = forecast([0, 10, 20, 30, 100])
    assert found is not None
    assert (found.half, found.most, found.n) == (20, 30, 5)
    assert found.lands(date(2026, 1, 1)) == (date(2026, 1, 21), date(2026, 1, 31))


def test_each_team_has_its_own_drift():
    said = [*enhancement(1, 1, "v1.28", "v1.29"), *enhancement(2, 1, "v1.30"), *enhancement(3, 2, "v1.30")]
    found = by_team(said, {})
    assert (found[1].dated, found[1].moved, found[1].share, found[1].median) == (2, 1, 0.5, 120)
    assert (found[2].dated, found[2].moved, found[2].median, found[2].forecast) == (1, 0, None, None)


def backdate(item, days):
    """As if all that was done to an item until now had been done so many days earlier."""
    for row in History.objects.filter(item_id=item.pk):
        row.at -= timedelta(days=days)
        row.save()
    Item.objects.filter(pk=item.pk).update(created_at=timezone.now() - timedelta(days=days))


@pytest.mark.django_db
def test_every_date_is_read_from_history(cast):
    item = make(cast, ends=date(2027, 5, 1), ends_precision="quarter")
    item.schedule(by=cast.pm, horizon="now", ends=date(2027, 8, 1))
    item.schedule(by=cast.pm, horizon="next", ends=date(2027, 8, 1))
    make(cast, "Undated")
    said = asof.every_date(Initiative.objects.all())
    assert [(one.ends, one.precision) for one in said] == [
        (date(2027, 6, 30), "quarter"),
        (date(2027, 8, 1), "day"),
    ]


@pytest.fixture
def march(cast):
    """A roadmap of a hundred days ago, changed since."""
    moved, shipped = make(cast, "Moved", horizon="next", ends=date(2027, 1, 31)), make(cast, "Shipped since")
    dropped, still = make(cast, "Dropped since"), make(cast, "As it was")
    for item in (moved, shipped, dropped, still):
        backdate(item, 100)
    moved.schedule(by=cast.pm, horizon="later", ends=date(2027, 5, 3))
    shipped.ship(by=cast.pm)
    dropped.drop(by=cast.pm, reason="No")
    make(cast, "Added since")
    return timezone.localdate() - timedelta(days=50)


@pytest.mark.django_db
def test_the_roadmap_as_it_stood(cast, march):
    found = asof.stood(Initiative.objects.all(), march)
    columns = {label: {one.title: one.since for one in then} for label, then, _n in found.columns}
    assert columns == {
        "Now": {},
        "Next": {"Moved": ["now under Later", "3 May 2027 (92 days later)"]},
        "Later": {"Shipped since": ["Shipped"], "Dropped since": ["Dropped"], "As it was": []},
    }
    assert [item.title for item in found.added] == ["Added since"]
    assert found.counts == ["1 ends later", "1 shipped", "1 dropped", "1 added"]


@pytest.mark.django_db
def test_it_tells_which_date_each_circle_read(cast, client):
    item, today = make(cast, "Files", ends=date(2027, 2, 9)), timezone.localdate()
    for circle, language, shown in (
        ("company", "en", "Q1 2027"), ("company", "fr", "T1 2027"), ("world", "en", "early 2027"),
        ("company", "en", "spring 2027"),
    ):  # fmt: skip
        words = {"title": "Files", "text": "Soon", "shown_date": shown}
        item.open_to(by=cast.pm, circle=circle, language=language, **words)
    client.force_login(cast.maker)
    text = client.get(f"/roadmap/?as_of={today}").content.decode()
    assert "Company read “spring 2027” · Company read “T1 2027” · Everyone read “early 2027”" in text
    assert "“Q1 2027”" not in text
    item.open_as_written(by=cast.pm)
    others = ("Company read “T1 2027”", "Everyone read “early 2027”")
    assert asof.told_by([item.pk], today) == {item.pk: others}, "as written, it tells no date"
    item.close_to(by=cast.pm, circle="company")
    assert asof.told_by([item.pk], today) == {item.pk: ("Everyone read “early 2027”",)}
    assert asof.told_by([item.pk], today - timedelta(days=1)) == {}


@pytest.mark.django_db
def test_what_was_read_back_since_was_not_there(cast, march):
    back = Initiative(type=Initiative.type_label(), title="Read back", author=cast.pm, team=cast.team)
    back.status, back.created_at = "planned", timezone.now() - timedelta(days=90)
    back.validate()
    back.remember("read_back", by=cast.admin, before={})
    found = asof.stood(Initiative.objects.all(), march)
    assert "Read back" not in {one.title for _label, then, _n in found.columns for one in then}
    assert [item.title for item in found.added] == ["Added since", "Read back"]


def test_the_picture_draws_the_latest_slips_not_the_shortest():
    slips = [Slip(1, 1, date(2020, 1, 1) + timedelta(days=day), day) for day in range(500)]
    drawn = dots(Drift(1, 1, slips, []))
    assert len(drawn) == 400 and drawn[0] == (638.4, 1, True)  # the 98th day on


def test_the_picture_marks_where_dates_land():
    assert marks(Drift(5, 0, [], [0, 0, 10, 400, 500])) == [(513.7, "P50"), (1000.0, "P80")]
    assert marks(Drift(4, 0, [], [1, 2, 3, 4])) == []


@pytest.mark.django_db
def test_too_few_counts_what_landed_on_a_date(cast):
    ahead = make(cast, ends=date(2027, 5, 1))
    for number in range(3):
        make(cast, f"Undated {number}").ship(by=cast.pm)
    make(cast, "Dated", ends=date(2027, 5, 1)).ship(by=cast.pm)
    found = forecast_of(ahead, moves(acts_of(ahead))[0], cast.pm)
    assert found is not None and found["n"] == 1


@pytest.mark.django_db
def test_what_is_kept_of_the_past_follows_each_act(cast, march):
    asof.stood(Initiative.objects.all(), march)
    Initiative.objects.get(title="As it was").drop(by=cast.pm, reason="No")
    found = asof.stood(Initiative.objects.all(), march)
    assert "2 dropped" in found.counts and ("Later", 3) in [(label, n) for label, _then, n in found.columns]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/roadmap/", "/roadmap/timeline/", "/roadmap/list/"])
def test_each_view_shows_it(cast, client, march, page):
    client.force_login(cast.maker)
    text = client.get(f"{page}?as_of={march}").content.decode()
    assert "92 days later" in text and "Put on the roadmap since" in text
    long_ago = client.get(f"{page}?as_of=2001-01-01").content.decode()
    assert "92 days later" not in long_ago


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["x", "2026-13-01", "9999-01-01", "0001-01-01", "%00"])
def test_a_day_that_has_not_been_is_refused(cast, client, day):
    client.force_login(cast.maker)
    assert client.get(f"/roadmap/?as_of={day}").status_code == 422


@pytest.mark.django_db
def test_what_was_private_stays_so_in_the_past(cast, client, march):
    Item.objects.filter(title="Moved").update(circle="private")
    client.force_login(cast.other_pm)
    assert b"Moved" not in client.get(f"/roadmap/?as_of={march}").content
    client.force_login(cast.stakeholder)
    assert b"As it was" not in client.get(f"/roadmap/?as_of={march}").content
    assert client.get("/roadmap/drift/").status_code == 403


@pytest.mark.django_db
def test_looking_back_costs_the_same_for_many(cast, client, march, django_assert_max_num_queries):
    for number in range(20):
        make(cast, f"Item {number}", ends=date(2027, 1, 1))
    client.force_login(cast.maker)
    for page in (f"/roadmap/?as_of={march}", "/roadmap/drift/"):
        client.get(page)
        with django_assert_max_num_queries(12):
            client.get(page)


@pytest.mark.django_db
def test_the_drift_of_a_team_and_where_its_next_date_lands(cast, client):
    today = timezone.localdate()
    for late in (0, 10, 20, 30, 40):
        item = make(cast, f"Late by {late}", ends=today - timedelta(days=late))
        item.ship(by=cast.pm, shipped_on=today)
    item = make(cast, "Next", ends=date(2030, 1, 1))
    item.schedule(by=cast.pm, horizon="next", ends=date(2030, 3, 2))
    client.force_login(cast.maker)
    text = client.get("/roadmap/drift/").content.decode()
    assert "1 of 6 dated items moved." in text
    assert "Of the 5 that shipped, half did so at most 20 days after the date first said" in text
    assert "four in five at most 30 days after." in text
    assert 'd="M527.4 ' in text and 'd="M541.1 ' in text and ">P50</text>" in text and ">P80</text>" in text
    page = client.get(f"/initiatives/{item.pk}/").content.decode()
    assert "half landed as late as 21 Jan 2030, four in five as late as 31 Jan 2030" in page
    other = make(cast, "Elsewhere", by=cast.other_pm, ends=date(2030, 1, 1))
    assert "None has shipped yet" in client.get(f"/initiatives/{other.pk}/").content.decode()


@pytest.mark.django_db
def test_a_team_whose_dates_stayed_is_said_in_words_and_not_drawn(cast, client):
    make(cast, "Kept", ends=date(2030, 1, 1))
    client.force_login(cast.maker)
    text = client.get("/roadmap/drift/").content.decode()
    assert "Its dated item has not moved." in text and "None has shipped yet" in text
    assert 'class="strip"' not in text
