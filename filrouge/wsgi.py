"""The WSGI door."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock, Thread
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.wsgi import get_wsgi_application

from filrouge.lib.stalled import Peer, hang_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filrouge.settings")

SENDERS = int(os.environ.get("FILROUGE_THREADS", "8")) - 2  # two threads stay with those who only read
PATIENCE = float(os.environ.get("FILROUGE_PATIENCE", "60"))  # seconds
LEAST = 1_000  # bytes that move over a connection in that time, or it ends
PLACE_SECONDS = 0.3
AT_ONCE = 1_000_000  # bytes of an answer that are handed over whole


class BrokeOff(SuspiciousOperation):
    """The body did not come, or not all of it: Django answers 400 wherever it was read."""


class Senders:
    """Those whose bodies are awaited; all but two threads may wait for one, and none of them for ever."""

    def __init__(self) -> None:
        self.places = BoundedSemaphore(SENDERS)

    @contextmanager
    def place(self) -> Iterator[None]:
        if not self.places.acquire(timeout=PLACE_SECONDS):
            raise BrokeOff("too many are sending at once")
        try:
            yield
        finally:
            self.places.release()


def watch() -> None:
    """Granian waits without a limit for a client that sends, reads or asks nothing more."""
    moved: dict[Peer, int] = {}
    while True:
        time.sleep(PATIENCE)
        moved = hang_up(moved, LEAST)


class Body:
    """What a client sends: whoever waits for the rest of it lets others go on."""

    def __init__(self, sent: Any, length: int, turn: Lock, senders: Senders) -> None:
        self.sent, self.left, self.turn, self.senders = sent, length, turn, senders

    def read(self, size: int = -1) -> bytes:
        got = self._aside(self.sent.read, size)
        return self._whole(got, ended=len(got) != size)

    def readline(self, size: int = -1) -> bytes:
        got = self._aside(self.sent.readline, size)
        return self._whole(got, ended=len(got) != size and not got.endswith(b"\n"))

    def _aside(self, read: Callable[[int], bytes], size: int) -> bytes:
        self.turn.release()
        try:
            with self.senders.place():
                return read(size)
        finally:
            self.turn.acquire()

    def _whole(self, got: bytes, *, ended: bool) -> bytes:
        """A body that breaks off is none: half a text would be kept as if it were all."""
        self.left -= len(got)
        if ended and self.left > 0:
            raise BrokeOff("the body broke off")
        return got


class InTurn:
    """One request at a time: Python runs one anyway, and two at once only make each other wait."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application, self.turn, self.senders = application, Lock(), Senders()
        self.watched = self.settled = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = Body(environ["wsgi.input"], length, self.turn, self.senders)
        with self.turn:
            self._watch()
            try:
                return at_once(self.application(environ, start_response))
            finally:
                self._settle()

    def _watch(self) -> None:
        """From the first request on: a thread does not outlive the fork that makes a process."""
        if not self.watched:
            self.watched = True
            Thread(target=watch, name="watch", daemon=True).start()

    def _settle(self) -> None:
        """After the first answer: what was loaded by then stays, and looking through it for garbage costs
        every tenth page a tenth of a second."""
        if not self.settled:
            self.settled = True
            gc.collect()
            gc.freeze()


def at_once(answer: Any) -> Iterable[bytes]:
    """No thread waits for a client that reads a page or a script slowly; a long file it does wait for."""
    length = getattr(answer, "headers", {}).get("Content-Length", AT_ONCE)
    if int(length) >= AT_ONCE:
        return answer  # type: ignore[no-any-return]
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


application = InTurn(get_wsgi_application())
