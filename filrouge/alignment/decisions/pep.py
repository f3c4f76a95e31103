"""One decision as a file with PEP headers, written and read back. Pure: it knows no database.

RFC 2822 headers in the order of PEP 1 end at the first empty line; what PEPs have no header for begins with
`X-`, and `X-Home` tells that Filrouge wrote the file. Below stand sections, underlined as in PEP 12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from textwrap import fill
from typing import Any
from unicodedata import east_asian_width

from filrouge.lib.dates import BadDate, parse_date
from filrouge.lib.reason import N_, Reason

from .madr import ARGUMENT, LONGEST_ID, Choice, Memo

NO_DATE = N_("“%(value)s” is no date: it was left out.")
NO_HEADERS = N_("The file does not begin with headers such as “Title:” and “Status:”.")
ADDRESS = re.compile(r"https?://[^\s>`)\]]+")
LINKED = re.compile(r"^(\w+://\S+)$|<(\w+://\S+)>`__?$")
DAY = re.compile(r"\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{4}|\d{4}-\d{2}-\d{2}")
UNDERLINE = re.compile(r"([=\-~^\"'`#*+_])\1{2,}\s*$")
STRUCTURE = re.compile(r"(?i)\\*(?:(?:={3,}|-{3,})\s*$|[*-] (?:Good|Bad), because )")
BLANKS = re.compile(r"[ \t\r\n\v\f]+")
BLANK = " \t"
WIDTH, LONGEST = 78, 4_000
STATUS = {"proposed": "Draft"}
OUTCOME, OPTIONS, MIND = "Specification", "Options", "What Would Change Our Mind"
Headers = list[tuple[str, str]]


# Writing


def write(memo: Memo) -> str:
    head = "\n".join(_folded(name, value) for name, value in _headers(memo) if value)
    named = {
        "Abstract": _guarded(memo.context), "Rationale": _guarded(memo.rationale),
        OUTCOME: _guarded(memo.outcome),
        OPTIONS: "\n\n".join(_section(_guarded(_line(one.title)), _choice(one), "-") for one in memo.options),
        MIND: _guarded(memo.change_mind),
    }  # fmt: skip
    sections = (_section(name, text, "=") for name, text in named.items() if text)
    return "\n\n".join((head, *sections)) + "\n"


def _headers(memo: Memo) -> Iterator[tuple[str, str]]:
    taken = _written(memo.decided_on)
    yield from (
        ("PEP", memo.id), ("Title", memo.title), ("Author", memo.author), ("PEP-Delegate", memo.makers),
        ("Discussions-To", "" if taken else memo.address),
        ("Status", STATUS.get(memo.status, memo.status.capitalize())), ("Type", "Process"),
        ("Created", _written(memo.created)), ("Replaces", ", ".join(memo.supersedes)),
        ("Superseded-By", ", ".join(memo.superseded_by)),
        ("Resolution", f"`{taken} <{memo.address}>`__" if taken and memo.address else taken),
        ("X-Home", memo.home), ("X-Team", memo.team), ("X-Driver", memo.driver), ("X-Chosen", memo.chosen),
        ("X-Due", str(memo.due or "")), ("X-Review", str(memo.review or "")),
        ("X-Key-Result", memo.key_result), ("X-Breaks", memo.breaks), ("X-Threshold", memo.threshold),
    )  # fmt: skip
    yield from (("X-Contributor", name) for name in memo.consulted)
    yield from (("X-Informed", name) for name in memo.informed)


def _written(day: date | None) -> str:
    return f"{day:%d-%b-%Y}" if day else ""


def _folded(name: str, value: str) -> str:
    """One header; a longer one goes on, indented: no text can begin another header, or end them."""
    text = f"{name}: {_line(value)}"
    return fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _line(text: str) -> str:
    return BLANKS.sub(" ", text).strip(BLANK)


def _section(heading: str, text: str, mark: str) -> str:
    columns = len(heading) + sum(east_asian_width(letter) in "WF" for letter in heading)
    return f"{heading}\n{mark * max(columns, 4)}\n\n{text}".rstrip("\n")


def _choice(one: Choice) -> str:
    sides = [("Good", text) for text in one.pros] + [("Bad", text) for text in one.cons]
    arguments = [f"* {side}, because {text}" for side, text in sides if text]
    return "\n\n".join(part for part in (_guarded(one.about), "\n".join(arguments)) if part)


def _guarded(text: str) -> str:
    """Prose in which no line can be taken for structure: such a line gets a backslash."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return "\n".join(f"\\{line}" if STRUCTURE.match(line) else line for line in lines)


# Reading


def read(text: str, id: str) -> Memo:
    """What the headers say; the Abstract and Motivation are the context, the Rationale the reason."""
    pairs, body = _split(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    headers, sections = dict(pairs), _sections(body)
    created, bad = _day(headers.get("created", ""))
    resolved, _bad = _day(headers.get("resolution", ""))
    remarks = [] if headers.get("title") else [("Title", Reason(NO_HEADERS))]
    remarks += [("Created", Reason(NO_DATE, {"value": bad[:60]}))] if bad else []
    address = _address(headers.get("resolution", "")) or _address(headers.get("discussions-to", ""))
    delegate = next((headers[name] for name in ("pep-delegate", "bdfl-delegate") if headers.get(name)), "")
    memo = Memo(
        id=(headers.get("pep") or id)[:LONGEST_ID], title=headers.get("title", ""),
        status=headers.get("status", ""), decided_on=resolved or created,
        makers=", ".join(_names(delegate)), consulted=_names(headers.get("author", "")),
        address=address, rationale=sections.get("rationale", ""),
        context="\n\n".join(sections[name] for name in ("abstract", "motivation") if sections.get(name)),
        superseded_by=_refs(headers.get("superseded-by", "")), supersedes=_refs(headers.get("replaces", "")),
        remarks=tuple(remarks),
    )  # fmt: skip
    return replace(memo, **_ours(pairs, "\n".join(body))) if "x-home" in headers else memo


def _ours(pairs: Headers, body: str) -> dict[str, Any]:
    """What a file that Filrouge wrote tells besides; names stand in it as they are."""
    headers, sections = dict(pairs), dict(_parts(body, "="))
    days = {"decided_on": "resolution", "created": "created", "due": "x-due", "review": "x-review"}
    lines = {
        "makers": "pep-delegate", "author": "author", "home": "x-home", "team": "x-team",
        "driver": "x-driver", "chosen": "x-chosen", "key_result": "x-key-result",
        "breaks": "x-breaks", "threshold": "x-threshold",
    }  # fmt: skip
    prose = {"context": "Abstract", "rationale": "Rationale", "outcome": OUTCOME, "change_mind": MIND}
    return {
        **{field: _read_day(headers.get(name, "")) for field, name in days.items()},
        **{field: headers.get(name, "") for field, name in lines.items()},
        **{field: _plain(sections.get(name, "")) for field, name in prose.items()},
        "consulted": tuple(value for name, value in pairs if name == "x-contributor"),
        "informed": tuple(value for name, value in pairs if name == "x-informed"),
        "options": tuple(_option(*part) for part in _parts(sections.get(OPTIONS, ""), "-")),
    }


def _read_day(text: str) -> date | None:
    """A day as it is written here, one that is still to come too."""
    found = DAY.search(text)
    if found is None:
        return None
    try:
        shape = "%Y-%m-%d" if found[0][4] == "-" else "%d-%b-%Y"
        return datetime.strptime(found[0], shape).replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _parts(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """Each heading underlined with this mark, and what stands under it."""
    parts = re.split(rf"^(.+)\n{mark}{{3,}}[^\S\n]*$", text, flags=re.MULTILINE)[1:]
    return zip(parts[::2], parts[1::2], strict=True)


def _option(heading: str, text: str) -> Choice:
    about: list[str] = []
    sides: dict[str, list[str]] = {"good": [], "bad": []}
    for line in text.split("\n"):
        if found := ARGUMENT.match(line):
            sides[found[1].lower()].append(found[2].strip())
        else:
            about.append(line)
    return Choice(_plain(heading), _plain("\n".join(about)), tuple(sides["good"]), tuple(sides["bad"]))


def _plain(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        line[1:] if line[:1] == "\\" and STRUCTURE.match(line) else line for line in lines
    ).strip()


def _split(text: str) -> tuple[Headers, list[str]]:
    """Headers with their names in small letters; a line that begins with a space goes on."""
    lines, found = text.split("\n"), list[tuple[str, list[str]]]()
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    for line in lines[:end]:
        if line[0] in BLANK and found:
            found[-1][1].append(line.strip(BLANK))
        elif header := re.match(r"([A-Za-z][A-Za-z-]*):[ \t]*(.*)$", line):
            found.append((header[1].lower(), [header[2].strip(BLANK)]))
        else:
            return [], lines
    return [(name, " ".join(parts).strip(BLANK)) for name, parts in found], lines[end + 1 :]


def _address(text: str) -> str:
    """The address that a header holds: the whole of it, what it links, or the first that stands in it."""
    found = LINKED.search(text[:LONGEST]) or ADDRESS.search(text)
    return str(found[found.lastindex or 0]) if found else ""


def _sections(lines: list[str]) -> dict[str, str]:
    """The text under each underlined heading of the first rank."""
    found: dict[str, list[str]] = {"": []}
    here, rank = "", ""
    for number, line in enumerate(lines):
        under = UNDERLINE.match(lines[number + 1]) if number + 1 < len(lines) and line.strip() else None
        if under and (not rank or rank == under[1]) and not UNDERLINE.match(line):
            rank, here = under[1], line.strip().lower()
            found[here] = []
        elif not (number and UNDERLINE.match(line) and lines[number - 1].strip().lower() == here):
            found[here].append(line)
    return {name: "\n".join(text).strip() for name, text in found.items()}


def _names(text: str) -> tuple[str, ...]:
    """Names without the addresses beside them: they are nobody's business here."""
    plain = re.sub(r"<[^>]*>|\([^)]*@[^)]*\)|\S+@\S+", "", text[:LONGEST])
    return tuple(name for part in plain.split(",") if (name := " ".join(part.split())))


def _refs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _day(text: str) -> tuple[date | None, str]:
    """The day that a header holds, and what it holds in place of one."""
    found = DAY.search(text)
    if found is None:
        return None, text
    try:
        return parse_date(found[0].replace("-", " ") if found[0][4] != "-" else found[0]).date(), ""
    except (BadDate, ValueError):
        return None, text
