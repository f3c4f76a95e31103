"""How a run ends, and what it may write."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from filrouge.jobs.claim import claim, take_back
from filrouge.jobs.models import Job, NotPossible, Outbox, State
from filrouge.jobs.run import DirectRun, Interrupted, LostLease, Run, current_run, running
from filrouge.jobs.tests import trials
from filrouge.jobs.worker import Worker, drain, perform

pytestmark = pytest.mark.django_db


def taken(lane: str = "default") -> Run:
    job = claim([lane])
    assert job is not None
    return Run(job)


def note(text: str) -> None:
    """An effect that the tests can see."""
    Outbox.objects.create(message_id=text, payload={})


def lose(run: Run) -> None:
    """The worker is paused for longer than its lease, and the job is taken back."""
    Job.objects.filter(pk=run.job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    take_back()


def test_done_with_its_result(calls: list[object]) -> None:
    result = trials.add.enqueue(2, right=3)
    assert drain() == 1
    job = Job.objects.get()
    assert (job.state, job.result, job.lease_until) == (State.DONE, 5, None)
    assert calls == [(2, 3)]
    result.refresh()
    assert result.return_value == 5


def test_a_failure_is_tried_again_later_and_then_dead() -> None:
    trials.failing.enqueue()
    for attempt in (1, 2, 3):
        Job.objects.update(run_at=timezone.now())
        assert drain() == 1
        job = Job.objects.get()
        assert job.attempts == attempt
        assert job.reason == "ValueError: the file has no header"
        if attempt < 3:
            assert job.state == State.READY
            assert job.run_at > timezone.now() + timedelta(seconds=3)
    assert job.state == State.DEAD
    assert "trials.py" in job.last_error


def test_giving_up_is_dead_at_once() -> None:
    trials.hopeless.enqueue()
    drain()
    assert Job.objects.get().state == State.DEAD


def test_the_other_side_says_how_long_to_wait() -> None:
    trials.told_to_wait.enqueue()
    drain()
    job = Job.objects.get()
    assert job.state == State.READY
    assert timedelta(seconds=1190) < job.run_at - timezone.now() <= timedelta(seconds=1200)


def test_a_result_that_is_no_json_is_a_failure_not_a_crash() -> None:
    trials.unwritable.enqueue()
    drain()
    job = Job.objects.get()
    assert job.state == State.READY and "TypeError" in job.reason


def test_a_task_that_is_gone_from_the_code_fails_like_any_other() -> None:
    Job.objects.create(task="filrouge.jobs.tests.trials.removed", payload={"args": [], "kwargs": {}})
    drain()
    job = Job.objects.get()
    assert "ImportError" in job.reason and job.state == State.READY
    assert job.title == "Removed"


def test_a_function_that_is_no_task_is_never_called() -> None:
    Job.objects.create(task="os.getpid", payload={"args": [], "kwargs": {}})
    drain()
    assert "is not a task" in Job.objects.get().reason


def test_a_late_writer_is_refused() -> None:
    trials.once.enqueue()
    late = taken()
    lose(late)
    second = taken()
    with pytest.raises(LostLease), late.commit():
        note("late")
    with second.commit():
        note("in time")
    assert [row.message_id for row in Outbox.objects.all()] == ["in time"]


def test_a_late_end_does_not_overwrite_the_new_attempt() -> None:
    trials.add.enqueue(1, 1)
    late = taken()
    lose(late)
    second = taken()
    assert late.end(State.DONE, result="late") is False
    job = Job.objects.get()
    assert (job.state, job.attempts, job.result) == (State.RUNNING, second.attempt, None)


def test_every_sign_of_life_is_refused_after_the_lease(calls: list[object]) -> None:
    trials.add.enqueue(1, 1)
    late = taken()
    lose(late)
    for write in (late.heartbeat, lambda: late.progress(1, 1), late.cancelled):
        with pytest.raises(LostLease):
            write()


def test_a_heartbeat_renews_the_lease() -> None:
    trials.add.enqueue(1, 1)
    run = taken()
    Job.objects.update(lease_until=timezone.now())
    run.heartbeat()
    until = Job.objects.get().lease_until
    assert until is not None and until > timezone.now() + timedelta(seconds=20)


def test_effects_and_end_are_one_transaction() -> None:
    trials.add.enqueue(1, 1)
    run = taken()
    run.result = {"rows": 3}
    with run.commit(last=True):
        note("effect")
    job = Job.objects.get()
    assert (job.state, job.result) == (State.DONE, {"rows": 3})
    with pytest.raises(LostLease), run.commit():
        note("after the end")
    assert Outbox.objects.count() == 1


def test_a_failed_commit_keeps_neither_effect_nor_memo() -> None:
    trials.add.enqueue(1, 1)
    run = taken()
    with pytest.raises(ZeroDivisionError), run.commit(last=True) as memo:
        note("half")
        memo["next"] = 1
        raise ZeroDivisionError
    assert not Outbox.objects.exists()
    assert run.memo == Job.objects.get().memo == {}
    assert Job.objects.get().state == State.RUNNING


def test_the_next_attempt_starts_from_the_memo() -> None:
    trials.add.enqueue(1, 1)
    run = taken()
    with run.commit() as memo:
        memo["next"] = 400
        run.progress(400, 1000, "row 400")
    lose(run)
    again = taken()
    assert again.memo == {"next": 400}
    assert Job.objects.get().progress == {"done": 400, "total": 1000, "note": "row 400"}


def test_progress_is_written_seldom_but_the_end_is_seen() -> None:
    trials.long_one.enqueue(500)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        drain()
    assert len(captured) < 40
    job = Job.objects.get()
    assert job.progress == {"done": 499, "total": 500, "note": "row"}
    assert job.percent == 99
    assert (job.state, job.result) == (State.DONE, "finished")


def test_cancel_before_it_starts(calls: list[object]) -> None:
    trials.add.enqueue(1, 1)
    Job.objects.get().cancel(by=None)
    assert drain() == 0
    assert Job.objects.get().state == State.CANCELLED
    assert calls == []


def test_cancel_while_it_runs(calls: list[object]) -> None:
    trials.stops_politely.enqueue()
    run = taken()
    Job.objects.get().cancel(by=None)
    perform(run)
    assert Job.objects.get().state == State.CANCELLED
    assert calls == []


def test_an_interrupted_job_goes_back_at_no_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object) -> None:
        raise Interrupted

    trials.add.enqueue(1, 1)
    monkeypatch.setattr("filrouge.jobs.worker._call", interrupt)
    perform(taken())
    job = Job.objects.get()
    assert (job.state, job.attempts, job.max_attempts) == (State.READY, 1, 6)
    assert claim(["default"]) is not None


def test_a_worker_that_was_told_to_stop_leaves_a_job_where_it_can_be_left(
    monkeypatch: pytest.MonkeyPatch, calls: list[object]
) -> None:
    monkeypatch.setenv("FILROUGE_STOP_SECONDS", "0")  # no alarm: the job is left before it
    trials.stops_politely.enqueue()
    worker = Worker(["default"])
    worker.run = run = taken()
    worker.stop()
    perform(run)
    job = Job.objects.get()
    assert (job.state, job.attempts, job.max_attempts, calls) == (State.READY, 1, 6, [])


def test_retry_gives_a_fresh_set_of_tries_and_a_new_fence(calls: list[object]) -> None:
    trials.hopeless.enqueue()
    drain()
    job = Job.objects.dead().get()
    job.retry(by=None)
    assert (job.state, job.attempts, job.max_attempts) == (State.READY, 1, 6)
    assert taken().attempt == 2


def test_discard_takes_it_off_the_list() -> None:
    trials.hopeless.enqueue()
    drain()
    Job.objects.dead().get().discard(by=None)
    assert not Job.objects.dead().exists()
    assert drain() == 0


@pytest.mark.parametrize("act", ["retry", "discard"])
def test_what_no_longer_fits_is_refused_in_words(act: str) -> None:
    trials.add.enqueue(1, 1)
    run = taken()
    with pytest.raises(NotPossible, match="Reload the page"):
        getattr(run.job, act)(by=None)
    assert Job.objects.get().state == State.RUNNING


def test_a_task_called_directly_has_a_run_too() -> None:
    assert isinstance(current_run(), DirectRun)
    with current_run().commit(last=True) as memo:
        note("direct")
        memo["x"] = 1
    assert Outbox.objects.count() == 1
    assert current_run().cancelled() is False
    assert trials.add.call(1, 2) == 3


def test_the_run_is_the_current_one_only_while_it_runs() -> None:
    trials.add.enqueue(1, 1)
    run = taken()
    with running(run):
        assert current_run() is run
        assert run.task_result.attempts == 1
    assert current_run() is not run


def test_a_job_starts_in_the_default_language(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []
    monkeypatch.setattr("filrouge.jobs.worker._call", lambda run: seen.append(translation.get_language()))
    trials.add.enqueue(1, 1)
    with translation.override("fr"):
        perform(taken())
    assert seen == ["en"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_while_it_claims_hands_the_job_back(
    monkeypatch: pytest.MonkeyPatch, calls: list[object]
) -> None:
    worker = Worker(["default"])

    def claim_and_be_told(lanes: list[str]) -> Job | None:
        job = claim(lanes)
        worker.stop()
        return job

    trials.add.enqueue(1, 1)
    monkeypatch.setattr("filrouge.jobs.worker.claim", claim_and_be_told)
    worker._turn()
    job = Job.objects.get()
    assert (job.state, job.max_attempts, calls) == (State.READY, 6, [])
