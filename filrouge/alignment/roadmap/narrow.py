"""Roadmap items as lists show them: few columns, and each team and owner read once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from filrouge.people.models import Team, User

SHOWN = (
    "type", "title", "status", "circle", "team", "owner", "revision", "archived_at", "position", "horizon",
    "starts", "starts_precision", "ends", "ends_precision", "hard_due", "shipped_on", "version",
)  # fmt: skip


def narrow(rows: Any, keys: Collection[int], *, owners: bool = False) -> dict[int, Any]:
    """Those of `rows` with these keys."""
    found: dict[int, Any] = rows.only(*SHOWN).in_bulk(keys)
    teams = Team.objects.in_bulk({row.team_id for row in found.values()} - {None})
    people = User.objects.in_bulk({row.owner_id for row in found.values()} - {None}) if owners else {}
    for row in found.values():
        row.team = teams.get(row.team_id)
        if owners:
            row.owner = people.get(row.owner_id)
    return found
