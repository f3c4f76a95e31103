"""Any text in a calendar comes out as it went in, and none writes a line of its own."""

import re
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from filrouge.lib.ical import Event, calendar, escaped, folded

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LINE = re.compile(r"[A-Z-]+(;[A-Z]+=[A-Z]+)?:[^\r\n]*")


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def read(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)


def event(title: str = "Ship it", text: str = "") -> Event:
    return Event("i-1@x", date(2026, 12, 31), title, text, "https://x.example/1/", AT)


def test_one_event() -> None:
    lines = unfolded(calendar("Roadmap", [event("Ship; it, now\\", "One\nTwo")]))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    for line in (
        "UID:i-1@x", "DTSTAMP:20260102T030405Z", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101",
        r"SUMMARY:Ship\; it\, now\\", r"DESCRIPTION:One\nTwo", "URL:https://x.example/1/",
    ):  # fmt: skip
        assert line in lines, line


@given(TEXT, TEXT)
def test_no_text_writes_a_line_of_its_own(title: str, text: str) -> None:
    whole = calendar(title, [event(title, text)])
    assert all(len(line.encode()) <= 75 for line in whole.split("\r\n"))
    lines = unfolded(whole)
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert [line for line in lines if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=200))
def test_what_is_written_is_read_back(text: str) -> None:
    first, *more = folded(escaped(text))
    assert read(first + "".join(part[1:] for part in more)) == text
