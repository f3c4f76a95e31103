"""What was said on a day, folded from History: the roadmap as it stood, and every date that was ever said."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput
from filrouge.core.kinds import status_in_words
from filrouge.core.models import History

from .dated import in_words
from .drift import Said
from .models import Initiative
from .narrow import Row, narrow
from .precision import named
from .statuses import AHEAD

Held = dict[str, Any]
SHOWN = 60
DAYS = ("starts", "ends")
KEPT = 3
"""Of so many days, what was done since is kept."""
NONE = "null"
"""What SQLite reads where JSON holds none."""


class State(NamedTuple):
    """As much of an item as its line tells, as it was."""

    title: str
    status: str
    circle: str
    horizon: str
    starts: date | None
    starts_precision: str
    ends: date | None
    ends_precision: str
    archived_at: Any


def day_of(text: str) -> date | None:
    """The day that an address names; none where it names none."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(_("Write the day as 2026-03-01."), "as_of") from None
    if day.year < 1990 or day > timezone.localdate():
        raise BadInput(_("Choose a day that has been: the roadmap of tomorrow is not known."), "as_of")
    return day


def taken_back(rows: QuerySet[Any]) -> dict[int, Held | None]:
    """By item, its columns before all that these rows of History did.

    None for what came here with them, made or read back from a folder: nobody said it here before.
    """
    found: dict[int, Held | None] = {}
    told = rows.order_by("-id").values_list("item_id", "before", KT("after__created_at"))
    for pk, before, came in told.iterator(2_000):
        held = {name: _read(name, before[name]) for name in State._fields if name in before}
        found[pk] = None if came else {**(found.get(pk) or {}), **held}
    return found


def _read(column: str, value: Any) -> Any:
    """History writes days as text."""
    return date.fromisoformat(value) if value and column in DAYS else value


def as_they_were(rows: QuerySet[Any]) -> dict[int, State | None]:
    """Each item that these rows of History changed, before them; none where it was not here yet."""
    now = Initiative.objects.filter(pk__in=rows.values("item_id")).values_list("pk", *State._fields)
    held = {pk: State._make(columns) for pk, *columns in now}
    back = taken_back(rows)
    return {
        pk: None if then is None else held[pk]._replace(**then) for pk, then in back.items() if pk in held
    }


class Past:
    """What was done since a moment, as this process last read it: read anew as soon as anything was done."""

    def __init__(self) -> None:
        self.turn = Lock()
        self.held: dict[datetime, tuple[dict[str, Any], dict[int, State | None]]] = {}

    def since(self, moment: datetime) -> dict[int, State | None]:
        rows = History.objects.filter(item__type=Initiative.type_label(), at__gte=moment)
        stamp = rows.aggregate(n=Count("pk"), last=Max("pk"), at=Max("at"))
        with self.turn:
            if moment not in self.held or self.held[moment][0] != stamp:
                while len(self.held) >= KEPT:
                    del self.held[next(iter(self.held))]
                self.held[moment] = stamp, as_they_were(rows)
            return self.held[moment][1]


PAST = Past()


class Now(NamedTuple):
    """As much of an item as is counted."""

    status: str
    horizon: str
    ends: date | None
    archived_at: datetime | None


@dataclass(frozen=True)
class Then:
    """An item as it stood, beside what it is now."""

    state: State | Row
    now: Row
    told: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.state.title

    @property
    def starts(self) -> str:
        return named(self.state.starts, self.state.starts_precision)

    @property
    def ends(self) -> str:
        return named(self.state.ends, self.state.ends_precision)

    @property
    def circle(self) -> str:
        return in_words(Circle, self.state.circle)

    @property
    def values(self) -> dict[str, Hashable]:
        """What its line shows, and nothing else."""
        return {
            "title": self.title, "href": self.now.get_absolute_url(), "starts": self.starts,
            "ends": self.ends, "team": self.now.team or "", "seen_by": self.circle, "told": self.told,
            "since": ", ".join(self.since), "later": self.days > 0,
        }  # fmt: skip

    @cached_property
    def days(self) -> int:
        """How far its end has moved since; 0 where it stands, or where either day is not known."""
        then = self.state.ends
        return (self.now.ends - then).days if then and self.now.ends else 0

    @cached_property
    def since(self) -> list[str]:
        """What has become of it, in words."""
        now, told = self.now, list[str]()
        if now.archived_at:
            told.append(_("archived"))
        if now.status != self.state.status:
            told.append(status_in_words(now.type, now.status))
        if now.horizon != self.state.horizon and now.status in AHEAD:
            told.append(_("now under %(horizon)s") % {"horizon": now.horizon_label})
        if self.days:
            told.append(f"{now.ends_label} ({moved(self.days)})")
        elif now.ends_label != self.ends:
            told.append(now.ends_label or _("without a date now"))
        if now.title != self.title:
            told.append(_("now called “%(title)s”") % {"title": now.title})
        return told


def moved(days: int) -> str:
    """92 days later, 3 days earlier."""
    if days > 0:
        return ngettext("%(n)s day later", "%(n)s days later", days) % {"n": days}
    return ngettext("%(n)s day earlier", "%(n)s days earlier", -days) % {"n": -days}


@dataclass(frozen=True)
class Stood:
    """The roadmap of a day: by horizon, and what was put on it since."""

    columns: list[tuple[str, list[Then], int]]
    added: list[Row]
    counts: list[str]


def stood(items: QuerySet[Any], day: date) -> Stood:
    rows = items.order_by("team__name", "position", "pk").values_list("pk", *Now._fields)
    now = {row[0]: Now._make(row[1:]) for row in rows}
    back = PAST.since(timezone.make_aware(datetime.combine(day + timedelta(days=1), time())))
    then = ((pk, back.get(pk, one)) for pk, one in now.items())
    before = {pk: state for pk, state in then if state and _ahead(state)}
    added = [pk for pk, one in now.items() if pk not in before and _ahead(one)]
    columns = [
        (str(horizon.label), [pk for pk, state in before.items() if state.horizon == horizon])
        for horizon in Initiative.Horizon
    ]
    shown = [pk for _label, keys in columns for pk in keys[:SHOWN]]
    found, told = narrow(Initiative.objects, [*shown, *added[:SHOWN]]), told_by(shown, day)
    return Stood(
        [
            (
                label,
                [Then(back.get(pk) or found[pk], found[pk], told.get(pk, ())) for pk in keys[:SHOWN]],
                len(keys),
            )
            for label, keys in columns
        ],
        [found[pk] for pk in added[:SHOWN]],
        _counts([(state.ends, now[pk]) for pk, state in before.items()], len(added)),
    )


def _ahead(state: State | Now) -> bool:
    return state.status in AHEAD and not state.archived_at


def told_by(keys: list[int], day: date) -> dict[int, tuple[str, ...]]:
    """By item, which date each wider circle read when the day ended, as its wordings showed it."""
    ended = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    acts = ("open_to", "open_as_written", "close_to")
    rows = History.objects.filter(item_id__in=keys, verb__in=acts, at__lt=ended)
    held: dict[int, dict[tuple[str, str], str]] = {}
    for pk, verb, after in rows.order_by("id").values_list("item_id", "verb", "after"):
        circle, shown = after.get("reaches", ""), held.setdefault(pk, {})
        if verb == "close_to":
            held[pk] = {place: date for place, date in shown.items() if place[0] != circle}
        else:
            shown[circle, after.get("language", "")] = after.get("shown_date", "")
    return {pk: _told_in_words(shown) for pk, shown in held.items()}


def _told_in_words(shown: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    said = [(circle, date) for (circle, _language), date in shown.items() if date]
    return tuple(
        _("%(circle)s read “%(date)s”") % {"circle": Circle(circle).label, "date": date}
        for circle, date in dict.fromkeys(said)
    )


def _counts(then: list[tuple[date | None, Now]], added: int) -> list[str]:
    """What changed since, in numbers: only what is not none."""
    later = sum(bool(said and now.ends and now.ends > said) for said, now in then)
    earlier = sum(bool(said and now.ends and now.ends < said) for said, now in then)
    shipped = sum(now.status == "shipped" for _said, now in then)
    dropped = sum(now.status == "dropped" for _said, now in then)
    said = [
        (later, ngettext("%(n)s ends later", "%(n)s end later", later)),
        (earlier, ngettext("%(n)s ends earlier", "%(n)s end earlier", earlier)),
        (shipped, ngettext("%(n)s shipped", "%(n)s shipped", shipped)),
        (dropped, ngettext("%(n)s dropped", "%(n)s dropped", dropped)),
        (added, ngettext("%(n)s added", "%(n)s added", added)),
    ]
    return [text % {"n": number} for number, text in said if number]


def every_date(items: QuerySet[Any]) -> list[Said]:
    """Every end date that was ever said of these items, oldest first."""
    rows = History.objects.filter(item__in=items.order_by().values("pk")).order_by("id")
    rows = rows.annotate(ends=KT("after__ends"), exactly=KT("after__ends_precision"))
    told = rows.filter(Q(ends__isnull=False) | Q(exactly__isnull=False))
    columns = ("item_id", "item__team_id", "at", "ends", "exactly")
    return _said(told.values_list(*columns).iterator(2_000))


def _said(rows: Iterable[tuple[int, int, datetime, str | None, str | None]]) -> list[Said]:
    held: dict[int, tuple[date | None, str]] = {}
    found = []
    for item, team, at, ends, exactly in rows:
        day, precision = held.get(item, (None, "day"))
        day = date.fromisoformat(ends) if ends and ends != NONE else day
        held[item] = (day, exactly or precision)
        if day is not None and team is not None:
            found.append(Said(item, team, timezone.localdate(at), day, held[item][1]))
    return found
