"""Markdown out and in: what was written is read back the same, and what others wrote is understood."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filrouge.alignment.decisions.madr import Choice, Memo, read, write

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"))
WORD = st.text(LETTERS, min_size=1, max_size=8)
HARD = st.sampled_from(
    ["#", "##", "### x", "\\# x", "```", "~~~", "---", "* Good, because x", "\\* Bad, because y", "* a",
     "* good, because x",
     'Chosen option: "A"', '\\Chosen option: "A"', "Status: x", "* Status: no", "[a](#b)", '", because ',
     "because", "## Decision Outcome", "\\", "\\\\## x", "- Bad, because z", ":", "'", '"']
)  # fmt: skip
LINE = st.lists(st.one_of(WORD, HARD), min_size=1, max_size=4).map(" ".join).map(str.strip).filter(bool)
PROSE = st.lists(st.one_of(LINE, st.just("")), max_size=6).map("\n".join).map(str.strip)
DAY = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
NAME = WORD.filter(lambda text: "," not in text)
CHOICES = st.lists(
    st.builds(
        Choice, LINE, PROSE, st.lists(LINE, max_size=3).map(tuple), st.lists(LINE, max_size=3).map(tuple)
    ),
    max_size=3,
    unique_by=lambda one: one.title,
)


@st.composite
def memos(draw):
    options = tuple(draw(CHOICES))
    chosen = draw(st.sampled_from([one.title for one in options] + [""]))
    names = st.lists(NAME, max_size=3).map(tuple)
    return Memo(
        id=draw(NAME), title=draw(LINE), status=draw(st.sampled_from(["proposed", "accepted", "superseded"])),
        decided_on=draw(DAY), makers=draw(NAME | st.just("")), consulted=draw(names), informed=draw(names),
        driver=draw(NAME | st.just("")), team=draw(NAME | st.just("")), due=draw(DAY), review=draw(DAY),
        outcome=draw(LINE | st.just("")), context=draw(PROSE), options=options, chosen=chosen,
        rationale=draw(PROSE), change_mind=draw(PROSE), supersedes=draw(names),
    )  # fmt: skip


@settings(max_examples=150)
@given(memos())
def test_what_is_written_is_read_back(memo):
    assert read(write(memo), "another") == memo


def test_a_successor_is_named_in_the_status():
    memo = Memo(id="4", title="FTP", status="superseded", superseded_by=("9",))
    assert "status: superseded by 9" in write(memo) and read(write(memo), "") == memo


MADR = """---
status: "accepted"
date: 2024-05-06
decision-makers: Ada, Grace
consulted: [Linus]
---

# Use Markdown for our memos

## Context and Problem Statement

Where do we write?

## Decision Drivers

* It is read in ten years

## Considered Options

* [Markdown](#markdown)
* Word

## Decision Outcome

Chosen option: "Markdown", because everyone
can read it.

### Consequences

* Good, because git shows changes

## Pros and Cons of the Options

### Markdown

<https://commonmark.org>

* Good, because it is text
  and stays text
* Neutral, because it has dialects
* Bad, because tables are clumsy
"""


def test_a_file_of_others_is_understood():
    memo = read(MADR, "0001-use-markdown")
    assert (memo.id, memo.title, memo.status) == (
        "0001-use-markdown",
        "Use Markdown for our memos",
        "accepted",
    )
    assert (memo.decided_on, memo.makers, memo.consulted) == (date(2024, 5, 6), "Ada, Grace", ("Linus",))
    assert memo.context == "Where do we write?\n\n### Decision Drivers\n\n* It is read in ten years"
    assert memo.chosen == "Markdown" and memo.rationale.startswith("everyone\ncan read it.\n\n### Conseq")
    first, second = memo.options
    assert (first.title, second) == ("Markdown", Choice("Word"))
    assert first.pros == ("it is text and stays text",) and first.cons == ("tables are clumsy",)
    assert "Neutral, because it has dialects" in first.about and "commonmark" in first.about


def test_the_older_shapes_are_read_too():
    bullets = read("# Use tabs\n\n* Status: rejected\n* Deciders: Ada\n* Date: 2020-01-02\n", "3")
    assert (bullets.status, bullets.makers, bullets.decided_on) == ("rejected", "Ada", date(2020, 1, 2))
    nygard = read(
        "# 5. Use FTP\n\nDate: 2016-02-12\n\n## Status\n\nSuperseded by [9. Use HTTPS](0009-use-https.md)\n\n"
        "## Context\n\nWhy.\n\n## Decision\n\nWe use it.\n\n## Consequences\n\nNone.\n",
        "5",
    )
    assert (nygard.status, nygard.superseded_by) == ("superseded", ("9. Use HTTPS",))
    assert nygard.decided_on == date(2016, 2, 12)
    assert nygard.context == "Why." and nygard.rationale == "We use it.\n\n### Consequences\n\nNone."


def test_headings_in_a_code_block_are_no_headings():
    memo = read("# T\n\n## Context\n\n```sh\n# install\n## run\n```\n\n## Decision\n\nYes\n", "1")
    assert memo.context == "```sh\n# install\n## run\n```" and memo.rationale == "Yes"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\n",
        "---\na: [\n---\n# T",
        "---\ndate: 2026-13-45\n---\n# T",
        "---\n- x\n---\n# T",
        "\ufeff# T",
        "#",
    ],
)
def test_a_broken_file_is_no_failure(text):
    memo = read(text, "x")
    assert memo.title == "T" or any(column == "title" for column, _reason in memo.remarks)


@pytest.mark.parametrize("date_", ["yesterday", "2026-02-31", "[1]", "{a: b}"])
def test_a_date_that_is_none_is_left_out(date_):
    assert read(f"---\ndate: {date_}\nstatus: accepted\n---\n# T\n", "x").decided_on is None


BOMB = "[&a [x], &b [*a,*a,*a,*a,*a,*a,*a,*a], &c [*b,*b,*b,*b,*b,*b,*b,*b], &d [*c,*c,*c,*c,*c,*c,*c,*c]]"


@pytest.mark.parametrize(
    "value",
    [
        BOMB,
        "!!timestamp x",
        "!!int x",
        "0x" + "f" * 5000,
        '"\\ud800"',
        "!!python/object/apply:os.system [id]",
    ],
)
def test_what_no_file_needs_in_its_head_is_left_out(value):
    memo = read(f"---\nid: a1\ndue: {value}\n---\n# Title\n", "name")
    assert (memo.id, memo.title, memo.due) == ("name", "Title", None)
    assert [column for column, _reason in memo.remarks] == ["front matter"]
