"""When a person is erased: rows of plans set aside that name them, files that nobody has brought in yet."""

from __future__ import annotations

import json

from filrouge.people.models import User
from filrouge.voices.erasure import Trace
from filrouge.voices.models import sealer

from .importing import end
from .models import PlanImport, SetAside

EMPTY = "{}"


def forget_plans(trace: Trace, by: User | None) -> dict[str, int]:
    """Empty the rows that hold the person's address or name; line and why stay."""
    held = SetAside.objects.select_for_update().iterator(chunk_size=500)
    found = [row for row in held if trace.named_in([*row.raw.values(), json.dumps(row.reason["values"])])]
    for row in found:
        row.sealed = sealer.seal(EMPTY)
        row.reason = row.reason | {"values": dict.fromkeys(row.reason["values"], "…")}
    SetAside.objects.bulk_update(found, ["sealed", "reason"], batch_size=500)
    waiting = list(PlanImport.objects.select_for_update(of=("self",)).filter(state__in=PlanImport.WAITING))
    for upload in waiting:
        end(upload, PlanImport.State.CANCELLED)
    counts = {"rows_of_plans": len(found), "files_of_plans": len(waiting)}
    return {name: count for name, count in counts.items() if count}
