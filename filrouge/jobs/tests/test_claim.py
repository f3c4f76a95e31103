"""Who gets which job, and when."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from filrouge.jobs.backend import job_for
from filrouge.jobs.claim import claim, take_back, wait_before
from filrouge.jobs.models import Job, State
from filrouge.jobs.tests import trials

pytestmark = pytest.mark.django_db
LANES = ["default"]


def test_a_claim_takes_the_oldest_due_job_under_a_lease() -> None:
    first, _second = trials.add.enqueue(1, 2), trials.add.enqueue(3, 4)
    job = claim(LANES)
    assert job is not None and str(job.pk) == first.id
    assert (job.state, job.attempts) == (State.RUNNING, 1)
    assert job.lease_until is not None and job.lease_until > timezone.now() + timedelta(seconds=20)
    assert job.payload == {"args": [1, 2], "kwargs": {}}


def test_a_job_is_claimed_once() -> None:
    trials.add.enqueue(1, 2)
    assert claim(LANES) is not None
    assert claim(LANES) is None


def test_the_urgent_goes_first() -> None:
    trials.add.enqueue(1, 2)
    trials.add.using(priority=-5).enqueue(1, 2)
    trials.urgent.enqueue()
    taken = [claim(LANES) for _ in range(3)]
    assert [job.priority for job in taken if job] == [10, 0, -5]


def test_an_urgent_job_for_later_does_not_stop_others() -> None:
    trials.urgent.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    trials.add.enqueue(1, 2)
    job = claim(LANES)
    assert job is not None and job.priority == 0
    assert claim(LANES) is None


def test_lanes_do_not_take_from_each_other() -> None:
    trials.long_one.enqueue(3)
    assert claim(["default", "mail"]) is None
    assert claim(["long"]) is not None


def test_a_silent_workers_job_goes_back_and_is_claimed_again() -> None:
    trials.add.enqueue(1, 2)
    first = claim(LANES)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert take_back() == 1
    second = claim(LANES)
    assert first is not None and second is not None
    assert (second.pk, second.attempts) == (first.pk, 2)
    assert "stopped answering" in second.reason


def test_a_live_lease_is_left_alone() -> None:
    trials.add.enqueue(1, 2)
    claim(LANES)
    assert take_back() == 0


def test_a_job_that_silences_its_worker_every_time_is_dead() -> None:
    trials.poison.enqueue()
    for _ in range(3):
        assert claim(LANES) is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        take_back()
    job = Job.objects.get()
    assert (job.state, job.attempts) == (State.DEAD, 3)
    assert job.finished_at is not None
    assert list(Job.objects.dead()) == [job]


def test_a_cancelled_job_of_a_silent_worker_does_not_come_back() -> None:
    trials.add.enqueue(1, 2)
    claim(LANES)
    Job.objects.get().cancel(by=None)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    take_back()
    assert Job.objects.get().state == State.CANCELLED


def test_waiting_grows_and_has_an_end() -> None:
    seconds = [wait_before(attempt).total_seconds() for attempt in range(1, 60)]
    assert 3.75 <= seconds[0] <= 6.25
    assert 30 <= seconds[3] <= 50
    assert max(seconds) <= 3600 * 1.25
    assert len({wait_before(20) for _ in range(20)}) > 10, "retries must not arrive together"


def plan(sql: str, params: list[Any]) -> str:
    prefix = "explain (costs off) " if connection.vendor == "postgresql" else "explain query plan "
    with connection.cursor() as cursor:
        cursor.execute(prefix + sql, params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_claiming_reads_an_index_and_never_sorts() -> None:
    Job.objects.bulk_create([job_for(trials.add, [n, n], {}) for n in range(3000)])
    with connection.cursor() as cursor:
        cursor.execute("analyze jobs_job")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert claim(LANES) is not None
    assert len(captured) == 3, "the levels, a look, the claim"
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    steps = plan(
        "select id from jobs_job where state = 'ready' and lane = %s and priority = %s and run_at <= %s"
        " order by run_at, id limit 1",
        ["default", 0, now],
    )
    assert "jobs_claim" in steps
    assert "Sort" not in steps and "TEMP B-TREE" not in steps and "Seq Scan" not in steps
