"""A vanished owner: what was theirs stays, is told of, and falls to the product manager."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.answering import own
from filrouge.alignment.strategy.jobs import due_of
from filrouge.alignment.strategy.models import KeyResult
from filrouge.coherence.tests.making import finds
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db


def leaves(person: object, cast: Cast) -> None:
    person.set_active(False, by=cast.admin)  # type: ignore[attr-defined]


def measure(cast: Cast) -> KeyResult:
    made: KeyResult = KeyResult.create(
        by=cast.pm, title="Returns", start=0, target=9, owner=cast.maker.pk,
        starts=timezone.localdate() - timedelta(days=20), ends=timezone.localdate() + timedelta(days=20),
    )  # fmt: skip
    return made


def test_their_key_results_are_asked_of_the_product_manager(cast: Cast, client: Client) -> None:
    item = measure(cast)
    assert not own(cast.pm).exists() and list(own(cast.maker)) == [item]
    leaves(cast.maker, cast)
    assert list(own(cast.pm)) == [item] == due_of(cast.pm, timezone.now())
    assert not own(cast.other_pm).exists()
    client.force_login(cast.pm)
    assert "Returns" in client.get("/goals/check-ins/").content.decode()
    item.check_in(by=cast.pm, value=4)
    item.refresh_from_db()
    assert (item.value, item.owner_id) == (4, cast.maker.pk)


def test_a_form_keeps_who_left_until_somebody_else_is_chosen(cast: Cast, client: Client) -> None:
    item = Initiative.create(by=cast.pm, title="Files", owner=cast.maker.pk)
    leaves(cast.maker, cast)
    client.force_login(cast.pm)
    page = client.get(f"/initiatives/{item.pk}/revise/").content.decode()
    assert re.search(rf'<option value="{cast.maker.pk}" selected>\s*Maker, who has left', page)
    sent = {"title": "Files, anew", "owner": cast.maker.pk, "horizon": "later", "revision": 1}
    sent |= {"starts_precision": "day", "ends_precision": "day"}
    assert client.post(f"/initiatives/{item.pk}/revise/", sent).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.owner_id) == ("Files, anew", cast.maker.pk)
    item.schedule(by=cast.pm, horizon="now")
    item.revise(by=cast.pm, owner=cast.design.pk)
    assert "who has left" not in client.get(f"/initiatives/{item.pk}/revise/").content.decode()


def test_the_findings_tell_of_it(cast: Cast) -> None:
    item = Initiative.create(by=cast.pm, title="Files", outcome="Found again", owner=cast.maker.pk)
    decision = Decision.create(by=cast.pm, title="Files?", driver=cast.maker.pk)
    key_result = measure(cast)
    assert finds("R-05") == finds("D-02") == [] == finds("S-03")
    leaves(cast.maker, cast)
    assert (finds("R-05"), finds("D-02"), finds("S-03")) == ([item.pk], [decision.pk], [key_result.pk])


def test_every_page_of_what_was_theirs_still_answers(cast: Cast, client: Client) -> None:
    item = Initiative.create(by=cast.pm, title="Files", owner=cast.pm.pk)
    decision = Decision.create(by=cast.pm, title="Files?", driver=cast.pm.pk, approver=cast.pm.pk)
    key_result = measure(cast)
    for person in (cast.pm, cast.maker):
        leaves(person, cast)
    client.force_login(cast.ops)
    for path in (
        f"/initiatives/{item.pk}/", f"/decisions/{decision.pk}/", f"/key-results/{key_result.pk}/",
        "/roadmap/", "/decisions/", "/goals/", "/goals/list/", "/goals/meeting/",
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path
