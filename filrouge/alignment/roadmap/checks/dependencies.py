"""Rules over what roadmap items need of one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.checks import Finding, Findings, Look, Severity, check, near

from ..dependencies import Dependency, State, ends_of, strain
from ..statuses import AHEAD
from .items import ITEM

NEEDS = {"dropped": "dropped", "declined": "declined"}


@near
def tied(ids: frozenset[int]) -> Iterable[int]:
    """What needs these items, and what these items need."""
    rows = Dependency.objects.filter(Q(item__in=ids) | Q(needs__in=ids))
    return {pk for pair in rows.values_list("item_id", "needs_id") for pk in pair}


def needs(look: Look) -> list[tuple[Dependency, Any, Any]]:
    """Dependencies that are not declined, at an item of this run: with who needs and what is needed."""
    return look.once("needs", lambda: _needs(look))


def _needs(look: Look) -> list[tuple[Dependency, Any, Any]]:
    rows = Dependency.objects.exclude(state=State.DECLINED).order_by("pk")
    if look.ids is not None:
        rows = rows.filter(Q(item__in=look.ids) | Q(needs__in=look.ids))
    both = [*rows]
    ends = {pk for row in both for pk in (row.item_id, row.needs_id)}
    found = _items(look, ends)
    kept = [(row, found.get(row.item_id), found.get(row.needs_id)) for row in both]
    return [(row, item, other) for row, item, other in kept if item and other and item.status in AHEAD]


def _items(look: Look, keys: set[int]) -> dict[int, Any]:
    """The ends of dependencies that others may know of; what is archived is told by another rule."""
    held = {one.pk: one for one in look.at(ITEM) if one.pk in keys}
    rows = look.all(ITEM).filter(pk__in=keys - set(held)).defer("stems", "forms", "facets")
    return held | ({one.pk: one for one in rows} if keys - set(held) else {})


@check(
    "R-06", Severity.ERROR, _("It cannot begin before what it needs"),
    says=_("By their dates, %(other)s is not there in time: %(theirs)s, and this needs it on %(mine)s."),
    on=ITEM, mend=("schedule", "drop_dependency?needs"),
)  # fmt: skip
def not_in_time(look: Look) -> Findings:
    """Items ahead that need another one earlier than its dates allow, by any of the four kinds."""
    for row, item, other in needs(look):
        theirs, mine = ends_of(row.kind, item, other)
        if theirs.day and mine.day and strain(theirs, mine) == "conflict":
            yield Finding(item.pk, {"theirs": theirs.day.isoformat(), "mine": mine.day.isoformat()}, other.pk)


@check(
    "R-07", Severity.ERROR, _("They wait for each other"),
    says=_("Followed from need to need, what it needs leads back to it: none of them can begin."),
    on=ITEM, mend=("drop_dependency",),
)  # fmt: skip
def circular(look: Look) -> Findings:
    """Items ahead that need themselves by a longer or shorter way."""
    onward: dict[int, list[int]] = defaultdict(list)
    rows = Dependency.objects.exclude(state=State.DECLINED).order_by("pk")
    for near_, far in rows.values_list("item_id", "needs_id"):
        onward[near_].append(far)
    for item in look.at(ITEM):
        if item.pk in onward and item.status in AHEAD and _reaches(onward, item.pk):
            yield Finding(item.pk)


def _reaches(onward: dict[int, list[int]], start: int) -> bool:
    """Whether the way from an item leads back to it."""
    seen, todo = set[int](), [*onward[start]]
    while todo:
        key = todo.pop()
        if key == start:
            return True
        if key not in seen:
            seen.add(key)
            todo += onward.get(key, ())
    return False


@check(
    "R-08", Severity.WARNING, _("It needs what is far away, or gone"),
    says=_("It needs %(other)s, which is %(what)s."),
    on=ITEM, mend=("drop_dependency?needs", "schedule"),
)  # fmt: skip
def needs_the_far(look: Look) -> Findings:
    """Items that need one that is under “Later” while they are not, or one that was dropped or declined."""
    for _row, item, other in needs(look):
        far = item.horizon != "later" and other.horizon == "later" and other.status in AHEAD
        if what := "later" if far else NEEDS.get(other.status):
            yield Finding(item.pk, {"what": what}, other.pk)


@check(
    "R-09", Severity.WARNING, _("Asked by another team, and not agreed"),
    says=_("%(other)s, of another team, needs it since %(since)s: %(what)s."),
    on=ITEM, mend=("accept_dependency?dependant", "decline_dependency?dependant&what=asked"),
)  # fmt: skip
def not_agreed(look: Look) -> Findings:
    """Items that another team's item needs, and whose own team has not accepted it, or has declined."""
    rows = Dependency.objects.exclude(state=State.ACCEPTED).filter(item__status__in=AHEAD)
    rows = look.rows(rows.exclude(item__circle="private").filter(item__archived_at=None), "needs_id")
    held = {one.pk: one for one in look.at(ITEM)}
    for row in rows.select_related("item").order_by("pk"):
        mine = held.get(row.needs_id)
        if mine and mine.team_id != row.item.team_id:
            values = {"since": timezone.localdate(row.asked_at).isoformat(), "what": row.state}
            yield Finding(mine.pk, values, row.item_id)
