"""The places of evidence in the side bar, with counts that stop at a thousand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import reads_items
from filrouge.core.filters import SHOWN, count
from filrouge.desk.proposals import waiting_for
from filrouge.people.access import TABLE, Act
from filrouge.ui.navigation import Counts, Entry, counter, register

from .models import Insight, Opportunity


def counts(reader: Any) -> Counts:
    """Insights, open opportunities, and what waits in the tray of somebody who manages a team."""
    if not reads_items(reader):
        return {}
    open_ones = Opportunity.objects.visible_to(reader).active().filter(status=Opportunity.Status.OPEN)
    found = {
        "insights": _bounded(Insight.objects.visible_to(reader).active()),
        "opportunities": _bounded(open_ones),
    }
    if reader.managed_team_ids:
        found["tray"] = _bounded(waiting_for(reader))
    return found


def _bounded(rows: Any) -> int | str:
    number, more = count(rows, SHOWN)
    return f"{number:,}+" if more else number


def register_places() -> None:
    counter(counts)
    register("evidence", Entry(_("Insights"), "insights", count="insights", key="n"), before="sources")
    register(
        "evidence",
        Entry(_("Opportunities"), "opportunities", count="opportunities", key="o"),
        before="sources",
    )
    roles = TABLE[Act.PROPOSE].roles
    register("evidence", Entry(_("Tray"), "tray", roles=roles, count="tray", key="t"), before="sources")
