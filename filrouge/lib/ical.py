"""Calendars as RFC 5545 writes them: whole days only, each once."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

WIDE = 75  # bytes of a line, its end left out


@dataclass(frozen=True)
class Event:
    """Something that is meant to happen on a day, or at some time until `last`; `uid` stays when it moves."""

    uid: str
    day: date
    title: str
    text: str
    url: str
    changed: datetime
    revision: int = 1
    category: str = ""
    last: date | None = None


def calendar(name: str, events: Iterable[Event]) -> str:
    """The whole file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Filrouge//Roadmap//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}"]
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]
    for event in events:
        lines += _event(event)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def _event(event: Event) -> list[str]:
    changed = event.changed.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    category = [f"CATEGORIES:{escaped(event.category)}"] if event.category else []
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{event.revision}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{(event.last or event.day) + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.title)}",
        f"DESCRIPTION:{escaped(event.text)}",
        f"URL:{re.sub(r'[^!-~]', '', event.url)}",
        *category,
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """As a value of type TEXT: no text ends its line, and none begins a property of its own."""
    plain = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text)
    plain = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", plain)
    return re.sub(r"([\\;,])", r"\\\1", plain).replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 bytes, no character cut; those after the first begin with a space."""
    part, size = "", 0
    for character in line:
        width = len(character.encode("utf-8", "replace"))
        if size + width > WIDE:
            yield part
            part, size = " ", 1
        part, size = part + character, size + width
    yield part
