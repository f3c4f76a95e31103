"""The dates of the roadmap and of decisions as a calendar that a person's own programme subscribes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from filrouge.alignment.decisions.models import Decision
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
SHARED = ("team", "product", "author")
"""What narrows decisions as it narrows the roadmap."""


def feed(reader: User, params: Any) -> str:
    """What this person may see, in their language: Items for the product teams, wordings for the others."""
    with translation.override(reader.language):
        if not reads_items(reader):
            return calendar(_("Roadmap"), _of_faces(reader))
        events = chain(_of_items(reader, params), _of_decisions(reader, params))
        return calendar(_("Roadmap and decisions"), events)


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


def _of_decisions(reader: User, params: Any) -> Iterator[Event]:
    """By when a question is to be answered, and when the answer is looked at again."""
    if any(params.get(name) for name in Initiative.kind.filters if name not in SHARED):
        return  # the address asks for part of the roadmap
    filter = Filter.parse(params, tuple(lists.facet(Decision, name) for name in SHARED), lists.SORTS)
    rows = lists.rows(Decision, filter, reader).exclude(status=Decision.Status.SUPERSEDED)
    due = Q(status=Decision.Status.OPEN, due__gte=timezone.localdate() - BACK)
    dated = rows.filter(due | Q(review_on__gt=timezone.localdate()))
    for item in dated.defer("brief").order_by("pk")[:MOST]:
        if item.status == Decision.Status.OPEN:
            yield from _event(item, "due", item.due, _("Decide: %(title)s"))
        yield from _event(item, "review", item.review_ahead(), _("Review: %(title)s"))


def _event(
    item: Initiative | Decision, what: str, day: date | None, sentence: str, precision: str = Precision.DAY
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
    uid = _uid(item.kind.slug, item.pk, what)
    yield Event(uid, first, title, text, url, item.changed_at, item.revision, team, last)


def _of_faces(reader: User) -> Iterator[Event]:
    """Only days that were opened to their circle: of what shipped."""
    rows: Any = lists.faces(Initiative, reader).order_by("item_id")[:MOST]
    for face in rows:
        if isinstance(said := face.fields.get("shipped_on"), str) and (day := parse_date(said)):
            yield _faced(face, day)


def _faced(face: Face, day: date) -> Event:
    url = address(Initiative.kind.slug, face.item_id)
    title = _("Shipped: %(title)s") % {"title": face.title}
    uid = _uid(Initiative.kind.slug, face.item_id, "shipped")
    return Event(uid, day, title, url, url, face.approved_at, face.revision)


def _uid(slug: str, pk: int, what: str) -> str:
    """It never changes: calendars know an event by it."""
    return f"{slug.removesuffix('s')}-{pk}-{what}@{urlsplit(settings.SITE_URL).hostname or 'filrouge'}"
