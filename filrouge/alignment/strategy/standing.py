"""How key results and goals stand at a moment: three numbers kept apart, and the pace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from statistics import median_low
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from filrouge.core.circles import Circle
from filrouge.core.models import Item, Link

from . import aligning, grading, wording
from .grading import ONE, STAYING, Ambition, Band, Movement, Promise, Reading
from .models import Goal, KeyResult, Observation, Steering
from .pace import Pace, behind, contradicts, elapsed, pace, weakest
from .past import as_it_was
from .pursuing import Status
from .ties import Tie, aligned, ambitions_in, counts, people_named

HEAVY = ("stems", "forms", "facets", "description")
"""Columns that no list of goals shows."""
MOMENTS = 3


class Line(NamedTuple):
    """An observation, as much of it as a standing needs."""

    key_result: int
    at: datetime
    value: Fraction
    order: int
    confidence: int | None
    said: str
    note: str
    noted_at: datetime


LOGGED = ("key_result_id", "at", "value", "pk", "confidence", "said", "note", "noted_at")


@dataclass(frozen=True)
class Standing:
    """`raw` is not clamped, `score` is, `grade` is what a person declared; none ever overwrites another.

    `disputed`: what a person said of it contradicts its numbers; `contradicts`: that, or of what is under it.
    """

    raw: Fraction | None = None
    score: Fraction | None = None
    grade: Fraction | None = None
    counted: Fraction | None = None
    band: Band | None = None
    expected: Fraction | None = None
    computed: Pace | None = None
    said: str = ""
    contradicts: bool = False
    disputed: bool = False
    value: Fraction | None = None
    confidence: int | None = None
    median: int | None = None
    at: datetime | None = None
    note: str = ""
    missed: int = 0
    stale: bool = False

    def __hash__(self) -> int:
        """By what is quick to hash, unlike fractions: pages ask it of hundreds of rows."""
        return hash((self.at, self.said, self.note, self.confidence))

    @property
    def status(self) -> Pace:
        """What a person said; else what the pace says."""
        return Pace(self.said) if self.said else self.computed or Pace.NOT_STARTED

    def share(self, name: str) -> str:
        """One of its numbers as people write it."""
        return wording.share(getattr(self, name))

    @property
    def sandbagged(self) -> bool:
        return self.band == Band.GREEN and self.score == ONE


# Key results


def stand(
    items: Sequence[KeyResult], as_of: datetime | None = None, ambitions: Mapping[int, str] | None = None
) -> dict[int, Standing]:
    """The standing of key results by their id: three questions, however many they are."""
    moment = as_of or timezone.now()
    whole = [item.pk for item in items if item.movement in WHOLE_LOG]
    others = [item for item in items if item.movement not in WHOLE_LOG]
    # Today the latest value stands in the row itself: only what depends on all of the log reads it.
    last = (
        last_lines([item.pk for item in others], moment) if as_of else {one.pk: latest(one) for one in others}
    )
    log = logs(whole, moment) | last
    steering = Steering.of()
    if ambitions is None:
        ambitions = ambitions_of([item.pk for item in items])
    return {
        item.pk: _stand(
            item,
            log.get(item.pk, []),
            ambitions.get(item.pk, Ambition.ASPIRATIONAL),
            (steering.get(item.team_id) or steering[None]).profile,
            moment,
        )
        for item in items
    }


WHOLE_LOG = (*STAYING, Movement.MILESTONE)


def latest(item: KeyResult) -> list[Line]:
    """The last line of the log, as the row keeps it."""
    if item.value is None or item.checked_at is None:
        return []
    value, at = Fraction(item.value), item.checked_at
    return [Line(item.pk, at, value, 0, item.confidence, item.said, item.remark, at)]


def logs(keys: Collection[int], until: datetime) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    rows = Observation.objects.filter(key_result_id__in=keys, at__lte=until).order_by("at", "pk")
    for row in rows.values_list(*LOGGED):
        line = Line(*row)._replace(value=Fraction(row[2]))
        found[line.key_result].append(line)
    return found


def last_lines(keys: Collection[int], until: datetime) -> dict[int, list[Line]]:
    """The last line of each log at a moment, with the confidence that was told last."""
    known = Observation.objects.filter(key_result=OuterRef("pk"), at__lte=until).order_by("-at", "-pk")
    sure = known.filter(confidence__isnull=False)
    last = KeyResult.objects.filter(pk__in=keys).values_list(
        Subquery(known.values("pk")[:1]), Subquery(sure.values("confidence")[:1])
    )
    told = {pk: confidence for pk, confidence in last if pk is not None}
    rows = Observation.objects.filter(pk__in=told).values_list(*LOGGED)
    lines = [Line(*row)._replace(value=Fraction(row[2]), confidence=told[row[3]]) for row in rows]
    return {line.key_result: [line] for line in lines}


def ambitions_of(keys: Collection[int]) -> dict[int, str]:
    """How each key result is read: as the first goal that it contributes to."""
    links = Link.objects.filter(source_id__in=keys, relation=aligning.CONTRIBUTES, target__type=aligning.GOAL)
    links = links.filter(~Q(target__circle=Circle.PRIVATE) | Q(source__circle=Circle.PRIVATE))
    rows = links.order_by("-at", "-pk").values_list("source_id", "target__goal__ambition")
    return dict(rows)


def _stand(item: KeyResult, lines: list[Line], ambition: str, profile: str, moment: datetime) -> Standing:
    promise = item.promise
    readings = [Reading(line.at, line.value, line.order) for line in lines]
    raw = grading.raw(promise, readings)
    score = grading.score(raw)
    day = timezone.localtime(moment).date()
    expected = elapsed(day, promise.starts, promise.ends, promise.steps)
    ended = promise.ends is not None and day > promise.ends
    last = lines[-1] if lines else None
    computed = _computed(promise, readings, score, expected, ended, profile)
    said = last.said if last and item.status == Status.OPEN else ""
    grade, counted = _grades(item, score)
    told = [line.confidence for line in lines if line.confidence is not None]
    confidence = told[-1] if told else None
    odd = contradicts(said, computed, behind(expected, score))
    return Standing(
        raw, score, grade, counted,
        grading.band(score, ambition), expected, computed, said, odd, odd,
        last.value if last else None, confidence, confidence, last.at if last else None,
        last.note if last else "",
        grading.missed(promise, readings, moment) if item.movement in STAYING else 0,
        _stale(item, last, promise, moment),
    )  # fmt: skip


def _grades(item: Goal | KeyResult, score: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
    """The grade that somebody gave, and what counts: that grade once it is closed, else the score."""
    grade = None if item.grade is None else Fraction(item.grade)
    return grade, grade if item.status == Status.CLOSED and grade is not None else score


def _computed(
    promise: Promise,
    readings: list[Reading],
    score: Fraction | None,
    expected: Fraction | None,
    ended: bool,
    profile: str,
) -> Pace | None:
    if not readings and (promise.movement in STAYING or not ended):
        return Pace.NOT_STARTED
    if promise.movement in STAYING:
        kept = promise.kept_by(readings[-1].value)
        return None if kept is None else Pace.ON_TRACK if kept else Pace.BEHIND
    if score is None or expected is None:
        return None
    return pace(profile, score, expected, ended)


def _stale(item: KeyResult, last: Line | None, promise: Promise, moment: datetime) -> bool:
    """No check-in within one and a half cadences, while it runs."""
    day = timezone.localtime(moment).date()
    if item.status != Status.OPEN or (promise.ends and day > promise.ends):
        return False
    since = timezone.localtime(last.at).date() if last else begun(item)
    return since is not None and (day - since).days > item.cadence * 1.5


def begun(item: KeyResult) -> date | None:
    """Nobody can check in on what is not yet written down."""
    starts, _ends = item.period
    return starts and max(starts, timezone.localtime(item.created_at).date())


# Goals


@dataclass
class Forest:
    """Goals with all that contributes to them, at a moment."""

    moment: datetime
    goals: dict[int, Goal] = field(default_factory=dict)
    key_results: dict[int, KeyResult] = field(default_factory=dict)
    edges: dict[int, list[tuple[int, Fraction]]] = field(default_factory=lambda: defaultdict(list))
    measured: dict[int, Standing] = field(default_factory=dict)
    stood: dict[int, Standing] = field(default_factory=dict)
    then: dict[datetime, dict[int, Standing]] = field(default_factory=dict)
    above: dict[int, list[int]] = field(default_factory=dict)

    def __getitem__(self, pk: int) -> Standing:
        """The standing of a goal or a key result."""
        return self._at(pk, frozenset())

    def _at(self, pk: int, above: frozenset[int]) -> Standing:
        """Nothing half-counted is ever kept: another thread may read the same forest."""
        if pk in self.measured:
            return self.measured[pk]
        if pk in above:
            return Standing()  # what is aligned in a circle stops here
        if pk not in self.stood:
            self.stood[pk] = self._stand(self.goals[pk], above | {pk})
        return self.stood[pk]

    def at(self, moment: datetime, keys: Iterable[int]) -> dict[int, Standing]:
        """How key results, as they are written here, stood at another moment; of a few it is kept."""
        kept = self.then.get(moment, {})
        if missing := [self.key_results[pk] for pk in keys if pk not in kept]:
            kept = kept | stand(missing, moment)
            self.then = dict([*self.then.items()][-MOMENTS:]) | {moment: kept}
        return kept

    def measures(self, pk: int) -> list[tuple[KeyResult, Fraction]]:
        """The key results that contribute to a goal, each with its weight."""
        return [(self.key_results[one], weight) for one, weight in self.edges[pk] if one in self.key_results]

    def children(self, pk: int) -> list[tuple[Goal, Fraction]]:
        return [(self.goals[one], weight) for one, weight in self.edges[pk] if one in self.goals]

    def _stand(self, goal: Goal, above: frozenset[int]) -> Standing:
        """From its key results; from the goals below it where it has none of its own."""
        own: list[tuple[Any, Fraction]] = [*self.measures(goal.pk)] or [*self.children(goal.pk)]
        parts = [(self._at(one.pk, above), weight) for one, weight in own if one.status != Status.DROPPED]
        score = grading.weighted((weight, one.counted) for one, weight in parts)
        sure = [one.confidence for one, _weight in parts if one.confidence is not None]
        expected = elapsed(timezone.localtime(self.moment).date(), *goal.period)
        computed = weakest([one.status for one, _weight in parts])
        said = goal.said if goal.status == Status.OPEN else ""
        disputed = contradicts(said, computed, behind(expected, score))
        grade, counted = _grades(goal, score)
        return Standing(
            raw=grading.weighted((weight, one.raw) for one, weight in parts),
            score=score,
            grade=grade,
            counted=counted,
            band=grading.band(score, goal.ambition),
            expected=expected,
            computed=computed,
            said=said,
            contradicts=disputed or any(one.contradicts for one, _weight in parts),
            disputed=disputed,
            confidence=min(sure, default=None),
            median=median_low(sure) if sure else None,
            stale=any(one.stale for one, _weight in parts),
        )


def grow(goals: Iterable[Goal], as_of: datetime | None = None) -> Forest:
    """The goals with all below them. What is private counts only in a private goal of the same author, and
    where everybody who reads that goal reads it too: a score tells nobody of what they may not see."""
    forest = Forest(as_of or timezone.now(), {goal.pk: goal for goal in goals})
    tied = aligned(as_of) if as_of else []
    level: set[int] = set(forest.goals)
    measures: set[int] = set()
    while level:
        rows = list(_contributions(level) if as_of is None else _contributed(level, tied, as_of))
        for target, source, _type, weight in rows:
            forest.edges[target].append((source, Fraction(1) if weight is None else Fraction(weight)))
        measures |= {source for _target, source, kind, _weight in rows if kind == aligning.KEY_RESULT}
        level = {source for _target, source, kind, _w in rows if kind == aligning.GOAL} - set(forest.goals)
        below = Goal.objects.filter(pk__in=level).select_related("cycle", "goal_type", "team", "owner")
        below = below.defer(*HEAVY)
        forest.goals |= {goal.pk: goal for goal in below}
    found = KeyResult.objects.filter(pk__in=measures).select_related("cycle", "team", "owner").defer(*HEAVY)
    forest.key_results = {one.pk: one for one in found}
    if as_of is not None:
        as_it_was([*forest.goals.values(), *forest.key_results.values()], as_of)
    told = _ambitions_at(as_of, tied, forest.key_results) if as_of else None
    forest.measured = stand(list(forest.key_results.values()), as_of, told)
    return forest


def _contributions(level: Collection[int]) -> Iterator[tuple[int, int, str, Any]]:
    own = Q(target__circle=Circle.PRIVATE, source__author=F("target__author")) & ~Exists(_shut_out())
    counts = ~Q(source__circle=Circle.PRIVATE) | own
    links = Link.objects.filter(
        counts,
        target_id__in=level,
        relation=aligning.CONTRIBUTES,
        source__type__in=(aligning.GOAL, aligning.KEY_RESULT),
        source__archived_at=None,
    )
    rows = links.order_by("at", "pk")
    return rows.values_list("target_id", "source_id", "source__type", "weight__weight").iterator()


def stood(item: KeyResult, moment: datetime, tied: list[Tie]) -> Standing:
    """How one key result, as it was written then, stood at a moment."""
    return stand([item], moment, _ambitions_at(moment, tied, {item.pk: item}))[item.pk]


def _ambitions_at(moment: datetime, tied: list[Tie], measures: dict[int, KeyResult]) -> dict[int, str]:
    goals = Goal.objects.in_bulk({tie.target for tie in tied if tie.source in measures})
    as_it_was([*goals.values()], moment)
    return ambitions_in(tied, goals, measures)


def _contributed(
    level: Collection[int], tied: Iterable[Tie], moment: datetime
) -> Iterator[tuple[int, int, str, Any]]:
    """The same of a day in the past."""
    found = [tie for tie in tied if tie.target in level and tie.relation == aligning.CONTRIBUTES]
    items = Item.objects.in_bulk({pk for tie in found for pk in tie[:2]})
    named = people_named()
    for tie in found:
        if counts(items.get(tie.source), items.get(tie.target), named, moment):
            yield tie.target, tie.source, items[tie.source].type, tie.weight


def _shut_out() -> Any:
    """Those who are named on a goal, and not on what contributes to it."""
    named = Item.named.through.objects
    beside = named.filter(item_id=OuterRef(OuterRef("source_id"))).values("user_id")
    return named.filter(item_id=OuterRef("target_id")).exclude(user_id__in=beside)


def stand_goals(goals: Sequence[Goal], as_of: datetime | None = None) -> dict[int, Standing]:
    forest = grow(goals, as_of)
    return {goal.pk: forest[goal.pk] for goal in goals}


def score_of(item: Any) -> Fraction | None:
    """The computed score of one."""
    found = stand([item]) if isinstance(item, KeyResult) else stand_goals([item])
    return found[item.pk].score


def plain(item: Goal | KeyResult, one: Standing) -> dict[str, Any]:
    """What REST and exports say beside the columns; `exact` is the score as a fraction."""
    return {
        "raw": None if one.raw is None else float(one.raw),
        "score": None if one.score is None else float(one.score),
        "exact": None if one.raw is None else str(one.raw),
        "band": one.band,
        "expected": None if one.expected is None else float(one.expected),
        "confidence": one.confidence,
        "confidence_median": one.median,
        "status": one.status if item.status == Status.OPEN else item.status,
        "state": item.status,
        "computed_status": one.computed,
        "contradicts": one.contradicts,
        "stale": one.stale,
    }
