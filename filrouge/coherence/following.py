"""After each act: what it changed is noted in its transaction, and one job checks what was noted."""

from __future__ import annotations

from django.db import transaction

from filrouge.core.traces import History
from filrouge.jobs.models import Job, State

from .models import Touched


def follow(row: History) -> None:
    """Note the Items of an act; who reads the notes is called once the act is safe."""
    keys = {key for key in (row.item_id, row.other_id) if key is not None}
    Touched.objects.bulk_create(Touched(item_id=key) for key in keys)
    transaction.on_commit(call)


def call() -> None:
    """One waiting job is enough, however many acts come before it."""
    from .jobs import check_what_changed

    waiting = Job.objects.filter(task=check_what_changed.module_path, state=State.READY)
    if not waiting.exists():
        check_what_changed.enqueue()
