"""The goals of a cycle as a reader sees them: a tree from the company to the teams."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Case, Q, When
from django.utils import timezone

from filrouge.core.circles import Circle
from filrouge.people.models import User

from .grove import GROVE, named
from .models import Cycle, Goal, KeyResult
from .pursuing import Status
from .standing import Forest, Standing
from .wording import promise_said, said_so, value_said

MOST = 200


@dataclass(frozen=True)
class Measure:
    """A key result under a goal."""

    item: KeyResult
    stands: Standing
    weight: Fraction

    @property
    def said(self) -> str:
        return value_said(self.item, self.stands.value)

    @property
    def promise(self) -> str:
        return promise_said(self.item)

    @property
    def values(self) -> dict[str, Hashable]:
        """What its line shows, and nothing else."""
        item = self.item
        return {
            "pk": item.pk, "title": item.title, "said": self.said, "promise": self.promise,
            "owner": str(item.owner or ""), "weight": float(self.weight), "stands": self.stands,
            "state": _ended(item),
        }  # fmt: skip


@dataclass
class Node:
    """A goal with what stands under it; under its other parents it is only named (`also`)."""

    item: Goal
    forest: Forest
    weight: Fraction = Fraction(1)
    children: list[Node] = field(default_factory=list)
    also: list[Goal] = field(default_factory=list)

    @cached_property
    def stands(self) -> Standing:
        return self.forest[self.item.pk]

    @cached_property
    def measures(self) -> list[Measure]:
        return measures(self.item.pk, self.forest)

    @property
    def notes(self) -> tuple[str, ...]:
        """What it is, whose, and for when."""
        names = (self.item.team, self.item.owner, self.item.cycle)
        return (self.item.type_of_goal, *(str(one) for one in names if one), said_so(self.item))

    @property
    def values(self) -> dict[str, Hashable]:
        """What its line shows, and nothing else."""
        item = self.item
        return {
            "pk": item.pk, "title": item.title, "notes": self.notes, "weight": float(self.weight),
            "private": item.circle == Circle.PRIVATE,
            "also": tuple((one.pk, one.title) for one in self.also), "stands": self.stands,
            "state": _ended(item),
        }  # fmt: skip

    def all(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.all()


def _ended(item: Any) -> str:
    """Its state in words, once it is not pursued any more."""
    return "" if item.status == Status.OPEN else item.status_label


@dataclass(frozen=True)
class Scope:
    """Which goals a page is about: a cycle (None: all), teams (none: all), a day in the past (None: now)."""

    cycle: Cycle | None = None
    teams: frozenset[int] = frozenset()
    on: date | None = None

    @property
    def as_of(self) -> datetime | None:
        """The end of that day where the reader is; none of today, which has not ended."""
        if self.on is None or self.on >= timezone.localdate():
            return None
        return timezone.make_aware(datetime.combine(self.on, time.max))

    def where(self) -> Q:
        """Goals of the cycle, those whose own dates meet it, and those that have none."""
        found = Q(team_id__in=self.teams) if self.teams else Q()
        if self.cycle is None:
            return found
        own = Q(cycle=None, starts__lte=self.cycle.ends, ends__gte=self.cycle.starts)
        within = Q(cycle__starts__lte=self.cycle.ends, cycle__ends__gte=self.cycle.starts)
        return found & (within | own | Q(cycle=None, starts=None, ends=None))


@dataclass(frozen=True)
class Tree:
    roots: list[Node]
    forest: Forest
    cut: bool

    def nodes(self) -> Iterator[Node]:
        for root in self.roots:
            yield from root.all()

    def name(self) -> None:
        """Let what is shown be told by names."""
        nodes = list(self.nodes())
        named([node.item for node in nodes] + [one.item for node in nodes for one in node.measures])

    def measures(self) -> dict[int, tuple[Measure, Goal]]:
        """Each key result once, with the first goal that it stands under."""
        found: dict[int, tuple[Measure, Goal]] = {}
        for node in self.nodes():
            for one in node.measures:
                found.setdefault(one.item.pk, (one, node.item))
        return found


def tree(reader: User, scope: Scope) -> Tree:
    """The goals in scope with the way up from them, each under its first parent; the reader's teams first."""
    chosen = _chosen(reader, scope)
    forest = GROVE.at(scope.as_of)
    seen = upwards(chosen, visible(reader, scope.as_of), forest.above)
    roots = _grown(seen, forest)
    roots.sort(key=lambda node: not any(one.item.team_id in reader.team_ids for one in node.all()))
    left = trim(roots, MOST)
    found = Tree(roots, forest, left < 0 or len(chosen) > MOST)
    found.name()
    return found


def _chosen(reader: User, scope: Scope) -> list[int]:
    """As many goals as a page holds, and one more; the reader's own are not cut for others."""
    mine = Case(When(team_id__in=reader.team_ids, then=0), default=1)
    rows = visible(reader, scope.as_of).filter(scope.where()).order_by(*[mine] * bool(reader.team_ids), "pk")
    return list(rows.values_list("pk", flat=True)[: MOST + 1])


def trim(nodes: list[Node], left: int) -> int:
    """Keep so many rows, goals and key results counted; below zero says that there were more."""
    for place, node in enumerate(nodes):
        if left <= 0:
            del nodes[place:]
            return -1
        left -= 1 + len(node.measures)
        left = trim(node.children, left)
    return left


def visible(reader: User, as_of: datetime | None = None) -> Any:
    """The goals in use now, or at a moment: what was archived since stands there too."""
    goals = Goal.objects.visible_to(reader)
    return goals.filter(Q(archived_at=None) | Q(archived_at__gt=as_of)) if as_of else goals.active()


def upwards(keys: list[int], visible: Any, above: dict[int, list[int]]) -> dict[int, list[int]]:
    """The goals and those that they serve, as far up as it goes and the reader sees; each one's parents."""
    seen, level = dict.fromkeys(keys), keys
    while level:
        missing = dict.fromkeys(one for pk in level for one in above.get(pk, ()) if one not in seen)
        level = list(visible.filter(pk__in=missing).values_list("pk", flat=True)) if missing else []
        seen |= dict.fromkeys(one for one in missing if one in level)
    return {pk: [one for one in above.get(pk, ()) if one in seen] for pk in seen}


def _grown(parents: dict[int, list[int]], forest: Forest) -> list[Node]:
    nodes = {pk: Node(forest.goals[pk], forest) for pk in parents}
    roots: list[Node] = []
    for pk, node in nodes.items():
        above = [one for one in parents[pk] if not _circles(pk, one, parents)]
        node.also = [forest.goals[one] for one in above[1:]]
        if not above:
            roots.append(node)
            continue
        node.weight = dict(forest.edges[above[0]]).get(pk, Fraction(0))
        nodes[above[0]].children.append(node)
    for node in nodes.values():
        node.children.sort(key=_by_team)
    return sorted(roots, key=_by_team)


def _by_team(node: Node) -> tuple[str, int]:
    """Read like an address book: by team, then the oldest first. Nothing here is ranked."""
    return (str(node.item.team or ""), node.item.pk)


def _circles(pk: int, above: int, parents: dict[int, list[int]]) -> bool:
    """Whether a parent serves the goal itself: an import may bring what the pages refuse."""
    todo, seen = [above], set[int]()
    while todo:
        one = todo.pop()
        if one == pk:
            return True
        if one not in seen:
            seen.add(one)
            todo += parents.get(one, [])
    return False


def measures(pk: int, forest: Forest) -> list[Measure]:
    return [Measure(one, forest[one.pk], weight) for one, weight in forest.measures(pk)]


def by_team(item: Any, mine: Collection[int]) -> tuple[bool, str, int]:
    """The reader's own teams first, then as in an address book."""
    return (item.team_id not in mine, str(item.team or ""), item.pk)
