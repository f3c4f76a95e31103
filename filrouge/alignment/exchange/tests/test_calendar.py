"""The calendar: behind a secret address, what its owner may see and no more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.exchange.models import CalendarAddress
from filrouge.alignment.roadmap.models import Initiative
from filrouge.people.models import Record, User
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=30)


def planned(cast: Cast, title: str = "Offline mode", **more: object) -> Initiative:
    made: Initiative = Initiative.create(by=cast.pm, title=title, ends=SOON, **more)
    return made


def read(user: User, query: str = "") -> str:
    answer = Client().get(f"/calendar/{CalendarAddress.make(user)}.ics{query}")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    return answer.content.decode().replace("\r\n ", "")


def test_the_dates_of_the_roadmap(cast: Cast) -> None:
    item = planned(cast, title="Offline; mode\\n", starts=SOON - timedelta(days=9))
    shipped = planned(cast, title="Export")
    shipped.ship(by=cast.pm)
    dropped = planned(cast, title="Fax")
    dropped.drop(by=cast.pm, reason="Nobody asked")
    text = read(cast.maker)
    assert f"UID:initiative-{item.pk}-ends@" in text and r"SUMMARY:Ends: Offline\; mode\\n" in text
    assert f"DTSTART;VALUE=DATE:{SOON:%Y%m%d}" in text and "SUMMARY:Starts: Offline" in text
    assert "SUMMARY:Shipped: Export" in text and "SUMMARY:Ends: Export" not in text and "Fax" not in text


def test_the_day_by_which_it_must_be_done_and_where_phases_begin(cast: Cast) -> None:
    item = planned(cast, hard_due=SOON + timedelta(days=3))
    item.plan_phase(by=cast.pm, stage="beta", starts=SOON - timedelta(days=5))
    undated = Initiative.create(by=cast.pm, title="No dates")
    undated.plan_phase(by=cast.pm, stage="build", starts=SOON)
    text = read(cast.maker)
    assert "SUMMARY:Must be done: Offline mode" in text and "SUMMARY:Build: No dates" in text
    assert f"UID:initiative-{item.pk}-beta@" in text and "SUMMARY:Beta: Offline mode" in text


def test_in_its_owners_language_and_by_the_filters_of_the_list(cast: Cast) -> None:
    planned(cast)
    Initiative.create(by=cast.other_pm, title="Tabs", ends=SOON)
    cast.pm.language = "fr"
    cast.pm.save()
    text = read(cast.pm, f"?team={cast.other_team.pk}")
    assert "SUMMARY:Fin\u00a0: Tabs" in text and "Offline" not in text


def test_what_its_owner_may_not_see_is_not_in_it(cast: Cast) -> None:
    planned(cast, title="Secret", circle="private")
    Initiative.propose(by=cast.ops, title="Idea", team=cast.team.pk)
    planned(cast, title="Gone").archive(by=cast.pm)
    assert "Secret" not in read(cast.head) and "Secret" in read(cast.pm)
    assert "Idea" not in read(cast.pm) and "Gone" not in read(cast.pm)


def test_wider_circles_find_what_was_opened_to_them(cast: Cast) -> None:
    planned(cast, title="Internal name")
    item = planned(cast, title="Codename Falcon")
    item.ship(by=cast.pm)
    item.open_to(by=cast.pm, circle="company", language="en", title="Faster start", text="It starts at once.")
    for person in (cast.stakeholder, cast.guest):
        text = read(person)
        assert "SUMMARY:Shipped: Faster start" in text and text.count("BEGIN:VEVENT") == 1
        assert "Internal" not in text and "Falcon" not in text


def test_when_to_decide_and_when_to_look_again(cast: Cast) -> None:
    question = Decision.create(by=cast.pm, title="Build it?", due=SOON)
    text = read(cast.maker)
    assert f"UID:decision-{question.pk}-due@" in text and "SUMMARY:Decide: Build it?" in text
    assert f"DTSTART;VALUE=DATE:{SOON:%Y%m%d}" in text and "Review" not in text
    question.decide(by=cast.pm, rationale="Heard often", review_on=SOON + timedelta(days=60))
    text = read(cast.maker)
    assert f"UID:decision-{question.pk}-review@" in text and "SUMMARY:Review: Build it?" in text
    assert "Decide: " not in text
    later = Decision.record(by=cast.pm, title="Not now", decided_on=timezone.localdate())
    question.supersede(by=cast.pm, successor=later.pk)
    assert "BEGIN:VEVENT" not in read(cast.maker), "nobody looks again at what is superseded"


def test_decisions_are_told_to_whoever_may_read_their_days(cast: Cast) -> None:
    Decision.create(by=cast.pm, title="Secret?", due=SOON, circle="private")
    question = Decision.create(by=cast.pm, title="Build it?", due=SOON)
    Decision.create(by=cast.pm, title="Gone?", due=SOON).archive(by=cast.pm)
    question.open_as_written(by=cast.pm)
    assert read(cast.pm).count("Secret?") == 1 and "Secret" not in read(cast.head)
    assert "Build it?" not in read(cast.stakeholder), "the day is not opened to the company"
    assert "Gone" not in read(cast.pm)


def test_decisions_follow_what_narrows_them_too(cast: Cast) -> None:
    Decision.create(by=cast.pm, title="Build it?", due=SOON)
    assert "Build it?" in read(cast.maker, f"?team={cast.team.pk}")
    assert "Build it?" not in read(cast.maker, f"?team={cast.other_team.pk}")
    assert "Build it?" not in read(cast.maker, "?horizon=now"), "only a roadmap has horizons"


def test_an_address_is_taken_back(cast: Cast, client: Client) -> None:
    client.force_login(cast.pm)
    assert "secret address of your own" in client.get("/calendar/").text
    page = client.post("/calendar/", {"act": "make"}).text
    path = page[page.index("/calendar/", page.index("will not be shown again")) :].partition("<")[0]
    assert Client().get(path).status_code == 200
    assert path not in client.get("/calendar/").text
    again = client.post("/calendar/", {"act": "make"})
    assert again.status_code == 200 and Client().get(path).status_code == 404, "a new one ends the former"
    client.post("/calendar/", {"act": "take_back"})
    assert not CalendarAddress.objects.exists()
    acts = Record.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["make_calendar", "make_calendar", "take_back_calendar"]
    assert client.post("/calendar/", {"act": "take_back"}).status_code == 302


def test_it_ends_with_its_owners_account(cast: Cast) -> None:
    secret = CalendarAddress.make(cast.maker)
    cast.maker.set_active(False, by=cast.admin)
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404
    assert Client().get("/calendar/nonsense.ics").status_code == 404


def test_the_secret_is_not_kept(cast: Cast) -> None:
    secret = CalendarAddress.make(cast.pm)
    assert secret not in str(CalendarAddress.objects.values().get())


def test_bad_filters_are_no_failure(cast: Cast) -> None:
    secret = CalendarAddress.make(cast.pm)
    for query in ("?team=x", "?team=999999999999999999999", "?cursor=1", "?nonsense=1", "?limit=-1"):
        assert Client().get(f"/calendar/{secret}.ics{query}").status_code < 500


def test_what_is_meant_to_the_quarter_is_no_day(cast: Cast) -> None:
    Initiative.create(by=cast.pm, title="Offline", ends=date(2027, 8, 1), ends_precision="quarter")
    text = read(cast.maker)
    assert "SUMMARY:Ends: Offline (Q3 2027)" in text
    assert "DTSTART;VALUE=DATE:20270701" in text and "DTEND;VALUE=DATE:20271001" in text
