"""When a person is erased: the rejected rows that hold them, the files that may."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from filrouge.people.models import User
from filrouge.voices.erasure import Trace

from .importing import end, forget
from .models import Import, Rejected

SHORTEST = 3  # characters: a shorter name or id stands in any text by chance


def forget_rejected(trace: Trace, by: User) -> dict[str, int]:
    """Empty the rejected rows that hold the person's address, name or ids; line and reason stay."""
    held = Rejected.objects.exclude(sealed=b"").select_for_update()
    found = [row.pk for row in held.iterator(chunk_size=500) if _holds(row.content, trace)]
    Rejected.objects.filter(pk__in=found).update(sealed=b"")
    return {"rejected_rows": len(found)}


def forget_files(trace: Trace, by: User) -> dict[str, int]:
    """Drop uploads that wait for a person: nobody has read yet whose words they hold."""
    waiting = list(Import.objects.select_for_update().filter(state__in=Import.WAITING))
    for upload in waiting:
        end(upload, Import.State.CANCELLED)
        transaction.on_commit(partial(forget, upload))
    return {"uploads": len(waiting)} if waiting else {}


def _holds(content: dict[str, object], trace: Trace) -> bool:
    raw = content["raw"]
    cells = [str(cell).strip().casefold() for cell in (raw.values() if isinstance(raw, dict) else [])]
    cells.append(str(content["value"]).strip().casefold())
    email, name = trace.email.casefold(), trace.name.casefold()
    whole = isinstance(raw, dict) and "" in raw  # a line as it stood, not cut into cells
    if email and any(email in cell for cell in cells):
        return True
    if len(name) >= SHORTEST and any(name == cell or (whole and name in cell) for cell in cells):
        return True
    ids = {external.casefold() for external in trace.external_ids if len(external) >= SHORTEST}
    return any(cell in ids for cell in cells)
