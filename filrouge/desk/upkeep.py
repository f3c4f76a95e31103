"""What keeps an installation well: when it was last backed up, who really uses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from filrouge.core.memory import kept
from filrouge.core.models import History
from filrouge.people.models import PRODUCT_ROLES, Membership, Team

USE_DAYS = 30
COUNTED_FOR = 600
BACKUP_NOTE = "backup.state"


def note_backup() -> None:
    """Remember that a backup was written, for whoever keeps this installation."""
    (Path(settings.DATA) / BACKUP_NOTE).write_text(timezone.now().isoformat())


def last_backup() -> datetime | None:
    try:
        return datetime.fromisoformat((Path(settings.DATA) / BACKUP_NOTE).read_text().strip())
    except (OSError, ValueError):
        return None


@dataclass(frozen=True)
class Use:
    """A team: how many of its people did something, of how many, and how many acts."""

    team: str
    active: int
    members: int
    acts: int


def use_by_team() -> list[Use]:
    """Who of each team wrote something in the last 30 days, by name; counted at most every ten minutes."""
    # Not per reader: nothing here depends on who asks.
    return kept("use_by_team", _count_use, COUNTED_FOR)


def _count_use() -> list[Use]:
    since = timezone.now() - timedelta(days=USE_DAYS)
    acts = dict(History.objects.filter(at__gte=since).order_by().values_list("by").annotate(n=Count("pk")))
    people: dict[int, list[int]] = {}
    working = Membership.objects.filter(user__is_active=True, user__role__in=PRODUCT_ROLES)
    for team, person in working.values_list("team_id", "user_id"):
        people.setdefault(team, []).append(person)
    return [
        _use(name, [acts.get(person, 0) for person in people.get(pk, [])])
        for pk, name in Team.objects.values_list("pk", "name")
    ]


def _use(team: str, acts: list[int]) -> Use:
    return Use(team, sum(1 for n in acts if n), len(acts), sum(acts))
