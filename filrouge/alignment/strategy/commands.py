"""`filrouge check-in 12 42`: one line for where a key result stands."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click
from django.utils import translation

from filrouge.lib.terminal import answer, json_option
from filrouge.people.commands import as_option
from filrouge.people.models import User


def register(cli: click.Group) -> None:
    cli.add_command(check_in)


@click.command("check-in", context_settings={"ignore_unknown_options": True})
@click.argument("number", metavar="ID", type=click.IntRange(1, 2**63 - 1))
@click.argument("value")
@click.option("--confidence", type=click.IntRange(0, 10), help="How sure you are, from 0 to 10.")
@click.option(
    "--status", type=click.Choice(["on_track", "behind", "at_risk"]), help="As you see it yourself."
)
@click.option("--note", help="What the others should know.")
@click.option("--at", help="When it held, as 2026-11-22 or 2026-11-22T14:05; now, if left out.")
@as_option
@json_option
def check_in(number: int, value: str, by: User, as_json: bool, **given: Any) -> None:
    """Note that the key result ID stands at VALUE now."""
    from filrouge.api.routes import find
    from filrouge.core.plain import item_json

    from .models import KeyResult
    from .wording import share

    with translation.override(by.language):
        known = {name: one for name, one in given.items() if one is not None}
        item = find(KeyResult, number, by)
        item.check_in(by=by, value=value, source="filrouge check-in", **known)
        told = item_json(find(KeyResult, number, by), by)
        score = share(None if told["score"] is None else Fraction(told["score"]))
        answer(as_json, told, f"{item.title}: {value} ({score})")
