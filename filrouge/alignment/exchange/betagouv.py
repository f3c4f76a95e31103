"""Digital public services of beta.gouv.fr: one product a line, with the phases it went through."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from filrouge.lib.dates import Order

from .plans import DROPPED, SHIPPED, STARTED, Plan, joined, said, with_days, with_status

PHASES: dict[str, dict[str, Any]] = {
    "investigation": {"status": STARTED, "horizon": "now"},
    "construction": {"status": STARTED, "horizon": "now"},
    "acceleration": {"status": STARTED, "horizon": "now"},
    "consolidation": {"status": STARTED, "horizon": "now"},
    "transfere": {"status": SHIPPED, "horizon": "now"},
    "opere": {"status": SHIPPED, "horizon": "now"},
    "abandon": {"status": DROPPED, "reason": "abandon"},
    "abandon investigation": {"status": DROPPED, "reason": "abandon-investigation"},
}


class BetaGouv:
    name, label = "beta.gouv", "beta.gouv.fr"

    def fits(self, columns: Collection[str]) -> bool:
        return {"id", "title", "mission", "phases", "current_phase"} <= set(columns)

    def plan(self, values: Mapping[str, str], order: Order = "dmy") -> Plan:
        phases = _phases(values["phases"])
        steps = "\n".join(_line(phase) for phase in phases)
        facts = said({name: values.get(name, "") for name in ("sponsors", "thematiques", "usertypes")})
        text = joined(values["mission"], steps, facts, values.get("body", ""))
        plan = Plan(
            values["id"].strip(), values["title"].strip(), text, team=values.get("incubator", "").strip()
        )
        plan = with_status(plan, "current_phase", values["current_phase"], PHASES)
        plan = with_days(plan, _days(phases, plan))
        return replace(plan, address=values.get("link", "").strip())


def _phases(cell: str) -> list[dict[str, str]]:
    """As JSON, which is how a list of objects stands in a cell."""
    try:
        found = json.loads(cell or "[]")
    except json.JSONDecodeError:
        return []
    return [phase for phase in found if isinstance(phase, dict)] if isinstance(found, list) else []


def _line(phase: Mapping[str, Any]) -> str:
    start, end = str(phase.get("start") or ""), str(phase.get("end") or "")
    return f"{phase.get('name', '')}: {start} → {end}".rstrip(" →:")


def _days(phases: list[dict[str, str]], plan: Plan) -> dict[str, tuple[str, str]]:
    """It started with its first phase, and shipped when the last one began."""
    starts = sorted(str(phase.get("start") or "") for phase in phases if phase.get("start"))
    if not starts:
        return {}
    shipped = {"shipped_on": ("phases", str(phases[-1].get("start") or ""))} if plan.status == SHIPPED else {}
    return {"starts": ("phases", starts[0]), **shipped}
