"""What was said on a day, folded from History: the roadmap as it stood, and every date that was ever said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput
from filrouge.core.kinds import status_in_words
from filrouge.core.models import History

from .drift import Said
from .models import Initiative
from .precision import named
from .statuses import AHEAD

State = Mapping[str, Any]
SHOWN = 60
NONE = "null"
"""What SQLite reads where JSON holds none."""
COLUMNS = (
    "title", "status", "circle", "horizon", "starts", "starts_precision", "ends", "ends_precision",
    "archived_at",
)  # fmt: skip


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


def unfolded(items: QuerySet[Any], day: date) -> dict[int, dict[str, Any]]:
    """The columns of each item as they stood when the day ended, by taking back what was done since.

    What came here since is left out, made or read back from a folder: nobody said it here that day.
    This costs what has changed, not all that was ever said.
    """
    until = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    stands: dict[int, dict[str, Any]] = {row.pop("pk"): row for row in items.values("pk", *COLUMNS)}
    since = History.objects.filter(item__in=items.order_by().values("pk"), at__gte=until).order_by("-id")
    for pk, before, came in since.values_list("item_id", "before", KT("after__created_at")).iterator(2_000):
        if came:
            stands.pop(pk, None)
        elif pk in stands:
            stands[pk] |= before
    return stands


@dataclass(frozen=True)
class Then:
    """An item as it stood, beside what it is now."""

    state: State
    now: Initiative

    @property
    def title(self) -> str:
        return str(self.state["title"])

    @property
    def starts(self) -> str:
        return said_date(self.state, "starts")

    @property
    def ends(self) -> str:
        return said_date(self.state, "ends")

    @property
    def circle(self) -> str:
        return str(Circle(self.state["circle"]).label)

    @property
    def days(self) -> int:
        """How far its end has moved since; 0 where it stands, or where either day is not known."""
        then = _day(self.state["ends"])
        return (self.now.ends - then).days if then and self.now.ends else 0

    @property
    def since(self) -> list[str]:
        """What has become of it, in words."""
        now, told = self.now, list[str]()
        if now.archived_at:
            told.append(_("archived"))
        if now.status != self.state["status"]:
            told.append(status_in_words(now.type, now.status))
        if now.horizon != self.state["horizon"] and now.status in AHEAD:
            told.append(_("now under %(horizon)s") % {"horizon": now.get_horizon_display()})
        if self.days:
            told.append(f"{now.ends_label}: {moved(self.days)}")
        elif now.ends_label != self.ends:
            told.append(now.ends_label or _("without a date now"))
        if now.title != self.title:
            told.append(_("now called “%(title)s”") % {"title": now.title})
        return told


def said_date(state: State, name: str) -> str:
    return named(_day(state[name]), state[f"{name}_precision"])


def _day(value: Any) -> date | None:
    """History writes days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def moved(days: int) -> str:
    """92 days later, 3 days earlier."""
    if days > 0:
        return ngettext("%(n)s day later", "%(n)s days later", days) % {"n": days}
    return ngettext("%(n)s day earlier", "%(n)s days earlier", -days) % {"n": -days}


@dataclass(frozen=True)
class Stood:
    """The roadmap of a day: by horizon, and what was put on it since."""

    columns: list[tuple[str, list[Then], int]]
    added: list[Initiative]
    counts: list[str]


def stood(items: QuerySet[Any], day: date) -> Stood:
    states = unfolded(items, day)
    rows = items.order_by("team__name", "position", "pk")
    now = list(rows.values_list("pk", "status", "ends", "archived_at", named=True))
    planned = [
        row.pk
        for row in now
        if row.pk in states and states[row.pk]["status"] in AHEAD and not states[row.pk]["archived_at"]
    ]
    before = set(planned)
    added = [row.pk for row in now if row.pk not in before and row.status in AHEAD and not row.archived_at]
    columns = [
        (str(horizon.label), [pk for pk in planned if states[pk]["horizon"] == horizon])
        for horizon in Initiative.Horizon
    ]
    shown = [pk for _label, keys in columns for pk in keys[:SHOWN]]
    found = Initiative.objects.select_related("team").in_bulk([*shown, *added[:SHOWN]])
    return Stood(
        [(label, [Then(states[pk], found[pk]) for pk in keys[:SHOWN]], len(keys)) for label, keys in columns],
        [found[pk] for pk in added[:SHOWN]],
        _counts([(states[row.pk], row) for row in now if row.pk in before], len(added)),
    )


def _counts(then: list[tuple[State, Any]], added: int) -> list[str]:
    """What changed since, in numbers: only what is not none."""
    ends = [(_day(state["ends"]), now.ends) for state, now in then]
    later = sum(bool(said and now and now > said) for said, now in ends)
    earlier = sum(bool(said and now and now < said) for said, now in ends)
    shipped = sum(now.status == "shipped" for _state, now in then)
    dropped = sum(now.status == "dropped" for _state, now in then)
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
