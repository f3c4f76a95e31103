"""A database that goes away and comes back."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from filrouge.jobs.models import Job, State
from filrouge.jobs.pulse import Pulse
from filrouge.jobs.tests import trials
from filrouge.jobs.tests.processes import launch, until
from filrouge.jobs.worker import Worker


@pytest.mark.django_db(transaction=True)
def test_a_worker_waits_longer_each_time_and_then_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    worker = Worker(["default"])

    def away(*args: Any) -> None:
        raise OperationalError("the database system is starting up")

    monkeypatch.setattr("filrouge.jobs.worker.time.sleep", waits.append)
    trials.add.enqueue(1, 2)
    with monkeypatch.context() as patch:
        patch.setattr("filrouge.jobs.worker.claim", away)
        for _ in range(5):
            worker._turn()
    assert waits == [1, 2, 4, 4, 4]
    worker._turn()
    assert Job.objects.get().state == State.DONE
    worker._turn()
    assert waits[-1] == 0.5


@pytest.mark.django_db(transaction=True)
def test_a_missed_beat_does_not_end_the_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[str] = []
    pulse = Pulse(["default"])

    def beat() -> None:
        beats.append("beat")
        if len(beats) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        pulse._over.set()

    monkeypatch.setenv("FILROUGE_LEASE_SECONDS", "0.1")
    monkeypatch.setattr(pulse, "beat", beat)
    pulse.run()
    assert beats == ["beat", "beat"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_workers_come_back_after_every_connection_was_cut() -> None:
    process = launch("serve")
    trials.add.enqueue(1, 2)
    assert until(lambda: Job.objects.filter(task__endswith="add", state=State.DONE).exists())
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 3
    trials.add.enqueue(3, 4)
    assert until(lambda: Job.objects.filter(task__endswith="add", state=State.DONE).count() == 2)
    assert process.poll() is None
