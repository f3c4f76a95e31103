"""Pages that look back: the roadmap as it stood on a day, and how the dates of each team move."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from filrouge.core import lists
from filrouge.core.filters import Filter
from filrouge.core.memory import kept
from filrouge.core.search import matching
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import Team, User

from . import asof, drift
from .frame import frame
from .models import Initiative
from .moves import Move
from .statuses import AHEAD

QUARTER = timedelta(days=91)
REACH = 365
"""The picture shows slips of so many days to either side; further ones stand at its edge."""
DRAWN = 400


def everything(filter: Filter, reader: User) -> Any:
    """All items that the filter lets through, what was archived since too."""
    rows = Initiative.objects.visible_to(reader).filter(filter.where())
    rows = rows.select_related(*lists.related(Initiative))
    return matching(rows, "core_item", filter.query) if filter.q.strip() and filter.query else rows


def stood(request: HttpRequest, context: dict[str, Any], day: date) -> HttpResponse:
    """The roadmap as it stood when a day ended, with what has become of each item."""
    rows = everything(context["filter"], reader_of(request))
    found = asof.stood(rows, day)
    context |= {"here": "stood", "day": day, "stood": found, "shown": asof.SHOWN}
    return render(request, "roadmap/stood.html", context, status=422 if context["problem"] else 200)


@access(Act.SEE_ITEMS)
@require_safe
def stood_page(request: HttpRequest) -> HttpResponse:
    """The way in: three months ago, until the reader chooses another day."""
    query = request.GET.copy()
    query["as_of"] = (timezone.localdate() - QUARTER).isoformat()
    return HttpResponseRedirect(f"{reverse('roadmap')}?{query.urlencode()}")


@access(Act.SEE_ITEMS)
@require_safe
def drift_page(request: HttpRequest) -> HttpResponse:
    """How often and how far each team's dates moved, and where they land: a picture and its numbers."""
    reader = reader_of(request)
    context = frame(request, "drift")
    filter, query = context["filter"], context["query"]
    context |= {
        "teams": kept(f"drift:{reader.pk}:{query}", lambda: teams(everything(filter, reader)), seconds=60),
        "enough": drift.ENOUGH,
        "reach": REACH,
    }
    return render(request, "roadmap/drift.html", context, status=422 if context["problem"] else 200)


def teams(
    items: Any,
) -> list[tuple[Team, drift.Drift, list[tuple[float, int, bool]], list[tuple[float, str]]]]:
    """Each team by name, with its drift and what its picture shows: dots, and where dates land."""
    shipped = dict(items.filter(shipped_on__isnull=False).order_by().values_list("pk", "shipped_on"))
    found = drift.by_team(asof.every_date(items), shipped)
    by_name = Team.objects.filter(pk__in=found).order_by("name")
    return [(team, found[team.pk], dots(found[team.pk]), marks(found[team.pk])) for team in by_name]


def marks(found: drift.Drift) -> list[tuple[float, str]]:
    """Where P50 and P80 stand across the picture; none where too few have shipped."""
    lands = found.forecast
    days = [] if lands is None else [(lands.half, "P50"), (lands.most, "P80")]
    return [
        (round((max(min(day, REACH), -REACH) + REACH) / (2 * REACH) * 1000, 1), name) for day, name in days
    ]


def dots(found: drift.Drift) -> list[tuple[float, int, bool]]:
    """Across, up and whether it is later, for the latest slips; those of a week stand on one another."""
    piled: dict[int, int] = {}
    placed = []
    latest = sorted(found.slips, key=lambda slip: slip.at)[-DRAWN:]
    for slip in sorted(latest, key=lambda slip: slip.days):
        week = max(min(slip.days, REACH), -REACH) // 7
        piled[week] = piled.get(week, 0) + 1
        placed.append((round((week * 7 + REACH + 3) / (2 * REACH) * 1000, 1), piled[week], slip.days > 0))
    return placed


def forecast_of(item: Initiative, first: Move, reader: User) -> dict[str, Any] | None:
    """Where the date first said of an item lands by what its team shipped before."""
    if item.status not in AHEAD:
        return None
    shipped = Initiative.objects.visible_to(reader).filter(team=item.team_id, shipped_on__isnull=False)
    landed = drift.landings(
        asof.every_date(shipped), dict(shipped.order_by().values_list("pk", "shipped_on"))
    )
    found = drift.forecast([days for _team, days in landed])
    if found is None:
        return {"found": None, "n": len(landed), "enough": drift.ENOUGH}
    half, most = found.lands(first.ends)
    return {"first": first.label, "found": found, "half": half, "most": most, "today": timezone.localdate()}
