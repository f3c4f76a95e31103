"""Mail: written with its cause, sent by the worker, never lost, never twice under two names."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone

from filrouge.jobs.models import Job, Outbox, State
from filrouge.jobs.outbox import deliver, post_mail
from filrouge.jobs.run import Run
from filrouge.jobs.worker import drain

pytestmark = pytest.mark.django_db
OK = "250 taken"


class Postman:
    """A real SMTP server's manners: keeps what it takes, refuses when told to."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.readers: dict[str, str] = {}
        self.answers: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.readers:
            return self.readers[address]
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else OK
        if answer == OK:
            self.taken.append(envelope)
        return answer

    @property
    def reached(self) -> list[str]:
        return sorted(envelope.rcpt_tos[0] for envelope in self.taken)

    @property
    def mails(self) -> list[Any]:
        return [
            message_from_bytes(e.content, policy=policy.default)
            for e in self.taken
            if isinstance(e.content, bytes)
        ]


class _AnyPort(Controller):
    server: Any

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    postman = Postman()
    controller = _AnyPort(postman, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "filrouge.jobs.outbox.OutboxBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "Filrouge <thread@example.org>"
    yield postman
    controller.stop()


def again() -> int:
    """Time passes."""
    Job.objects.filter(state=State.READY).update(run_at=timezone.now())
    return drain()


def test_a_mail_is_sent_once_under_a_stable_name(postman: Postman) -> None:
    row = post_mail("ana@example.org", "Décidé : le\nmenu", "Voilà.\n.\nFin", "decision:7")
    assert postman.taken == []
    assert drain() == 1
    (mail,) = postman.mails
    assert mail["Message-ID"] == row.message_id
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail["Subject"] == "Décidé : le menu"
    assert mail["To"] == "ana@example.org" and mail["From"] == "Filrouge <thread@example.org>"
    assert mail.get_content().splitlines() == ["Voilà.", ".", "Fin"]
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 1) and row.sent_at is not None


def test_the_same_key_is_one_mail_for_each_reader(postman: Postman) -> None:
    for to in ("ana@example.org", "ana@example.org", "bo@example.org"):
        post_mail(to, "s", "t", "decision:7")
    drain()
    assert sorted(mail["To"] for mail in postman.mails) == ["ana@example.org", "bo@example.org"]


def test_a_rolled_back_cause_sends_nothing(postman: Postman) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post_mail("ana@example.org", "s", "t", "k")
        raise ZeroDivisionError
    assert drain() == 0
    assert not Outbox.objects.exists() and not Job.objects.exists()


def test_busy_then_taken(postman: Postman) -> None:
    postman.answers = ["451 try later", OK]
    row = post_mail("ana@example.org", "s", "t", "k")
    drain()
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("waiting", "the mail server answered 451 try later")
    assert Job.objects.get().run_at > timezone.now() + timedelta(seconds=3)
    again()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("sent", 2, "")
    assert [mail["Message-ID"] for mail in postman.mails] == [row.message_id]


def test_refused_for_good_is_dead_and_can_be_tried_again(postman: Postman) -> None:
    postman.answers = ["550 no such mailbox"]
    row = post_mail("ana@example.org", "s", "t", "k")
    drain()
    row.refresh_from_db()
    job = Job.objects.dead().get()
    assert row.state == "dead" and "550 no such mailbox" in job.reason
    job.retry(by=None)
    drain()
    row.refresh_from_db()
    assert row.state == "sent"


def test_one_refused_reader_does_not_hold_up_the_others(postman: Postman) -> None:
    postman.readers = {"gone@example.org": "550 unknown", "full@example.org": "452 mailbox full"}
    send_mail("s", "t", None, ["gone@example.org", "ana@example.org", "full@example.org"])
    drain()
    states = {row.payload["to"]: row.state for row in Outbox.objects.all()}
    assert states == {"gone@example.org": "dead", "ana@example.org": "sent", "full@example.org": "waiting"}
    postman.readers = {}
    again()
    assert postman.reached == [
        "ana@example.org",
        "full@example.org",
    ]


def test_a_server_that_is_down_costs_nothing_but_time(postman: Postman, settings: Any) -> None:
    right = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    row = post_mail("ana@example.org", "s", "t", "k")
    drain()
    row.refresh_from_db()
    assert row.state == "waiting" and row.last_error
    settings.EMAIL_PORT = right
    again()
    assert len(postman.taken) == 1


def test_the_last_try_closes_the_message_too(postman: Postman) -> None:
    postman.answers = ["451 later"]
    row = post_mail("ana@example.org", "s", "t", "k")
    Job.objects.update(max_attempts=1)
    drain()
    row.refresh_from_db()
    assert row.state == "dead" and Job.objects.dead().count() == 1


def test_a_crash_after_sending_repeats_it_under_the_same_name(
    postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = post_mail("ana@example.org", "s", "t", "k")

    def crash(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("the process was killed here")

    with monkeypatch.context() as patch:
        patch.setattr(Run, "commit", crash)
        drain()
    row.refresh_from_db()
    assert row.state == "waiting"
    again()
    assert {mail["Message-ID"] for mail in postman.mails} == {row.message_id}
    again()
    deliver.enqueue(row.pk)
    drain()
    assert len(postman.taken) == 2, "sent, repeated after the crash, and then never again"


def test_djangos_own_mail_goes_through_the_outbox(postman: Postman) -> None:
    message = EmailMultiAlternatives("Sign in", "code 123", to=["ana@example.org"], bcc=["log@example.org"])
    message.attach_alternative("<p>code <b>123</b></p>", "text/html")
    message.attach("é.bin", bytes(range(256)), "application/octet-stream")
    assert message.send() == 1
    assert postman.taken == []
    drain()
    assert postman.reached == [
        "ana@example.org",
        "log@example.org",
    ]
    mail = postman.mails[0]
    assert mail.get_body(("html",)).get_content().strip() == "<p>code <b>123</b></p>"
    assert next(mail.iter_attachments()).get_content() == bytes(range(256))
    assert all("log@example.org" not in str(sent) for sent in postman.mails)


def test_without_a_mail_server_the_mail_is_kept_as_a_file(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_HOST, settings.DATA = "", tmp_path
    row = post_mail("ana@example.org", "Bonjour", "Ça va ?", "k")
    drain()
    (path,) = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert path.suffix == ".eml" and mail["Message-ID"] == row.message_id
    assert "Ça va ?" in mail.get_content()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Job.objects.get().result == str(path)
