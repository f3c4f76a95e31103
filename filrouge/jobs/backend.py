"""The django_tasks backend: `@task()` functions and `.enqueue(...)` over the Job table."""

from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from filrouge.jobs.models import Job, Lane, State

P = ParamSpec("P")
T = TypeVar("T")

STATUS = {
    State.READY: TaskResultStatus.READY,
    State.RUNNING: TaskResultStatus.RUNNING,
    State.DONE: TaskResultStatus.SUCCESSFUL,
    State.DEAD: TaskResultStatus.FAILED,
    State.CANCELLED: TaskResultStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task[P, T]):
    """A task with a number of tries and a name for people."""

    max_attempts: int = 5
    label: str | Promise = ""


class JobBackend(BaseTaskBackend):
    """Stores jobs in the caller's transaction: rolled back with it, or safe with it."""

    task_class = JobTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def validate_task(self, task: Task[..., Any]) -> None:
        super().validate_task(task)
        if task.queue_name not in Lane.values:
            raise InvalidTaskError(
                f"queue_name {task.queue_name!r} is no lane: use one of {', '.join(Lane.values)}."
            )

    def enqueue(self, task: Task[P, T], args: Any, kwargs: Any) -> TaskResult[T]:
        self.validate_task(task)
        job = job_for(task, args, kwargs)
        job.save(force_insert=True)
        return result_of(job)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        job = Job.objects.filter(pk=result_id).first() if str(result_id).isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job)


def job_for(task: Task[..., Any], args: Any, kwargs: Any) -> Job:
    """The job that would run this call; not saved."""
    return Job(
        task=task.module_path,
        payload=normalize_json({"args": list(args), "kwargs": kwargs}),
        lane=task.queue_name,
        priority=task.priority,
        run_at=task.run_after or timezone.now(),
        max_attempts=getattr(task, "max_attempts", 5),
    )


def task_of(job: Job) -> Task[..., Any]:
    """The task that a job calls; ImportError when it is gone from the code."""
    found = import_string(job.task)
    if not isinstance(found, Task):
        raise ImportError(f"{job.task} is not a task")
    return found


def result_of(job: Job) -> TaskResult[Any]:
    """A job as django_tasks shows it."""
    result: TaskResult[Any] = TaskResult(
        task=task_of(job),
        id=str(job.pk),
        status=STATUS[State(job.state)],
        enqueued_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.started_at,
        args=job.payload["args"],
        kwargs=job.payload["kwargs"],
        backend="default",
        errors=_errors(job),
        worker_ids=["worker"] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result


def _errors(job: Job) -> list[TaskError]:
    if not job.last_error:
        return []
    path = job.last_error.partition(":")[0]
    return [TaskError(exception_class_path=path, traceback=job.last_error)]
