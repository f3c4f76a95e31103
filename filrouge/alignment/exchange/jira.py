"""Jira's export of issues to CSV."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from filrouge.lib.dates import Order

from .plans import DROPPED, SHIPPED, STARTED, Plan, Reference, joined, said, spelled, with_days, with_status

STATUSES = spelled(
    {
        "backlog|open|reopened|parking lot": {},
        "to do|todo|selected for development|ready|discovery|a faire": {"horizon": "next"},
        "in progress|in review|testing|delivery|en cours": {"status": STARTED, "horizon": "now"},
        "done|closed|resolved|released|termine|terminee|fini": {"status": SHIPPED, "horizon": "now"},
        "cancelled|canceled|abandonne": {"status": DROPPED, "reason": "cancelled"},
    }
)
NOT_DONE = {"won't do", "won't fix", "wont fix", "wont do", "duplicate", "cannot reproduce", "declined"}
LINKS = {"blocks": "blocks", "relates": "see_also", "cloners": "see_also", "duplicate": "see_also"}


class Jira:
    name, label = "jira", "Jira"

    def fits(self, columns: Collection[str]) -> bool:
        return {"Summary", "Issue key", "Status"} <= set(columns)

    def plan(self, values: Mapping[str, str], order: Order = "dmy") -> Plan:
        facts = {name: values.get(name, "") for name in ("Issue Type", "Priority", "Resolution", "Labels")}
        plan = Plan(
            values["Issue key"].strip(),
            values["Summary"].strip(),
            joined(values.get("Description", ""), said(facts)),
            version=_first(values, ("Fix versions", "Fix Version/s")),
            team=_first(values, ("Custom field (Team)", "Team", "Project name")),
            refers=tuple(_references(values)),
        )
        return with_days(_in_state(plan, values), self._days(values), order)

    def _days(self, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        columns = {
            "starts": ("Custom field (Start date)", "Start date"),
            "ends": ("Due date", "Due Date", "Custom field (Due date)"),
            "shipped_on": ("Resolved",),
        }
        return {name: (those[0], _first(values, those)) for name, those in columns.items()}


def _in_state(plan: Plan, values: Mapping[str, str]) -> Plan:
    resolution = values.get("Resolution", "").strip()
    if resolution.lower() in NOT_DONE:
        return with_status(
            plan, "Resolution", "not done", {"not done": {"status": DROPPED, "reason": resolution}}
        )
    return with_status(plan, "Status", values["Status"], STATUSES)


def _first(values: Mapping[str, str], names: Collection[str]) -> str:
    return next((cell for name in names if (cell := values.get(name, "").strip())), "")


def _references(values: Mapping[str, str]) -> Iterator[Reference]:
    """Jira repeats a column for each link of a sort; the next ones are numbered."""
    for column, cell in values.items():
        found = re.match(r"(Inward|Outward) issue link \(([^)]+)\)", column)
        if not found or not cell.strip():
            continue
        relation = LINKS.get(found[2].lower(), "see_also")
        if relation == "blocks":
            relation = "blocked_by" if found[1] == "Inward" else "blocks"
        yield Reference(relation, column, cell.strip())
