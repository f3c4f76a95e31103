"""Files with PEP headers, out and in: what was written is read back, and what others wrote is understood."""

from dataclasses import replace
from datetime import date
from email import message_from_string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filrouge.alignment.decisions.madr import Choice, Memo
from filrouge.alignment.decisions.pep import read, write
from filrouge.alignment.decisions.tests.test_madr import DAY, LETTERS, NAME

PEP = """PEP: 8001
Title: Choosing a
       voting system
Author: Ada Byron <ada@example.org>,
        Grace Hopper (grace at example.org)
PEP-Delegate: Barbara Liskov <barbara@example.org>
Status: Superseded
Created: 05-Jul-2018
Resolution: `06-Jan-2021 <https://example.org/resolved>`__
Superseded-By: 8016
Replaces: 12, 13

Abstract
========

We vote.

Details
-------

On paper.

Rationale
=========

Everyone can count.
"""


def test_headers_and_sections():
    memo = read(PEP, "pep-8001")
    assert (memo.id, memo.title, memo.status) == ("8001", "Choosing a voting system", "Superseded")
    assert (memo.decided_on, memo.address) == (date(2021, 1, 6), "https://example.org/resolved")
    assert (memo.superseded_by, memo.supersedes) == (("8016",), ("12", "13"))
    assert memo.makers == "Barbara Liskov" and memo.consulted[0] == "Ada Byron"
    assert "@" not in f"{memo.makers} {memo.consulted}"
    assert memo.context.startswith("We vote.") and "On paper." in memo.context
    assert memo.rationale == "Everyone can count." and memo.remarks == ()


def test_the_day_of_creation_stands_in_for_a_resolution():
    assert read("Title: A\nCreated: 5-Jul-2018\n", "1").decided_on == date(2018, 7, 5)


@pytest.mark.parametrize("day", ["soon", "31-Feb-2018", "99-Foo-2018"])
def test_a_date_that_is_none_is_told(day):
    memo = read(f"Title: A\nCreated: {day}\n", "1")
    assert memo.decided_on is None and [column for column, _why in memo.remarks] == ["Created"]


@pytest.mark.parametrize("text", ["", "No headers here", "\n\n", "PEP: 1\nStatus: Final\n"])
def test_without_a_title_it_says_so(text):
    assert [column for column, _why in read(text, "1").remarks] == ["Title"]


WORD = st.text(LETTERS, min_size=1, max_size=30)
HARD = st.sampled_from(
    ["===", "====", "---", "-----", "\\===", "\\\\---", "* Good, because x", "- bad, because",
     "\\* Bad, because y", "Abstract", "Options", "Status: Final", "X-Home: y", "PEP: 1", "où\u00a0?",
     "é\u202f!", ":", "\\", "..", "決定"]
)  # fmt: skip
LINE = st.lists(st.one_of(WORD, HARD), min_size=1, max_size=9).map(" ".join)
PROSE = st.lists(st.one_of(LINE, HARD, st.just("")), max_size=6).map("\n".join).map(str.strip)
MANY = st.lists(LINE, max_size=3).map(tuple)
CHOICES = st.lists(st.builds(Choice, LINE, PROSE, MANY, MANY), max_size=3)
ADDRESS = st.sampled_from(
    ["", "https://example.org/a_(b)?c=d`e", "ftp://example.org/>`__", "https://x.example/é"]
)
STATES = st.sampled_from(["Draft", "Accepted", "Final", "Rejected", "Withdrawn", "Superseded"])
ENTRY = st.just("") | LINE
MEMOS = st.builds(
    Memo, id=NAME, title=LINE, status=STATES, decided_on=DAY, makers=ENTRY, consulted=MANY, informed=MANY,
    driver=ENTRY, team=ENTRY, due=DAY, review=DAY, address=ADDRESS, outcome=ENTRY, context=PROSE,
    options=CHOICES.map(tuple), chosen=ENTRY, rationale=PROSE, change_mind=PROSE,
    superseded_by=st.lists(NAME, max_size=30).map(tuple), supersedes=st.lists(NAME, max_size=3).map(tuple),
    key_result=ENTRY, breaks=st.sampled_from(["", "below", "above"]), threshold=ENTRY, home=WORD,
    author=ENTRY, created=DAY,
)  # fmt: skip


@settings(max_examples=150)
@given(MEMOS)
def test_what_is_written_is_read_back(memo):
    assert read(write(memo), "another") == memo


@settings(max_examples=50)
@given(MEMOS)
def test_the_headers_are_those_of_a_letter(memo):
    told = message_from_string(write(memo))
    assert not told.defects and len(told.get_all("X-Informed", [])) == len(memo.informed)
    assert told["Title"].split() == memo.title.split() and told["X-Home"] == memo.home


TAKEN = Memo(
    id="12", title="Which format?", status="accepted", decided_on=date(2026, 7, 5), makers="Ada Byron",
    consulted=("Support, Lyon",), address="https://example.org/12", outcome="Text", context="Ten years.",
    options=(Choice("Text", "As it is.", ("it lasts",), ("it is bare",)), Choice("決定")), chosen="Text",
    rationale="It lasts.", home="mark", author="Support, Lyon", created=date(2026, 6, 30),
    supersedes=("3", "4"),
)  # fmt: skip


def test_it_begins_with_the_headers_of_a_pep():
    assert write(TAKEN).split("\n\n")[0].splitlines() == [
        "PEP: 12", "Title: Which format?", "Author: Support, Lyon", "PEP-Delegate: Ada Byron",
        "Status: Accepted", "Type: Process", "Created: 30-Jun-2026", "Replaces: 3, 4",
        "Resolution: `05-Jul-2026 <https://example.org/12>`__",
        "X-Home: mark", "X-Chosen: Text", "X-Contributor: Support, Lyon",
    ]  # fmt: skip


def test_its_sections_are_those_of_a_pep():
    assert write(TAKEN).split("\n\n")[1:] == [
        "Abstract\n========", "Ten years.", "Rationale\n=========", "It lasts.",
        "Specification\n=============", "Text", "Options\n=======",
        "Text\n----", "As it is.", "* Good, because it lasts\n* Bad, because it is bare",
        "決定\n----\n",
    ]  # fmt: skip


def test_a_title_of_several_lines_begins_no_header():
    told = read(write(replace(TAKEN, title="Which\nStatus: Final\n\nformat", makers="A\r\nX-Team: B")), "1")
    assert (told.title, told.status, told.team) == ("Which Status: Final format", "Accepted", "")
    assert told.makers == "A X-Team: B"


def test_a_long_title_goes_on_indented():
    lines = write(replace(TAKEN, title="Où " + "vont les fichiers " * 12)).split("\n")
    assert lines[1].startswith("Title: Où") and lines[2].startswith("  ") and max(map(len, lines)) <= 78


@pytest.mark.parametrize(
    "header", ["Author: " + "<" * 500_000, "Resolution: " + "<a://" * 150_000, "A: b" + "\n c" * 300_000]
)
def test_an_endless_header_is_read_in_no_time(header):
    assert read(f"Title: A\n{header}\n", "1").title == "A"


def test_a_number_is_no_longer_than_what_keeps_it():
    assert len(read(f"PEP: {'9' * 400}\nTitle: A\n", "1").id) == 200
