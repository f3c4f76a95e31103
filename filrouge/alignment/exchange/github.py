"""Issues and milestones of GitHub: as its REST API answers them, or as `gh issue list --json` does."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from filrouge.lib.dates import Order
from filrouge.lib.reason import N_

from .plans import DROPPED, SHIPPED, Plan, Unfit, joined, said, with_days

PULL_REQUEST = N_("This is a pull request, not an issue.")


def _address(values: Mapping[str, str]) -> str:
    return (values.get("html_url") or values.get("url") or "").strip()


def _id(values: Mapping[str, str], sort: str) -> str:
    """Within all of GitHub: owner/repository#12, where the address says whose it is."""
    number = values["number"].strip()
    found = re.search(r"github\.com/([^/]+/[^/]+)/", _address(values))
    return f"{found[1] if found else ''}{sort}{number}"


class Issues:
    name, label = "github-issues", "GitHub issues"

    def fits(self, columns: Collection[str]) -> bool:
        named = {column.partition(".")[0] for column in columns}
        return {"number", "title", "state", "body"} <= named and "open_issues" not in named

    def plan(self, values: Mapping[str, str], order: Order = "dmy") -> Plan:
        if any(name.partition(".")[0] == "pull_request" and cell for name, cell in values.items()):
            raise Unfit("pull_request", PULL_REQUEST)
        facts = said({"milestone": values.get("milestone.title", "")})
        plan = Plan(
            _id(values, "#"),
            values["title"].strip(),
            joined(values["body"], facts),
            horizon="next" if values.get("milestone.title") else "later",
            address=_address(values),
        )
        due = values.get("milestone.due_on") or values.get("milestone.dueOn") or ""
        days = {"ends": ("milestone", due)}
        return with_days(closed(plan, values), days | _shipped(values))


class Milestones:
    name, label = "github-milestones", "GitHub milestones"

    def fits(self, columns: Collection[str]) -> bool:
        return {"number", "title", "state", "due_on", "open_issues"} <= set(columns)

    def plan(self, values: Mapping[str, str], order: Order = "dmy") -> Plan:
        facts = said({name: values.get(name, "") for name in ("open_issues", "closed_issues")})
        text = joined(values.get("description", ""), facts)
        plan = Plan(_id(values, "/milestone/"), values["title"].strip(), text, address=_address(values))
        plan = replace(plan, horizon="next" if values["due_on"].strip() else "later")
        return with_days(closed(plan, values), {"ends": ("due_on", values["due_on"])} | _shipped(values))


def _shipped(values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {"shipped_on": ("closed_at", values.get("closed_at") or values.get("closedAt") or "")}


def closed(plan: Plan, values: Mapping[str, str]) -> Plan:
    """A closed one shipped, unless it was closed as not planned."""
    if values["state"].strip().lower() != "closed":
        return plan
    why = (values.get("state_reason") or values.get("stateReason") or "").strip().lower()
    if why in ("not_planned", "duplicate"):
        return replace(plan, status=DROPPED, reason=why.replace("_", " "))
    return replace(plan, status=SHIPPED, horizon="now")
