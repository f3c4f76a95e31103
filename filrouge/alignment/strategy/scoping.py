"""What the pages of goals share: which cycle, whose teams, as of which day; and the tabs between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from filrouge.core.lists import options_of
from filrouge.lib.numbers import whole
from filrouge.people.gate import reader_of
from filrouge.people.models import Team
from filrouge.ui.generic import makers

from .models import Cycle, Framework, Goal, Steering
from .tables import running
from .tree import Scope

ALL, CYCLES = "all", 12
TABS = ("goals", "goals-list", "goals-timeline", "goals-meeting", "check-ins")


@dataclass(frozen=True)
class Asked:
    """A scope with the address that asks for it."""

    scope: Scope
    cycle: str
    team: str
    cycles: tuple[Cycle, ...] = ()
    problem: str = ""

    def query(self, **changes: str) -> str:
        day = self.scope.on.isoformat() if self.scope.on else ""
        values = {"cycle": self.cycle, "team": self.team, "on": day} | changes
        found = urlencode({name: value for name, value in values.items() if value})
        return f"?{found}" if found else "?"


def asked_of(request: HttpRequest) -> Asked:
    """The scope that the address names; what it names wrongly is left out and said."""
    given = {name: request.GET.get(name, "") for name in ("cycle", "team", "on")}
    cycles = tuple(Cycle.objects.all())
    cycle = next((one for one in cycles if one.pk == whole(given["cycle"])), None)
    wrong = bool(given["cycle"]) and given["cycle"] != ALL and cycle is None
    team = whole(given["team"]) or 0
    teams = Team.within(team) if team else frozenset[int]()
    on = day_of(given["on"])
    if wrong or (given["team"] and not teams) or (given["on"] and on is None):
        said = _("The address names a cycle, a team or a day that is not known. All is shown.")
        return Asked(Scope(running(cycles)), "", "", cycles, said)
    chosen = None if given["cycle"] == ALL else cycle or running(cycles)
    return Asked(Scope(chosen, teams, on), given["cycle"], given["team"], cycles)


def day_of(text: str) -> date | None:
    """A day in the past; none, or one to come, is now."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(1970, 1, 1) < found <= timezone.localdate() else None


def frame(request: HttpRequest, here: str) -> dict[str, Any]:
    """The context that the head of every page of goals reads."""
    asked, reader = asked_of(request), reader_of(request)
    names = [_("Tree"), pgettext("view", "List"), _("Timeline"), _("Meeting"), _("Check-ins")]
    kept = asked.query()
    tabs = [
        (label, reverse(name) + ("" if name == "check-ins" else kept), name == here, None)
        for name, label in zip(TABS, names, strict=True)
    ]
    views = [
        (str(one.label), reverse("goals-framework", args=[one.value]) + kept, here == one.value)
        for one in Framework
    ]
    shown = asked.scope.cycle
    return {
        "asked": asked, "problem": asked.problem, "tabs": tabs, "views": views, "here": here,
        "cycle_links": _cycle_links(asked), "team_links": _team_links(asked),
        "cycle": shown, "on": asked.scope.on, "makers": makers(Goal, reader),
        "making": f"?cycle={shown.pk}" if shown else "", "today": timezone.localdate(),
        "framework": preferred(asked.scope),
    }  # fmt: skip


def preferred(scope: Scope) -> str:
    """The framework in which the teams in scope read their goals."""
    steering = Steering.of()
    teams = {(steering.get(team) or steering[None]).framework for team in scope.teams or [None]}
    return teams.pop() if len(teams) == 1 else steering[None].framework


def _cycle_links(asked: Asked) -> list[tuple[str, str, bool]]:
    chosen = asked.scope.cycle
    links = [(one.name, asked.query(cycle=str(one.pk)), chosen == one) for one in asked.cycles[:CYCLES]]
    return [*links, (_("All cycles"), asked.query(cycle=ALL), chosen is None)]


def _team_links(asked: Asked) -> list[tuple[str, str, bool]]:
    links = [(name, asked.query(team=pk), pk == asked.team) for pk, name in options_of(Team)]
    return [(_("All teams"), asked.query(team=""), not asked.team), *links]
