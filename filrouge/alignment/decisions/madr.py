"""One decision as a Markdown file in the shape of MADR 4, written and read back. Pure: it knows no database.

What stands between two headings is prose, kept as it is: only what could be taken for structure gets a
backslash, and loses it when the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from filrouge.lib import plain_yaml
from filrouge.lib.reason import N_, Reason

CONTEXT, CONSIDERED = "Context and Problem Statement", "Considered Options"
OUTCOME, WEIGHED = "Decision Outcome", "Pros and Cons of the Options"
MIND = "What Would Change Our Mind"
HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*))?$")
ESCAPED = re.compile(r"\\+(#{1,6}(?:[ \t]|$)|(?:```|~~~)|[*-] (?i:Good|Bad), because )")
FENCE = re.compile(r"(```|~~~)")
LEADING = re.compile(r"(?:[*-] )?(Status|Date|Deciders|Decision-makers): *(.+)$", re.IGNORECASE)
ARGUMENT = re.compile(r"[*-] (Good|Bad), because (.*)$", re.IGNORECASE)
LONGEST_ID = 200
CHOSEN = 'Chosen option: "'
NO_FRONT = N_("What stands between the two lines of three dashes is no YAML; it was left out.")
NO_TITLE = N_("The file has no title: a line that begins with one #.")
Sections = list[tuple[int, str, list[str]]]


@dataclass(frozen=True)
class Choice:
    title: str
    about: str = ""
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Memo:
    """What a file says of a decision, before anybody looks whether it can come in."""

    id: str
    title: str
    status: str = ""
    decided_on: date | None = None
    makers: str = ""
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    driver: str = ""
    team: str = ""
    due: date | None = None
    review: date | None = None
    address: str = ""
    outcome: str = ""
    context: str = ""
    options: tuple[Choice, ...] = ()
    chosen: str = ""
    rationale: str = ""
    change_mind: str = ""
    superseded_by: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    key_result: str = ""
    breaks: str = ""
    threshold: str = ""
    home: str = ""
    author: str = ""
    created: date | None = None
    remarks: tuple[tuple[str, Reason], ...] = field(default=(), compare=False)


# Writing


def write(memo: Memo) -> str:
    parts = [_front(memo), f"# {_line(memo.title)}", *_section(CONTEXT, memo.context)]
    if memo.options:
        parts += [f"## {CONSIDERED}", "\n".join(f"* {_item(one.title)}" for one in memo.options)]
    parts += _section(OUTCOME, _answer(memo)) + _section(MIND, memo.change_mind)
    if memo.options:
        parts += [f"## {WEIGHED}", *(part for one in memo.options for part in _choice(one))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front(memo: Memo) -> str:
    state = f"{memo.status} by {', '.join(memo.superseded_by)}" if memo.superseded_by else memo.status
    values: dict[str, Any] = {
        "id": memo.id, "status": state, "date": memo.decided_on, "decision-makers": memo.makers,
        "consulted": list(memo.consulted), "informed": list(memo.informed), "driver": memo.driver,
        "team": memo.team, "due": memo.due, "review": memo.review, "address": memo.address,
        "outcome": memo.outcome, "supersedes": list(memo.supersedes),
        "key-result": memo.key_result, "breaks": memo.breaks, "threshold": memo.threshold, "home": memo.home,
    }  # fmt: skip
    held = {name: value for name, value in values.items() if value}
    text = yaml.safe_dump(held, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{text}---"


def _section(heading: str, text: str) -> list[str]:
    return [f"## {heading}", guarded(text, 2)] if text else []


def _answer(memo: Memo) -> str:
    why = memo.rationale
    if not memo.chosen:
        return f"\\{why}" if why.lstrip("\\").startswith(CHOSEN) else why
    return f'{CHOSEN}{memo.chosen}", because {why}' if why else f'{CHOSEN}{memo.chosen}"'


def _choice(one: Choice) -> list[str]:
    arguments = [f"* Good, because {text}" for text in one.pros]
    arguments += [f"* Bad, because {text}" for text in one.cons]
    return [f"### {_line(one.title)}", guarded(one.about, 3), "\n".join(arguments)]


def _line(text: str) -> str:
    return re.sub(r"\s*[\r\n]\s*", " ", text).strip()


def _item(text: str) -> str:
    return f"\\{_line(text)}" if text.startswith(("\\", "[")) else _line(text)


def guarded(text: str, level: int) -> str:
    """Prose in which no line can be taken for structure; a code block that is closed keeps its lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    closed = not _unclosed(lines)
    return "\n".join(
        f"\\{line}" if not (closed and inside) and _structure(line, level, closed) else line
        for line, inside in _fenced(lines)
    )


def _structure(line: str, level: int, closed: bool) -> bool:
    bare = line.lstrip("\\")
    if bare != line and ESCAPED.match(line):
        return True
    heading = HEADING.match(bare)
    if heading and len(heading[1]) <= level:
        return True
    return bool(ARGUMENT.match(bare) and level == 3) or (not closed and bool(FENCE.match(bare)))


def _fenced(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it stands inside a code block."""
    mark = ""
    for line in lines:
        fence = FENCE.match(line)
        inside = bool(mark)
        if fence and not mark:
            mark = fence[1]
        elif fence and fence[1] == mark:
            mark = ""
        yield line, inside


def _unclosed(lines: list[str]) -> bool:
    marks = [match[1] for line in lines if (match := FENCE.match(line))]
    mark = ""
    for one in marks:
        mark = one if not mark else "" if one == mark else mark
    return bool(mark)


# Reading


def read(text: str, id: str) -> Memo:
    """What the file says; what it says badly is among the remarks."""
    front, body, remarks = _split(text)
    sections = _sections(body)
    title = next((head for level, head, _lines in sections if level == 1), "")
    if not title:
        remarks = (*remarks, ("title", Reason(NO_TITLE)))
    values = front | {name: value for name, value in _bullets(sections).items() if name not in front}
    parts = _parts(sections)
    options = _options(parts)
    chosen, rationale = _chosen(parts[OUTCOME], [one.title for one in options])
    status, successors = _status(_words(values, "status") or _first(parts["Status"]))
    return Memo(
        id=(_words(values, "id") or id)[:LONGEST_ID], title=title, status=status,
        decided_on=_day(values.get("date")),
        makers=", ".join(_list(values, "decision-makers", "deciders")), consulted=_list(values, "consulted"),
        informed=_list(values, "informed"), driver=_words(values, "driver"), team=_words(values, "team"),
        due=_day(values.get("due")), review=_day(values.get("review")), address=_words(values, "address"),
        outcome=_words(values, "outcome"), context=parts[CONTEXT], options=options, chosen=chosen,
        rationale=rationale, change_mind=parts[MIND], superseded_by=successors,
        supersedes=_list(values, "supersedes"), key_result=_words(values, "key-result"),
        breaks=_words(values, "breaks"), threshold=_words(values, "threshold"), home=_words(values, "home"),
         remarks=remarks,
    )  # fmt: skip


def _split(text: str) -> tuple[dict[str, Any], list[str], tuple[tuple[str, Reason], ...]]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].strip() != "---" or "---" not in (rest := [line.rstrip() for line in lines[1:]]):
        return {}, lines, ()
    end = rest.index("---") + 1
    try:
        front = plain_yaml.load("\n".join(lines[1:end])[:64_000], plain_yaml.Typed)
    except plain_yaml.Unplain:
        return {}, lines[end + 1 :], (("front matter", Reason(NO_FRONT)),)
    found = {str(name).lower(): value for name, value in front.items()} if isinstance(front, dict) else {}
    return found, lines[end + 1 :], ()


def _sections(lines: list[str]) -> Sections:
    """Headings with the lines under each, code blocks left whole; before the first, the level is 0."""
    found: Sections = [(0, "", [])]
    for line, inside in _fenced(lines):
        heading = None if inside else HEADING.match(line)
        if heading and (len(heading[1]) <= 2 or _splits(found, len(heading[1]))):
            found.append((len(heading[1]), (heading[2] or "").strip(), []))
        else:
            found[-1][2].append(line)
    return found


def _splits(found: Sections, level: int) -> bool:
    """Only the options are told apart by their own headings; elsewhere a third level is part of the prose."""
    above = next((head for its, head, _lines in reversed(found) if its == 2), "")
    return level == 3 and above == WEIGHED


def _bullets(sections: Sections) -> dict[str, Any]:
    """`* Status: accepted`, `Date: 2016-02-12` under the title, as they were written before front matter."""
    found = {}
    for level, _head, lines in sections[:2]:
        for line in lines if level < 2 else ():
            if match := LEADING.match(line):
                found[match[1].lower()] = match[2].strip()
    return found


NAMES = {"context": CONTEXT, "decision": OUTCOME, "status": "Status"}


def _parts(sections: Sections) -> dict[str, str]:
    """The prose of each section; those that MADR does not know go to the end of the context, named."""
    found: dict[str, str] = dict.fromkeys((CONTEXT, CONSIDERED, OUTCOME, MIND, "Status"), "")
    options: list[str] = []
    for level, head, lines in sections:
        name, text = NAMES.get(head.lower(), head), _prose(lines)
        if level == 3:
            options += [f"### {head}", *lines]
        elif level == 2 and name in found:
            found[name] = _joined(found[name], text)
        elif level == 2 and name != WEIGHED:
            place = OUTCOME if name == "Consequences" else CONTEXT
            found[place] = _joined(found[place], f"### {head}", text)
    return found | {WEIGHED: "\n".join(options)}


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _prose(lines: Iterable[str]) -> str:
    return _stripped(
        line if inside else line[1:] if ESCAPED.match(line) else line for line, inside in _fenced(lines)
    )


def _stripped(lines: Iterable[str]) -> str:
    return "\n".join(lines).strip()


def _first(text: str) -> str:
    return text.split("\n", 1)[0].strip()


def _options(parts: dict[str, str]) -> tuple[Choice, ...]:
    named = [_title(line[2:]) for line in parts[CONSIDERED].split("\n") if re.match(r"[*-] \S", line)]
    found: dict[str, list[str]] = {title: [] for title in named}
    here: list[str] = []
    for line, inside in _fenced(parts[WEIGHED].split("\n")):
        if not inside and line.startswith("### "):
            here = found.setdefault(line[4:].strip(), [])
        else:
            here.append(line)
    return tuple(_read_choice(title, lines) for title, lines in found.items() if title)


def _title(text: str) -> str:
    """An item of the list of options; foreign files link it to its own heading."""
    text = text.strip()
    linked = re.fullmatch(r"\[(.+)\]\(#[^)]*\)", text)
    return linked[1].strip() if linked else text[1:] if text.startswith("\\") else text


def _read_choice(title: str, lines: list[str]) -> Choice:
    about: list[str] = []
    sides: dict[str, list[str]] = {"good": [], "bad": []}
    last: list[str] | None = None
    for line, inside in _fenced(lines):
        if not inside and (found := ARGUMENT.match(line)):
            last = sides[found[1].lower()]
            last.append(found[2].strip())
        elif last and line.startswith("  ") and line.strip():
            last[-1] = f"{last[-1]} {line.strip()}"
        else:
            about.append(line)
            last = None
    return Choice(title, _prose(about), tuple(sides["good"]), tuple(sides["bad"]))


def _chosen(text: str, titles: list[str]) -> tuple[str, str]:
    """The option that was chosen, and why."""
    if not text.startswith(CHOSEN):
        return "", text[1:] if text.lstrip("\\").startswith(CHOSEN) else text
    known = sorted(titles, key=len, reverse=True)
    after = text.removeprefix(CHOSEN)
    title = next((one for one in known if after.startswith(f'{one}"')), after.split('"', 1)[0])
    why = after.removeprefix(title).removeprefix('"')
    return title, re.sub(r"^,?\s*because\s*|^[.,]\s*", "", why, count=1).strip()


def _status(text: str) -> tuple[str, tuple[str, ...]]:
    """“superseded by [ADR-0005](0005-b.md)” -> the status, and what is named after it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).strip()
    found = re.match(r"(?i)supers?[ce]ded\s+by\s+(.+)$", plain)
    if not found:
        return plain, ()
    return "superseded", tuple(one for part in found[1].split(",") if (one := part.strip(" .")))


def _words(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def _list(values: dict[str, Any], *names: str) -> tuple[str, ...]:
    value = next((values[name] for name in names if values.get(name)), "")
    many = value if isinstance(value, list) else str(value).split(",") if not isinstance(value, dict) else []
    plain = (str(one).strip() for one in many if not isinstance(one, dict | list) and one is not None)
    return tuple(one for one in plain if one)


def _day(value: Any) -> date | None:
    """YAML reads days itself; a text that holds one in ISO form is one too."""
    if isinstance(value, date):
        return value if type(value) is date else value.date()  # type: ignore[attr-defined]
    found = re.match(r"\d{4}-\d{2}-\d{2}", str(value or ""))
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
