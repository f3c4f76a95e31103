"""From a plan to the roadmap, by the Verbs that people use: a product manager's row is planned, any other
proposed. What a file says anew is taken; what people changed here since, and the file did not, stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import Forbidden
from filrouge.core.origins import Origin
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User

from .models import Pointer
from .plans import DROPPED, SHIPPED, STARTED, Plan, joined, said

DATES = ("starts", "starts_precision", "ends", "ends_precision")
WRITTEN = ("title", "outcome", "horizon", *DATES, "address")
STATES = ("status", "reason", "version", "shipped_on")
PROPOSED = ("title", "outcome")
UNSAID = {"starts_precision": "day", "ends_precision": "day"}  # of rows that came before these were read


@dataclass(frozen=True)
class Taken:
    """What became of a row: "new", "updated" or "unchanged", and whether it waits in a tray."""

    outcome: str
    proposed: bool = False


def take(plan: Plan, origin: Origin | None, source: str, team: int | None, by: User) -> Taken:
    if origin is None:
        return _made(plan, source, team, by)
    item = origin.called(Initiative)
    whole = may(by, Act.PLAN, item) or "status" in origin.known  # its product manager took it on meanwhile
    known = plan.known() if whole else proposal_of(plan)
    changed = {name for name, value in known.items() if origin.known.get(name, UNSAID.get(name)) != value}
    more = _point(origin, plan, item, by)
    if not changed:
        return Taken("updated" if more else "unchanged")
    _change(item, known, changed, by)
    origin.known |= known
    origin.save()
    return Taken("updated")


def _made(plan: Plan, source: str, team: int | None, by: User) -> Taken:
    leads = by.manages(team)
    known = plan.known() if leads else proposal_of(plan)
    if leads:
        item = Initiative.create(by=by, team=team, **_cells(known, WRITTEN))
        _bring_to(item, known, by)
    else:
        item = Initiative.propose(by=by, team=team, **_cells(known, PROPOSED))
    origin = Origin.objects.create(source=source, external_id=plan.external_id, item=item, known=known)
    _point(origin, plan, item, by)
    return Taken("new", proposed=not leads)


def proposal_of(plan: Plan) -> dict[str, Any]:
    """All that a proposal carries: what the file says of state and dates goes into its text."""
    known = plan.known() | {"starts": plan.starts_label, "ends": plan.ends_label}
    rest = {
        name: str(known[name] or "") for name in ("status", "horizon", "starts", "ends", "version", "address")
    }
    return {"title": plan.title, "outcome": joined(plan.outcome, said(rest))[:20_000]}


def _change(item: Initiative, known: Mapping[str, Any], changed: set[str], by: User) -> None:
    if item.status == Initiative.Status.PROPOSED and may(by, Act.PLAN, item):
        item.accept(by=by, horizon=known["horizon"])
    if cells := _cells(known, [name for name in WRITTEN if name in changed]):
        item.revise(by=by, **cells)
    if changed & set(STATES):
        _bring_to(item, known, by)


def _bring_to(item: Initiative, known: Mapping[str, Any], by: User) -> None:
    """The act that leads from where the item is to where the file says it is."""
    if known["status"] == item.status and item.status != SHIPPED:
        return
    if known["status"] == STARTED:
        item.start(by=by)
    elif known["status"] == SHIPPED:
        days = _cells(known, ["shipped_on"])
        item.ship(by=by, version=known["version"], undated=not known["shipped_on"], **days)
    elif known["status"] == DROPPED:
        item.drop(by=by, reason=known["reason"] or known["status"])


def _cells(known: Mapping[str, Any], names: Any) -> dict[str, Any]:
    days = ("starts", "ends", "shipped_on")
    return {
        name: date.fromisoformat(known[name]) if name in days and known[name] else known[name]
        for name in names
    }


def _point(origin: Origin, plan: Plan, item: Initiative, by: User) -> bool:
    """Note what the row refers to; whether that says anything new. No file speaks for another team's item."""
    held = set(origin.pointers.values_list("relation", "name"))
    new = {(one.relation, one.name) for one in plan.refers} - held
    own = item.status == Initiative.Status.PROPOSED and item.author_id == by.pk
    if new and not own and not may(by, Act.PLAN, item):
        raise Forbidden(refusal(Act.PLAN), "team")
    Pointer.objects.bulk_create(Pointer(origin=origin, relation=how, name=name) for how, name in sorted(new))
    return bool(new)
