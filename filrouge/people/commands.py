"""The commands about people, and what commands share: whom they act as."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from filrouge.lib.terminal import answer, json_option

from .models import Record, Role, Team, User
from .tokens import Scope, Token

Command = TypeVar("Command", bound=Callable[..., Any])
DAYS = click.IntRange(1, 3650)


def person(email: str) -> User:
    """The active person of that address, or a refusal that says what to do."""
    found = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if found is None:
        raise click.ClickException(f"nobody active has the address {email}. Make one: filrouge user create")
    return found


def only_administrator() -> User:
    """Whom a command means that says nobody; nobody is guessed where there are several."""
    admins = list(User.objects.filter(role=Role.ADMIN, is_active=True)[:2])
    if not admins and not User.objects.exists():
        raise click.ClickException("nobody has an account here yet. Make one: filrouge user create")
    if len(admins) != 1:
        raise click.UsageError("Say as whom: --as EMAIL.")
    return admins[0]


def acting_as(otherwise: Callable[[], User], help: str) -> Callable[[Command], Command]:
    """Adds `--as EMAIL`, given to the command as `by`: it may do what that person may, and no more."""

    def found(context: click.Context, parameter: click.Parameter, email: str | None) -> User:
        return person(email) if email else otherwise()

    return click.option("--as", "by", metavar="EMAIL", envvar="FILROUGE_AS", callback=found, help=help)


as_option = acting_as(
    only_administrator, "The person to act as; the administrator, if there is only one. Or FILROUGE_AS."
)


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
