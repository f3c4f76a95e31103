"""The goals of a cycle as a reader sees them: a tree from the company to the teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils import timezone

from filrouge.core.models import Link
from filrouge.people.models import User

from . import aligning
from .models import Cycle, Goal, KeyResult
from .standing import HEAVY, Forest, Standing, grow
from .wording import promise_said, value_said

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


@dataclass
class Node:
    """A goal with what stands under it; under its other parents it is only named (`also`)."""

    item: Goal
    stands: Standing
    weight: Fraction = Fraction(1)
    measures: list[Measure] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    also: list[Goal] = field(default_factory=list)

    @property
    def notes(self) -> tuple[str, ...]:
        """What it is, whose, and for when."""
        names = (self.item.team, self.item.owner, self.item.cycle)
        return (self.item.type_of_goal, *(str(one) for one in names if one))

    @property
    def named_under(self) -> tuple[tuple[int, str], ...]:
        return tuple((one.pk, one.title) for one in self.also)

    def all(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.all()


@dataclass(frozen=True)
class Scope:
    """Which goals a page is about: a cycle (None: all), teams (none: all), a day in the past (None: now)."""

    cycle: Cycle | None = None
    teams: frozenset[int] = frozenset()
    on: date | None = None

    @property
    def as_of(self) -> datetime | None:
        """The end of that day where the reader is."""
        if self.on is None:
            return None
        ends = timezone.make_aware(datetime.combine(self.on, time.max))
        return min(ends, timezone.now())

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

    def measures(self) -> dict[int, tuple[Measure, Goal]]:
        """Each key result once, with the first goal that it stands under."""
        found: dict[int, tuple[Measure, Goal]] = {}
        for node in self.nodes():
            for one in node.measures:
                found.setdefault(one.item.pk, (one, node.item))
        return found


def tree(reader: User, scope: Scope) -> Tree:
    """The goals in scope with the way up from them, each under its first parent."""
    chosen = visible(reader).filter(scope.where()).order_by("pk")[: MOST + 1]
    goals = {goal.pk: goal for goal in chosen}
    parents = upwards(goals, reader)
    forest = grow(goals.values(), scope.as_of)
    roots = _grown(goals, parents, forest)
    left = trim(roots, MOST)
    return Tree(roots, forest, left < 0 or len(goals) > MOST)


def trim(nodes: list[Node], left: int) -> int:
    """Keep so many rows, goals and key results counted; below zero says that there were more."""
    for place, node in enumerate(nodes):
        if left <= 0:
            del nodes[place:]
            return -1
        left -= 1 + len(node.measures)
        left = trim(node.children, left)
    return left


def visible(reader: User) -> Any:
    rows = Goal.objects.visible_to(reader).active()
    return rows.select_related("cycle", "goal_type", "team", "owner").defer(*HEAVY)


def upwards(goals: dict[int, Goal], reader: User) -> dict[int, list[int]]:
    """Adds the goals that these serve, as far up as it goes; answers each one's parents."""
    parents: dict[int, list[int]] = defaultdict(list)
    level = set(goals)
    while level:
        links = Link.objects.filter(
            source_id__in=level, target__type=aligning.GOAL,
            relation__in=(aligning.CONTRIBUTES, aligning.SUPPORTS),
        )  # fmt: skip
        for source, target in links.order_by("pk").values_list("source_id", "target_id"):
            parents[source].append(target)
        missing = {one for pk in level for one in parents[pk]} - set(goals)
        found = visible(reader).in_bulk(missing) if missing else {}
        goals |= found
        level = set(found)
    return {pk: [one for one in dict.fromkeys(above) if one in goals] for pk, above in parents.items()}


def _grown(goals: dict[int, Goal], parents: dict[int, list[int]], forest: Forest) -> list[Node]:
    nodes = {pk: _node(goal, forest) for pk, goal in goals.items()}
    roots: list[Node] = []
    for pk, node in nodes.items():
        above = [one for one in parents.get(pk, []) if not _circles(pk, one, parents)]
        node.also = [goals[one] for one in above[1:]]
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
    return (node.item.team.name if node.item.team else "", node.item.pk)


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


def _node(goal: Goal, forest: Forest) -> Node:
    measures = [Measure(one, forest[one.pk], weight) for one, weight in forest.measures(goal.pk)]
    return Node(forest.goals[goal.pk], forest[goal.pk], measures=measures)


def own(reader: User) -> Any:
    """The key results that a person answers for: named as owner, or of their team and nobody's any more."""
    owned = Q(owner__in=User.objects.reading_items())
    mine = Q(owner=reader) | ~owned & Q(team_id__in=reader.managed_team_ids)
    rows = KeyResult.objects.visible_to(reader).active().filter(mine, status="open")
    return rows.select_related("cycle", "team", "owner").order_by("team__name", "pk")
