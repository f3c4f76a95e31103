"""Figures and how they are told: medians of alternated runs, percentiles, a table in Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class Figure:
    what: str
    measured: str
    goal: str = ""
    met: bool | None = None
    note: str = ""


@dataclass
class Report:
    figures: list[Figure] = field(default_factory=list)

    def add(self, what: str, measured: str, goal: str = "", met: bool | None = None, note: str = "") -> None:
        self.figures.append(Figure(what, measured, goal, met, note))
        print(
            f"{what}: {measured}" + (f" (goal {goal}{': met' if met else ': NOT met'})" if goal else ""),
            flush=True,
        )

    def markdown(self) -> str:
        said = {True: "yes", False: "**no**", None: ""}
        rows = [f"| {f.what} | {f.measured} | {f.goal} | {said[f.met]} | {f.note} |" for f in self.figures]
        day = datetime.now(UTC).date().isoformat()
        machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
        head = [
            "# Measured", "",
            f"Written by `make bench` on {day}: {machine}. Medians of alternated runs; figures move with",
            "the machine, so compare ratios. Good and bad figures alike.", "",
            "| what | measured | goal | met | note |", "| --- | --- | --- | --- | --- |",
        ]  # fmt: skip
        return "\n".join([*head, *rows, ""])


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
