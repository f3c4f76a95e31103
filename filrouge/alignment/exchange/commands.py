"""`filrouge import roadmap`: the same import as the page's, in the foreground."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import DatabaseError
from django.utils import translation

from filrouge.jobs.run import Cancelled
from filrouge.lib.terminal import answer, json_option, pairs_of
from filrouge.people.access import Act, may, refusal
from filrouge.people.commands import as_option
from filrouge.people.models import Team, User
from filrouge.voices.incoming import InForeground

from .aims import SHAPES
from .models import PlanImport

GOALS = frozenset(SHAPES)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(cli: click.Group) -> None:
    group = cli.commands["import"]
    assert isinstance(group, click.Group)
    group.add_command(roadmap)
    group.add_command(goals)
    group.add_command(folder_in)
    group = cli.commands["export"]
    assert isinstance(group, click.Group)
    group.add_command(folder_out)


@click.command("roadmap")
@click.argument("file", type=FILE)
@click.option("--format", "shape", default="", metavar="F", help="keps, beta.gouv, jira, github-issues, "
              "github-milestones or table; told from the file's columns if left out.")  # fmt: skip
@click.option("--source", default="", metavar="NAME", help="Where it comes from: ids are told apart by it.")
@click.option(
    "--team", "team_name", metavar="NAME", help="Whose roadmap; else the row's team, else your own."
)
@click.option(
    "--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="For a table: which column holds what."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_option
@json_option
def roadmap(
    file: Path, shape: str, source: str, team_name: str | None, pairs: Sequence[str], dry_run: bool, by: User,
    as_json: bool,
) -> None:  # fmt: skip
    """Bring a roadmap in from FILE: KEPs, beta.gouv.fr products, Jira, GitHub, or any table.

    Fields of a table are title, external_id, outcome, status, horizon, starts, ends, shipped_on, version,
    team and address. Rows for a team whose product manager you are come onto its roadmap; any other waits in
    its tray. The same file twice changes nothing; what changed in it is taken, what you changed here stays.
    """
    with translation.override(by.language):
        if not may(by, Act.IMPORT_PLANS):
            raise click.ClickException(refusal(Act.IMPORT_PLANS))
        receipt = run(file, shape, source, team_name, pairs, dry_run, by)
    answer(as_json, receipt, text_of(receipt, dry_run))


@click.command("goals")
@click.argument("file", type=FILE)
@click.option("--format", "shape", default="", metavar="F", help="okr-markdown, okr-table, goals-teams or "
              "goals-rust; told from the file if left out.")  # fmt: skip
@click.option(
    "--source", default="", metavar="NAME", help="Where it comes from; the file's name if left out."
)
@click.option("--team", "team_name", metavar="NAME", help="Whose goals; else the team named, else your own.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_option
@json_option
def goals(
    file: Path, shape: str, source: str, team_name: str | None, dry_run: bool, by: User, as_json: bool
) -> None:
    """Bring goals and key results in from FILE: OKRs in Markdown or a table, PostHog's or Rust's goals.

    Only the product manager of a team sets its goals; other rows are rejected. A score from 0 to 1
    becomes a check-in; a key result without one is done or not.
    """
    with translation.override(by.language):
        if not may(by, Act.IMPORT_PLANS):
            raise click.ClickException(refusal(Act.IMPORT_PLANS))
        receipt = run(file, shape, source, team_name, (), dry_run, by, GOALS)
    answer(as_json, receipt, text_of(receipt, dry_run, GOALS_READ))


def run(
    file: Path, shape: str, source: str, team_name: str | None, pairs: Sequence[str], dry_run: bool, by: User,
    only: frozenset[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    from .importing import columns_of
    from .receiving import check_mapping, opened
    from .tables import Table

    if file.stat().st_size > settings.PLANS_MAX_BYTES:
        raise click.ClickException(f"{file} is too large: at most {settings.PLANS_MAX_BYTES // 1024**2} MB.")
    given = pairs_of(pairs, "title=summary")
    made = opened(
        file.name, file.read_bytes(), by=by, shape=shape, source=source, team=team_of(team_name), given=given
    )
    if (made.shape in GOALS) != (only is not None):
        found, other = ("goals", "goals") if made.shape in GOALS else ("no goals", "roadmap")
        raise click.ClickException(f"{file} holds {found}. Try: filrouge import {other} {file}")
    if made.shape == Table.name:
        check_mapping(made.mapping, columns_of(made))
    made.save()
    with made.held():
        _go(made, dry_run)
    receipt = made.receipt()
    if dry_run:
        made.delete()
    return receipt


def _go(made: PlanImport, dry_run: bool) -> None:
    from .importing import Importing, end

    made.restart(dry_run=dry_run)
    try:
        Importing(made, InForeground(made)).go()
    except (KeyboardInterrupt, Cancelled):
        raise click.ClickException(
            f"stopped after {made.position:,} rows, which are in. The same command again brings in the rest."
        ) from None
    finally:
        if made.going:  # whatever stopped it: the page does not wait for it
            with suppress(DatabaseError):
                end(made, PlanImport.State.CANCELLED)


def team_of(name: str | None) -> Team | None:
    if name is None:
        return None
    found = Team.objects.filter(name__iexact=name.strip()).first()
    if found is None:
        raise click.ClickException(f"there is no team {name!r}. The page /teams/ lists them.")
    return found


GOALS_READ = "{read:,} goals read, each with its key results: {new:,} new"
ROWS = "{read:,} rows read: {new:,} new ({proposed:,} of them in a tray)"


def text_of(receipt: dict[str, Any], dry_run: bool, what: str = ROWS) -> str:
    lines = ["Nothing was changed. This would happen:"] if dry_run else []
    counts = "{updated:,} updated, {unchanged:,} unchanged, {rejected:,} rejected."
    lines.append(f"{what}, {counts}".format(**receipt))
    errors = receipt["errors"]
    lines += [f"  line {one['line']}, {one['column'] or '-'}: {one['reason']}" for one in errors[:20]]
    if len(errors) > 20:
        lines.append(f"  … and {len(errors) - 20:,} more; --json lists them all.")
    return "\n".join(lines)


FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("folder")
@click.argument("directory", type=FOLDER)
@as_option
@json_option
def folder_out(directory: Path, by: User, as_json: bool) -> None:
    """Write goals, roadmap and decisions into DIRECTORY, one Markdown file each: a folder made for git.

    A file keeps its name, and is written only where something changed. Private items stay out.
    """
    from .folder.outside import export

    done = export(directory, by)
    told = f"{done.files:,} files: {done.written:,} written, {done.removed:,} removed."
    answer(as_json, asdict(done), told)


@click.command("folder")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_option
@json_option
def folder_in(directory: Path, dry_run: bool, by: User, as_json: bool) -> None:
    """Read back a DIRECTORY that "export folder" wrote.

    What is not here is made; what was changed in a file is changed here, unless somebody changed it here
    meanwhile. You may change what you may change on the pages; an administrator brings back what is missing.
    """
    from .folder.outside import around, taken, write_again
    from .folder.reading import Reading

    with translation.override(by.language):
        if not may(by, Act.IMPORT_PLANS):
            raise click.ClickException(refusal(Act.IMPORT_PLANS))
        reading = Reading(by, taken(directory), dry_run, around(directory))
        receipt = reading.go()
    if not dry_run:
        write_again(directory, reading.changed, by)
    plain = receipt.counts() | {
        "errors": [{"file": one.column, "reason": str(one.reason)} for one in receipt.remarks]
    }
    answer(as_json, plain, told_of(plain, dry_run))


def told_of(receipt: dict[str, Any], dry_run: bool) -> str:
    lines = ["Nothing was changed. This would happen:"] if dry_run else []
    counts = "{new:,} new, {updated:,} updated, {unchanged:,} unchanged, {rejected:,} rejected."
    lines.append(f"{{read:,}} files read: {counts}".format(**receipt))
    return "\n".join([*lines, *(f"  {one['file']}: {one['reason']}" for one in receipt["errors"][:50])])
