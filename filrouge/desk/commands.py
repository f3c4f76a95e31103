"""`filrouge open-private`."""

import click

from filrouge.lib.terminal import answer, json_option
from filrouge.people.commands import as_option
from filrouge.people.models import User


def register(cli: click.Group) -> None:
    cli.add_command(open_private)


@click.command("open-private")
@click.argument("number", type=click.IntRange(1, 2**63 - 1), metavar="ID")
@click.option("--reason", required=True, help="Why; the author reads it in the item's history.")
@as_option
@json_option
def open_private(number: int, reason: str, by: User, as_json: bool) -> None:
    """Open the private item ID to an administrator, in an emergency. Its author sees who did it, and why."""
    from .emergency import open_private as open_it

    item = open_it(number, reason, by=by)
    text = f"{by.email} is named on “{item.title}” and can read it. Its history and the records say so."
    answer(as_json, {"item": number, "by": by.email, "reason": reason}, text)
