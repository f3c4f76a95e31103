"""What blocks what in another tool becomes a dependency, by the act and under the rules of the roadmap."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import Refused
from filrouge.people.models import User

from .models import Pointer


def ask(pointers: list[Pointer], by: User) -> Iterator[tuple[Pointer, Refused]]:
    """Ask for each, once and for all; those that may not be asked for now, with the reason."""
    keys = {key for one in pointers for key in ends_of(one)}
    items: dict[int, Initiative] = Initiative.objects.select_related("team").in_bulk(keys)
    held = set(Dependency.objects.filter(item_id__in=keys).values_list("item_id", "needs_id"))
    for one in pointers:
        waiting, needed = ends_of(one)
        if waiting not in items or needed not in items or waiting == needed:
            continue
        try:
            if (waiting, needed) not in held:
                with transaction.atomic():
                    items[waiting].depend(by=by, needs=needed)
                held.add((waiting, needed))
            Pointer.objects.filter(pk=one.pk).update(asked=True)
        except Refused as refused:
            yield one, refused


def ends_of(pointer: Pointer) -> tuple[int, int]:
    """The Item that waits, and the one that it needs."""
    here, there = pointer.origin.item_id, pointer.target_id or 0
    return (there, here) if pointer.relation == "blocks" else (here, there)
