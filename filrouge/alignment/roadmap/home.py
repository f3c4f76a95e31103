"""What the roadmap brings to a home: why the team builds what it builds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from filrouge.desk.home import Advice, Row, Section, section
from filrouge.desk.ways import ways
from filrouge.people.models import Role, User

from .models import Initiative

SHOWN = 5


@section({Role.MAKER, Role.COACH}, order=10)
def building(reader: User) -> Section:
    """What is in progress in this person's teams, each with the way it came."""
    started = Initiative.objects.visible_to(reader).active().filter(status=Initiative.Status.STARTED)
    started = started.filter(team__in=reader.team_ids) if reader.team_ids else started
    found = list(started.select_related("team").order_by("ends", "-changed_at")[:SHOWN])
    threads = ways(found, reader) if found else {}
    rows = [_started(one, threads[one.pk]) for one in found]
    advice = Advice(
        _("Nothing is in progress in your teams. The roadmap shows what comes next."),
        _("Open the roadmap"),
        "/roadmap/",
    )
    return Section(
        _("What we build now, and why"),
        rows=rows,
        lead=_("From users' words to the decision. Follow any step.") if rows else "",
        more="/roadmap/",
        more_label=_("The roadmap"),
        advice=advice,
    )


def _started(one: Initiative, stops: list[dict[str, Any]]) -> Row:
    note = " · ".join(part for part in (one.team.name if one.team else "", one.outcome[:200]) if part)
    until = _("until") if one.ends else ""
    return Row(one.title, one.get_absolute_url(), note, until, at=one.ends, stops=stops)
