"""Any table of roadmap items: a person says which column holds what, or the columns' names do."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from filrouge.alignment.roadmap.precision import Precision
from filrouge.lib.dates import Order
from filrouge.lib.search_text import fold

from .jira import STATUSES as WORK
from .plans import DROPPED, SHIPPED, STARTED, Plan, spelled, with_days, with_status

NAMES = {
    "title": "title titre name nom summary resume item feature fonctionnalite initiative epic",
    "external_id": "externalid id identifiant key cle ref reference number numero",
    "outcome": "outcome description details text texte body objectif benefit resultat",
    "status": "status statut state etat",
    "horizon": "horizon nownextlater bucket",
    "starts": "starts start startdate debut datedebut datededebut begin",
    "ends": "ends end enddate fin datefin datedefin due duedate echeance target targetdate",
    "shipped_on": "shippedon shipped released releasedate livrele datedelivraison",
    "version": "version release fixversion",
    "team": "team equipe squad owner",
    "address": "address url link lien",
}
FIELDS = tuple(NAMES)
HORIZONS = spelled(
    {
        "now|maintenant": {"horizon": "now"},
        "next|ensuite": {"horizon": "next"},
        "later|plus tard": {"horizon": "later"},
    }
)
STATUSES = (
    WORK
    | HORIZONS
    | spelled(
        {
            "planned|planifie|prevu": {},
            "started|doing|commence": {"status": STARTED, "horizon": "now"},
            "shipped|live|livre": {"status": SHIPPED, "horizon": "now"},
            "dropped|rejected|abandoned": {"status": DROPPED, "reason": "dropped"},
        }
    )
)


@dataclass(frozen=True)
class Table:
    """`mapping` is field -> column; a row without an id is known by its title."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    name, label = "table", ""

    def fits(self, columns: Collection[str]) -> bool:
        return True

    def plan(self, values: Mapping[str, str], order: Order = "dmy") -> Plan:
        given = {name: values.get(column, "").strip() for name, column in self.mapping.items() if column}
        names = ("outcome", "version", "team", "address")
        texts: Any = {name: given[name] for name in names if name in given}
        plan = Plan(
            given.get("external_id") or given.get("title", ""),
            given.get("title", ""),
            **texts,
        )
        plan = with_status(plan, self._column("status"), given.get("status", ""), STATUSES)
        plan = with_status(plan, self._column("horizon"), given.get("horizon", ""), HORIZONS)
        if plan.status == DROPPED:
            plan = replace(plan, reason=given["status"])
        days = ("starts", "ends", "shipped_on")
        cells = {name: (self._column(name), given[name]) for name in days if name in given}
        return self._precise(with_days(plan, cells, order), values)

    def _precise(self, plan: Plan, values: Mapping[str, str]) -> Plan:
        """A list that was exported from here says beside a date how exactly it is meant."""
        beside: dict[str, Any] = {}
        for name in ("starts", "ends"):
            said = values.get(f"{self._column(name)}_precision", "").strip()
            if said in Precision.values and getattr(plan, name):
                beside[f"{name}_precision"] = said
        return replace(plan, **beside)

    def _column(self, name: str) -> str:
        return self.mapping.get(name, name)


def propose(columns: Sequence[str]) -> dict[str, str]:
    """Field -> column, by the columns' names alone; each column once."""
    plain = {re.sub("[^a-z0-9]", "", fold(column)): column for column in reversed(columns)}
    chosen: dict[str, str] = {}
    for name, words in NAMES.items():
        found = next(
            (plain[word] for word in words.split() if plain.get(word, "") not in ("", *chosen.values())), ""
        )
        if found:
            chosen[name] = found
    return chosen
