"""Rules over what each circle was told: wordings against the Items that they speak of."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.alignment.roadmap.statuses import AHEAD
from filrouge.coherence.shown import span
from filrouge.core.checks import Finding, Findings, Look, Severity, check
from filrouge.core.circles import Circle
from filrouge.core.kinds import all_kinds
from filrouge.core.traces import Face, History
from filrouge.lib.mask import mask
from filrouge.voices.models import Company

ITEM, OPPORTUNITY, DECISION = "roadmap.Initiative", "insights.Opportunity", "decisions.Decision"
EVERY = tuple(model.type_label() for model in all_kinds())
WORLD, COMPANY = Circle.WORLD, Circle.COMPANY
SHORTEST_NAME = 4
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAYS, DAYS_OF_ONE = 30, 27


def faces(look: Look, *circles: str, type: str = "", dated: bool = False) -> list[Face]:
    """Wordings of Items in use, of those that this run looks at."""
    every = Face.objects.filter(item__archived_at=None).order_by("pk")
    rows: list[Face] = look.once("faces", lambda: list(look.rows(every)))
    return [
        one
        for one in rows
        if one.circle in circles and type in ("", one.type) and (one.shown_date or not dated)
    ]


def told_of(look: Look, *circles: str, type: str = "") -> list[int]:
    """The Items that these circles can read of, each once."""
    return list(dict.fromkeys(face.item_id for face in faces(look, *circles, type=type)))


@check(
    "C-01", Severity.ERROR, _("Told earlier, or more exactly, than planned"),
    says=_("“%(shown)s” was told to everyone; the team's own end is %(ends)s."),
    on=ITEM, mend=("open_to", "schedule"),
)  # fmt: skip
def too_early(look: Look) -> Findings:
    """Public dates that end before the item does, or that stand where the item itself has no date."""
    held = {item.pk: item for item in look.at(ITEM)}
    for face in faces(look, WORLD, type=ITEM, dated=True):
        item, told = held.get(face.item_id), span(face.shown_date)
        if item and told and item.status in AHEAD and _breaks(told, item):
            yield Finding(face.item_id, {"shown": face.shown_date, "ends": _day(item.ends)})


def _breaks(told: tuple[date, date], item: Any) -> bool:
    """Whether a date as told is over before the item ends, or means fewer days than the item's own."""
    if item.ends is None:
        return True
    months = MONTHS.get(item.ends_precision, 0)
    return told[1] < item.ends or (told[1] - told[0]).days < (months - 1) * DAYS + (months > 0) * DAYS_OF_ONE


def _day(value: date | None) -> str:
    return value.isoformat() if value else "–"


@check(
    "C-02", Severity.ERROR, _("A customer named in public"),
    says=_("The name of a company that gave feedback stands in a wording that everyone reads."),
    on=EVERY, mend=("open_to", "close_to"),
)  # fmt: skip
def customer_named(look: Look) -> Findings:
    """Public wordings that contain the name of a company from which words came."""
    public = faces(look, WORLD)
    if public and (named := _companies()):
        for face in public:
            if named.search(f"{face.title}\n{face.text}"):
                yield Finding(face.item_id)


def _companies() -> re.Pattern[str] | None:
    names = [name for name in Company.objects.values_list("name", flat=True) if len(name) >= SHORTEST_NAME]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE) if names else None


@check(
    "C-03", Severity.ERROR, _("Still told, and given up"),
    says=_("It was given up on %(since)s, and everyone can still read of it."),
    on=(ITEM, OPPORTUNITY), mend=("close_to", "open_to"),
)  # fmt: skip
def given_up(look: Look, *, days: int = 7) -> Findings:
    """Public Items that were dropped, declined or closed more than so many days ago."""
    then = look.today - timedelta(days=days)
    public = set(told_of(look, WORLD))
    for label in (ITEM, OPPORTUNITY):
        for item in look.at(label):
            since = timezone.localdate(item.changed_at)
            if item.pk in public and item.status in ("dropped", "declined") and since < then:
                yield Finding(item.pk, {"since": since.isoformat()})


@check(
    "C-04", Severity.WARNING, _("Shipped without a word"),
    says=_("It shipped, and nothing says what changes for users: no notes, no wording."),
    on=ITEM, mend=("open_to", "open_as_written"),
)  # fmt: skip
def shipped_in_silence(look: Look, *, days: int = 180) -> Findings:
    """Items shipped within so many days without release notes and without any wording for others."""
    then = look.today - timedelta(days=days)
    told = set(told_of(look, WORLD, COMPANY, type=ITEM))
    for item in look.at(ITEM):
        lately = item.status == "shipped" and item.shipped_on and item.shipped_on >= then
        if lately and not item.notes and item.pk not in told:
            yield Finding(item.pk)


@check(
    "C-05", Severity.WARNING, _("The world knew before the company"),
    says=_("Everyone can read of it since %(told)s; inside the company nothing was approved before."),
    on=EVERY, mend=("open_to",),
)  # fmt: skip
def order_broken(look: Look) -> Findings:
    """Items with a public wording and none for the company, or a later one."""
    first: dict[tuple[int, str], Any] = {}
    for face in faces(look, WORLD, COMPANY):
        key = (face.item_id, face.circle)
        first[key] = min(first.get(key, face.approved_at), face.approved_at)
    for (pk, circle), at in first.items():
        if circle == WORLD and ((pk, COMPANY) not in first or first[pk, COMPANY] > at):
            yield Finding(pk, {"told": timezone.localdate(at).isoformat()})


@check(
    "C-06", Severity.WARNING, _("A date moved, and whoever was told was not told again"),
    says=_("“%(shown)s” was told; its end moved on %(moved)s."),
    on=ITEM, mend=("open_to",),
)  # fmt: skip
def told_before_it_moved(look: Look) -> Findings:
    """Wordings with a date that were approved before the item's end was last changed."""
    dated = [face.item_id for face in faces(look, WORLD, COMPANY, type=ITEM, dated=True)]
    moves = History.objects.filter(item_id__in=dated, after__has_key="ends", before__has_key="ends")
    moved = dict(moves.order_by("pk").values_list("item_id", "at"))
    for face in faces(look, WORLD, COMPANY, type=ITEM, dated=True):
        at = moved.get(face.item_id)
        if at and face.approved_at < at:
            yield Finding(
                face.item_id, {"shown": face.shown_date, "moved": timezone.localdate(at).isoformat()}
            )


@check(
    "C-08", Severity.WARNING, _("What is told stands still while the plan moves"),
    says=_("What everyone reads is of %(told)s; the item changed %(times)s times since."),
    on=ITEM, mend=("open_to",),
)  # fmt: skip
def stale_wording(look: Look, *, weeks: int = 6, times: int = 3) -> Findings:
    """Public items whose wording is older than so many weeks, and which changed so many times since."""
    told: dict[int, Any] = {}
    for face in faces(look, WORLD, type=ITEM):
        told[face.item_id] = max(told.get(face.item_id, face.approved_at), face.approved_at)
    then = look.today - timedelta(weeks=weeks)
    old = {pk: at for pk, at in told.items() if timezone.localdate(at) < then}
    changes: dict[int, int] = defaultdict(int)
    acts = History.objects.filter(item_id__in=old, verb__in=("revise", "schedule", "start", "ship", "drop"))
    for pk, at in acts.values_list("item_id", "at"):
        changes[pk] += at > old[pk]
    for pk, number in changes.items():
        if number >= times:
            yield Finding(pk, {"told": timezone.localdate(old[pk]).isoformat(), "times": number})


@check(
    "C-09", Severity.INFO, _("Told without a why"),
    says=_("Everyone can read of it, and nothing says which problem or goal it is for."),
    on=ITEM, mend=(f"from:{OPPORTUNITY}",),
)  # fmt: skip
def told_without_why(look: Look) -> Findings:
    """Public items to which no opportunity leads, and which lead to no goal."""
    problems = look.linked(OPPORTUNITY, back=True)
    goals = [look.linked(label, back=False) for label in ("strategy.Goal", "strategy.KeyResult")]
    for pk in told_of(look, WORLD, type=ITEM):
        if not problems.get(pk) and not any(goal.get(pk) for goal in goals):
            yield Finding(pk)


@check(
    "C-10", Severity.WARNING, _("A language is missing"),
    says=_("Its wording exists in %(there)s, and not in %(missing)s."),
    on=EVERY, mend=("open_to",),
)  # fmt: skip
def language_missing(look: Look) -> Findings:
    """Wordings for everyone that do not exist in each of the installation's languages."""
    there: dict[int, set[str]] = defaultdict(set)
    for face in faces(look, WORLD):
        there[face.item_id].add(face.language)
    every = [code for code, _name in settings.LANGUAGES]
    for pk, found in there.items():
        if missing := [code for code in every if code not in found]:
            yield Finding(pk, {"there": sorted(found), "missing": missing})


@check(
    "C-11", Severity.ERROR, _("A user's address in what others read"),
    says=_("An e-mail address, or a phone, bank or card number stands in a wording for others."),
    on=EVERY, mend=("open_to", "close_to"),
)  # fmt: skip
def personal_data(look: Look) -> Findings:
    """Wordings for the company or for everyone in which a personal address or number stands."""
    for face in faces(look, WORLD, COMPANY):
        text = f"{face.title}\n{face.text}"
        if mask(text) != text:
            yield Finding(face.item_id)
