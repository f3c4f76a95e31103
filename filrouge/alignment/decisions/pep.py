"""One decision from a file with PEP headers: they end at the first empty line. Pure."""

from __future__ import annotations

import re
from datetime import date

from filrouge.lib.dates import BadDate, parse_date
from filrouge.lib.reason import N_, Reason

from .madr import Memo

NO_DATE = N_("“%(value)s” is no date: it was left out.")
NO_HEADERS = N_("The file does not begin with headers such as “Title:” and “Status:”.")
ADDRESS = re.compile(r"https?://[^\s>`)\]]+")
DAY = re.compile(r"\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{4}|\d{4}-\d{2}-\d{2}")
UNDERLINE = re.compile(r"([=\-~^\"'`#*+_])\1{2,}\s*$")


def read(text: str, id: str) -> Memo:
    """What the headers say; the Abstract and Motivation are the context, the Rationale the reason."""
    headers, body = _split(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    sections = _sections(body)
    created, bad = _day(headers.get("created", ""))
    resolved, _bad = _day(headers.get("resolution", ""))
    remarks = [] if headers.get("title") else [("Title", Reason(NO_HEADERS))]
    remarks += [("Created", Reason(NO_DATE, {"value": bad[:60]}))] if bad else []
    address = ADDRESS.search(headers.get("resolution", "")) or ADDRESS.search(
        headers.get("discussions-to", "")
    )
    delegate = next((headers[name] for name in ("pep-delegate", "bdfl-delegate") if headers.get(name)), "")
    return Memo(
        id=headers.get("pep") or id, title=headers.get("title", ""), status=headers.get("status", ""),
        decided_on=resolved or created,
        makers=", ".join(_names(delegate)), consulted=_names(headers.get("author", "")),
        address=address[0] if address else "", rationale=sections.get("rationale", ""),
        context="\n\n".join(sections[name] for name in ("abstract", "motivation") if sections.get(name)),
        superseded_by=_refs(headers.get("superseded-by", "")), supersedes=_refs(headers.get("replaces", "")),
        remarks=tuple(remarks),
    )  # fmt: skip


def _split(text: str) -> tuple[dict[str, str], list[str]]:
    """Headers by their names in small letters; a line that begins with a space goes on."""
    lines, found, last = text.split("\n"), dict[str, str](), ""
    for number, line in enumerate(lines):
        if not line.strip():
            return found, lines[number + 1 :]
        if line[0] in " \t" and last:
            found[last] = f"{found[last]} {line.strip()}"
        elif header := re.match(r"([A-Za-z][A-Za-z-]*):\s*(.*)$", line):
            last = header[1].lower()
            found[last] = header[2].strip()
        else:
            return {}, lines
    return found, []


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
    plain = re.sub(r"<[^>]*>|\([^)]*@[^)]*\)|\S+@\S+", "", text)
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
