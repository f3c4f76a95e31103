"""What the rules over goals and key results read, once a run; and what titles say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

from filrouge.core.checks import Look
from filrouge.lib.search_text import fold

from ..standing import Line, Standing, logs, stand
from ..tables import TIMELESS, Cycle, Weight

GOAL, KEY_RESULT, ITEM, DECISION = (
    "strategy.Goal",
    "strategy.KeyResult",
    "roadmap.Initiative",
    "decisions.Decision",
)
CONTRIBUTES = ("contributes",)
SERVES = ("contributes", "supports")
OUTPUT = re.compile(
    r"^(?:build|launch|ship|deliver|release|implement|create|develop|migrate|deploy|write|hire|publish|"
    r"finish|complete|organise|organize|construire|lancer|livrer|publier|creer|developper|migrer|deployer|"
    r"ecrire|recruter|finir|terminer|organiser|mettre en (?:place|oeuvre|production))(?![\w-])"
)
NOISE = re.compile(
    r"[^\w\s]|\b\w*\d\w*\b|\b(?:increase|decrease|reduce|raise|grow|improve|lower|down|up|keep|stay|reach|from|to|above|"
    r"below|under|at|by|of|the|in|our|augmenter|baisser|reduire|diminuer|ameliorer|garder|atteindre|passer|de|a|"
    r"au|aux|du|des|le|la|les|sous|dessus|notre|nos)\b"
)
SHORTEST = 3
PAUSE = timedelta(days=14)
"""Days between two cycles in which an organisation looks back and plans the next one."""


def running(look: Look, label: str) -> list[Any]:
    """The goals or key results that are open."""
    return [one for one in look.at(label) if one.status == "open"]


def going(look: Look, label: str) -> list[Any]:
    """Those that are open and whose time is not over: once it is, that alone is to be said of them (S-08)."""
    return [one for one in running(look, label) if not (one.period[1] and one.period[1] < look.today)]


def timeless(goal: Any) -> bool:
    """A vision or a pillar, which no cycle ends."""
    return goal.goal_type is not None and goal.goal_type.base in TIMELESS


def begun(item: Any, day: date) -> bool:
    starts = item.period[0]
    return starts is not None and starts <= day


def standings(look: Look) -> dict[int, Standing]:
    return look.once("standings", lambda: stand(look.at(KEY_RESULT)))


def lines(look: Look) -> dict[int, list[Line]]:
    """The log of each key result of this run, oldest first."""
    return look.once("observations", lambda: _log(look))


def _log(look: Look) -> dict[int, list[Line]]:
    return logs([one.pk for one in look.at(KEY_RESULT)], timezone.now())


def under(look: Look, label: str) -> dict[int, list[int]]:
    """For each goal, what of this type contributes to it."""
    return look.linked(label, back=True, relations=CONTRIBUTES)


def flat(found: dict[int, list[int]]) -> set[int]:
    return {pk for several in found.values() for pk in several}


def output(title: str) -> bool:
    """Whether it says what is made, rather than what changes by it."""
    return bool(OUTPUT.match(fold(title)))


@lru_cache(maxsize=20_000)
def metric(title: str) -> str:
    """What is measured, without the numbers and the direction: “NPS from 32 to 45” is “nps”."""
    found = " ".join(NOISE.sub(" ", fold(title)).split())
    return found if len(found) >= SHORTEST else ""


def in_a_row(cycles: Iterable[Cycle]) -> list[list[Cycle]]:
    """Cycles that follow one another without a gap, oldest first: a year does not follow its quarter."""
    rows: list[list[Cycle]] = []
    for one in sorted(cycles, key=lambda one: (one.starts, one.ends)):
        before = [row for row in rows if row[-1].ends < one.starts <= row[-1].ends + PAUSE]
        if before:
            before[-1].append(one)
        else:
            rows.append([one])
    return rows


def weighted(look: Look) -> set[tuple[int, int]]:
    """Contributions (source, target) whose weight somebody declared."""
    rows = Weight.objects.values_list("link__source_id", "link__target_id")
    return set(look.rows(rows, "link__source_id"))
