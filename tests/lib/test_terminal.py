"""What a command answers is read by a person, at a terminal that obeys some signs."""

import click
import pytest

from filrouge.lib.terminal import answer, pairs_of, plain


@pytest.mark.parametrize("sign", ["\x1b]0;title\x07", "\x1b[2J", "\r", "\x08", "\x9b31m", "\x00", "\x7f"])
def test_no_title_commands_the_terminal(sign, capsys):
    answer(False, {}, f"line 2, title: {sign}\nline 3\té ok")
    said = capsys.readouterr().out
    assert sign[0] not in said and said.endswith("\nline 3\té ok\n")
    assert plain("a\tb\nç 🧵") == "a\tb\nç 🧵"


def test_each_pair_names_a_field_and_its_column():
    assert pairs_of(["title = Summary", "note=", "id=a=b"], "x=y") == {
        "title": "Summary",
        "note": "",
        "id": "a=b",
    }


@pytest.mark.parametrize("pair", ["title", "=Summary", " =Summary", ""])
def test_what_is_no_pair_is_told_with_an_example(pair):
    with pytest.raises(click.BadParameter, match="for example text=comment"):
        pairs_of([pair], "text=comment")
