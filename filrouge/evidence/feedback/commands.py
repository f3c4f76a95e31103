"""`filrouge import feedback`: the same import as the page's, in the foreground."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import click
from django.db import DatabaseError
from django.utils import translation

from filrouge.jobs.run import Cancelled
from filrouge.lib.formats import FORMATS, CannotRead, Row, header, read, sniff
from filrouge.lib.terminal import answer, json_option, pairs_of
from filrouge.people.access import Act, may, refusal
from filrouge.people.commands import acting_as
from filrouge.people.models import Role, User
from filrouge.voices.incoming import InForeground

from .models import Import

SAMPLE = 200
FILE = click.Path(dir_okay=False, path_type=Path)


def register(cli: click.Group) -> None:
    from .export_commands import export
    from .reading_commands import search

    cli.add_command(import_)
    cli.add_command(search)
    everything = cli.commands["export"]
    assert isinstance(everything, click.Group)
    everything.add_command(export)


def first_administrator() -> User:
    found = User.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk").first()
    if found is None:
        raise click.ClickException(
            "there is no administrator yet. Make one: filrouge user create --role admin"
        )
    return found


as_option = acting_as(first_administrator, "Act as; else the first administrator. Or FILROUGE_AS.")


@click.group("import", help="Bring in what was said or measured elsewhere.")
def import_() -> None:
    pass


@import_.command("feedback")
@click.argument("file", type=FILE)
@click.option("--source", required=True, metavar="NAME", help="Where the words come from; made if it is new.")
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Which column holds which field.")
@click.option(
    "--format", "format_", metavar="F", help=f"{', '.join(FORMATS)}; told from the file if left out."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_option
@json_option
def feedback(
    file: Path, source: str, pairs: Sequence[str], format_: str | None, dry_run: bool, by: User,
    as_json: bool,
) -> None:  # fmt: skip
    """Import users' words from FILE: CSV, TSV, JSON or JSON Lines.

    Fields are text, external_id, created_at, title, author, email, company, url, language and rating;
    any other name is a segment. Without --map, columns are proposed by their names and content. The same
    file twice changes nothing; a changed text is updated, and its former version kept.
    """
    with translation.override(by.language):
        if not may(by, Act.IMPORT):
            raise click.ClickException(refusal(Act.IMPORT))
        receipt = run(file, source, pairs, format_, dry_run, by)
    answer(as_json, receipt, text_of(receipt, dry_run))


def run(
    file: Path, source: str, pairs: Sequence[str], format_: str | None, dry_run: bool, by: User
) -> dict[str, Any]:
    """Import the file where it lies; the receipt, or a refusal with its sentence."""
    from .importing import settle

    for former in Import.objects.filter(state__in=Import.GOING, job=None):
        settle(former)
    mapping = mapping_of(file, pairs, format_)
    made = Import(name=file.name[:255], path=str(file.resolve()), size=file.stat().st_size, by=by)
    made.format, made.source_name, made.mapping = format_ or "", source.strip()[:121], mapping
    made.save()
    with made.held():
        _go(made, dry_run)
    if made.error:
        raise click.ClickException(made.refusal)
    receipt = made.receipt()
    if dry_run:
        made.delete()
    return receipt


def _go(made: Import, dry_run: bool) -> None:
    from .importing import Importing, end

    made.restart(dry_run=dry_run)
    try:
        Importing(made, Terminal(made)).go()
    except (KeyboardInterrupt, Cancelled):
        rows = "nothing was changed" if dry_run else f"{made.position:,} rows are in"
        raise click.ClickException(f"stopped; {rows}. The same command again brings in the rest.") from None
    finally:
        if made.going:  # whatever stopped it: the page of imports does not wait for it
            with suppress(DatabaseError):
                end(made, Import.State.CANCELLED)


def mapping_of(file: Path, pairs: Sequence[str], format_: str | None) -> dict[str, str]:
    """What `--map` says; what it leaves open is proposed, but then without segments."""
    from .importing import proposal

    given = pairs_of(pairs, "text=comment")
    try:
        found = sniff(file, file.name, format_)
        columns = header(file, file.name, found.name)
        rows = (record for record in read(file, file.name, found.name) if isinstance(record, Row))
        sample = [row.values for row in islice(rows, SAMPLE)]
    except CannotRead as refused:
        raise click.ClickException(str(refused)) from None
    except FileNotFoundError:
        raise click.ClickException(f"there is no file {file}.") from None
    return proposal(columns, sample, given)


def text_of(receipt: dict[str, Any], dry_run: bool) -> str:
    lines = ["Nothing was changed. This would happen:"] if dry_run else []
    counts = "{new:,} new, {updated:,} updated, {unchanged:,} unchanged, {rejected:,} rejected.".format(
        **receipt
    )
    lines.append(f"{receipt['read']:,} rows read: {counts}")
    lines += [
        f"  line {one['line']}, {one['column'] or '-'}: {one['reason']}" for one in receipt["errors"][:20]
    ]
    if len(receipt["errors"]) > 20:
        lines.append(f"  … and {len(receipt['errors']) - 20:,} more; the page of the import shows them all.")
    return "\n".join(lines)


class Terminal(InForeground):
    """Its progress goes to the terminal, in the person's language."""

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        if sys.stderr.isatty() or done == total:
            end = "\n" if done == total else ""
            print(f"\r{done:,} of {total or 0:,} rows", end=end, file=sys.stderr, flush=True)
