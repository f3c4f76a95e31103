"""Two people edit one item: the second is told, keeps what they typed, and sees what the first put there."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Goal, KeyResult
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
KINDS = [Goal, KeyResult, Initiative, Decision]


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.kind.slug)
@pytest.mark.parametrize(
    ("language", "said", "hint"),
    [
        ("en", "Somebody changed this in the meantime", "Changed meanwhile to: Of the first"),
        ("fr", "Quelqu’un l’a modifié entre-temps", "Devenu entre-temps : Of the first"),
    ],
)
def test_the_second_overwrites_nothing(
    model: Any, language: str, said: str, hint: str, cast: Cast, client: Client
) -> None:
    cast.pm.language = language
    cast.pm.save()
    client.force_login(cast.pm)
    item = model.create(by=cast.pm, title="Before")
    path = f"/{model.kind.slug}/{item.pk}/revise/"
    item.revise(by=cast.pm, title="Of the first")
    held = model.objects.get(pk=item.pk).snapshot()
    answer = client.post(path, {"title": "Of the second", "revision": 1})
    page = html.unescape(answer.content.decode()).replace("\xa0", " ")
    assert answer.status_code == 409 and said in page and hint in page
    assert 'value="Of the second"' in page and 'name="revision" value="2"' in page
    assert model.objects.get(pk=item.pk).snapshot() == held


def test_only_what_was_changed_meanwhile_is_told(cast: Cast, client: Client) -> None:
    client.force_login(cast.pm)
    item = Initiative.create(by=cast.pm, title="Before", outcome="Calm")
    item.revise(by=cast.pm, outcome="")
    sent = {"title": "Mine", "outcome": "Calm", "horizon": "later", "revision": 1}
    page = client.post(f"/initiatives/{item.pk}/revise/", sent).content.decode()
    assert page.count("Emptied meanwhile.") == 1 and "Changed meanwhile" not in page
    sent["revision"] = 2
    assert client.post(f"/initiatives/{item.pk}/revise/", sent).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.outcome) == ("Mine", "Calm")
