"""What evidence brings to a home: new words on my opportunities, quotes without a claim, who is unheard."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.core.memory import kept
from filrouge.core.models import Item
from filrouge.core.thread import among
from filrouge.core.traces import Link
from filrouge.desk.home import Advice, Row, Section, section
from filrouge.people.models import Role, User
from filrouge.voices.models import PersonSegment, Segment

from .models import Insight, Opportunity, Quote, Side

SHOWN = 6
DAYS = 14
COUNTED_FOR = 600


@dataclass
class Arrived:
    """Quotes that were lately tied to an opportunity, on each side, and when the last one was."""

    supports: int = 0
    contradicts: int = 0
    last: datetime | None = None

    def add(self, agrees: bool, at: datetime) -> None:
        self.supports += agrees
        self.contradicts += not agrees
        self.last = max(self.last or at, at)


@section({Role.PRODUCT_MANAGER}, order=10)
def new_evidence(reader: User) -> Section:
    """Open opportunities of this person's teams on which users' words were brought lately."""
    mine = _open_of(reader, reader.managed_team_ids)
    rows = _brought(mine, reader)
    return Section(
        _("New evidence on your opportunities"),
        rows=rows,
        lead=_("Words brought in the last %(days)s days; the latest first.") % {"days": DAYS},
        more=reverse("opportunities"),
        advice=_how_to_begin(bool(rows) or mine.exists()),
    )


@section({Role.MAKER, Role.COACH}, order=35)
def new_evidence_of_teams(reader: User) -> Section | None:
    """The same for those who build and those who coach them, where there is any."""
    rows = _brought(_open_of(reader, reader.around_team_ids), reader)
    lead = _("Words brought in the last %(days)s days; the latest first.") % {"days": DAYS}
    title = _("New evidence on your teams’ opportunities")
    return Section(title, rows=rows, lead=lead, more=reverse("opportunities")) if rows else None


def _open_of(reader: User, teams: Collection[int]) -> Any:
    """The open opportunities of some teams."""
    rows = Opportunity.objects.visible_to(reader).active().filter(team__in=teams)
    return rows.filter(status=Opportunity.Status.OPEN)


def _brought(opportunities: Any, reader: User) -> list[Row]:
    arrived = evidence_since(timezone.now() - timedelta(days=DAYS), reader)
    rows = opportunities.filter(pk__in=among(arrived)).values_list("pk", "title") if arrived else ()
    titles = dict(rows)
    newest = sorted(titles, key=lambda pk: (arrived[pk].last, pk), reverse=True)[:SHOWN]
    return [_opportunity(pk, titles[pk], arrived[pk]) for pk in newest]


def _how_to_begin(opportunities: bool) -> Advice:
    if opportunities:
        return Advice(
            _("Nobody has brought words to them lately. Ask what users said."),
            _("Search the words"),
            reverse("search"),
        )
    return Advice(
        _("Your teams have no open opportunity. Frame a problem worth solving: evidence gathers on it."),
        _("Frame an opportunity"), reverse("item_make", args=["opportunities", "create"]), True,
    )  # fmt: skip


def _opportunity(pk: int, title: str, what: Arrived) -> Row:
    sides = []
    if what.supports:
        sides.append(_("%(n)s for") % {"n": what.supports})
    if what.contradicts:
        sides.append(_("%(n)s against") % {"n": what.contradicts})
    return Row(title, f"/opportunities/{pk}/", fact=", ".join(sides), at=what.last)


def evidence_since(since: datetime, reader: User) -> dict[int, Arrived]:
    """Quotes tied since then, by what they were tied to, directly or through an insight that leads to it."""
    seen = Item.objects.visible_to(reader).active()
    quotes = seen.filter(type=Quote.type_label(), links_out__at__gte=since)
    tied = list(quotes.values_list("links_out__target_id", "links_out__relation", "links_out__at"))
    through = {target: [(target, True)] for target, _relation, _at in tied}
    for insight, root, agrees in _onward(seen, through) if tied else ():
        through[insight].append((root, agrees))
    found: dict[int, Arrived] = {}
    for target, relation, at in tied:
        for root, agrees in through[target]:
            found.setdefault(root, Arrived()).add(agrees == (relation == Side.SUPPORTS), at)
    return found


def _onward(seen: Any, keys: Collection[int]) -> Iterator[tuple[int, int, bool]]:
    """Which opportunities the insights among these speak of, and whether for them."""
    insights = seen.filter(type=Insight.type_label(), pk__in=among(keys))
    edges = insights.filter(links_out__target__type=Opportunity.type_label())
    for insight, root, relation in edges.values_list("pk", "links_out__target_id", "links_out__relation"):
        yield insight, root, relation == Side.SUPPORTS


@section({Role.DESIGN}, order=20)
def loose_quotes(reader: User) -> Section:
    """Quotes that speak for nothing yet."""
    tied = Exists(Link.objects.filter(source_id=OuterRef("pk")))
    found = (
        Quote.objects.visible_to(reader)
        .active()
        .filter(~tied)
        .select_related("version")
        .order_by("-changed_at", "-pk")
    )
    rows = [
        Row(quote.title, quote.get_absolute_url(), at=quote.created_at, quoted=True)
        for quote in found[:SHOWN]
    ]
    advice = Advice(_("No quote waits for an insight."), _("Read words"), reverse("inbox"))
    return Section(
        _("Quotes that speak for nothing yet"),
        rows=rows,
        lead=_("Tie each to an insight that it supports or contradicts."),
        more=reverse("quotes"),
        advice=advice,
    )


@section({Role.DESIGN}, order=30)
def unheard(reader: User) -> Section:
    """Segments of which nobody stands behind a quote, the largest known first."""
    found = unheard_segments()
    rows = [Row(f"{value}", reverse("segments"), name, _exists(known)) for name, value, known in found]
    advice = Advice(
        _("Somebody of every segment was quoted; or none is known: map a column to a segment on import."),
        _("Import words"), reverse("imports"),
    )  # fmt: skip
    return Section(
        _("Nobody of these was quoted"),
        rows=rows,
        lead=_("Segments with no quote; the most numerous first."),
        more=reverse("segments"),
        advice=advice,
    )


def _exists(known: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", known) % {"n": known}


def unheard_segments() -> list[tuple[str, str, int]]:
    """(name, value, people) of segments without any quote; counted at most every ten minutes."""
    # Not per reader: a segment says nothing of who quoted whom.
    return kept("unheard_segments", _count_unheard, COUNTED_FOR)


def _count_unheard() -> list[tuple[str, str, int]]:
    quoted = Quote.objects.exclude(version__words__person=None).values("version__words__person")
    heard = PersonSegment.objects.filter(person__in=quoted).values("segment")
    rows: Any = (
        Segment.objects.exclude(pk__in=heard)
        .annotate(known=Count("people"))
        .order_by(F("population").desc(nulls_last=True), "-known", "name", "value")
    )
    return [(row.name, row.value, row.population or row.known) for row in rows[:SHOWN]]
