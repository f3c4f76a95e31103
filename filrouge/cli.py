"""The command line: what runs an installation, and the commands that capabilities bring.

Each app may have a `commands.py` with `register(cli: click.Group)`. They are imported when first needed, so
that `filrouge --version` or a typing error costs nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from filrouge.lib.terminal import answer, json_option

FILE = click.Path(dir_okay=False, path_type=Path)


class Commands(click.Group):
    """Knows the commands of this file at once, those of the apps after Django has started."""

    loaded = False

    def load(self) -> None:
        if self.loaded:
            return
        self.loaded = True
        import django
        from django.conf import settings

        django.setup()
        for app in settings.INSTALLED_APPS:
            if app.startswith("filrouge.") and find_spec(f"{app}.commands"):
                import_module(f"{app}.commands").register(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self.load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        known = super().get_command(ctx, cmd_name)
        if known is None:
            self.load()
        return known or super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        as_json = "--json" in ctx.args  # click takes them away as it goes
        try:
            return super().invoke(ctx)
        except Exception as error:
            refused = _refusal(error)
            if as_json and isinstance(refused, click.ClickException):
                field = getattr(error, "field", "")
                answer(True, {"error": refused.format_message()} | ({"field": field} if field else {}), "")
            if refused is error:
                raise
            raise refused from error


def _refusal(error: Exception) -> Exception:
    """The sentence for what can go wrong outside the program; anything else stays a traceback."""
    from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
    from django.db import DatabaseError, OperationalError, ProgrammingError, connection

    from filrouge.core.errors import Refused

    if isinstance(error, ValidationError):
        return click.ClickException(" ".join(error.messages))
    if isinstance(error, ProgrammingError | OperationalError) and _no_tables(error):
        return click.ClickException(
            f"the database {connection.settings_dict['NAME']} has no tables yet. Make them: filrouge migrate."
            " Is yours another one? Name its data folder, FILROUGE_DATA, or DATABASE_URL."
        )
    if isinstance(error, OperationalError):
        return click.ClickException(
            f"the database does not answer: {str(error).strip()}. Check DATABASE_URL and the disk."
        )
    if type(error) is DatabaseError:  # its subclasses are about what was asked of it
        return click.ClickException(f"the database cannot be read: {error}. Restore a backup of it.")
    if isinstance(error, Refused | PermissionDenied | ImproperlyConfigured | OSError):
        return click.ClickException(str(error))
    return error


def _no_tables(error: Exception) -> bool:
    return "no such table" in str(error) or ('relation "' in str(error) and "does not exist" in str(error))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("filrouge"), message="%(version)s")
def cli() -> None:
    """Filrouge ties a user's words to the decision, and back.

    Every command works on the data folder that FILROUGE_DATA names (./data if unset), or on the
    PostgreSQL that DATABASE_URL names.
    """


@cli.command()
@click.option("--port", envvar="PORT", default=8000, type=click.IntRange(1, 65535), show_default=True)
@click.option(
    "--host", envvar="HOST", default="127.0.0.1", show_default=True, help="The address to listen on."
)
@click.option(
    "--sample/--no-sample",
    envvar="SAMPLE",
    default=True,
    help="Load the sample workspace on the first start.",
)
def up(port: int, host: str, sample: bool) -> None:
    """Start web and worker here, until Ctrl-C."""
    from filrouge.up import House

    sys.exit(House(host, port, sample).run())


@cli.command(hidden=True)
@click.option("--sample/--no-sample", default=True)
def prepare(sample: bool) -> None:
    """What `up` does first, in a process of its own so that its memory is given back."""
    _django()
    from filrouge.preparation import prepare as get_ready

    click.echo(get_ready(sample, lambda said: click.echo(said, err=True)))


@cli.command()
@click.option("--like", type=FILE, hidden=True, help="Only as far as a backup's manifest.")
def migrate(like: Path | None) -> None:
    """Bring the database's tables to this version."""
    _django()
    from filrouge.preparation import migrate as bring_up
    from filrouge.preparation import migrate_like

    done = migrate_like(like) if like else bring_up()
    click.echo(f"{done} migrations were applied." if done else "The database is up to date.")


@cli.command()
@click.option(
    "--lane", "lanes", multiple=True, help="Only this lane; several may be named. All, if left out."
)
def worker(lanes: tuple[str, ...]) -> None:
    """Do the background work, until Ctrl-C."""
    _django()
    from filrouge.jobs.crew import serve
    from filrouge.jobs.models import Lane

    unknown = [lane for lane in lanes if lane not in Lane.values]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r}; there are {', '.join(Lane.values)}", param_hint="--lane")
    serve(lanes or tuple(Lane.values))


@cli.command()
@click.argument("file", type=FILE)
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write everything to one FILE, while people go on working."""
    _django()
    from filrouge.backup import back_up

    made = back_up(file)
    text = (
        f"{file} holds {made['rows']} rows and {made['files']} files.\n"
        "The key that opens sealed names is in it: keep it as safe as the data folder."
    )
    answer(as_json, made, text)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Replace what the data folder or the database holds now.")
@json_option
def restore(file: Path, yes: bool, as_json: bool) -> None:
    """Put back what a backup FILE holds, after checking it."""
    _django()
    from filrouge.backup.restore import restore as put_back

    done = put_back(file, replace=yes)
    lines = [f"{done['rows']} rows and {done['files']} files are back, checked.", *_about(done)]
    answer(as_json, done, "\n".join(lines))


def _about(restored: dict[str, Any]) -> Iterator[str]:
    """What a person has to know or do after a restore."""
    people, texts = restored["erased_again"]["people"], restored["erased_again"]["words"]
    if people or texts:
        yield f"Erased again, as they were after the backup was made: {people} people, {texts} texts."
    if restored["erased_unknown"]:
        yield f"Whoever was erased after {restored['made_at']} may be back: {restored['erased_unknown']}."
        yield "Erase them again: filrouge erase person ID --as EMAIL. See docs/privacy.md."
    if restored["before"]:
        yield f"What stood there before is kept in {restored['before']}; delete it once you are sure."


@cli.command("ledger-check")
@json_option
def ledger_check(as_json: bool) -> None:
    """Check that nothing is lost, doubled or half-written."""
    _django()
    from filrouge.ledger import check

    found = check()
    wrong = {name: problem for name, problem in found.items() if problem}
    lines = [
        f"{'WRONG' if problem else 'ok   '}  {name}{': ' if problem else ''}{problem}"
        for name, problem in found.items()
    ]
    answer(as_json, {"ok": not wrong, "checks": found}, "\n".join(lines))
    sys.exit(1 if wrong else 0)


def _django() -> None:
    cli.load()


def main() -> None:
    """The door of the `filrouge` command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filrouge.settings")
    cli(prog_name="filrouge")


if __name__ == "__main__":
    main()
