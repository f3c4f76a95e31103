"""Mail leaves through the outbox: written with the change that causes it, sent by the worker."""

import hashlib
import logging
import os
import re
import smtplib
import tempfile
import uuid
from base64 import b64decode, b64encode
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.jobs.models import Outbox
from filrouge.jobs.run import GiveUp, current_run

log = logging.getLogger(__name__)


def post_mail(to: str, subject: str, text: str, message_key: str) -> Outbox:
    """Write a mail in the caller's transaction. The same key for the same person is sent once."""
    one_line = " ".join(str(subject).split())
    return _post(EmailMessage(one_line, str(text), to=[to]), to, message_key)


class OutboxBackend(BaseEmailBackend):
    """Django's mail functions, and what uses them, write to the outbox too."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Post each message to each of its readers."""
        for message in email_messages:
            key = message.extra_headers.pop("X-Message-Key", "") or uuid.uuid4().hex
            for to in message.recipients():
                _post(message, to, key)
        return len(email_messages)


def _post(message: EmailMessage, to: str, key: str) -> Outbox:
    # One envelope for each reader: one refused address must not hold up, or repeat, the others' mail.
    message.extra_headers["Message-ID"] = message_id = _message_id(key, to)
    mime = b64encode(_with_crlf(message.message().as_bytes())).decode("ascii")
    payload = {"from": message.from_email, "to": to, "subject": message.subject, "mime": mime}
    with transaction.atomic():
        row, new = Outbox.objects.get_or_create(message_id=message_id, defaults={"payload": payload})
        if new:
            row.job_id = int(deliver.enqueue(row.pk).id)
            row.save(update_fields=["job"])
    return row


def _with_crlf(mime: bytes) -> bytes:
    return re.sub(rb"\r?\n", b"\r\n", mime)


def _message_id(key: str, to: str) -> str:
    digest = hashlib.sha256(f"{key}\n{to.lower()}".encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{digest}@{domain}>"


@task(queue_name="mail", max_attempts=12, label=_("Send a mail"))
def deliver(outbox_id: int) -> str:
    """Send one message. A crash between sending and noting it repeats it under the same Message-ID."""
    row = Outbox.objects.filter(pk=outbox_id).exclude(state=Outbox.State.SENT).first()
    if row is None:
        return "already sent"
    Outbox.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    try:
        where = _send(row)
    except Exception as error:
        _note_failure(row, error)
        raise
    run = current_run()
    run.result = where
    with run.commit(last=True):
        Outbox.objects.filter(pk=row.pk).update(
            state=Outbox.State.SENT, sent_at=timezone.now(), last_error=""
        )
    return where


def _note_failure(row: Outbox, error: Exception) -> None:
    run = current_run()
    final = isinstance(error, GiveUp) or run.attempt >= run.job.max_attempts
    state = Outbox.State.DEAD if final else Outbox.State.WAITING
    with run.commit():
        Outbox.objects.filter(pk=row.pk).update(state=state, last_error=str(error)[:1000])


def _send(row: Outbox) -> str:
    mime = b64decode(row.payload["mime"])
    if not settings.EMAIL_HOST:
        return _keep_as_file(row, mime)
    try:
        _by_smtp(row, mime)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise _refusal(code, answer) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    return settings.EMAIL_HOST


def _by_smtp(row: Outbox, mime: bytes) -> None:
    backend = EmailBackend()
    backend.open()
    try:
        sender, reader = (sanitize_address(row.payload[side], "utf-8") for side in ("from", "to"))
        assert backend.connection is not None  # open() raises when it cannot
        backend.connection.sendmail(sender, [reader], mime)
    finally:
        backend.close()


def _refusal(code: int, answer: bytes | str) -> Exception:
    # 4xx means later; 5xx about this message or this reader means never.
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    text = f"the mail server answered {code} {said}"
    return GiveUp(text) if code >= 500 else OSError(text)


def _keep_as_file(row: Outbox, mime: bytes) -> str:
    folder = Path(settings.DATA) / "mail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{row.message_id.strip('<>').partition('@')[0]}.eml"
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(mime)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)
    log.warning("no mail server is configured (EMAIL_HOST): the mail is in %s", path)
    return str(path)
