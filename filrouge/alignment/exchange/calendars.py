"""The roadmap's dates as a calendar that a person's own programme subscribes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.roadmap.phases import Phase, phases_of
from filrouge.alignment.roadmap.precision import Precision, closes, named, opens
from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.filters import Filter
from filrouge.core.plain import address
from filrouge.core.traces import Face
from filrouge.lib.ical import Event, calendar
from filrouge.people.models import User

MOST = 2_000
BACK = timedelta(days=400)


def feed(reader: User, params: Any) -> str:
    """What this person may see, in their language: Items for the product teams, wordings for the others."""
    with translation.override(reader.language):
        events = _of_items(reader, params) if reads_items(reader) else _of_faces(reader)
        return calendar(_("Roadmap"), events)


def _of_items(reader: User, params: Any) -> Iterator[Event]:
    """Where plans and their phases begin, where they end or must, and what shipped; not what was dropped."""
    filter: Filter = lists.parse(Initiative, params)
    since = timezone.localdate() - BACK
    rows = lists.rows(Initiative, filter, reader)
    rows = rows.exclude(status__in=(Initiative.Status.PROPOSED, Initiative.Status.DECLINED))
    dated = Q(starts__gte=since) | Q(ends__gte=since) | Q(shipped_on__gte=since) | Q(hard_due__gte=since)
    dated |= Q(pk__in=Phase.objects.filter(starts__gte=since).values("item"))
    for item in rows.filter(dated).prefetch_related("phases").order_by("pk")[:MOST]:
        yield from _of_item(item)


def _of_item(item: Initiative) -> Iterator[Event]:
    if item.status == Initiative.Status.SHIPPED:
        yield from _event(item, "shipped", item.shipped_on, _("Shipped: %(title)s"))
    elif item.status != Initiative.Status.DROPPED:
        yield from _event(item, "starts", item.starts, _("Starts: %(title)s"), item.starts_precision)
        yield from _event(item, "ends", item.ends, _("Ends: %(title)s"), item.ends_precision)
        yield from _event(item, "due", item.hard_due, _("Must be done: %(title)s"))
        for phase in phases_of(item):
            sentence = f"{phase.label}: %(title)s"
            yield from _event(item, phase.stage, phase.starts, sentence, phase.starts_precision)


def _event(
    item: Initiative, what: str, day: date | None, sentence: str, precision: str = Precision.DAY
) -> Iterator[Event]:
    """What is meant to the quarter lasts the quarter, and says so: no day of it is the day."""
    if day is None:
        return
    url = address(item.kind.slug, item.pk)
    team = item.team.name if item.team else ""
    text = "\n".join(line for line in (item.status_label, team, url) if line)
    period = "" if precision == Precision.DAY else f" ({named(day, precision)})"
    title = sentence % {"title": f"{item.title}{period}"}
    first, last = opens(day, precision), closes(day, precision)
    yield Event(_uid(item.pk, what), first, title, text, url, item.changed_at, item.revision, team, last)


def _of_faces(reader: User) -> Iterator[Event]:
    """Only days that were opened to their circle: of what shipped."""
    rows: Any = lists.faces(Initiative, reader).order_by("item_id")[:MOST]
    for face in rows:
        if isinstance(said := face.fields.get("shipped_on"), str) and (day := parse_date(said)):
            yield _faced(face, day)


def _faced(face: Face, day: date) -> Event:
    url = address(Initiative.kind.slug, face.item_id)
    title = _("Shipped: %(title)s") % {"title": face.title}
    return Event(_uid(face.item_id, "shipped"), day, title, url, url, face.approved_at, face.revision)


def _uid(pk: int, what: str) -> str:
    return f"initiative-{pk}-{what}@{urlsplit(settings.SITE_URL).hostname or 'filrouge'}"
