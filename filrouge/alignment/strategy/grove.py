"""All goals with what contributes to them, as this process last read them: a page takes over what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from copy import copy
from datetime import UTC, datetime
from fractions import Fraction
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from filrouge.core.rows import column
from filrouge.people.models import User

from . import aligning
from .models import Goal, KeyResult
from .past import restore, undone
from .standing import HEAVY, Forest, Standing, stand
from .ties import KINDS, Tie, aligned, ambitions_in, counts, parents, people_named

DAYS = 8
"""Of so many days, time zones counted, all standings are kept."""
# One question on each page of goals: to build it from querysets took three times as long as to run it.
STAMPED = """
SELECT 'items', COUNT(*), SUM(revision), 0, CAST(MAX(changed_at) AS text) FROM core_item
  WHERE type IN (%s, %s)
UNION ALL SELECT 'links', COUNT(*), 0, MAX(link.id), '' FROM core_link link
  JOIN core_item source ON source.id = link.source_id WHERE source.type IN (%s, %s)
UNION ALL SELECT 'weights', COUNT(*), SUM(weight * link_id), MAX(id), '' FROM strategy_weight
UNION ALL SELECT 'cycle', id, 0, 0, name || ' ' || starts || ' ' || ends FROM strategy_cycle
UNION ALL SELECT 'pace', team_id, 0, 0, profile FROM strategy_steering
UNION ALL SELECT 'team', id, 0, 0, name FROM people_team
UNION ALL SELECT 'type', id, 0, 0, name || ' ' || base FROM strategy_goaltype
"""


class Stamp(NamedTuple):
    """What differs as soon as anything does that a standing depends on, or the name of a team or a type.

    Every act gives its Item the next revision, and none ever falls: as long as their number and their sum
    are the same, each of them is.
    """

    items: tuple[Any, ...]
    others: frozenset[tuple[Any, ...]]

    @classmethod
    def now(cls) -> Stamp:
        with connection.cursor() as cursor:
            cursor.execute(STAMPED, KINDS * 2)
            rows = set(cursor.fetchall())
        items = next(row for row in rows if row[0] == "items")
        return cls(items[1:], frozenset(rows - {items}))


class Grove:
    """The goals and key results of the organisation, and how they stand today and on days in the past."""

    def __init__(self) -> None:
        self.turn = Lock()
        self.stamp: Stamp | None = None
        self.items: dict[int, Any] = {}
        self.ties: list[Tie] = []
        self.named: dict[int, set[int]] = {}
        self.forests: dict[tuple[Any, ...], Forest] = {}

    def at(self, as_of: datetime | None = None) -> Forest:
        """Every goal with its standing, now or at a moment, by the reader's day."""
        with self.turn:
            self._read()
            now, zone = timezone.now(), timezone.get_current_timezone_name()
            days = () if as_of else (timezone.localdate(now), now.astimezone(UTC).date())
            key = (as_of, zone, *days)
            if key not in self.forests:
                while len(self.forests) >= DAYS:
                    del self.forests[next(iter(self.forests))]
                self.forests[key] = self._grown(as_of)
            return self.forests[key]

    def _read(self) -> None:
        """Take over what changed; a check-in changes how its key result stands, and the goals above."""
        stamp = Stamp.now()
        if stamp == self.stamp:
            return
        before, self.stamp = self.stamp, None
        changed = self._changed(before, stamp)
        held, self.ties = self.ties, aligned()
        # The sums of a stamp are blind to weights that change places.
        alone = before is not None and stamp[1:] == before[1:] and held == self.ties
        self._place((changed if alone else self.items).values())
        self.named = people_named()
        light = alone and all(item.type == aligning.KEY_RESULT for item in changed.values())
        today = {key: forest for key, forest in self.forests.items() if light and key[0] is None}
        self.forests = {key: self._again(key[1], forest, changed) for key, forest in today.items()}
        self.stamp = stamp if self._sums() == stamp.items[:2] else None

    def _changed(self, before: Stamp | None, stamp: Stamp) -> dict[int, Any]:
        """What was written since; everything, where the revisions do not add up with it."""
        since = max((item.changed_at for item in self.items.values()), default=None) if before else None
        found = _load(changed_at__gte=since) if since else {}
        self.items = self.items | found
        if self._sums() != stamp.items[:2]:
            found = self.items = _load()
        return found

    def _sums(self) -> tuple[int, int | None]:
        return len(self.items), sum(item.revision for item in self.items.values()) or None

    def _place(self, items: Collection[Any]) -> None:
        """Give them the rows that they refer to and of which there are few."""
        for name in ("cycle", "team", "goal_type"):
            field = column(Goal, name)
            rows = field.related_model.objects.in_bulk()
            for item in items:
                if key := vars(item).get(field.attname):
                    field.set_cached_value(item, rows.get(key))

    def _again(self, zone: str, before: Forest, changed: Collection[int]) -> Forest:
        """How those stand that did not change is known already, now and at other moments."""
        with timezone.override(zone):
            forest = self._grown(None, _but(changed, before.measured))
        forest.then = {moment: _but(changed, stood) for moment, stood in before.then.items()}
        return forest

    def _grown(self, as_of: datetime | None, measured: dict[int, Standing] | None = None) -> Forest:
        items, ties = (self._as_they_were(as_of), aligned(as_of)) if as_of else (self.items, self.ties)
        goals = {pk: one for pk, one in items.items() if one.type == aligning.GOAL}
        measures = {pk: one for pk, one in items.items() if one.type == aligning.KEY_RESULT}
        forest = Forest(
            as_of or timezone.now(), goals, measures, self._edges(ties, as_of), above=parents(ties)
        )
        known = measured or {}
        unknown = [one for pk, one in measures.items() if pk not in known]
        forest.measured = known | stand(unknown, as_of, ambitions_in(ties, goals, measures))
        return forest

    def _edges(self, ties: Iterable[Tie], as_of: datetime | None) -> dict[int, list[tuple[int, Fraction]]]:
        """What counts in whose score; private ones of others' do not count in anybody's."""
        edges: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
        for source, target, relation, weight, _at in ties:
            one, other = self.items.get(source), self.items.get(target)
            if relation == aligning.CONTRIBUTES and counts(one, other, self.named, as_of):
                edges[target].append((source, Fraction(1) if weight is None else Fraction(weight)))
        return edges

    def _as_they_were(self, moment: datetime) -> dict[int, Any]:
        states = undone(list(self.items), moment)
        then = {pk: copy(self.items[pk]) for pk in states if pk in self.items}
        for pk, item in then.items():
            restore(item, states[pk])
        self._place(then.values())
        return self.items | then


def _load(**changed: Any) -> dict[int, Any]:
    rows = (model.objects.filter(**changed).defer(*HEAVY) for model in (Goal, KeyResult))
    return {item.pk: item for found in rows for item in found}


def _but(changed: Collection[int], known: dict[int, Standing]) -> dict[int, Standing]:
    return {pk: one for pk, one in known.items() if pk not in changed}


def named(items: Iterable[Any]) -> None:
    """Give the Items that a page shows their people, by their names of now."""
    fields = [column(Goal, name) for name in ("owner", "said_by")]
    wanted = [(one, field, key) for one in items for field in fields if (key := vars(one).get(field.attname))]
    found = User.objects.in_bulk({key for _one, _field, key in wanted}) if wanted else {}
    for one, field, key in wanted:
        field.set_cached_value(one, found.get(key))


GROVE = Grove()
