"""When an act is done: now, unless it is told of after the fact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

TOLD: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    return TOLD.get() or timezone.now()


@contextmanager
def told_of(moment: datetime) -> Iterator[None]:
    """The acts within were done then: history that is told, as the sample's is, stands under its own day."""
    token = TOLD.set(moment)
    try:
        yield
    finally:
        TOLD.reset(token)
