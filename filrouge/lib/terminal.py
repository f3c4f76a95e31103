"""How every command answers, whether or not Django has started."""

from __future__ import annotations

import json
from datetime import datetime

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Answer with one line of JSON, last.")


def answer(as_json: bool, value: object, text: str) -> None:
    """The outcome of a command: JSON for a program, a sentence for a person."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain) if as_json else text)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
