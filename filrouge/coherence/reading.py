"""What the pages and the command read: findings by rule, by team, new ones, and how they went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from filrouge.core.checks import Finding, Look, Severity, place
from filrouge.core.models import Item
from filrouge.people.models import Team, User

from .models import GRAVEST, Found, Waiver, heard
from .rules import Rule, all_rules
from .running import findings, rules_on
from .telling import Teller, Told

NEW = timedelta(days=7)
TREND_DAYS, DAY = 30, timedelta(days=1)
COUNTS = attrgetter("counts")
ORDER = {severity: number for number, severity in enumerate(Severity)}


def open_findings(reader: User | None, teams: Collection[int] | None = None) -> Any:
    """What holds and is not silenced, of Items that this reader sees."""
    rows = Found.objects.visible_to(reader).open().heard()
    return rows if teams is None else rows.filter(item__team__in=teams)


def new_rows(rows: Any) -> Any:
    return rows.filter(first_seen__gte=timezone.now() - NEW)


@dataclass(frozen=True)
class OfRule:
    """A rule with how many findings it has, and how many of them are new."""

    rule: Rule
    total: int
    new: int


class Tally(NamedTuple):
    """How many findings of a rule a team has had from one day to another, heard or silenced; how many new."""

    rule: str
    team: int | None
    severity: str
    came: date
    went: date | None
    heard: bool
    total: int
    new: int

    @property
    def counts(self) -> bool:
        return self.went is None and self.heard


def tallies(reader: User | None, teams: Collection[int] | None = None) -> list[Tally]:
    """All that the figures of a page are made of, counted once: what held on one of the last days."""
    rows = Found.objects.visible_to(reader).filter(item__archived_at=None)
    rows = rows if teams is None else rows.filter(item__team__in=teams)
    first = timezone.make_aware(datetime.combine(_first_day(), time.min))
    held: Any = rows.filter(Q(gone_at=None) | Q(gone_at__gte=first)).annotate(heard=heard())
    days = {"came": TruncDate("first_seen"), "went": TruncDate("gone_at")}
    new = Count("pk", filter=Q(first_seen__gte=timezone.now() - NEW))
    counted = held.annotate(**days).values_list("rule", "item__team", "severity", "came", "went", "heard")
    return [Tally(*row) for row in counted.annotate(total=Count("pk"), new=new).order_by()]


def newest(rows: Any, tallied: Iterable[Tally], most: int) -> Any:
    """The gravest first; those of severities that are not needed to fill a list are not read."""
    new, wanted = Counter[str](), list[str]()
    for one in filter(COUNTS, tallied):
        new[one.severity] += one.new
    for severity in Severity:
        if sum(new[one] for one in wanted) < most:
            wanted.append(severity.value)
    found = new_rows(rows).filter(severity__in=wanted)
    return found.order_by(GRAVEST, "-first_seen", "pk")[:most]


def _first_day() -> date:
    return timezone.localdate() - timedelta(days=TREND_DAYS - 1)


def by_rule(tallied: Iterable[Tally], rules: Collection[Rule]) -> list[OfRule]:
    """The rules that found something: errors first, then in the order of their ids."""
    total, new = Counter[str](), Counter[str]()
    for one in filter(COUNTS, tallied):
        total[one.rule] += one.total
        new[one.rule] += one.new
    found = [OfRule(rule, total[rule.id], new[rule.id]) for rule in rules if total[rule.id]]
    return sorted(found, key=lambda one: (ORDER[one.rule.severity], place(one.rule.id)))


def counted(reader: User | None) -> tuple[list[Rule], dict[str, int]]:
    """Every rule as it is set, and how many findings each has of Items that this reader sees."""
    known = all_rules()
    return known, {one.rule.id: one.total for one in by_rule(tallies(reader), known)}


def by_severity(found: Collection[OfRule]) -> list[tuple[Severity, int]]:
    return [
        (severity, sum(one.total for one in found if one.rule.severity == severity)) for severity in Severity
    ]


def by_team(tallied: Iterable[Tally]) -> list[tuple[Team, int, int]]:
    """Every team by name, with its errors and all its findings; nothing is ranked."""
    errors, total = Counter[int | None](), Counter[int | None]()
    for one in filter(COUNTS, tallied):
        errors[one.team] += one.total if one.severity == Severity.ERROR else 0
        total[one.team] += one.total
    return [(team, errors[team.pk], total[team.pk]) for team in Team.objects.all()]


@dataclass(frozen=True)
class Trend:
    days: list[date]
    open: list[int]
    came: int
    went: int


def trend(tallied: Iterable[Tally]) -> Trend:
    """How many findings were open at the end of each of the last days; silenced ones count."""
    first = _first_day()
    days = [first + timedelta(days=step) for step in range(TREND_DAYS)]
    came, went = Counter[date](), Counter[date]()
    for one in tallied:
        came[max(one.came, first - DAY)] += one.total
        went[one.went or date.max] += one.total
    levels, level = list[int](), came[first - DAY]
    for day in days:
        level += came[day] - went[day]
        levels.append(level)
    return Trend(days, levels, sum(map(came.__getitem__, days)), sum(map(went.__getitem__, days)))


def of_item(item: Item, reader: User | None) -> list[Told]:
    """What the rules find of an Item as it is now, silenced or not: mended is mended at once."""
    rules = all_rules()
    look = Look([item.pk])
    seen = Found.objects.filter(item_id=item.pk, gone_at=None)
    first = {(row.rule, row.other_id): row.first_seen for row in seen}
    rows = [
        _as_found(rule, one, first) for rule, one in findings(look, rules_on(rules, {item.type})).values()
    ]
    waivers = {
        one.rule: one for one in Waiver.objects.in_force().filter(item_id=item.pk).select_related("author")
    }
    told = Teller(reader, rules).tell(
        sorted(rows, key=lambda row: (ORDER[Severity(row.severity)], place(row.rule)))
    )
    return [Told(**{**vars(one), "waiver": waivers.get(one.rule.id)}) for one in told]


def _as_found(rule: Rule, one: Finding, first: dict[tuple[str, int | None], datetime]) -> Found:
    """A finding of this moment, seen first when it was."""
    now = timezone.now()
    return Found(
        rule=rule.id, severity=rule.severity, item_id=one.item, other_id=one.other, values=one.values,
        first_seen=first.get((rule.id, one.other), now), last_seen=now,
    )  # fmt: skip


def silenced(reader: User | None, rule: str) -> Any:
    """The waivers of a rule that are in force, of Items that this reader sees."""
    seen = Item.objects.visible_to(reader).active().values("pk")
    return Waiver.objects.in_force().filter(rule=rule, item__in=seen).select_related("item", "author")
