"""What the roadmap brings to a home: why the team builds what it builds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from filrouge.core.models import Item
from filrouge.desk.home import Advice, Row, Section, section
from filrouge.desk.ways import ways
from filrouge.people.models import Role, User

from .dependencies import Dependency, State
from .models import Initiative

SHOWN = 5
NARROW = (
    "type", "title", "status", "outcome", "horizon", "starts", "starts_precision", "ends", "ends_precision",
    "version", "shipped_on", "team__name",
)  # fmt: skip
MOST_ASKED = 200


@section({Role.MAKER, Role.COACH}, order=10)
def building(reader: User) -> Section:
    """What is in progress in this person's teams, each with the way it came."""
    started = _ours(reader, Initiative.Status.STARTED)
    found = list(started.order_by("ends", "-changed_at")[:SHOWN])
    threads = ways(found, reader) if found else {}
    rows = [_started(one, threads[one.pk]) for one in found]
    advice = Advice(
        _("Nothing is in progress in your teams. The roadmap shows what comes next."),
        _("Open the roadmap"),
        reverse("roadmap"),
    )
    return Section(
        _("What we build now, and why"),
        rows=rows,
        lead=_("From users' words to the decision. Follow any step.") if rows else "",
        more=reverse("roadmap"),
        more_label=_("The roadmap"),
        advice=advice,
    )


def _ours(reader: User, status: str) -> Any:
    """The items of this person's teams, or of all teams for whoever is in none."""
    rows = Initiative.objects.visible_to(reader).active().filter(status=status)
    rows = rows.select_related("team").only(*NARROW)
    return rows.filter(team__in=reader.around_team_ids) if reader.around_team_ids else rows


@section({Role.MAKER, Role.COACH}, order=30)
def coming(reader: User) -> Section | None:
    """What this person's teams mean to begin, the soonest first."""
    near = (Initiative.Horizon.NOW, Initiative.Horizon.NEXT)
    planned = _ours(reader, Initiative.Status.PLANNED).filter(horizon__in=near)
    rows = [_planned(one) for one in planned.order_by(F("starts").asc(nulls_last=True), "created_at")[:SHOWN]]
    if not rows:
        return None
    lead = _("Planned, not begun. Ask now what you will need to know.")
    return Section(
        _("What comes next"), rows=rows, lead=lead, more=reverse("roadmap"), more_label=_("The roadmap")
    )


@section({Role.MAKER, Role.COACH}, order=40)
def shipped(reader: User) -> Section | None:
    """What this person's teams put into users' hands last."""
    rows = [
        Row(one.title, one.get_absolute_url(), _where(one), one.version, at=one.shipped_on)
        for one in _ours(reader, Initiative.Status.SHIPPED).order_by(
            F("shipped_on").desc(nulls_last=True), "-pk"
        )[:SHOWN]
    ]
    more = reverse("roadmap-shipped")
    return Section(pgettext("heading", "Shipped"), rows=rows, more=more) if rows else None


def _where(one: Item, *more: str) -> str:
    return " · ".join(part for part in (one.team.name if one.team else "", *more) if part)


def _planned(one: Initiative) -> Row:
    starts = " ".join((pgettext("roadmap", "from"), one.starts_label))
    fact = starts if one.starts else one.get_horizon_display()
    return Row(one.title, one.get_absolute_url(), _where(one, one.outcome[:200]), fact)


def _started(one: Initiative, stops: list[dict[str, Any]]) -> Row:
    until = " ".join((pgettext("roadmap", "until"), one.ends_label)) if one.ends else ""
    return Row(one.title, one.get_absolute_url(), _where(one, one.outcome[:200]), until, stops=stops)


@section({Role.PRODUCT_MANAGER}, order=15)
def asked(reader: User) -> Section | None:
    """What other teams need of the items that this person manages, and nobody has answered."""
    waiting = Dependency.objects.filter(state=State.ASKED, needs__team__in=reader.managed_team_ids)
    asked = list(waiting.order_by("asked_at").values_list("item_id", "needs_id", "asked_at")[:MOST_ASKED])
    ends = Item.objects.visible_to(reader).select_related("team").only("type", "title", "team__name")
    seen = ends.in_bulk({pk for row in asked for pk in row[:2]}) if asked else {}
    rows = [
        _asked(seen[item], seen[needs], at) for item, needs, at in asked if item in seen and needs in seen
    ][:SHOWN]
    if not rows:
        return None
    lead = _("Accept or decline on the page of the item. The oldest first.")
    return Section(_("Asked of your teams"), rows=rows, lead=lead)


def _asked(item: Item, needs: Item, at: datetime) -> Row:
    said = _("“%(title)s” needs it") % {"title": item.title}
    return Row(needs.title, f"{needs.get_absolute_url()}#needed", _where(item, said), _("asked"), "red", at)
