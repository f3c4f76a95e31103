"""What a meeting has to talk about: what changed since the last one, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of

from .models import Goal
from .pages import answer
from .scoping import day_of, frame
from .standing import Standing
from .tree import Measure, Node, Tree, by_team, tree
from .wording import value_said

DROP = 3
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Point:
    """A key result to talk about: before, now, and the reasons in words."""

    measure: Measure
    goal: Goal
    before: Standing
    reasons: list[str]

    @property
    def values(self) -> dict[str, Hashable]:
        """What its line shows, and nothing else."""
        one, item = self.measure, self.measure.item
        moved = self.before.value != one.stands.value
        return {
            "href": item.get_absolute_url(), "title": item.title, "now": one.stands,
            "notes": (self.goal.title, *(str(who) for who in (item.team, item.owner) if who)),
            "before": value_said(item, self.before.value) if moved else "", "said": one.said,
            "promise": one.promise, "reasons": tuple(self.reasons),
        }  # fmt: skip


@dataclass(frozen=True)
class Spoken:
    """A goal of which a person said how it stands, and how that is told."""

    node: Node
    reason: str


@dataclass(frozen=True)
class Agenda:
    """`silent` is by who should speak: a team's key results without a recent check-in. `disputed` and
    `said` are goals: said against their numbers, said since."""

    disputed: list[Spoken]
    said: list[Spoken]

    odd: list[Point]
    changed: list[Point]
    silent: list[tuple[str, list[Point]]]
    quiet: int

    @property
    def any(self) -> bool:
        return any((self.disputed, self.said, self.odd, self.changed, self.silent))

    @property
    def unsaid(self) -> int:
        return sum(len(points) for _who, points in self.silent)


def agenda(grown: Tree, since: datetime, mine: Collection[int] = ()) -> Agenda:
    """What contradicts itself, what changed, who is silent, one's own teams first; the rest is counted."""
    rows = sorted(grown.measures().values(), key=lambda row: row[0].item.team_id not in mine)
    past = grown.forest.at(since, [one.item.pk for one, _goal in rows])
    parts: dict[str, list[Point]] = {"odd": [], "changed": [], "silent": [], "quiet": []}
    for one, goal in rows:
        part, reasons = sort_out(one.stands, past[one.item.pk])
        parts[part].append(Point(one, goal, past[one.item.pk], reasons))
    disputed, said = spoken(grown, since)
    return Agenda(
        disputed, said, parts["odd"], parts["changed"], by_who(parts["silent"], mine), len(parts["quiet"])
    )


def spoken(grown: Tree, since: datetime) -> tuple[list[Spoken], list[Spoken]]:
    """Goals that a person said stand against their numbers, and other goals of which one spoke since."""
    nodes = [node for node in grown.nodes() if node.stands.said]
    disputed = [Spoken(node, contradicted(node.stands)) for node in nodes if node.stands.disputed]
    recent = [one for one in nodes if not one.stands.disputed and (one.item.said_at or since) > since]
    return disputed, [
        Spoken(node, _("said “%(said)s”") % {"said": node.stands.status.label}) for node in recent
    ]


def contradicted(now: Standing) -> str:
    return _("said “%(said)s”, the numbers say “%(computed)s”") % {
        "said": now.status.label,
        "computed": now.computed.label if now.computed else "",
    }


def sort_out(now: Standing, before: Standing) -> tuple[str, list[str]]:
    """Under which heading a key result stands, and why in words."""
    if odd := list(oddities(now, before)):
        return "odd", odd
    told = list(changes(now, before))
    if told or now.note not in ("", before.note) or (now.value, now.grade) != (before.value, before.grade):
        return "changed", told
    return ("silent" if now.stale else "quiet"), []


def by_who(points: list[Point], mine: Collection[int]) -> list[tuple[str, list[Point]]]:
    groups: dict[tuple[bool, str], list[Point]] = {}
    for point in points:
        groups.setdefault(by_team(point.measure.item, mine)[:2], []).append(point)
    return [(name, groups[other, name]) for other, name in sorted(groups)]


def oddities(now: Standing, before: Standing) -> Iterator[str]:
    if now.contradicts:
        yield contradicted(now)
    if now.missed > before.missed:
        yield ngettext("%(n)s observation is missing", "%(n)s observations are missing", now.missed) % {
            "n": now.missed
        }
    if lost(now, before) >= DROP:
        yield surer(now, before)


def lost(now: Standing, before: Standing) -> int:
    """How much less sure its owner is; below zero when surer."""
    if now.confidence is None or before.confidence is None:
        return 0
    return before.confidence - now.confidence


def surer(now: Standing, before: Standing) -> str:
    fell = _("confidence fell from %(before)s to %(now)s")
    rose = _("confidence rose from %(before)s to %(now)s")
    return (fell if lost(now, before) > 0 else rose) % {"before": before.confidence, "now": now.confidence}


def changes(now: Standing, before: Standing) -> Iterator[str]:
    """What a check-in changed beside the value, which the page shows itself."""
    if now.status != before.status and now.at != before.at:
        yield _("from “%(before)s” to “%(now)s”") % {"before": before.status.label, "now": now.status.label}
    if lost(now, before):
        yield surer(now, before)


def since_of(request: HttpRequest) -> tuple[date, datetime]:
    """The end of the day that the address names; a week ago if it names none."""
    day = day_of(request.GET.get("since", "")) or timezone.localdate() - WEEK
    return day, timezone.make_aware(datetime.combine(day, time.max))


@access(Act.SEE_ITEMS)
@require_safe
def meeting(request: HttpRequest) -> HttpResponse:
    """The page to open in the meeting: anomalies and changes, nothing else."""
    context: dict[str, Any] = frame(request, "goals-meeting")
    day, since = since_of(request)
    grown = tree(reader_of(request), context["asked"].scope)
    context |= {"agenda": agenda(grown, since, reader_of(request).team_ids), "since": day, "cut": grown.cut}
    return answer(request, "strategy/meeting.html", context)
