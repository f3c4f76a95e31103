"""Alignment at a glance: what each picture shows, and the same as a list. Nothing in it is ranked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap
from textwrap import shorten
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from filrouge.alignment.roadmap.dependencies import Dependency, State
from filrouge.alignment.roadmap.statuses import AHEAD
from filrouge.core.kinds import by_label
from filrouge.core.models import Item, Link
from filrouge.core.thread import among
from filrouge.people.models import Team, User

from .models import Found

ITEM, OPPORTUNITY = "roadmap.Initiative", "insights.Opportunity"
GOAL, KEY_RESULT = "strategy.Goal", "strategy.KeyResult"
OPPOSITE = "KR-18"
NEAR = ("now", "next")
TOLD = ("pk", "title", "team_id", "type")
ENDS = tuple(f"{end}__{name}" for end in ("item", "other") for name in TOLD)
WIDTH, HEIGHT, GAP, BETWEEN, LETTERS = 340, 40, 8, 120, 50
MOST, MOST_SQUARES = 60, 200


@dataclass(frozen=True)
class Square:
    """One Item of a row: full where something is tied to it."""

    title: str
    url: str
    full: bool


@dataclass(frozen=True)
class Row:
    """A team with how many of its Items are tied, of how many; and a square for each where they are few."""

    team: str
    url: str
    full: int
    total: int
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Box:
    y: int
    text: str
    title: str
    url: str


@dataclass(frozen=True)
class Line:
    path: str
    dashed: bool
    said: str


@dataclass(frozen=True)
class Pairs:
    """Boxes on the left, boxes on the right, and a line for each tie between them."""

    width: int
    height: int
    left: tuple[Box, ...]
    right: tuple[Box, ...]
    lines: tuple[Line, ...]
    box: int = WIDTH


@dataclass(frozen=True)
class Entry:
    """A line of the list: an Item, and what there is to say of it."""

    title: str
    url: str
    note: str


@dataclass(frozen=True)
class Picture:
    """Of values only, so that what is drawn once need not be drawn again."""

    name: str
    title: str
    lead: str
    none: str
    rows: tuple[Row, ...] = ()
    pairs: Pairs | None = None
    full: str = ""
    empty: str = ""
    entries: tuple[Entry, ...] = ()
    more: int = 0

    @property
    def many(self) -> bool:
        """Whether bars tell more than squares would."""
        return sum(row.total for row in self.rows) > MOST_SQUARES

    @property
    def longest(self) -> int:
        return max(row.total for row in self.rows)


def seen(reader: User | None, label: str) -> Any:
    """Items of a type that this reader sees; private ones stay out of pictures that others look at."""
    rows = Item.objects.visible_to(reader).active().filter(type=label).exclude(circle="private")
    return rows.order_by("pk")


def by_team(found: Iterable[Near], teams: Mapping[int, Team]) -> list[Near]:
    """In the order of the teams, by name; what is of no team comes last."""
    place = {team: number for number, team in enumerate(teams)}
    return sorted(found, key=lambda one: place.get(one.team or 0, len(place)))


End = tuple[str, str]


def pairs(ties: list[tuple[End, End, bool, str]]) -> Pairs:
    """From ties between (title, address) ends, dashed or not, with what each says."""
    left, right = _column([tie[0] for tie in ties]), _column([tie[1] for tie in ties])
    lines = tuple(Line(_curve(left[a].y, right[b].y), dashed, said) for a, b, dashed, said in ties)
    height = max([0, *(box.y + HEIGHT for box in (*left.values(), *right.values()))])
    return Pairs(2 * WIDTH + BETWEEN, height, (*left.values(),), (*right.values(),), lines)


def _column(ends: list[End]) -> dict[End, Box]:
    return {end: Box(at * (HEIGHT + GAP), _short(end[0]), *end) for at, end in enumerate(dict.fromkeys(ends))}


@lru_cache(maxsize=1024)
def _short(title: str) -> str:
    return shorten(title, LETTERS, placeholder="…") or title[:LETTERS]


def _curve(a: int, b: int) -> str:
    x, y, half = WIDTH, a + HEIGHT // 2, WIDTH + BETWEEN // 2
    end = b + HEIGHT // 2
    return f"M{x} {y}C{half} {y} {half} {end} {WIDTH + BETWEEN} {end}"


def of_team(found: Collection[Near], full: Collection[int], teams: dict[int, Team]) -> tuple[Row, ...]:
    held: dict[int | None, list[Near]] = defaultdict(list)
    for one in found:
        held[one.team].append(one)
    drawn = len(found) <= MOST_SQUARES
    return tuple(
        Row(
            *(_team(teams[team]) if team else _no_team()),
            sum(one.pk in full for one in items),
            len(items),
            tuple(Square(*_end(one), one.pk in full) for one in items) if drawn else (),
        )
        for team, items in held.items()
    )


def _no_team() -> End:
    return _("No team"), reverse("coherence")


@lru_cache(maxsize=1024)
def _page(team: int) -> str:
    return reverse("coherence-team", args=[team])


def _picture(
    name: str, words: tuple[str, str, str], found: Collection[Near], full: Collection[int],
    teams: dict[int, Team], said: tuple[str, str],
) -> Picture:  # fmt: skip
    """Squares by team, and the list of the empty ones."""
    empty = [one for one in found if one.pk not in full]
    entries = tuple(Entry(*_end(one), _name(one, teams)) for one in empty[:MOST])
    return Picture(
        name, *words, rows=of_team(found, full, teams), full=said[0], empty=said[1],
        entries=entries, more=max(0, len(empty) - MOST),
    )  # fmt: skip


class Near(NamedTuple):
    """As much of an Item as the pictures tell."""

    pk: int
    title: str
    team: int | None
    label: str
    horizon: str = ""

    def get_absolute_url(self) -> str:
        return f"/{by_label(self.label).kind.slug}/{self.pk}/"


def ahead(reader: User | None, teams: Mapping[int, Team]) -> dict[int, Near]:
    """What teams mean to do."""
    rows = seen(reader, ITEM).filter(status__in=AHEAD)
    found = starmap(Near, rows.values_list(*TOLD, "initiative__horizon"))
    return {one.pk: one for one in by_team(found, teams)}


def two_teams(reader: User | None, items: dict[int, Near], teams: dict[int, Team]) -> Picture:
    held: dict[int, set[int]] = defaultdict(set)
    for source, target in Link.objects.filter(relation="answered_by").values_list("source_id", "target_id"):
        if target in items and (team := items[target].team):
            held[source].add(team)
    rows = seen(reader, OPPORTUNITY).filter(pk__in=among(pk for pk, found in held.items() if len(found) > 1))
    problems = by_team(starmap(Near, rows.values_list(*TOLD)), teams)
    several = [(one, held[one.pk]) for one in problems]
    shown = [(one, sorted((teams[team] for team in found), key=str)) for one, found in several[:MOST]]
    ties = [(_end(one), _team(team), False, "") for one, found in shown for team in found]
    return Picture(
        "two-teams", _("Two teams on one opportunity"),
        _("Opportunities that items of several teams answer. A decision may say who leads."),
        _("No opportunity is answered by items of two teams."),
        pairs=pairs(ties) if ties else None,
        entries=tuple(Entry(*_end(one), ", ".join(map(str, found))) for one, found in shown),
        more=max(0, len(several) - MOST),
    )  # fmt: skip


def _end(item: Any) -> End:
    return item.title, item.get_absolute_url()


def worked_on(reader: User | None, teams: dict[int, Team]) -> Picture:
    """Goals, full where something on the roadmap contributes to them, to their key results, or goals do."""
    moved = first(serving(OuterRef("source_id"), ITEM))
    by_result = serving(OuterRef("pk"), KEY_RESULT).alias(moved=moved).exclude(moved=None)
    served = Coalesce(first(serving(OuterRef("pk"), ITEM, GOAL)), first(by_result))
    rows = seen(reader, GOAL).filter(status="open").values_list(*TOLD, served)
    found = {Near(*row[:4]): row[4] for row in rows}
    words = (
        _("Goals that nobody works on"),
        _("A square for each open goal. Empty: nothing on the roadmap contributes to it, and no other goal."),
        _("Something is done for every open goal."),
    )
    said = (_("worked on"), _("nobody works on it"))
    full = {goal.pk for goal, tie in found.items() if tie}
    return _picture("worked-on", words, by_team(found, teams), full, teams, said)


def serving(what: OuterRef, *labels: str) -> Any:
    """What contributes to it, by type; a private one would tell of itself."""
    links = Link.objects.filter(relation="contributes", target_id=what, source__type__in=labels)
    return links.filter(source__archived_at=None).exclude(source__circle="private")


def first(links: Any) -> Subquery:
    """One of them: PostgreSQL stops there, where for an EXISTS it would read all links of all Items."""
    return Subquery(links.values("pk")[:1])


def aimed(items: dict[int, Near], teams: dict[int, Team]) -> Picture:
    """Near roadmap items, full where they contribute to a goal or to a key result."""
    near = [one for one in items.values() if one.horizon in NEAR]
    serves = Link.objects.filter(relation="contributes", source__in=among(one.pk for one in near))
    serves = serves.filter(target__type__in=(GOAL, KEY_RESULT)).exclude(target__circle="private")
    full = set(serves.values_list("source_id", flat=True))
    words = (
        _("Items that serve no goal"),
        _("A square for each item under “Now” or “Next”. Empty: it serves no goal and no key result."),
        _("Every near item serves a goal."),
    )
    return _picture("aimed", words, near, full, teams, (_("serves a goal"), _("serves none")))


def counts_on(items: dict[int, Near], teams: dict[int, Team]) -> Picture:
    """Teams whose items need those of other teams; dashed where nothing is agreed."""
    rows = Dependency.objects.exclude(state="declined").order_by("pk")
    ties: dict[tuple[int, int], list[bool]] = defaultdict(list)
    found: list[tuple[Near, Near, str]] = []
    for item, needs, state in rows.values_list("item_id", "needs_id", "state"):
        near, far = items.get(item), items.get(needs)
        if near and far and near.team and far.team and near.team != far.team:
            ties[near.team, far.team].append(state == "accepted")
            found.append((near, far, state))
    drawn = [_tie(teams[near], teams[far], agreed) for (near, far), agreed in list(ties.items())[:MOST]]
    return Picture(
        "counts-on", _("Who counts on whom"),
        _("On the left who needs something, on the right who brings it. Dashed: not all of it is agreed."),
        _("No team waits for another."),
        pairs=pairs(drawn) if drawn else None, full=_("agreed"), empty=_("asked, not agreed"),
        entries=tuple(_counted(*one, teams) for one in found[:MOST]), more=max(0, len(found) - MOST),
    )  # fmt: skip


def _counted(near: Near, far: Near, state: str, teams: dict[int, Team]) -> Entry:
    values = {"near": teams[near.team or 0], "far": teams[far.team or 0], "state": State(state).label}
    said = _("%(near)s needs it of %(far)s: %(state)s") % values
    return Entry(f"{near.title} → {far.title}", near.get_absolute_url(), said)


def _tie(near: Team, far: Team, agreed: list[bool]) -> tuple[End, End, bool, str]:
    said = _("%(agreed)s of %(all)s agreed") % {"agreed": sum(agreed), "all": len(agreed)}
    return _team(near), _team(far), not all(agreed), said


def _team(team: Team) -> End:
    return team.name, _page(team.pk)


def opposite(reader: User | None, teams: dict[int, Team]) -> Picture:
    """Key results of two teams that pull the same metric up and down, as the rule found them."""
    rows = Found.objects.visible_to(reader).open().filter(rule=OPPOSITE, item_id__lt=F("other_id"))
    rows = rows.exclude(item__circle="private").exclude(other__circle="private")
    found = rows.filter(other__archived_at=None).order_by("pk").values_list(*ENDS)[:MOST]
    ends = [(Near(*row[:4]), Near(*row[4:])) for row in found]
    return Picture(
        "opposite", _("Opposite key results"),
        _("Two teams measure the same by its title, and want it to move in opposite directions."),
        _("No two teams pull the same metric apart."),
        pairs=pairs([(_of_team(a, teams), _of_team(b, teams), True, "") for a, b in ends]) if ends else None,
        entries=tuple(_apart(a, b, teams) for a, b in ends),
    )  # fmt: skip


def _of_team(one: Near, teams: dict[int, Team]) -> End:
    """Both ends say the same: whose they are comes first."""
    return f"{_name(one, teams)}: {one.title}", one.get_absolute_url()


def _apart(a: Near, b: Near, teams: dict[int, Team]) -> Entry:
    both = " ↔ ".join(_name(one, teams) for one in (a, b))
    return Entry(f"{a.title} ↔ {b.title}", a.get_absolute_url(), both)


def _name(one: Near, teams: dict[int, Team]) -> str:
    return teams[one.team].name if one.team else _("No team")


def pictures(reader: User | None) -> list[Picture]:
    """One for each question of alignment."""
    teams = Team.objects.in_bulk()
    items = ahead(reader, teams)
    return [
        worked_on(reader, teams), aimed(items, teams), counts_on(items, teams),
        two_teams(reader, items, teams), opposite(reader, teams),
    ]  # fmt: skip
