"""Alignment at a glance: what each picture shows, and the same as a list. Nothing in it is ranked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any, NamedTuple

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.core.kinds import by_label
from filrouge.core.models import Item, Link
from filrouge.people.models import Team, User

from .models import Found

ITEM, OPPORTUNITY = "roadmap.Initiative", "insights.Opportunity"
GOAL, KEY_RESULT = "strategy.Goal", "strategy.KeyResult"
OPPOSITE = "KR-18"
AHEAD = ("planned", "started")
TOLD = ("type", "title")
WIDTH, HEIGHT, GAP, BETWEEN, LETTERS = 270, 40, 8, 120, 38
MOST, MOST_SQUARES = 60, 200


@dataclass(frozen=True)
class Square:
    """One Item of a row: full where something is tied to it."""

    title: str
    url: str
    full: bool


@dataclass(frozen=True)
class Row:
    """A team, and a square for each of its Items."""

    team: str
    url: str
    squares: list[Square]

    @property
    def full(self) -> int:
        return sum(one.full for one in self.squares)


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
    left: list[Box]
    right: list[Box]
    lines: list[Line]


@dataclass(frozen=True)
class Entry:
    """A line of the list: an Item, and what there is to say of it."""

    title: str
    url: str
    note: str


@dataclass(frozen=True)
class Picture:
    name: str
    title: str
    lead: str
    none: str
    rows: list[Row] = field(default_factory=list)
    pairs: Pairs | None = None
    full: str = ""
    empty: str = ""
    entries: list[Entry] = field(default_factory=list)
    more: int = 0

    @property
    def many(self) -> bool:
        """Whether bars tell more than squares would."""
        return sum(len(row.squares) for row in self.rows) > MOST_SQUARES

    @property
    def longest(self) -> int:
        return max(len(row.squares) for row in self.rows)


def seen(reader: User | None, label: str) -> Any:
    """Items of a type that this reader sees; private ones stay out of pictures that others look at."""
    rows = Item.objects.visible_to(reader).active().filter(type=label).exclude(circle="private")
    return rows.order_by("team__name", "pk")


End = tuple[str, str]


def pairs(ties: list[tuple[End, End, bool, str]]) -> Pairs:
    """From ties between (title, address) ends, dashed or not, with what each says."""
    left, right = _column([tie[0] for tie in ties]), _column([tie[1] for tie in ties])
    lines = [Line(_curve(left[a].y, right[b].y), dashed, said) for a, b, dashed, said in ties]
    height = max([0, *(box.y + HEIGHT for box in (*left.values(), *right.values()))])
    return Pairs(2 * WIDTH + BETWEEN, height, list(left.values()), list(right.values()), lines)


def _column(ends: list[End]) -> dict[End, Box]:
    return {
        end: Box(at * (HEIGHT + GAP), shorten(end[0], LETTERS, placeholder="…") or end[0][:LETTERS], *end)
        for at, end in enumerate(dict.fromkeys(ends))
    }


def _curve(a: int, b: int) -> str:
    x, y, half = WIDTH, a + HEIGHT // 2, WIDTH + BETWEEN // 2
    end = b + HEIGHT // 2
    return f"M{x} {y}C{half} {y} {half} {end} {WIDTH + BETWEEN} {end}"


def of_team(rows: Any, full: set[int]) -> list[Row]:
    found: dict[int | None, Row] = {}
    for pk, kind, title, team, name in rows.values_list("pk", "type", "title", "team_id", "team__name"):
        url = reverse("coherence-team", args=[team]) if team else reverse("coherence")
        row = found.setdefault(team, Row(name or _("No team"), url, []))
        row.squares.append(Square(title, f"/{by_label(kind).kind.slug}/{pk}/", pk in full))
    return list(found.values())


def _picture(
    name: str, words: tuple[str, str, str], rows: Any, full: set[int], said: tuple[str, str]
) -> Picture:
    """Squares by team, and the list of the empty ones."""
    held = of_team(rows, full)
    empty = [Entry(one.title, one.url, row.team) for row in held for one in row.squares if not one.full]
    return Picture(
        name, *words, rows=held, full=said[0], empty=said[1],
        entries=empty[:MOST], more=max(0, len(empty) - MOST),
    )  # fmt: skip


class Near(NamedTuple):
    """As much of a roadmap item as the pictures tell."""

    pk: int
    title: str
    team: Team | None

    def get_absolute_url(self) -> str:
        return f"/{by_label(ITEM).kind.slug}/{self.pk}/"


def ahead(reader: User | None) -> dict[int, Near]:
    """What teams mean to do, each with its team."""
    rows = seen(reader, ITEM).filter(status__in=AHEAD).values_list("pk", "title", "team_id")
    teams = Team.objects.in_bulk()
    return {pk: Near(pk, title, teams.get(team)) for pk, title, team in rows}


def two_teams(reader: User | None) -> Picture:
    items = ahead(reader)
    problems = seen(reader, OPPORTUNITY).only(*TOLD).in_bulk()
    held: dict[int, set[Team]] = defaultdict(set)
    links = Link.objects.filter(relation="answered_by", source__type=OPPORTUNITY, target__type=ITEM)
    for source, target in links.values_list("source_id", "target_id"):
        if source in problems and target in items and (team := items[target].team):
            held[source].add(team)
    several = {pk: sorted(teams, key=str) for pk, teams in held.items() if len(teams) > 1}
    ties = [
        (_end(problems[pk]), (team.name, reverse("coherence-team", args=[team.pk])), False, "")
        for pk, teams in list(several.items())[:MOST]
        for team in teams
    ]
    entries = [Entry(*_end(problems[pk]), ", ".join(map(str, teams))) for pk, teams in several.items()]
    return Picture(
        "two-teams", _("Two teams on one opportunity"),
        _("Opportunities that items of several teams answer. A decision may say who leads."),
        _("No opportunity is answered by items of two teams."),
        pairs=pairs(ties) if ties else None, entries=entries[:MOST], more=max(0, len(entries) - MOST),
    )  # fmt: skip


def _end(item: Any) -> End:
    return item.title, item.get_absolute_url()


def _linked(source: str, target: str) -> list[tuple[int, int]]:
    """Contributions between two types; a private one would tell those who do not see it."""
    links = Link.objects.filter(relation="contributes", source__type=source, target__type=target)
    links = links.exclude(source__circle="private").exclude(target__circle="private")
    return list(links.filter(source__archived_at=None).values_list("source_id", "target_id"))


def worked_on(reader: User | None) -> Picture:
    """Goals, full where something on the roadmap contributes to them, to their key results, or goals do."""
    measured = {target for _source, target in _linked(ITEM, KEY_RESULT)}
    by_measure = {target for source, target in _linked(KEY_RESULT, GOAL) if source in measured}
    full = {target for label in (ITEM, GOAL) for _source, target in _linked(label, GOAL)} | by_measure
    words = (
        _("Goals that nobody works on"),
        _("A square for each open goal. Empty: nothing on the roadmap contributes to it, and no other goal."),
        _("Something is done for every open goal."),
    )
    rows = seen(reader, GOAL).filter(status="open")
    return _picture("worked-on", words, rows, full, (_("worked on"), _("nobody works on it")))


def aimed(reader: User | None) -> Picture:
    """Near roadmap items, full where they contribute to a goal or to a key result."""
    full = {source for label in (GOAL, KEY_RESULT) for source, _target in _linked(ITEM, label)}
    words = (
        _("Items that serve no goal"),
        _("A square for each item under “Now” or “Next”. Empty: it serves no goal and no key result."),
        _("Every near item serves a goal."),
    )
    near = by_label(ITEM).objects.filter(horizon__in=("now", "next"), status__in=AHEAD).values("pk")
    rows = seen(reader, ITEM).filter(pk__in=near)
    return _picture("aimed", words, rows, full, (_("serves a goal"), _("serves none")))


def counts_on(reader: User | None) -> Picture:
    """Teams whose items need those of other teams; dashed where nothing is agreed."""
    items = ahead(reader)
    rows = Dependency.objects.exclude(state="declined").only("item", "needs", "state").order_by("pk")
    ties: dict[tuple[Team, Team], list[bool]] = defaultdict(list)
    entries = []
    for row in rows:
        near, far = items.get(row.item_id), items.get(row.needs_id)
        if near and far and near.team and far.team and near.team != far.team:
            ties[near.team, far.team].append(row.state == "accepted")
            values = {"near": near.team, "far": far.team, "state": row.get_state_display()}
            said = _("%(near)s needs it of %(far)s: %(state)s") % values
            entries.append(Entry(f"{near.title} → {far.title}", near.get_absolute_url(), said))
    drawn = [_tie(*teams, agreed) for teams, agreed in list(ties.items())[:MOST]]
    return Picture(
        "counts-on", _("Who counts on whom"),
        _("On the left who needs something, on the right who brings it. Dashed: not all of it is agreed."),
        _("No team waits for another."),
        pairs=pairs(drawn) if drawn else None, full=_("agreed"), empty=_("asked, not agreed"),
        entries=entries[:MOST], more=max(0, len(entries) - MOST),
    )  # fmt: skip


def _tie(near: Team, far: Team, agreed: list[bool]) -> tuple[End, End, bool, str]:
    said = _("%(agreed)s of %(all)s agreed") % {"agreed": sum(agreed), "all": len(agreed)}
    return _team(near), _team(far), not all(agreed), said


def _team(team: Team) -> End:
    return team.name, reverse("coherence-team", args=[team.pk])


def opposite(reader: User | None) -> Picture:
    """Key results of two teams that pull the same metric up and down, as the rule found them."""
    rows = Found.objects.visible_to(reader).open().filter(rule=OPPOSITE, item_id__lt=F("other_id"))
    ends = list(rows.select_related("item__team", "other__team").order_by("pk")[:MOST])
    return Picture(
        "opposite", _("Opposite key results"),
        _("Two teams measure the same by its title, and want it to move in opposite directions."),
        _("No two teams pull the same metric apart."),
        pairs=pairs([(_of_team(row.item), _of_team(row.other), True, "") for row in ends]) if ends else None,
        entries=[_apart(row) for row in ends],
    )  # fmt: skip


def _of_team(item: Any) -> End:
    """Both ends say the same: whose they are comes first."""
    return f"{item.team}: {item.title}", item.get_absolute_url()


def _apart(row: Found) -> Entry:
    both = f"{row.item.title} ↔ {row.other.title}" if row.other else row.item.title
    teams = " ↔ ".join(str(one.team) for one in (row.item, row.other) if one)
    return Entry(both, row.item.get_absolute_url(), teams)


def pictures(reader: User | None) -> list[Picture]:
    """One for each question of alignment."""
    return [make(reader) for make in (worked_on, aimed, counts_on, two_teams, opposite)]
