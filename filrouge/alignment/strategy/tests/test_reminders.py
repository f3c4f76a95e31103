"""Reminders: in each person's working hours, for what is due, once a week."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from filrouge.alignment.strategy.answering import answered_by, own
from filrouge.alignment.strategy.jobs import at_work, remind_at
from filrouge.jobs.models import Outbox
from filrouge.people.models import Deputy, User, this_day

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 2, 2, 14, tzinfo=UTC)


def written():
    return sorted(row.payload["to"] for row in Outbox.objects.all())


@pytest.mark.parametrize(
    ("zone", "moment", "working"),
    [
        ("UTC", datetime(2026, 2, 2, 9, tzinfo=UTC), True),
        ("UTC", datetime(2026, 2, 2, 8, 59, tzinfo=UTC), False),
        ("UTC", datetime(2026, 2, 2, 17, tzinfo=UTC), False),
        ("UTC", datetime(2026, 2, 1, 12, tzinfo=UTC), False),
        ("America/Montreal", datetime(2026, 2, 2, 9, tzinfo=UTC), False),
        ("America/Montreal", datetime(2026, 2, 2, 14, tzinfo=UTC), True),
        ("Asia/Tokyo", datetime(2026, 2, 2, 0, 30, tzinfo=UTC), True),
    ],
)
def test_working_hours_are_those_of_the_person(cast, zone, moment, working):
    cast.pm.timezone = zone
    assert at_work(cast.pm, moment) is working


def test_who_answers_for_something_due_is_written_to_once_a_week(cast, measure):
    measure(title="Return", owner=cast.maker.pk)
    measure(title="Ours")
    cast.maker.language = "fr"
    cast.maker.save()
    assert remind_at(MONDAY) == 2
    remind_at(MONDAY.replace(hour=15))
    remind_at(MONDAY.replace(day=4))
    assert written() == ["maker@example.org", "pm@example.org"]
    subjects = {row.payload["to"]: row.payload["subject"] for row in Outbox.objects.all()}
    assert subjects["maker@example.org"] != subjects["pm@example.org"]
    remind_at(MONDAY.replace(day=9))
    assert len(written()) == 4


def test_nobody_is_written_to_about_what_is_not_due(cast, measure):
    measure(title="Fresh").check_in(by=cast.pm, value=1, at=MONDAY)
    measure(title="Closed").close(by=cast.pm)
    measure(title="Over", cycle=None, starts="2025-01-01", ends="2025-02-01")
    assert remind_at(MONDAY) == 0 and not written()


@pytest.mark.parametrize(
    ("zone", "day", "hour", "due"),
    [("UTC", 9, 0, True), ("UTC", 8, 23, False), ("Asia/Tokyo", 9, 9, False), ("Asia/Tokyo", 9, 15, True)],
)
def test_a_week_is_over_when_its_day_begins_where_one_is(measure, cast, zone, day, hour, due):
    item = measure()
    item.check_in(by=cast.pm, value=1, at=MONDAY.replace(hour=17))  # Tuesday already in Tokyo
    assert item.is_due(MONDAY.replace(day=day, hour=hour), ZoneInfo(zone)) is due


def test_the_page_and_the_reminder_agree_on_what_is_due(cast, client, measure):
    measure(title="Over", cycle=None, starts="2025-01-01", ends="2025-02-01")
    client.force_login(cast.pm)
    assert b"check-row due" not in client.get("/goals/check-ins/").content


def test_the_sample_people_have_no_mailbox(cast, measure):
    measure()
    cast.pm.sample = True
    cast.pm.save()
    assert remind_at(MONDAY) == 0


def test_a_home_shows_what_waits(cast, client, measure):
    from filrouge.alignment.strategy.models import Cycle, KeyResult

    KeyResult.create(by=cast.pm, title="Weekly return", start=0, target=1, cycle=Cycle.now().pk)
    client.force_login(cast.pm)
    assert b"Weekly return" in client.get("/").content
    client.force_login(cast.other_pm)
    assert b"Weekly return" not in client.get("/").content


def test_what_all_answer_for_is_asked_at_once(cast, measure, django_assert_max_num_queries):
    """Owned, orphaned, private, named on, led by a deputy: as each person's own page says."""
    orphans = [measure(title=name) for name in ("Orphan", "Private orphan", "Shown")]
    for item, owner in zip(orphans, (cast.stakeholder, None, cast.guest), strict=True):
        type(item).objects.filter(pk=item.pk).update(owner=owner)
    for item in orphans[1:]:
        type(item).objects.filter(pk=item.pk).update(circle="private")
    orphans[2].named.add(cast.coach)
    hidden = measure(title="Hidden", owner=cast.maker.pk)
    type(hidden).objects.filter(pk=hidden.pk).update(circle="private")
    measure(title="Owned", owner=cast.maker.pk)
    measure(title="Archived").archive(by=cast.pm)
    for deputy, day in ((cast.coach, this_day()), (cast.design, date(2025, 1, 1))):
        Deputy.name_for(cast.pm, deputy, day, day, by=cast.pm)
    people = {person.pk: User.objects.get(pk=person.pk) for person in User.objects.reading_items()}
    with django_assert_max_num_queries(5):
        found = answered_by(set(people))
    assert {pk: found[pk] for pk in people} == {pk: list(own(one)) for pk, one in people.items()}
    assert [item.title for item in found[cast.coach.pk]] == ["Orphan", "Shown"]
