"""Kubernetes enhancement proposals, one a row, as `kep.yaml` files are collected into a table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from filrouge.lib.dates import Order
from filrouge.lib.reason import N_

from .plans import DROPPED, SHIPPED, STARTED, Plan, Reference, joined, said, with_status

NOTHING = {"", "n/a", "na", "none", "null", "[]", "tbd", "todo"}
RELATIONS = {"see_also": "see_also", "replaces": "replaces", "superseded_by": "replaced_by"}
STATUSES: dict[str, dict[str, Any]] = {
    "provisional": {},
    "implementable": {"horizon": "next"},
    "implemented": {"status": SHIPPED, "horizon": "now"},
    "deferred": {},
    "rejected": {"status": DROPPED, "reason": "rejected"},
    "withdrawn": {"status": DROPPED, "reason": "withdrawn"},
    "replaced": {"status": DROPPED, "reason": "replaced"},
    "superseded": {"status": DROPPED, "reason": "superseded"},
    "removed": {"status": DROPPED, "reason": "removed"},
}
BEGUN = ("alpha", "beta", "stable")
STAGES = {"", *BEGUN, "deprecated", "disabled", "removed"}
UNKNOWN_STAGE = N_("“%(value)s” is not a stage. It is kept in the text as it stands.")


class Keps:
    name, label = "keps", "Kubernetes KEPs"

    def fits(self, columns: Collection[str]) -> bool:
        return {"number", "title", "owning_sig", "status", "stage"} <= set(columns)

    def plan(self, values: Mapping[str, str], order: Order = "dmy") -> Plan:
        number, folder = values["number"].strip(), folder_of(values.get("path", ""))
        names = (number,) if number.strip("0") else ()  # many drafts share the number 0
        plan = Plan(
            folder or number, values["title"].strip(), _told(values), team=values["owning_sig"].strip()
        )
        plan = with_status(plan, "status", values["status"], STATUSES)
        if values["stage"].strip() not in STAGES:
            plan = plan.noted("stage", UNKNOWN_STAGE, value=values["stage"][:60])
        if plan.horizon == "next" and values["stage"].strip() in BEGUN and _milestone(values):
            plan = replace(plan, status=STARTED, horizon="now")
        version = _milestone(values) if plan.status == SHIPPED else ""
        return replace(plan, version=version, names=names, refers=tuple(_references(values)))


def _milestone(values: Mapping[str, str]) -> str:
    """The release of the stage that it reached; 0.0 stands for none."""
    found = (values.get(values["stage"].strip()) or values.get("latest_milestone") or "").strip()
    return found if re.fullmatch(r"v?\d+\.\d+", found) and found.strip("v.0") else ""


def _told(values: Mapping[str, str]) -> str:
    """Its status and stage as they stand there, typing errors too, and the releases it aimed at."""
    names = (
        "status", "stage", "latest_milestone", "alpha", "beta", "stable", "participating_sigs",
        "feature_gates", "created", "last_updated",
    )  # fmt: skip
    outside = [text for column in RELATIONS for text in _cells(values, column) if canonical(text) is None]
    return joined(said({name: values.get(name, "") for name in names}), "\n".join(outside))


def _references(values: Mapping[str, str]) -> Iterator[Reference]:
    for column, relation in RELATIONS.items():
        for text in _cells(values, column):
            if name := canonical(text):
                yield Reference(relation, column, name)


def _cells(values: Mapping[str, str], column: str) -> list[str]:
    cells = (cell.strip() for cell in values.get(column, "").split("|"))
    return [cell for cell in cells if cell.lower() not in NOTHING]


def canonical(text: str) -> str | None:
    """The folder or the number that a reference means; None for an address outside."""
    if found := re.search(r"(?:^|[/(])(keps/[^\s)]+)", text):
        return folder_of(found[1])
    if found := re.fullmatch(r"(?:KEP[- ]?)?#?0*(\d+)", text, re.IGNORECASE):
        return found[1]
    return None if re.search(r"https?://", text) else text[:300]


def folder_of(path: str) -> str:
    return path.strip("/\"' ").removesuffix("/kep.yaml").removesuffix("/README.md").rstrip("/")
