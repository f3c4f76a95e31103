"""Real processes: killed at random, stopped politely, started twice."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from filrouge.jobs.models import Job, Lane, State, Worker, state
from filrouge.jobs.tests import trials
from filrouge.jobs.tests.processes import launch, until

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 25


@pytest.fixture
def table() -> Iterator[None]:
    trials.make_ledger()
    yield
    trials.drop_ledger()


@pytest.fixture
def crew() -> Iterator["subprocess.Popen[str]"]:
    process = launch("serve")
    assert until(lambda: state()["worker"] == "ok"), "no worker signed on"
    yield process


def test_nothing_is_lost_or_doubled_when_workers_are_killed(table: None) -> None:
    for number in range(100):
        trials.once.enqueue()
        if number % 5 == 0:
            trials.in_steps.enqueue(4)
        if number == 10:
            trials.poison.enqueue()
    process = launch("work", str(KILLS), "20")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    wanted = []
    for job in Job.objects.filter(task__contains="trials").order_by("pk"):
        steps = {"once": 1, "in_steps": 4}.get(job.task.rpartition(".")[2], 0)
        wanted += [(job.pk, step) for step in range(steps)]
        assert job.state == (State.DONE if steps else State.DEAD), f"{job}: {job.last_error}"
    effects, total = trials.ledger()
    assert effects == wanted
    assert total == len(wanted) == 100 + 20 * 4
    dead = Job.objects.dead().get()
    assert dead.attempts == 3 and "stopped answering" in dead.reason
    hit = Job.objects.exclude(pk=dead.pk).filter(attempts__gt=1).count()
    assert hit, "no job was hit by a kill: this trial shows nothing"


def test_each_lane_has_its_process_and_a_dead_one_is_replaced(crew: "subprocess.Popen[str]") -> None:
    lanes = dict(Worker.objects.values_list("lanes", "pid"))
    assert set(lanes) == set(Lane.values) and len(set(lanes.values())) == 3
    trials.poison.using(queue_name="long").enqueue()
    trials.add.enqueue(1, 2)
    assert until(lambda: Job.objects.filter(state=State.DEAD).exists())
    assert Job.objects.get(task__endswith="add").state == State.DONE
    now = Worker.objects.filter(lanes="default").values_list("pid", flat=True)
    assert list(now) == [lanes["default"]], "the other lanes' workers went on undisturbed"


def test_two_crews_strike_a_tick_once(crew: "subprocess.Popen[str]") -> None:
    other = launch("serve")
    assert until(lambda: Worker.objects.count() == 6)
    assert until(lambda: Job.objects.filter(task="filrouge.jobs.jobs.prune", state=State.DONE).exists())
    other.send_signal(signal.SIGTERM)
    assert other.wait(timeout=10) == 0
    assert Job.objects.filter(task="filrouge.jobs.jobs.prune").count() == 1


def test_stopped_politely_the_job_goes_back_at_no_cost() -> None:
    trials.sleepy.enqueue()
    process = launch("serve", FILROUGE_STOP_SECONDS="0.5", FILROUGE_LEASE_SECONDS="30")
    assert until(lambda: Job.objects.filter(task__endswith="sleepy", state=State.RUNNING).exists())
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert time.monotonic() - start < 20, "the task alone sleeps for a minute"
    job = Job.objects.get(task__endswith="sleepy")
    assert (job.state, job.attempts, job.max_attempts) == (State.READY, 1, 6), job.last_error
    assert not Worker.objects.exists()


def test_a_worker_whose_parent_is_killed_ends_by_itself(crew: "subprocess.Popen[str]") -> None:
    pids = list(Worker.objects.values_list("pid", flat=True))
    os.kill(crew.pid, signal.SIGKILL)
    crew.wait()
    assert until(lambda: not Worker.objects.exists())
    assert len(pids) == 3


def test_an_idle_worker_costs_little(crew: "subprocess.Popen[str]") -> None:
    until(lambda: not Job.objects.filter(state__in=(State.READY, State.RUNNING)).exists())
    pids = list(Worker.objects.values_list("pid", flat=True))
    before = sum(cpu_seconds(pid) for pid in pids)
    time.sleep(3)
    used = sum(cpu_seconds(pid) for pid in pids) - before
    assert used / 3 < 0.10, f"three idle workers used {used / 3:.0%} of a core"


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_long_job_keeps_its_lease(crew: "subprocess.Popen[str]") -> None:
    trials.nap.enqueue(2.5)
    assert until(lambda: Job.objects.filter(task__endswith="nap", state=State.DONE).exists())
    assert Job.objects.get(task__endswith="nap").attempts == 1
