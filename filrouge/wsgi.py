"""The WSGI door."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filrouge.settings")


class Body:
    """What a client sends: whoever waits for the rest of it lets others go on."""

    def __init__(self, sent: Any, turn: Lock) -> None:
        self.sent, self.turn = sent, turn

    def read(self, size: int = -1) -> bytes:
        return self._aside(self.sent.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._aside(self.sent.readline, size)

    def _aside(self, read: Callable[[int], bytes], size: int) -> bytes:
        self.turn.release()
        try:
            return read(size)
        finally:
            self.turn.acquire()


class InTurn:
    """One request at a time: Python runs one anyway, and two at once only make each other wait."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application, self.turn = application, Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = Body(environ["wsgi.input"], self.turn)
        with self.turn:
            return self.application(environ, start_response)


application = InTurn(get_wsgi_application())
