"""The commands about people, and what every command shares: whom it acts as, and how it answers."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from .models import Record, Role, Team, User
from .tokens import Scope, Token

Command = TypeVar("Command", bound=Callable[..., Any])
DAYS = click.IntRange(1, 3650)


def json_option(command: Command) -> Command:
    """Adds `--json`: the answer as one line, last."""
    return click.option("--json", "as_json", is_flag=True, help="Answer with one line of JSON, last.")(
        command
    )


def answer(as_json: bool, value: object, text: str) -> None:
    """The outcome of a command: JSON for a program, a sentence for a person."""
    click.echo(json_.dumps(value, ensure_ascii=False, default=_plain) if as_json else text)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def person(email: str) -> User:
    """The active person of that address, or a refusal that says what to do."""
    found = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if found is None:
        raise click.ClickException(f"nobody active has the address {email}. Make one: filrouge user create")
    return found


def _acting(context: click.Context, parameter: click.Parameter, email: str | None) -> User | None:
    return person(email) if email else None


def as_option(command: Command) -> Command:
    """Adds `--as EMAIL`, given to the command as `by`: it may do what that person may, and no more."""
    option = click.option(
        "--as", "by", required=True, metavar="EMAIL", envvar="FILROUGE_AS", callback=_acting,
        help="The person to act as; FILROUGE_AS does the same.",
    )  # fmt: skip
    return option(command)


def register(cli: click.Group) -> None:
    """Puts `user` and `token` beside the other commands."""
    cli.add_command(user)
    cli.add_command(token)


@click.group(help="People who sign in.")
def user() -> None:
    pass


@user.command("create", help="Make a person who can sign in.")
@click.option("--email", required=True)
@click.option("--role", required=True, type=click.Choice(Role.values))
@click.option("--team", help="The team to join; it is made if there is none of that name.")
@click.option("--name", default="", help="How others see the person; the address's first part if left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@json_option
def create_user(
    email: str, role: str, team: str | None, name: str, password_stdin: bool, as_json: bool
) -> None:
    """Nobody is asked who they are: whoever may write to the data folder may do anything already."""
    password = _password(email, name) if password_stdin else None
    _check(email)
    with transaction.atomic():
        made = User.objects.create_user(email, role, password, name=name)
        if team:
            made.teams.add(Team.objects.get_or_create(name=team)[0])
        Record.objects.create(about=made, act="create_user", detail={"role": role, "from": "command line"})
    value = {"id": made.pk, "email": made.email, "name": made.name, "role": role, "team": team}
    how = "" if password else " They choose a password through “Forgotten password” on the sign-in page."
    answer(as_json, value, f"{made.email} can sign in as {made.get_role_display()}.{how}")


def _check(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise click.BadParameter(f"{email!r} is not an e-mail address", param_hint="--email") from None
    if User.objects.filter(email__iexact=email).exists():
        raise click.ClickException(f"{email} has an account already. Nothing was changed.")


def _password(email: str, name: str) -> str:
    from django.contrib.auth.password_validation import validate_password

    given = sys.stdin.readline().rstrip("\r\n")
    try:
        validate_password(given, User(email=email, name=name))
    except ValidationError as weak:
        raise click.ClickException(" ".join(weak.messages)) from None
    return given


@click.group(help="API tokens: what a program shows to act as a person.")
def token() -> None:
    pass


@token.command("create", help="Make a token; it is shown this once.")
@click.option("--user", "email", required=True, metavar="EMAIL")
@click.option("--scope", required=True, type=click.Choice(Scope.values))
@click.option("--name", default="", help="What the token is for.")
@click.option("--days", default=365, type=DAYS, show_default=True, help="How long it works.")
@json_option
def create_token(email: str, scope: str, name: str, days: int, as_json: bool) -> None:
    made, secret = Token.create(person(email), scope, name[:80], days, by=None)
    value = {"token": secret, "prefix": made.prefix, "scope": scope, "expires_at": made.expires_at}
    text = f"{secret}\nThis is the only time it is shown. It works until {made.expires_at:%Y-%m-%d}."
    answer(as_json, value, text)
