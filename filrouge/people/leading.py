"""Who leads a team today: its product managers, and whoever stands in for one of them."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from .models import PRODUCT_ROLES, Role, this_day

# Asked on nearly every page: building it from querysets took eight times as long as running it.
LEADING = f"""
SELECT held.team_id, leader.id, leader.name, manager.id, manager.name
FROM people_membership held
JOIN people_user manager ON manager.id = held.user_id AND manager.role = %s AND manager.is_active
JOIN (
  SELECT id AS manager_id, id AS leader_id FROM people_user
  UNION ALL
  SELECT manager_id, deputy_id FROM people_deputy WHERE %s BETWEEN starts AND ends
) stands ON stands.manager_id = manager.id
JOIN people_user leader ON leader.id = stands.leader_id AND leader.is_active
WHERE leader.role IN ({", ".join(["%s"] * len(PRODUCT_ROLES))})
"""
BY_NAME = " ORDER BY leader.id <> manager.id, leader.name, leader.id"


class Leader(NamedTuple):
    """One who leads a team, and in whose place: a product manager in their own."""

    team: int
    id: int
    name: str
    manager: int
    manager_name: str

    @property
    def stands_in(self) -> bool:
        return self.id != self.manager


def leading(*, team: int | None = None, person: int | None = None) -> list[Leader]:
    """Who leads which team, product managers first: all, those of one team, or one person only."""
    asked = {"held.team_id": team, "stands.leader_id": person}
    only = {name: value for name, value in asked.items() if value is not None}
    day = connection.ops.adapt_datefield_value(this_day())
    with connection.cursor() as cursor:
        cursor.execute(
            LEADING + "".join(f" AND {name} = %s" for name in only) + BY_NAME,
            [Role.PRODUCT_MANAGER, day, *sorted(PRODUCT_ROLES), *only.values()],
        )
        found = [Leader(*row) for row in cursor.fetchall()]
    return list(dict.fromkeys(found))  # named twice for one day, and still one person


def managers() -> dict[int, list[str]]:
    """Team -> the names of its product managers."""
    found: dict[int, list[str]] = {}
    for one in leading():
        if not one.stands_in:
            found.setdefault(one.team, []).append(one.name)
    return found
