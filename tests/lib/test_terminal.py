"""What a command answers is read by a person, at a terminal that obeys some signs."""

import pytest

from filrouge.lib.terminal import answer, plain


@pytest.mark.parametrize("sign", ["\x1b]0;title\x07", "\x1b[2J", "\r", "\x08", "\x9b31m", "\x00", "\x7f"])
def test_no_title_commands_the_terminal(sign, capsys):
    answer(False, {}, f"line 2, title: {sign}\nline 3\té ok")
    said = capsys.readouterr().out
    assert sign[0] not in said and said.endswith("\nline 3\té ok\n")
    assert plain("a\tb\nç 🧵") == "a\tb\nç 🧵"
