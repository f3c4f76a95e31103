"""The django_tasks face: enqueue, results, transactions."""

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist, TaskResultMismatch

from filrouge.jobs.models import Job
from filrouge.jobs.tests import trials
from filrouge.jobs.worker import drain

pytestmark = pytest.mark.django_db


class Undone(Exception):
    pass


def test_a_rolled_back_transaction_leaves_no_job() -> None:
    with pytest.raises(Undone), transaction.atomic():
        trials.add.enqueue(1, 2)
        raise Undone
    assert not Job.objects.exists()


def test_results_tell_how_it_went() -> None:
    good, bad = trials.add.enqueue(1, 2), trials.hopeless.enqueue()
    assert trials.add.get_result(good.id).status == TaskResultStatus.READY
    drain()
    assert trials.add.get_result(good.id).return_value == 3
    failed = trials.hopeless.get_result(bad.id)
    assert failed.status == TaskResultStatus.FAILED
    assert failed.errors[0].exception_class.__name__ == "GiveUp"
    assert failed.attempts == 1
    assert failed.finished_at is not None


@pytest.mark.parametrize("wrong", ["0", "987654321", "not-a-number", ""])
def test_an_unknown_result_is_said_so(wrong: str) -> None:
    with pytest.raises(TaskResultDoesNotExist):
        trials.add.get_result(wrong)


def test_a_result_belongs_to_its_task() -> None:
    with pytest.raises(TaskResultMismatch):
        trials.add.get_result(trials.hopeless.enqueue().id)


def test_an_unknown_lane_is_refused_where_the_task_is_written() -> None:
    with pytest.raises(InvalidTaskError, match="use one of default, long, mail"):
        task(queue_name="imports")(trials.add.func)


def test_arguments_that_are_no_json_are_refused_when_enqueued() -> None:
    with pytest.raises(TypeError):
        trials.add.enqueue(timezone.now(), 2)  # type: ignore[arg-type]
    assert not Job.objects.exists()


def test_a_job_has_a_name_for_people() -> None:
    trials.add.enqueue(1, 2)
    trials.told_to_wait.enqueue()
    assert [job.title for job in Job.objects.order_by("pk")] == ["Add two numbers", "Told to wait"]
