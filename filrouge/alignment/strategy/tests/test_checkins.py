"""Check-ins: one screen, one line, and nothing that was typed is lost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db.models.signals import post_init

from filrouge.alignment.strategy.answering import own
from filrouge.alignment.strategy.checkins import rows_of
from filrouge.alignment.strategy.models import Cycle, Observation
from filrouge.cli import cli

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(cast, goal, measure):
    objective = goal()
    return [measure(objective, title=name) for name in ("One", "Two", "Three")]


def test_only_what_was_changed_or_ticked_is_noted(cast, client, mine):
    one, two, three = mine
    for item in mine:
        item.check_in(by=cast.pm, value=3)
    client.force_login(cast.pm)
    given = {f"{name}-{item.pk}": "3" for item in mine for name in ("value", "was")}
    sent = given | {f"value-{one.pk}": "5,5", f"same-{two.pk}": "on"}
    assert client.post("/goals/check-ins/", sent).status_code == 302
    assert [item.observations.count() for item in mine] == [2, 2, 1]
    assert str(one.observations.last().value) == "5.50000" and two.observations.last().value == 3
    assert three.observations.get().source == ""


def test_a_long_log_is_not_read_whole(cast, mine):
    """Of the same moment, what was noted later is the latest; what held before is not, whenever noted."""
    one, two, _three = mine
    day = datetime(2026, 1, 5, tzinfo=UTC)
    told = [(one, 1, day), (one, 2, day), (two, 3, day), (one, 9, day - timedelta(days=1))]
    Observation.objects.bulk_create(Observation(key_result=of, value=v, at=at) for of, v, at in told)
    made = []
    post_init.connect(
        lambda instance, **_more: made.append(instance), Observation, weak=False, dispatch_uid="x"
    )
    try:
        rows = rows_of(list(own(cast.pm)))
    finally:
        post_init.disconnect(sender=Observation, dispatch_uid="x")
    assert [row.latest and row.latest.value for row in rows] == [2, 3, None] and len(made) == 2


def test_what_is_refused_comes_back_as_it_was_typed_and_the_rest_is_noted(cast, client, mine):
    one, two, _three = mine
    client.force_login(cast.pm)
    sent = {f"value-{one.pk}": "many", f"note-{one.pk}": "As I said", f"value-{two.pk}": "4"}
    answer = client.post("/goals/check-ins/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="many"' in page and 'value="As I said"' in page
    assert "1 check-in noted" in page and Observation.objects.get().key_result == two


def test_what_was_closed_meanwhile_says_so_on_its_own_row(cast, client, mine, monkeypatch):
    from filrouge.alignment.strategy import checkins

    one, _two, three = mine
    seen = list(own(cast.pm))
    one.close(by=cast.pm)
    drawn = iter([seen, list(own(cast.pm))])
    monkeypatch.setattr(checkins, "own", lambda reader: next(drawn))
    client.force_login(cast.pm)
    sent = {f"value-{item.pk}": "4" for item in (one, three)}
    answer = client.post("/goals/check-ins/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "1 check-in noted" in page
    assert page.index(">One<") < page.index(">Two<") < page.index(">Three<")
    assert Observation.objects.get().key_result == three and "One: " in page


def test_more_than_a_screen_begins_with_what_is_due_and_says_so(cast, client, measure, monkeypatch):
    from filrouge.alignment.strategy import checkins

    monkeypatch.setattr(checkins, "MOST", 2)
    one, two, three = (measure(title=name, cycle=Cycle.now().pk) for name in ("One", "Two", "Three"))
    one.check_in(by=cast.pm, value=3)
    client.force_login(cast.pm)
    page = client.get("/goals/check-ins/").content.decode()
    assert ">Two<" in page and ">Three<" in page and ">One<" not in page
    assert "The first 2 of 3 stand here" in page
    two.check_in(by=cast.pm, value=3)  # from a terminal, while the page was open
    client.post("/goals/check-ins/", {f"value-{item.pk}": "5" for item in (two, three)})
    assert [item.observations.last().value for item in (two, three)] == [5, 5]


def test_a_value_stands_in_its_field_as_its_reader_writes_numbers(cast, client, mine):
    one, two, _three = mine
    one.check_in(by=cast.pm, value="5.5")
    cast.pm.language = "fr"
    cast.pm.save()
    client.force_login(cast.pm)
    assert 'value="5,5"' in client.get("/goals/check-ins/").content.decode()
    sent = {f"value-{one.pk}": "5,5", f"was-{one.pk}": "5,5", f"value-{two.pk}": "2,5", f"was-{two.pk}": ""}
    client.post("/goals/check-ins/", sent)
    assert [item.observations.count() for item in (one, two)] == [1, 1]
    assert str(two.observations.get().value) == "2.50000"


def test_nothing_ticked_notes_nothing(cast, client, mine):
    client.force_login(cast.pm)
    answer = client.post("/goals/check-ins/", {}, follow=True)
    assert b"nothing was noted" in answer.content and not Observation.objects.exists()


def test_ones_own_are_those_one_owns_or_manages_without_an_owner(cast, client, mine):
    one, two, _three = mine
    one.revise(by=cast.pm, owner=cast.maker.pk)
    client.force_login(cast.maker)
    page = client.get("/goals/check-ins/").content.decode()
    assert ">One<" in page and ">Two<" not in page
    sent = {f"value-{one.pk}": "4", f"value-{two.pk}": "9"}
    client.post("/goals/check-ins/", sent)
    assert Observation.objects.get().by == cast.maker
    client.force_login(cast.pm)
    assert ">One<" not in client.get("/goals/check-ins/").content.decode()


def test_one_line_on_the_terminal(cast, mine):
    words = ["check-in", str(mine[0].pk), "4", "--confidence", "6", "--as", cast.pm.email]
    told = CliRunner().invoke(cli, words)
    assert told.exit_code == 0 and "One: 4 (0.4" in told.output, told.output
    told = CliRunner().invoke(cli, [*words[:2], "-2", "--as", cast.pm.email, "--json"])
    assert json.loads(told.output)["raw"] == -0.2
    told = CliRunner().invoke(cli, [*words[:2], "lots", "--as", cast.pm.email])
    assert told.exit_code == 1 and "number" in told.output
    told = CliRunner().invoke(cli, [*words[:3], "--as", cast.maker.email])
    assert told.exit_code == 1 and "owner" in told.output
    assert Observation.objects.count() == 2
