"""What a Kind declares holds: its names are columns, its edges lead to Kinds, its lists stay cheap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from filrouge.core import lists
from filrouge.core.circles import Circle
from filrouge.core.kinds import all_kinds, by_label
from filrouge.core.models import Item
from filrouge.core.traces import History
from filrouge.core.verbs import verbs_of
from tests.fixtures.cast import Cast

QUERIES = Path(__file__).with_name("queries.json")
Kind = type[Item]


def columns(model: Kind) -> set[str]:
    return {field.name for field in model._meta.get_fields()}


def test_the_names_a_kind_uses_are_columns(kind: Kind) -> None:
    declared = kind.kind
    shown = [name for names in declared.shows.values() for name in names]
    used = {*declared.columns, *declared.filters, *declared.search, *declared.personal, *shown}
    assert used <= columns(kind)
    assert set(declared.shows) <= {Circle.COMPANY, Circle.WORLD}
    assert not set(declared.personal) & set(shown), "a personal field is open to a wider circle"


def test_every_edge_leads_to_a_kind(kind: Kind) -> None:
    for edge in kind.kind.leads_to:
        target = by_label(edge.to)
        assert issubclass(target, Item) and edge.label and edge.reverse
        assert kind.kind.relation(edge.relation, edge.to) is edge


def test_slugs_and_types_are_told_apart() -> None:
    kinds = all_kinds()
    assert len({model.kind.slug for model in kinds}) == len(kinds) >= 5
    assert all(model._meta.verbose_name and list(model._meta.parents) == [Item] for model in kinds)


def test_facets_and_models_of_verbs_can_be_built(kind: Kind, db: None) -> None:
    assert len(lists.facets_of(kind)) == len(kind.kind.filters)
    for name, verb in verbs_of(kind).items():
        assert verb.label and verb.__doc__, f"{kind.kind.slug}.{name} does not say what it does"
        assert verb.model(kind).model_json_schema()["type"] == "object"


def test_every_page_of_a_kind_answers(kind: Kind, cast: Cast, item: Any) -> None:
    made = item(kind)
    client = Client()
    client.force_login(cast.pm)
    for path in (
        "",
        f"{made.pk}/",
        f"{made.pk}/history/",
        f"{made.pk}/thread/",
        "export/?format=csv",
        "export/?format=json",
    ):
        answer = client.get(f"/{kind.kind.slug}/{path}")
        assert answer.status_code == 200, (path, answer.status_code)


def test_a_history_holds_no_personal_value(kind: Kind, cast: Cast, item: Any) -> None:
    made = item(kind)
    entries = History.objects.filter(item_id=made.pk)
    kept = {name for entry in entries for name in (*entry.before, *entry.after)}
    assert entries and not kept & {*kind.kind.personal, "stems", "forms", "facets", "text"}
    secret = "I lose my place" if kind.kind.personal else "never written"
    assert not any(secret in json.dumps([entry.before, entry.after], default=str) for entry in entries)


def measured(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as context:
        assert client.get(path).status_code == 200
    return len(context)


@pytest.mark.parametrize("many", [3, 30])
def test_a_list_costs_the_queries_that_are_written_down(kind: Kind, many: int, cast: Cast, item: Any) -> None:
    """queries.json is the budget: raise it on purpose, never because a list grew."""
    for _number in range(many):
        item(kind)
    client = Client()
    client.force_login(cast.pm)
    budget = json.loads(QUERIES.read_text())
    assert measured(client, f"/{kind.kind.slug}/") == budget[kind.kind.slug]
    assert set(budget) == {model.kind.slug for model in all_kinds()}


def test_the_address_of_an_item_is_a_page(kind: Kind, cast: Cast, item: Any) -> None:
    made = item(kind)
    assert resolve(made.get_absolute_url()).func is not None
    assert made.get_absolute_url() == f"/{kind.kind.slug}/{made.pk}/"
