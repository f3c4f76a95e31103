"""What runs by itself runs once, whoever asks."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from filrouge.jobs.backend import task_of
from filrouge.jobs.jobs import prune
from filrouge.jobs.models import Job, Outbox, State, Tick, Worker, state
from filrouge.jobs.schedule import Clock, Every
from filrouge.jobs.tests import trials
from filrouge.jobs.worker import drain

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOURLY = Every("trial.hourly", "filrouge.jobs.tests.trials.urgent", minutes=60)


@pytest.mark.parametrize(
    ("minutes", "at"),
    [(5, NOON + timedelta(minutes=35)), (60, NOON), (24 * 60, NOON - timedelta(hours=12))],
)
def test_a_tick_is_counted_from_midnight(minutes: int, at: datetime) -> None:
    assert Every("x", "y", minutes).tick(NOON + timedelta(minutes=38, seconds=12)) == at


@pytest.mark.django_db
def test_a_tick_is_struck_once() -> None:
    assert HOURLY.strike(NOON) is not None
    assert HOURLY.strike(NOON) is None
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_tick_waits_for_the_one_before() -> None:
    first = HOURLY.strike(NOON)
    assert HOURLY.strike(NOON + timedelta(hours=1)) is None
    assert HOURLY.strike(NOON + timedelta(hours=2)) is None
    assert [job.pk for job in Job.objects.all()] == [first.pk if first else None]
    drain()
    assert HOURLY.strike(NOON + timedelta(hours=3)) is not None


@pytest.mark.django_db(transaction=True)
def test_several_clocks_strike_once() -> None:
    def strike() -> None:
        try:
            HOURLY.strike(NOON)
        finally:
            connection.close()

    threads = [threading.Thread(target=strike) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Tick.objects.count() == Job.objects.count() == 1


@pytest.mark.django_db
def test_a_wrong_entry_does_not_stop_the_others(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [Every("trial.gone", "filrouge.jobs.tests.trials.gone", minutes=60), HOURLY]
    monkeypatch.setattr("filrouge.schedule.SCHEDULE", entries)
    settings.SCHEDULE = "filrouge.schedule.SCHEDULE"
    clock = Clock()
    clock.strike()
    clock.strike()
    assert [job.task for job in Job.objects.all()] == [HOURLY.task]


@pytest.mark.django_db
def test_the_schedule_names_real_tasks_once() -> None:
    entries = import_string(project.SCHEDULE)
    assert len({entry.name for entry in entries}) == len(entries)
    for entry in entries:
        assert task_of(Job(task=entry.task)).module_path == entry.task


@pytest.mark.django_db
def test_pruning_forgets_the_old_and_keeps_what_failed() -> None:
    old = timezone.now() - timedelta(days=20)
    for ended in (State.DONE, State.CANCELLED, State.DEAD):
        Job.objects.create(task="x", state=ended, finished_at=old)
    Job.objects.create(task="x", state=State.DONE, finished_at=timezone.now())
    Job.objects.create(task="x", state=State.READY, run_at=old)
    Outbox.objects.create(message_id="<1@x>", payload={}, state="sent", sent_at=old)
    Outbox.objects.create(message_id="<2@x>", payload={}, state="waiting")
    cancelled = Job.objects.get(state=State.CANCELLED)
    Outbox.objects.create(message_id="<3@x>", payload={}, state="waiting", job=cancelled)
    Outbox.objects.filter(job=cancelled).update(created_at=old)
    Tick.objects.create(name="x", at=old)
    Worker.objects.create(name="gone:1", pid=1, lanes="default", seen_at=old)
    assert prune.call() == {"jobs": 2, "messages": 2, "ticks": 1, "workers": 1}
    assert sorted(Job.objects.values_list("state", flat=True)) == ["dead", "done", "ready"]
    assert Outbox.objects.get().message_id == "<2@x>"


@pytest.mark.django_db
def test_health_says_who_works_and_what_waits() -> None:
    assert state() == {"worker": "absent", "ready": 0, "dead": 0, "oldest_ready_seconds": 0}
    trials.add.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(1, 2)
    trials.add.enqueue(1, 2)
    Job.objects.filter(run_at__lte=timezone.now()).update(run_at=timezone.now() - timedelta(seconds=90))
    Worker.objects.create(name="a:1", pid=1, lanes="default long", seen_at=timezone.now())
    assert state() == {"worker": "late", "ready": 2, "dead": 0, "oldest_ready_seconds": 90}
    Worker.objects.create(name="a:2", pid=2, lanes="mail", seen_at=timezone.now())
    assert state()["worker"] == "ok"
    Worker.objects.update(seen_at=timezone.now() - timedelta(seconds=60))
    assert state()["worker"] == "late"
