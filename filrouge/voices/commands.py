"""`filrouge erase person`."""

import json
from pathlib import Path

import click
from django.core.exceptions import ObjectDoesNotExist

from filrouge.lib.terminal import answer, json_option
from filrouge.people.commands import as_option
from filrouge.people.models import User


def register(cli: click.Group) -> None:
    cli.add_command(erase)


@click.group(help="Forget somebody for good.")
def erase() -> None:
    pass


@erase.command("person")
@click.argument("number", type=click.IntRange(1, 2**63 - 1), metavar="ID")
@as_option
@json_option
def erase_person(number: int, by: User, as_json: bool) -> None:
    """Erase the words and the identity of the user ID, who is P-0ID on the pages. This cannot be undone."""
    from .erasure import erase as forget
    from .models import Person

    try:
        counts = forget(Person.objects.get(pk=number), by=by)
    except ObjectDoesNotExist:
        raise click.ClickException(f"there is no user {number}, or they are erased already.") from None
    answer(
        as_json,
        {"person": number, **counts},
        f"Erased: {', '.join(f'{n} {what}' for what, n in counts.items())}.",
    )


@erase.command("again", hidden=True)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def erase_again(file: Path, as_json: bool) -> None:
    """What `filrouge restore` does in the restored data, with what the data before refused."""
    from .kept_out import erase_again as forget_again

    counts = forget_again(json.loads(file.read_text()))
    answer(as_json, counts, f"Erased again: {counts['people']} people, {counts['words']} texts.")
