"""How every command answers, whether or not Django has started."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime

import click

OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
json_option = click.option("--json", "as_json", is_flag=True, help="Answer with one line of JSON, last.")


def answer(as_json: bool, value: object, text: str) -> None:
    """The outcome of a command: JSON for a program, a sentence for a person."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain) if as_json else plain(text))


def plain(text: str) -> str:
    """What files and titles hold is printed, never obeyed: no colour, no moved cursor, no rewritten line."""
    return OBEYED.sub("\ufffd", text)


def pairs_of(pairs: Iterable[str], example: str) -> dict[str, str]:
    """What `--map FIELD=COLUMN`, given several times, says."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals or not name.strip():
            said = f"{pair!r} is not FIELD=COLUMN, for example {example}"
            raise click.BadParameter(said, param_hint="--map")
        found[name.strip()] = column.strip()
    return found


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
