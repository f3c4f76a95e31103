"""Files with PEP headers."""

from datetime import date

import pytest

from filrouge.alignment.decisions.pep import read

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
