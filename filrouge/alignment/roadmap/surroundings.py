"""What REST and commands tell around one roadmap item, as its page does."""

from __future__ import annotations

from typing import Any

from filrouge.core.plain import Plain, named, ref_json
from filrouge.people.models import User

from . import dependencies
from .deciding import followed
from .dependencies import Need
from .models import Initiative
from .moves import acts_of, undecided
from .phases import Phase, phases_of
from .scenarios import Thought, plan_of
from .worksheets import Worksheet


def around(item: Initiative, reader: User) -> Plain:
    needs = dependencies.around([item.pk], reader).get(item.pk, [])
    return {
        "needs": [need_json(need) for need in needs if need.outward],
        "needed_by": [need_json(need) for need in needs if not need.outward],
        "phases": [phase_json(phase) for phase in phases_of(item)],
        "worksheets": [sheet_json(sheet) for sheet in item.worksheets.select_related("by")],
        "scenarios": [thought_json(thought, item) for thought in thoughts_of(item)],
        "follows": [ref_json(decision) for decision in followed(item, reader)],
        "no_decision": undecided(acts_of(item)),
    }


def need_json(need: Need) -> Plain:
    """`strain` is `conflict`, `tight` or empty; `problem` says in words what does not fit."""
    row: Any = need.row
    other: Any = need.other
    team = {"id": other.team_id, "name": other.team} if other.team_id else None
    return {
        "item": ref_json(other) | {"team": team},
        "kind": row.kind, "state": row.state, "note": row.note, "answer": row.answer,
        "asked_at": row.asked_at, "answered_at": row.answered_at, "strain": need.level, "problem": need.said,
    }  # fmt: skip


def phase_json(phase: Phase) -> Plain:
    return {
        "stage": phase.stage, "starts": phase.starts, "starts_precision": phase.starts_precision,
        "ends": phase.ends, "ends_precision": phase.ends_precision, "outside": phase.outside,
    }  # fmt: skip


def sheet_json(sheet: Worksheet) -> Plain:
    return {
        "method": sheet.method, "inputs": sheet.inputs, "result": float(sheet.result),
        "formula": str(sheet.formula.says), "by": named(sheet.by), "at": sheet.at,
    }  # fmt: skip


def thoughts_of(item: Initiative) -> Any:
    """How each scenario has it, newest first."""
    return Thought.objects.filter(item_id=item.pk).select_related("scenario__team").order_by("-scenario_id")


def thought_json(thought: Thought, item: Initiative) -> Plain:
    scenario, plan = thought.scenario, plan_of(thought)
    return {"id": scenario.pk, "name": scenario.name, "team": named(scenario.team)} | plan | {
        "differs": plan != plan_of(item), "stale": thought.revision != item.revision,
    }  # fmt: skip
