"""Every Kind x Verb x person x situation: Python, page, REST and command say the same as the access table."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from filrouge.cli import cli
from filrouge.core.errors import Forbidden, NotFound
from filrouge.core.fields import choices_of, parts
from filrouge.core.kinds import all_kinds
from filrouge.core.models import Item, find_item
from filrouge.core.verbs import verbs_of
from filrouge.people.access import TABLE, answers_for, own, own_team
from filrouge.people.models import PRODUCT_ROLES, Role, User
from filrouge.people.tokens import Scope, Token
from tests.fixtures.cast import Cast

Kind = type[Item]
SITUATIONS = ("own team", "other team", "private", "archived")
VERBS = [(model, name) for model in all_kinds() for name in verbs_of(model)]
every_verb = pytest.mark.parametrize(
    "model, name", VERBS, ids=[f"{model.kind.slug}-{name}" for model, name in VERBS]
)


def situated(situation: str, model: Kind, cast: Cast, item: Any) -> Item:
    """Seen from `cast.pm`: the Item is their team's, another team's, another person's, or archived."""
    if situation == "private":
        made: Item = item(model, author=cast.other_pm, team=cast.other_team, circle="private")
        return made
    archived = timezone.now() if situation == "archived" else None
    team = cast.other_team if situation == "other team" else cast.team
    found: Item = item(model, team=team, archived_at=archived)
    return found


def expected(person: User, model: Kind, name: str, situation: str) -> str:
    """Read from the table alone: 'absent' for what may not be seen, 'forbidden', or 'allowed'."""
    rule = TABLE[verbs_of(model)[name].act]
    manages = {"own team": "pm@example.org", "archived": "pm@example.org"}.get(
        situation, "other_pm@example.org"
    )
    if verbs_of(model)[name].makes:
        leads = person.role == Role.PRODUCT_MANAGER
    elif person.role not in PRODUCT_ROLES or (
        situation == "private" and person.email != "other_pm@example.org"
    ):
        return "absent"
    else:
        leads = person.email == manages
    writes = person.email == ("other_pm@example.org" if situation == "private" else "pm@example.org")
    where: dict[Any, bool] = {own_team: leads, answers_for: leads, own: writes}
    allowed = person.role in rule.roles and where.get(rule.where, True)
    return "allowed" if allowed else "forbidden"


@every_verb
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_table_decides_in_python(model: Kind, name: str, situation: str, cast: Cast, item: Any) -> None:
    made = situated(situation, model, cast, item)
    verb = verbs_of(model)[name]
    for person in cast.everyone:
        assert outcome(verb, model, made, person) == expected(person, model, name, situation), person


def outcome(verb: Any, model: Kind, made: Item, person: User) -> str:
    try:
        target = model if verb.makes else find_item(made.pk, person)
    except NotFound:
        return "absent"
    return "allowed" if verb.allowed(person, target) else "forbidden"


PAGE = {"absent": {404}, "forbidden": {403}, "allowed": {200, 409}}


@every_verb
@pytest.mark.parametrize("situation", ["other team", "private"])
def test_pages_and_rest_say_the_same(model: Kind, name: str, situation: str, cast: Cast, item: Any) -> None:
    made = situated(situation, model, cast, item)
    verb = verbs_of(model)[name]
    slug = model.kind.slug
    page = f"/{slug}/new/{name}/" if verb.makes else f"/{slug}/{made.pk}/{name}/"
    making = f"/api/v1/{slug}" + ("" if name == "create" else f"/{name}")
    route = making if verb.makes else f"/api/v1/{slug}/{made.pk}/{name}"
    for person in cast.everyone:
        right = expected(person, model, name, situation)
        client = Client()
        client.force_login(person)
        assert client.get(page).status_code in PAGE[right], (person, page)
        caches["process"].clear()
        token = Token.create(person, Scope.WRITE, by=None)[1]
        sent = Client().post(
            route,
            b"{ not json",
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        wanted = {"absent": {404}, "forbidden": {403}, "allowed": {400, 409}}[right]
        assert sent.status_code in wanted, (person, route, sent.content)


def required_options(verb: Any, model: Kind) -> list[str]:
    """What the command line asks for before it looks at anybody."""
    found = []
    for name, info in verb.model(model).model_fields.items():
        if info.is_required():
            bare = parts(info.annotation)[0]
            found += [f"--{name.replace('_', '-')}", str(next(iter(choices_of(bare)), "1"))]
    return found


@every_verb
def test_commands_say_the_same(model: Kind, name: str, cast: Cast, item: Any) -> None:
    made = situated("other team", model, cast, item)
    before = made.revision
    verb = verbs_of(model)[name]
    options = required_options(verb, model)
    for person in (cast.guest, cast.admin, cast.maker, cast.pm):
        right = expected(person, model, name, "other team")
        words = [
            model.kind.slug,
            name.replace("_", "-"),
            *([] if verb.makes else [str(made.pk)]),
            *options,
            "--as",
            person.email,
        ]
        result = CliRunner().invoke(cli, words)
        if right != "allowed":
            made.refresh_from_db()
            assert result.exit_code == 1 and made.revision == before, (person, result.output)


def test_what_is_closed_looks_like_what_is_not(cast: Cast, item: Any) -> None:
    """The same answer, to the byte, for a private Item of somebody else and for an id that nobody has."""
    for model in all_kinds():
        private = situated("private", model, cast, item)
        for person in (cast.admin, cast.pm, cast.stakeholder, cast.guest):
            client = Client()
            client.force_login(person)
            token = Token.create(person, Scope.WRITE, by=None)[1]
            headers = {"Authorization": f"Bearer {token}"}
            for tail in ("", "/thread", "/history"):
                caches["process"].clear()
                there, absent = (
                    Client().get(f"/api/v1/{model.kind.slug}/{pk}{tail}", headers=headers)
                    for pk in (private.pk, 987_654)
                )
                assert (there.status_code, there.content) == (
                    absent.status_code,
                    absent.content,
                ) and there.status_code == 404
            pages = [client.get(f"/{model.kind.slug}/{pk}/") for pk in (private.pk, 987_654)]
            assert [page.status_code for page in pages] == [404, 404]
            # Each page masks the same token anew.
            shown = [
                re.sub(r"(csrfmiddlewaretoken\W+value=.)\w+", r"\1", page.content.decode())
                .replace("987654", "#")
                .replace(str(private.pk), "#")
                for page in pages
            ]
            assert shown[0] == shown[1]


def test_every_refusal_is_a_sentence(cast: Cast) -> None:
    sentences = {str(rule.refusal) for rule in TABLE.values()}
    assert len(sentences) == len(TABLE) and all(said.endswith(".") for said in sentences)
    for rule in TABLE.values():
        assert rule.roles <= set(Role)
    with pytest.raises(Forbidden) as caught:
        verbs_of(all_kinds()[-1])["create"].check(cast.guest, all_kinds()[-1])
    assert str(caught.value).endswith(".") and json.dumps(str(caught.value))
