"""The order that a product manager gives to the items of a team, by hand. Nothing else writes it."""

from __future__ import annotations

from typing import Any

from .models import Initiative

STEP = 2**20
"""Room between two neighbours: items go between them about twenty times before all are spaced anew."""


def last_place() -> int:
    """After every item of every team: only how those of one team stand to each other counts."""
    last = Initiative._base_manager.order_by("-position").values_list("position", flat=True)[:1]
    return next(iter(last), 0) + STEP


def place_before(item: Initiative, before: Initiative | None) -> int:
    """The place of an item that is to stand before another of its team, or last."""
    if before is None:
        return last_place()
    row = Initiative.objects.filter(team_id=item.team_id).exclude(pk=item.pk).order_by("position", "pk")
    places = list(row.values_list("pk", "position"))
    found = _gap(places, before.pk)
    if found is None:
        places = [(pk, number * STEP) for number, (pk, _place) in enumerate(places, 1)]
        again: list[Any] = [Initiative(pk=pk, position=place) for pk, place in places]
        Initiative.objects.bulk_update(again, ["position"], batch_size=500)
        found = _gap(places, before.pk)
    assert found is not None
    return found


def _gap(places: list[tuple[int, int]], before: int) -> int | None:
    """A place just before one, or None where the two neighbours leave no room."""
    index = next(number for number, (pk, _place) in enumerate(places) if pk == before)
    high = places[index][1]
    low = places[index - 1][1] if index else high - 2 * STEP
    middle = (low + high) // 2
    return middle if low < middle < high else None
