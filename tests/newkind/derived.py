"""Run by tests/contract/test_newkind.py in a process of its own: the new type is everywhere by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from filrouge.cli import cli
from filrouge.evidence.insights.models import Insight
from filrouge.people.tokens import Token
from tests.fixtures.cast import Cast
from tests.newkind.models import Ritual


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.pm)
    return client


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    made: Ritual = Ritual.create(by=cast.pm, title="Weekly listening", minutes=45, since="2026-01-05")
    return made


def test_list_detail_history_thread_export(client: Client, cast: Cast, ritual: Ritual) -> None:
    insight = Insight.create(by=cast.pm, title="Listening helps", from_items=[{"item": ritual.pk}])
    listed = client.get("/rituals/?status=kept").content.decode()
    assert "Weekly listening" in listed and "45" in listed and "Create" in listed
    assert "Weekly listening" in client.get(f"/rituals/{ritual.pk}/").content.decode()
    assert "Listening helps" in client.get(f"/rituals/{ritual.pk}/thread/").content.decode()
    assert "Weekly listening" in client.get(f"/insights/{insight.pk}/thread/").content.decode()
    assert "minutes" in client.get(f"/rituals/{ritual.pk}/history/").content.decode()
    assert client.get("/rituals/export/?format=json").json()[0]["minutes"] == 45


def test_dialog_and_palette(client: Client, ritual: Ritual) -> None:
    assert 'name="reason"' in client.get(f"/rituals/{ritual.pk}/stop/").content.decode()
    assert client.post(f"/rituals/{ritual.pk}/stop/", {"reason": "Nobody came"}).status_code == 302
    ritual.refresh_from_db()
    assert ritual.status == "stopped"
    offered = [one["url"] for one in client.get("/palette/?q=ritual").json()["items"]]
    assert "/rituals/new/create/" in offered
    assert client.get("/palette/?q=weekl").json()["items"][0]["url"] == f"/rituals/{ritual.pk}/"


def test_rest(cast: Cast, ritual: Ritual) -> None:
    headers = {"Authorization": f"Bearer {Token.create(cast.pm, 'write', by=None)[1]}"}
    client = Client(headers=headers)
    made = client.post(
        "/api/v1/rituals", json.dumps({"title": "Retro", "minutes": 60}), content_type="application/json"
    )
    assert (made.status_code, made.json()["minutes"]) == (201, 60)
    assert client.get("/api/v1/rituals?status=kept").json()["count"] == 2
    stopped = client.post(
        f"/api/v1/rituals/{ritual.pk}/stop", json.dumps({"reason": "x"}), content_type="application/json"
    )
    assert stopped.json()["status"] == "stopped"
    for tail in ("thread", "history"):
        assert client.get(f"/api/v1/rituals/{ritual.pk}/{tail}").status_code == 200
    paths: Any = client.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/rituals/{id}/stop" in paths


def test_commands(cast: Cast, ritual: Ritual) -> None:
    runner = CliRunner()
    stopped = runner.invoke(
        cli, ["rituals", "stop", str(ritual.pk), "--reason", "x", "--as", "pm@example.org", "--json"]
    )
    assert json.loads(stopped.output)["status"] == "stopped"
    assert "Weekly listening" in runner.invoke(cli, ["rituals", "list", "--as", "pm@example.org"]).output
    assert "Weekly listening" in runner.invoke(cli, ["export", "rituals", "--as", "pm@example.org"]).output
