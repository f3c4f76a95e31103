"""How often and how far dates move, and where a date lands by its team's own history. Pure: no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median

from .precision import opens

ENOUGH = 5
"""Fewer landings than this say nothing of the next one."""


@dataclass(frozen=True)
class Said:
    """On a day, an item of a team was said to end on another, that exactly."""

    item: int
    team: int
    at: date
    ends: date
    precision: str = "day"


@dataclass(frozen=True)
class Slip:
    item: int
    team: int
    at: date
    days: int


@dataclass(frozen=True)
class Forecast:
    """Days from the date first said to the day it shipped, for half and for four in five; of how many."""

    half: int
    most: int
    n: int

    def lands(self, first: date) -> tuple[date, date]:
        return first + timedelta(days=self.half), first + timedelta(days=self.most)


@dataclass(frozen=True)
class Drift:
    """What the dates of one team did: how many items have one, how many moved, each move, each landing."""

    dated: int
    moved: int
    slips: list[Slip]
    landings: list[int]

    @property
    def later(self) -> list[Slip]:
        return [slip for slip in self.slips if slip.days > 0]

    @property
    def earlier(self) -> list[Slip]:
        return [slip for slip in self.slips if slip.days < 0]

    @property
    def share(self) -> float:
        return self.moved / self.dated if self.dated else 0.0

    @property
    def median(self) -> float | None:
        return median(slip.days for slip in self.slips) if self.slips else None

    @property
    def forecast(self) -> Forecast | None:
        return forecast(self.landings)


def slips(said: Iterable[Said]) -> list[Slip]:
    """Each time an item's date was said anew. The same period, more or less exactly, is no slip."""
    held: dict[int, Said] = {}
    found = []
    for one in sorted(said, key=lambda said: said.at):
        before = held.get(one.item)
        if before is not None and not (_within(one, before) or _within(before, one)):
            found.append(Slip(one.item, one.team, one.at, (one.ends - before.ends).days))
        held[one.item] = one
    return found


def _within(one: Said, other: Said) -> bool:
    return opens(other.ends, other.precision) <= one.ends <= other.ends


def landings(said: Iterable[Said], shipped: Mapping[int, date]) -> list[tuple[int, int]]:
    """For each item that shipped, its team and the days from the date first said to the day it shipped."""
    first: dict[int, Said] = {}
    for one in sorted(said, key=lambda said: said.at):
        first.setdefault(one.item, one)
    return [(one.team, (shipped[item] - one.ends).days) for item, one in first.items() if item in shipped]


def percentile(values: Sequence[int], share: float) -> int:
    """The smallest value that so many of them do not pass."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]


def forecast(days: Sequence[int]) -> Forecast | None:
    """None where there are too few to say."""
    return Forecast(percentile(days, 0.5), percentile(days, 0.8), len(days)) if len(days) >= ENOUGH else None


def by_team(said: Sequence[Said], shipped: Mapping[int, date]) -> dict[int, Drift]:
    """The drift of each team that ever said a date."""
    moves, lands = defaultdict[int, list[Slip]](list), defaultdict[int, list[int]](list)
    for slip in slips(said):
        moves[slip.team].append(slip)
    for team, days in landings(said, shipped):
        lands[team].append(days)
    items: dict[int, set[int]] = defaultdict(set)
    for one in said:
        items[one.team].add(one.item)
    return {
        team: Drift(len(known), len({slip.item for slip in moves[team]}), moves[team], lands[team])
        for team, known in items.items()
    }
