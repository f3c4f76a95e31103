"""`filrouge import decisions` and `filrouge export decision-log`: the same as on the pages, as a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from django.utils import translation

from filrouge.core.circles import reads_items
from filrouge.core.errors import Forbidden
from filrouge.core.origins import source_called, stem_of
from filrouge.lib.terminal import answer, json_option
from filrouge.people.access import Act, may, refusal
from filrouge.people.commands import as_option
from filrouge.people.models import Team, User

FORMAT = click.Choice(["madr", "pep"])


def register(cli: click.Group) -> None:
    for name, command in (("import", decisions), ("export", decision_log)):
        group = cli.commands.get(name)
        if not isinstance(group, click.Group):
            group = click.Group(name)
            cli.add_command(group)
        group.add_command(command)


@click.command("decisions")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE|FOLDER")
@click.option("--format", "format_", type=FORMAT, help="Told from the files if left out.")
@click.option("--source", metavar="NAME", help="Where they come from; the name of the folder if left out.")
@click.option("--team", metavar="NAME", help="For files that name no team of here; else your own.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_option
@json_option
def decisions(
    path: Path,
    format_: str | None,
    source: str | None,
    team: str | None,
    dry_run: bool,
    by: User,
    as_json: bool,
) -> None:
    """Import decisions from a FILE or a FOLDER: Markdown as MADR writes it, or files with PEP headers.

    One file is one decision. The same files twice change nothing. What you may not decide is refused, with
    the reason; statuses that nobody knows and references that lead nowhere are told.
    """
    with translation.override(by.language):
        receipt = bring_in(path, format_, source, team, dry_run, by)
    answer(as_json, receipt, text_of(receipt, dry_run))


def bring_in(
    path: Path, format: str | None, source: str | None, team: str | None, dry_run: bool, by: User
) -> dict[str, Any]:
    from .files import format_of, from_path
    from .importing import Importing, entries

    if not may(by, Act.DECIDE):
        raise Forbidden(refusal(Act.DECIDE))
    chosen = Team.objects.filter(name__iexact=team).first() if team else None
    if team and chosen is None:
        raise click.ClickException(f"there is no team {team!r}.")
    format = format or format_of(path)
    found = entries(from_path(path, format), format)
    name = source_called(source or stem_of(path.resolve().name))
    return Importing(name, by, chosen, dry_run).go(found)


def text_of(receipt: Mapping[str, Any], dry_run: bool) -> str:
    counts = "{new:,} new, {updated:,} updated, {unchanged:,} unchanged, {rejected:,} rejected.".format(
        **receipt
    )
    lines = ["Nothing was changed. This would happen:"] if dry_run else []
    lines.append(f"{receipt['read']:,} files read: {counts}")
    return "\n".join(
        [*lines, *(f"  {one['file']}, {one['column'] or '-'}: {one['reason']}" for one in receipt["errors"])]
    )


@click.command("decision-log")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER")
@click.option("--format", "format_", type=FORMAT, default="madr", show_default=True)
@click.option("--status", type=click.Choice(["open", "decided", "superseded"]))
@as_option
@json_option
def decision_log(folder: Path, format_: str, status: str | None, by: User, as_json: bool) -> None:
    """Write the log of decisions into FOLDER, one file each, made for git: Markdown, or with PEP headers.

    A file that was written before is written anew; others in the folder are left alone.
    """
    from .logbook import write_into
    from .models import Decision

    if not may(by, Act.EXPORT) or not reads_items(by):
        raise Forbidden(refusal(Act.EXPORT))
    rows = Decision.objects.visible_to(by).active()
    count = write_into(folder, rows.filter(status=status) if status else rows, by, format_)
    answer(as_json, {"folder": str(folder), "written": count}, f"{count} decisions are written to {folder}.")
