"""Bad input at every door: a page, REST and the command line say the same sentence, in one's language."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Goal, KeyResult
from filrouge.cli import cli
from filrouge.core.traces import History
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db

EARLY = {"starts": date(2027, 1, 1), "ends": date(2027, 3, 31)}
LATE = {"starts": "2027-04-01", "ends": "2027-06-30"}


@dataclass
class Act:
    """What somebody sends: to `slug/pk/verb`, or to make one; `said` is what each language answers."""

    slug: str
    verb: str
    sent: dict[str, Any]
    said: dict[str, str]
    pk: int | None = None
    status: int = 422
    typed: str = ""


def goal(cast: Cast, title: str, **fields: Any) -> Goal:
    made: Goal = Goal.create(by=cast.pm, title=title, **fields)
    return made


def measure(cast: Cast, **fields: Any) -> KeyResult:
    made: KeyResult = KeyResult.create(by=cast.pm, **{"title": "Returns", "start": 0, "target": 9} | fields)
    return made


def item(cast: Cast, title: str, **fields: Any) -> Initiative:
    made: Initiative = Initiative.create(by=cast.pm, title=title, **fields)
    return made


def leaves(person: Any, cast: Cast) -> None:
    person.set_active(False, by=cast.admin)


def goals_in_a_circle(cast: Cast) -> Act:
    top, low = goal(cast, "Top"), goal(cast, "Low")
    low.link(by=cast.pm, to=top.pk)
    said = {"en": "“Low” serves “Top” already", "fr": "« Low » sert déjà « Top »"}
    return Act("objectives", "link", {"to": low.pk}, said, top.pk)


def items_in_a_circle(cast: Cast) -> Act:
    one, other = item(cast, "One"), item(cast, "Other")
    one.depend(by=cast.pm, needs=other.pk)
    said = {
        "en": "“Other” → “One” → “Other”. None of them could begin. Take one of",
        "fr": "Cela ferait une boucle : “Other” → “One” → “Other”. Aucune ne pourrait commencer. Retirez",
    }
    return Act("initiatives", "depend", {"needs": one.pk, "note": "Typed"}, said, other.pk, typed="Typed")


def a_child_made_outside_its_parent(cast: Cast) -> Act:
    parent = goal(cast, "Parent", **EARLY)
    sent = {"title": "Typed", "objective": parent.pk, "start": 0, "target": 9, **LATE}
    said = {"en": "is not within the dates of “Parent”", "fr": "sort des dates de « Parent »"}
    return Act("key-results", "create", sent, said, typed="Typed")


def a_child_moved_outside_its_parent(cast: Cast) -> Act:
    child = measure(cast, objective=goal(cast, "Parent", **EARLY).pk, **EARLY)
    said = {"en": "is not within the dates of “Parent”", "fr": "sort des dates de « Parent »"}
    return Act("key-results", "revise", {"title": "Typed", **LATE}, said, child.pk, typed="Typed")


def a_phase_outside_its_item(cast: Cast) -> Act:
    one = item(cast, "One", **EARLY)
    said = {
        "en": "outside the item's own dates",
        "fr": "La phase sort des dates de l’initiative. Planifiez d’abord",
    }
    return Act("initiatives", "plan_phase", {"stage": "build", **LATE}, said, one.pk)


def a_target_where_it_starts(cast: Cast) -> Act:
    sent = {"title": "Typed", "type": "increase", "start": 5, "target": 5}
    said = {
        "en": "It starts at its target, 5",
        "fr": "Le départ est déjà la cible, 5 : rien ne bougerait. Changez",
    }
    return Act("key-results", "create", sent, said, typed="Typed")


def weights_that_sum_to_zero(cast: Cast) -> Act:
    parent, child = goal(cast, "Parent"), goal(cast, "Child")
    said = {
        "en": "The weights into “Parent” would add up to zero. Give one of them a weight",
        "fr": "La somme des poids vers « Parent » serait nulle. Donnez un poids",
    }
    return Act("objectives", "link", {"to": parent.pk, "weight": 0, "note": "Typed"}, said, child.pk)


def a_scorecard_that_weighs_nothing(cast: Cast) -> Act:
    one = item(cast, "One")
    said = {"en": "give at least one of them", "fr": "La somme des poids est nulle : donnez-en au moins un."}
    return Act("initiatives", "fill_scorecard", {"lines": "Typed: 4 x 0"}, said, one.pk, typed="Typed")


def a_status_that_is_none(cast: Cast) -> Act:
    sent = {"value": 3, "status": "splendid", "note": "Typed"}
    said = {"en": "on_track", "fr": "on_track"}
    return Act("key-results", "check_in", sent, said, measure(cast).pk, typed="Typed")


def an_owner_who_left(cast: Cast) -> Act:
    one = goal(cast, "One", owner=cast.maker.pk)
    leaves(cast.maker, cast)
    said = {
        "en": "The owner is not in the product teams any more. Choose another one.",
        "fr": "n’est plus dans les équipes produit. Choisissez quelqu’un d’autre.",
    }
    sent = {"title": "Typed", "owner": cast.maker.pk}
    return Act("objectives", "revise", sent, said, one.pk, typed="Typed")


def an_item_for_somebody_who_left(cast: Cast) -> Act:
    leaves(cast.maker, cast)
    said = {
        "en": "The owner is not in the product teams any more. Choose another one.",
        "fr": "n’est plus dans les équipes produit. Choisissez quelqu’un d’autre.",
    }
    return Act("initiatives", "create", {"title": "Typed", "owner": cast.maker.pk}, said, typed="Typed")


def somebody_was_faster(cast: Cast) -> Act:
    one = item(cast, "One")
    one.revise(by=cast.pm, title="Faster")
    said = {
        "en": "Somebody changed this in the meantime. Look at what they changed",
        "fr": "Quelqu’un l’a modifié entre-temps. Voyez ce qui a changé",
    }
    sent = {"title": "Typed", "revision": 1}
    return Act("initiatives", "revise", sent, said, one.pk, 409, typed="Typed")


CASES = [
    goals_in_a_circle, items_in_a_circle, a_child_made_outside_its_parent, a_child_moved_outside_its_parent,
    a_phase_outside_its_item, a_target_where_it_starts, weights_that_sum_to_zero,
    a_scorecard_that_weighs_nothing, a_status_that_is_none, an_owner_who_left,
    an_item_for_somebody_who_left, somebody_was_faster,
]  # fmt: skip


def heard(text: str) -> str:
    """As it is read: entities and French spaces made plain."""
    return html.unescape(text).replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture(params=CASES, ids=lambda case: case.__name__)
def act(request: Any, cast: Cast) -> Act:
    made: Act = request.param(cast)
    return made


@pytest.fixture(params=["en", "fr"])
def language(request: Any, cast: Cast) -> str:
    cast.pm.language = request.param
    cast.pm.save()
    return str(request.param)


@pytest.fixture
def kept(db: None) -> Callable[[], Any]:
    """What is written down: nothing of it changes when something is refused."""
    return lambda: list(History.objects.order_by("pk").values_list("pk", "item_id", "verb"))


def test_rest(act: Act, language: str, cast: Cast, caller: Any, kept: Any) -> None:
    before = kept()
    path = act.slug if act.verb == "create" else f"{act.slug}/{act.pk}/{act.verb.replace('_', '-')}"
    sent = json.loads(json.dumps(act.sent, default=str))
    answer = caller(cast.pm).post(path, sent)
    assert answer.status_code == act.status
    assert act.said[language] in heard(answer.json()["error"]) and answer.json()["field"]
    assert kept() == before


def test_page(act: Act, language: str, cast: Cast, client: Client, kept: Any) -> None:
    before = kept()
    client.force_login(cast.pm)
    path = f"/{act.slug}/{act.pk or 'new'}/{act.verb}/"
    answer = client.post(path, act.sent)
    page = heard(answer.content.decode())
    assert answer.status_code == act.status and act.said[language] in page
    assert act.typed in page
    assert kept() == before


def test_command(act: Act, language: str, cast: Cast, kept: Any) -> None:
    before = kept()
    options = [
        word for name, value in act.sent.items() for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    words = [act.slug, act.verb.replace("_", "-"), *([str(act.pk)] if act.pk else []), *options]
    done = CliRunner().invoke(cli, [*words, "--as", cast.pm.email])
    assert done.exit_code != 0 and act.said[language] in heard(done.output)
    assert kept() == before
