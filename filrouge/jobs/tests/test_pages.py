"""The page of background work, and who may use it."""

from typing import Any

import pytest
from django.test import Client

from filrouge.jobs.models import Job, State
from filrouge.jobs.outbox import post_mail
from filrouge.jobs.tests import trials
from filrouge.jobs.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops(client: Client, cast: Any) -> Client:
    client.force_login(cast.ops)
    return client


def test_only_those_who_run_jobs_may_look(client: Client, cast: Any) -> None:
    assert client.get("/jobs/").status_code == 302
    answers = {}
    for role, person in cast.by_role.items():
        client.force_login(person)
        answers[role] = client.get("/jobs/").status_code
    assert {role for role, code in answers.items() if code == 200} == {"admin", "product_ops"}
    assert set(answers.values()) == {200, 403}


def test_a_reader_may_not_act(client: Client, cast: Any) -> None:
    trials.hopeless.enqueue()
    drain()
    client.force_login(cast.pm)
    pk = Job.objects.get().pk
    assert client.post(f"/jobs/{pk}/retry/").status_code == 403
    assert Job.objects.get().state == State.DEAD


def test_an_empty_page_says_so(ops: Client) -> None:
    text = ops.get("/jobs/").content.decode()
    for sentence in (
        "No worker is running",
        "Nothing has failed.",
        "Nothing is running.",
        "Nothing is waiting.",
    ):
        assert sentence in text


def test_the_page_shows_each_kind_with_its_acts(ops: Client) -> None:
    trials.hopeless.enqueue()
    drain()
    dead = Job.objects.get()
    running = Job.objects.create(
        task="x.import_csv", state=State.RUNNING, progress={"done": 4, "total": 10, "note": "file.csv"}
    )
    trials.add.enqueue(1, 2)
    waiting = Job.objects.latest("pk")
    Job.objects.create(task="x.bold", state=State.DEAD, last_error="<script>alert(1)</script>")
    text = ops.get("/jobs/").content.decode()
    assert "the address does not exist" in text
    assert f"/jobs/{dead.pk}/retry/" in text and f"/jobs/{dead.pk}/discard/" in text
    assert f"/jobs/{running.pk}/cancel/" in text and "file.csv" in text and 'value="4" max="10"' in text
    assert f"/jobs/{waiting.pk}/cancel/" in text and "Add two numbers" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize(("act", "state"), [("retry", "ready"), ("discard", "cancelled")])
def test_a_failed_job_is_retried_or_discarded(ops: Client, cast: Any, act: str, state: str) -> None:
    trials.hopeless.enqueue()
    drain()
    answer = ops.post(f"/jobs/{Job.objects.get().pk}/{act}/", follow=True)
    job = Job.objects.get()
    assert answer.status_code == 200 and "Hopeless" in answer.content.decode()
    assert (job.state, job.handled_by) == (state, cast.ops)


def test_mail_that_has_not_left_is_counted(ops: Client) -> None:
    for number in range(3):
        post_mail("ana@example.org", "s", "t", f"key {number}")
    assert "3 mails have not left yet." in ops.get("/jobs/").content.decode()
    Job.objects.earliest("pk").cancel(by=None)
    assert "2 mails have not left yet." in ops.get("/jobs/").content.decode()


def test_what_came_too_late_is_said_not_done(ops: Client) -> None:
    trials.add.enqueue(1, 2)
    drain()
    answer = ops.post(f"/jobs/{Job.objects.get().pk}/cancel/", follow=True)
    assert "has changed in the meantime" in answer.content.decode()
    assert Job.objects.get().state == State.DONE


def test_wrong_addresses_and_methods(ops: Client) -> None:
    trials.add.enqueue(1, 2)
    pk = Job.objects.get().pk
    assert ops.post("/jobs/987654/retry/").status_code == 404
    assert ops.post(f"/jobs/{'9' * 30}/retry/").status_code == 404
    assert ops.post(f"/jobs/{pk}/explode/").status_code == 404
    assert ops.get(f"/jobs/{pk}/cancel/").status_code == 405


def test_the_acts_want_their_token(cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ops)
    trials.add.enqueue(1, 2)
    assert client.post(f"/jobs/{Job.objects.get().pk}/cancel/").status_code == 403
    assert Job.objects.get().state == State.READY
