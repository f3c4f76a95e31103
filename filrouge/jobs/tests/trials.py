"""Tasks that the tests enqueue, and the table that shows what they did."""

import os
import signal
import time
from typing import Any

from django.db import connection
from django_tasks import task

from filrouge.jobs.run import Cancelled, GiveUp, RetryLater, Run, current_run

CALLS: list[Any] = []


@task(label="Add two numbers")
def add(left: int, right: int) -> int:
    CALLS.append((left, right))
    return left + right


@task(priority=10)
def urgent() -> None:
    CALLS.append("urgent")


@task(max_attempts=3)
def failing() -> None:
    raise ValueError("the file has no header\x00")


@task()
def hopeless() -> None:
    raise GiveUp("the address does not exist")


@task()
def told_to_wait() -> None:
    raise RetryLater("429 too many requests", seconds=1200)


@task()
def unwritable() -> Any:
    return object()


@task(queue_name="long", takes_context=True)
def long_one(context: Any, total: int) -> str:
    assert isinstance(context, Run)
    for done in range(total):
        context.progress(done, total, note="row")
        context.stop_if_cancelled()
        CALLS.append(done)
    return "finished"


@task()
def stops_politely() -> None:
    if current_run().cancelled():
        raise Cancelled
    CALLS.append("went on")


# --- what the kill trial runs: it writes to a plain table, through `commit()` only


def make_ledger() -> None:
    """An effect table with no unique key: a job that acts twice shows as two rows."""
    with connection.cursor() as cursor:
        cursor.execute("create table if not exists trial_effect (job bigint, step integer)")
        cursor.execute("create table if not exists trial_count (total integer)")
        cursor.execute("delete from trial_effect")
        cursor.execute("delete from trial_count")
        cursor.execute("insert into trial_count values (0)")


def drop_ledger() -> None:
    """Leave the database as it was."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists trial_effect")
        cursor.execute("drop table if exists trial_count")


def ledger() -> tuple[list[tuple[int, int]], int]:
    """Every effect, and the counter."""
    with connection.cursor() as cursor:
        cursor.execute("select job, step from trial_effect order by job, step")
        effects = [(int(job), int(step)) for job, step in cursor.fetchall()]
        cursor.execute("select total from trial_count")
        return effects, int(cursor.fetchone()[0])


def effect(step: int) -> None:
    """One row and one more on the counter, slowly enough to be killed anywhere in between."""
    time.sleep(0.01)
    with connection.cursor() as cursor:
        cursor.execute("insert into trial_effect values (%s, %s)", [current_run().job.pk, step])
        time.sleep(0.02)
        cursor.execute("update trial_count set total = total + 1")


@task(max_attempts=40)
def once() -> None:
    with current_run().commit(last=True):
        effect(0)


@task(max_attempts=40)
def in_steps(steps: int) -> None:
    run = current_run()
    for step in range(run.memo.get("next", 0), steps):
        with run.commit(last=step == steps - 1) as memo:
            effect(step)
            memo["next"] = step + 1


@task(max_attempts=3)
def poison() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@task()
def sleepy() -> None:
    time.sleep(60)


@task()
def nap(seconds: float) -> None:
    time.sleep(seconds)
