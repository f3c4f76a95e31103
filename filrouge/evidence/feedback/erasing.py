"""When a person is erased: the rejected rows that hold them, the files that may."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from filrouge.people.models import User
from filrouge.voices.erasure import SHORTEST, Trace
from filrouge.voices.models import Source, sealer

from .importing import end, forget
from .models import Import, Rejected


def forget_rejected(trace: Trace, by: User | None) -> dict[str, int]:
    """Empty the rejected rows that hold the person's address, name or ids; line and why stay."""
    held = Rejected.objects.exclude(sealed=b"").select_for_update()
    sources = dict(Source.objects.values_list("name", "pk")) if trace.digests else {}
    found = [
        row
        for row in held.iterator(chunk_size=500)
        if _holds(row.content, trace) or _kept_out(row.content, trace, sources.get(row.source_name))
    ]
    for row in found:
        row.sealed, row.reason = b"", row.reason | {"values": dict.fromkeys(row.reason["values"], "…")}
    Rejected.objects.bulk_update(found, ["sealed", "reason"], batch_size=500)
    return {"rejected_rows": len(found)}


def forget_files(trace: Trace, by: User | None) -> dict[str, int]:
    """Drop uploads that wait for a person: nobody has read yet whose words they hold."""
    waiting = list(Import.objects.select_for_update().filter(state__in=Import.WAITING))
    for upload in waiting:
        end(upload, Import.State.CANCELLED)
        transaction.on_commit(partial(forget, upload))
    return {"uploads": len(waiting)} if waiting else {}


def _cells(content: dict[str, Any]) -> list[str]:
    return [str(cell).strip().casefold() for cell in (*content["raw"].values(), content["value"])]


def _holds(content: dict[str, Any], trace: Trace) -> bool:
    cells = _cells(content)
    if trace.named_in(cells, whole="" in content["raw"]):  # a line as it stood, not cut into cells
        return True
    ids = {external.casefold() for external in trace.external_ids if len(external) >= SHORTEST}
    return any(cell in ids for cell in cells)


def _kept_out(content: dict[str, Any], trace: Trace, source: int | None) -> bool:
    """Whether a cell is somebody's of whom no more than digests is known."""
    if not trace.digests:
        return False
    spaces = ("email", f"author:{source}", f"external:{source}")
    digests = {sealer.digest(space, cell) for space in spaces for cell in _cells(content)}
    return not trace.digests.isdisjoint(digests)
