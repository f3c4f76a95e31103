"""Goals as files tell them: an objective with its key results, whatever the file."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from filrouge.lib.formats import CannotRead, Reject, header, read
from filrouge.lib.formats.flat import NOT_AN_OBJECT
from filrouge.lib.months import months_after
from filrouge.lib.reason import N_, Reason

from .plans import (
    CUT,
    LONGEST_ID,
    LONGEST_TEXT,
    LONGEST_TITLE,
    NO_TITLE,
    Note,
    Reference,
    Unfit,
    joined,
    said,
)

PERIOD = re.compile(r"(?P<year>20\d\d)(?:[\s_-]*(?P<part>[QqHhSs])(?P<number>[1-4]))?")
NO_PERIOD = N_(
    "“%(value)s” is not a period that can be read, such as 2026 Q3 or 2026 H2: the current one is taken."
)
NOT_A_SCORE = N_("“%(value)s” is not a score from 0 to 1: it was left out.")
HEADING = re.compile(r"(#{1,6})\s+(.*)")
BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(.*)")
LEAD = re.compile(r"(?:objective|objectif|key result|résultat clé|kr|o)\s*\d*\s*[:.–-]\s*", re.IGNORECASE)
TRAILING = re.compile(r"\s*[(:–-]\s*(\d(?:[.,]\d+)?|\d{1,3}\s*%)\s*\)?$")


@dataclass(frozen=True)
class Measure:
    """A key result; `score` is where the file says it stands, or stood midway, `text` what it says beside."""

    external_id: str
    title: str
    text: str = ""
    score: Decimal | None = None
    scored: bool = False
    midway: bool = False


@dataclass(frozen=True)
class Aim:
    external_id: str
    title: str
    description: str = ""
    period: str = ""
    team: str = ""
    dropped: str = ""
    measures: tuple[Measure, ...] = ()
    names: tuple[str, ...] = ()
    refers: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = field(default=(), compare=False)

    def noted(self, column: str, message: str, **values: str | int) -> Aim:
        from filrouge.lib.reason import Reason

        return replace(self, notes=(*self.notes, Note(column, Reason(message, values))))

    def within_limits(self) -> Aim:
        if not self.title:
            raise Unfit("objective", NO_TITLE)
        aim = replace(self, description=self.description[:LONGEST_TEXT])
        if len(aim.title) > LONGEST_TITLE:
            whole = joined(aim.title, aim.description)
            aim = replace(aim, title=f"{aim.title[: LONGEST_TITLE - 1]}…", description=whole).noted(
                "objective", CUT
            )
        if aim.period and days_of(aim.period) is None:
            aim = aim.noted("period", NO_PERIOD, value=aim.period[:60])
        return aim


def days_of(period: str) -> tuple[str, date, date] | None:
    """The cycle that a period means: its name, its first and its last day."""
    found = PERIOD.fullmatch(period.strip())
    if not found:
        return None
    year, part, number = int(found["year"]), (found["part"] or "").upper(), int(found["number"] or 1)
    length = {"": 12, "Q": 3}.get(part, 6)
    if number > 12 // length:
        return None
    starts = date(year, (number - 1) * length + 1, 1)
    name = f"{year}" if not part else f"{year} {'Q' if part == 'Q' else 'H'}{number}"
    return name, starts, months_after(starts, length) - timedelta(days=1)


def id_of(*parts: str) -> str:
    """An id made of words; a long one keeps its beginning and a fingerprint."""
    whole = "/".join(part.strip() for part in parts)
    if len(whole) <= LONGEST_ID:
        return whole
    return f"{whole[: LONGEST_ID - 17]}#{hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()}"


class Line(NamedTuple):
    """A key result as a row tells it: its text, its score and when that held, and what stands beside."""

    text: str
    cell: str = ""
    beside: str = ""
    midway: bool = False
    column: str = "score"


def measured(aim: Aim, rows: list[Line]) -> Aim:
    """The aim with its key results; the same text again is another one."""
    found: dict[str, Measure] = {}
    for row in rows:
        if not (title := plain(row.text)):
            continue
        key = id_of(aim.external_id, title)
        key = key if key not in found else id_of(key, str(len(found)))
        score, aim = _score(aim, row.cell, row.column)
        found[key] = Measure(
            key, title[:LONGEST_TITLE], row.beside[:LONGEST_TEXT], score, bool(row.cell.strip()), row.midway
        )
    scored = any(one.score is not None for one in found.values())
    return replace(aim, measures=tuple(replace(one, scored=scored) for one in found.values()))


def _score(aim: Aim, cell: str, column: str) -> tuple[Decimal | None, Aim]:
    text = cell.strip().strip("*").replace(",", ".")
    if not text:
        return None, aim
    try:
        score = Decimal(text.rstrip("% ")) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        score = Decimal(-1)
    if not 0 <= score <= 1:
        return None, aim.noted(column, NOT_A_SCORE, value=cell.strip()[:60])
    return round(score, 5), aim


def plain(text: str) -> str:
    """The words of a line of Markdown: links, pictures and marks of emphasis away."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\*\*|__|`", "", text).strip().strip("*_ ")


# One function for each shape: (line, aim) pairs, and rows that are broken.

Aims = Iterator[tuple[int, Aim]]
Rows = Iterator[tuple[int, Aim] | Reject]


def rust(content: str) -> Rows:
    """Goals of the Rust project: a list of goals with their teams, state and tasks."""
    for number, told in enumerate(_list(json.loads(content)), 1):
        if not isinstance(told, dict):
            yield _odd(number, told)
            continue
        teams = _texts(told.get("teams"))
        tasks = "\n".join(f"- {task.get('task', '')}" for task in _objects(told.get("tasks")))
        status = str(told.get("status") or "")
        facts = {"status": status, "flagship": told.get("flagship"), "teams": ", ".join(teams)}
        facts["tracking"] = told.get("tracking")
        beside = said({name: str(value or "") for name, value in facts.items()})
        text = joined(*(str(told.get(name) or "") for name in ("summary", "motivation")), tasks, beside)
        yield number, Aim(
            str(told.get("id") or ""), plain(str(told.get("title") or "")), text,
            str(told.get("period") or ""), teams[0] if teams else "",
            dropped=status if status.lower() == "not accepted" else "",
        )  # fmt: skip


def posthog(content: str) -> Rows:
    """Teams with a period, objectives and the texts of their key results."""
    number = 0
    for team in _list(json.loads(content)["teams"]):
        if not isinstance(team, dict):
            yield _odd(number + 1, team)
            continue
        name, period = str(team.get("team") or ""), str(team.get("period") or "")
        for told in _list(team.get("objectives")):
            number += 1
            if not isinstance(told, dict):
                yield _odd(number, told)
                continue
            title = plain(str(told.get("title") or ""))
            aim = Aim(id_of(name, period, title), title, str(told.get("motivation") or ""), period, name)
            yield number, measured(aim, [Line(text) for text in _texts(told.get("key_results"))])


def _texts(value: Any) -> list[str]:
    """A list of texts, also where one stands alone."""
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _odd(number: int, told: Any) -> Reject:
    raw = json.dumps(told, ensure_ascii=False)
    return Reject(number, "", raw[:60], Reason(NOT_AN_OBJECT), raw)


def table(content: str) -> Rows:
    """A row for each key result, its objective and period beside it."""
    found: dict[tuple[str, str, str], tuple[int, list[Line]]] = {}
    for row in read(io.BytesIO(content.encode()), "table.csv"):
        if isinstance(row, Reject):
            yield row
            continue
        cells = defaultdict(str, row.values)
        key = cells["group"].strip(), cells["period"].strip(), cells["objective"].strip()
        held = found.setdefault(key, (row.line, []))
        held[1].append(_line(cells["key_result"], cells, ("end_score", "score", "mid_actual")))
    for (group, period, objective), (line, texts) in found.items():
        aim = Aim(id_of(group, period, objective), plain(objective), period=period, team=group)
        yield line, measured(aim, texts)


TAKEN = ("group", "period", "objective", "key_result")
MIDWAY = ("mid_actual", "mid-q actual")
PEOPLE = ("owner", "owners", "dri")
"""Who is named there stays in the file: a text could not forget them."""


def _line(text: str, row: Mapping[Any, Any], scores: Sequence[str]) -> Line:
    """A row with its score, the first of these that it has; what else it says stands beside."""
    cells = {str(name): str(cell or "").strip() for name, cell in row.items() if name}
    scored = next((name for name in scores if cells.get(name)), "")
    beside = {name: plain(cell) for name, cell in cells.items() if name not in (*TAKEN, *PEOPLE, scored)}
    return Line(text, cells.get(scored, ""), said(beside), scored in MIDWAY, scored or "score")


class Markdown:
    """Headings for team, period and objective; key results as lines of a list or rows of a table."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.team = self.period = ""
        self.names: list[str] = []
        self.open: tuple[int, Aim] | None = None
        self.texts: list[Line] = []

    def aims(self) -> Aims:
        for line, text in enumerate(self.content.splitlines(), 1):
            if found := HEADING.match(text):
                yield from self._heading(line, len(found[1]), plain(found[2]))
            elif text.lstrip().startswith("|"):
                yield from self._row(line, [cell.strip() for cell in text.strip().strip("|").split("|")])
            elif self.open and not self.names and (found := BULLET.match(text)):
                self._bullet(plain(found[1]))
        yield from self._closed()

    def _heading(self, line: int, depth: int, text: str) -> Aims:
        yield from self._closed()
        self.names = []
        if days_of(text):
            self.period = text
        elif depth == 1:
            self.team = re.sub(r"\s*(team\s+)?OKRs?\s*$", "", text, flags=re.IGNORECASE)
        else:
            self._begin(line, text)

    def _begin(self, line: int, text: str) -> None:
        title = LEAD.sub("", text, count=1)
        self.open = line, Aim(id_of(self.team, self.period, title), title, period=self.period, team=self.team)

    def _bullet(self, text: str) -> None:
        found = TRAILING.search(text)
        words = text[: found.start()] if found else text
        self.texts.append(Line(LEAD.sub("", words, count=1), found[1] if found else ""))

    def _row(self, line: int, cells: list[str]) -> Aims:
        first = plain(cells[0])
        if not self.names:
            self.names = [plain(cell).lower() for cell in cells]
        elif re.fullmatch(r"[:\s-]*", first):
            pass
        elif cells[0].startswith("**") and not any(cells[1:]):
            yield from self._closed()
            self._begin(line, first)
        elif self.open:
            beside = dict(zip(self.names[1:], cells[1:], strict=False))
            self.texts.append(_line(first, beside, ("end-q", "score", "mid-q actual")))

    def _closed(self) -> Aims:
        if self.open and self.open[1].title:
            yield self.open[0], measured(self.open[1], self.texts)
        self.open, self.texts = None, []


SHAPES: dict[str, tuple[str, Callable[[str], Rows]]] = {
    "goals-rust": ("Rust project goals", rust),
    "goals-teams": ("Team goals (JSON)", posthog),
    "okr-table": ("OKR table", table),
    "okr-markdown": ("OKR Markdown", lambda content: Markdown(content).aims()),
}


def shape_of(name: str, content: str) -> str:
    """The shape of goals that a file has; empty where it holds none."""
    start = content.lstrip("\ufeff \r\n\t")
    if name.lower().endswith((".md", ".markdown")) or HEADING.match(start):
        return "okr-markdown"
    if start[:1] in "{[" and start:
        return _json_shape(start)
    try:
        columns = header(io.BytesIO(start.encode()), "table.csv")
    except CannotRead:  # whoever reads other files says why
        return ""
    return "okr-table" if {"objective", "key_result"} <= set(columns) else ""


def _json_shape(start: str) -> str:
    try:
        told = json.loads(start)
    except (ValueError, RecursionError):
        return ""
    if isinstance(told, dict) and any("objectives" in team for team in _objects(told.get("teams"))):
        return "goals-teams"
    first = next(iter(_objects(told)), {})
    return "goals-rust" if {"id", "title", "period", "motivation"} <= set(first) else ""
