"""One thing, one file: YAML front matter and a text in Markdown, for people to read and git to compare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from filrouge.lib import plain_yaml
from filrouge.lib.reason import N_, Reason

FENCE = "---"
MOST = 10_000_000  # characters: some 30,000 lines of a log

NO_FRONT = N_("This file does not begin with front matter between two lines of ---.")
BAD_YAML = N_("The front matter is not YAML that can be read; look at its line %(line)d.")
TOO_LONG = N_("This file is over ten million characters.")


class Unreadable(ValueError):
    def __init__(self, message: str, **values: int) -> None:
        super().__init__(message)
        self.reason = Reason(message, values)


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, so that a changed line is one line of a diff."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


ODD_BREAKS = re.compile(
    "[\x85\u2028\u2029\ufeff]"
)  # YAML folds them; between quotation marks they are escaped


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if ODD_BREAKS.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _number(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    plain = f"{number:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in plain else 'int'}", plain)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _number)


def dumped(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=MOST)
    return text


def loaded(text: str) -> Any:
    """Every scalar as it is written: what it means is for the column to say."""
    try:
        return plain_yaml.load(text, plain_yaml.Written)
    except plain_yaml.Unplain as error:
        raise Unreadable(BAD_YAML, line=error.line + 1) from None


def written(front: Mapping[str, Any], body: str) -> str:
    head = f"{FENCE}\n{dumped(dict(front))}{FENCE}\n"
    return f"{head}\n{body}\n" if body else head


def read(text: str) -> tuple[dict[str, Any], str]:
    """Front matter and text; what an editor does to the ends of lines and files means nothing."""
    if len(text) > MOST:
        raise Unreadable(TOO_LONG)
    lines = one_end(text).removeprefix("\ufeff").split("\n")
    if lines[0].rstrip() != FENCE or FENCE not in (ends := [line.rstrip() for line in lines[1:]]):
        raise Unreadable(NO_FRONT)
    close = ends.index(FENCE) + 1
    front = loaded("\n".join(lines[1:close]) + "\n")
    if not isinstance(front, dict):
        raise Unreadable(NO_FRONT)
    return front, "\n".join(lines[close + 1 :]).strip()


def one_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
