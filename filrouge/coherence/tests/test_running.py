"""Findings over time: kept, gone, back again, silenced; after each act and for everything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from filrouge.coherence import reading, running
from filrouge.coherence.jobs import check_what_changed
from filrouge.coherence.models import Found, Touched, Tuning, Waiver
from filrouge.coherence.own import folder, own_rules
from filrouge.coherence.rules import rule_named
from filrouge.core.checks import all_checks
from filrouge.core.errors import BadInput, Forbidden
from filrouge.core.kinds import by_label
from filrouge.core.verbs import verbs_of
from filrouge.jobs.models import Job
from tests.fixtures.cast import Cast

from .making import DECISION, ITEM, OPPORTUNITY, day, link, make

pytestmark = pytest.mark.django_db
TESTS = Path(__file__).parent


def test_every_rule_has_its_test_and_its_words() -> None:
    written = "".join(file.read_text() for file in TESTS.glob("test_*_rules.py"))
    for check in all_checks():
        assert f"def test_{check.id.lower().replace('-', '_')}(" in written, check.id
        assert check.about and str(check.title) and str(check.says) and check.on and check.mend, check.id


def test_every_rule_names_verbs_and_kinds_that_exist() -> None:
    for check in all_checks():
        for way in check.mend:
            assert any(leads_somewhere(way, label) for label in check.on), (check.id, way)
        for label in check.on:
            assert any(leads_somewhere(way, label) for way in check.mend), (check.id, label)


def leads_somewhere(way: str, label: str) -> bool:
    """Whether an act, an edge or a parameter of that name exists."""
    kind, _colon, rest = way.partition(":")
    if kind == "from":
        return by_label(rest).kind.relation("", label) is not None
    if kind == "make":
        made, _colon, parameter = rest.partition(":")
        return parameter in verbs_of(by_label(made))["create"].model(by_label(made)).model_fields
    name, _mark, parameter = way.partition("&")[0].partition("?")
    verb = verbs_of(by_label(label)).get(name)
    return verb is not None and (not parameter or parameter in verb.model(by_label(label)).model_fields)


def test_the_ids_are_those_of_the_reference() -> None:
    most = {"S": 15, "KR": 19, "R": 20, "D": 12, "C": 11}
    for check in all_checks():
        letters, _dash, number = check.id.partition("-")
        assert 1 <= int(number) <= most[letters] and len(number) == 2


def late(cast: Cast) -> Any:
    return make(DECISION, cast, due=day(-1))


def of(item: Any, rule: str = "D-12") -> Any:
    return Found.objects.filter(item_id=item.pk, rule=rule)


def test_a_finding_is_kept_once_and_goes_with_its_reason(cast: Cast) -> None:
    item = late(cast)
    running.check_everything()
    first = of(item).get()
    running.check_everything()
    again = of(item).get()
    assert again.pk == first.pk and again.last_seen > first.first_seen and again.gone_at is None
    item.revise(by=cast.pm, due=day(5))
    running.check_touched([item.pk])
    assert of(item).get().gone_at is not None
    item.revise(by=cast.pm, due=day(-2))
    running.check_touched([item.pk])
    assert of(item).count() == 2 and of(item).filter(gone_at=None).count() == 1


def test_what_it_says_follows_the_item(cast: Cast) -> None:
    item = late(cast)
    running.check_everything()
    item.revise(by=cast.pm, due=day(-9))
    running.check_touched([item.pk])
    assert of(item).get().values == {"due": day(-9).isoformat()}


def test_a_change_touches_what_stands_beside_it(cast: Cast) -> None:
    decision, problem = make(DECISION, cast), make(OPPORTUNITY, cast)
    running.check_everything()
    assert of(decision, "D-01").filter(gone_at=None).exists()
    problem.link(by=cast.pm, to=decision.pk)
    running.check_touched([problem.pk])
    assert not of(decision, "D-01").filter(gone_at=None).exists()


def test_a_private_item_is_not_looked_at(cast: Cast) -> None:
    item = make(DECISION, cast, due=day(-1), circle="private")
    running.check_everything()
    assert not of(item).exists() and not reading.of_item(item, cast.pm)


def test_an_act_is_noted_with_it_and_checked_after_it(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        item = make(DECISION, cast, due=day(-1))
        item.revise(by=cast.pm, context="A or B")
    waiting = Job.objects.filter(task=check_what_changed.module_path)
    assert waiting.count() == 1, "one job is enough for both acts"
    assert check_what_changed.func() == 2
    assert of(item).exists() and not Touched.objects.exists()


def test_a_run_leaves_alone_what_changed_meanwhile(cast: Cast) -> None:
    item = late(cast)
    started, found = running.look_everywhere()
    item.revise(by=cast.pm, due=day(5))
    running.keep_all(started, found)
    assert not of(item).exists()


def test_a_waiver_silences_until_its_day(cast: Cast) -> None:
    item, rule = late(cast), rule_named("D-12")
    running.check_everything()
    waiver = Waiver.give(rule, item, "The board meets in May.", day(3), by=cast.pm)
    rows = Found.objects.open().filter(item_id=item.pk, rule="D-12")
    assert not rows.heard().exists() and rows.silenced().exists()
    assert rows.heard(day(4)).exists(), "it speaks again after its last day"
    assert [one.waiver for one in reading.of_item(item, cast.pm) if one.rule.id == "D-12"] == [waiver]
    waiver.end(rule, by=cast.pm)
    assert rows.heard().exists()


def test_who_may_mend_may_silence(cast: Cast) -> None:
    item, rule = late(cast), rule_named("D-12")
    for person in (cast.other_pm, cast.ops, cast.admin, cast.maker, cast.design):
        with pytest.raises(Forbidden):
            Waiver.give(rule, item, "No.", day(3), by=person)
    waiver = Waiver.give(rule, item, "Yes.", day(3), by=cast.pm)
    with pytest.raises(Forbidden):
        waiver.end(rule, by=cast.maker)


@pytest.mark.parametrize(("reason", "until"), [("", 3), ("Why", -1), ("Why", 500), ("Why", None)])
def test_a_waiver_says_why_and_until_when(cast: Cast, reason: str, until: int | None) -> None:
    with pytest.raises(BadInput):
        Waiver.give(rule_named("D-12"), late(cast), reason, None if until is None else day(until), by=cast.pm)


def test_a_rule_is_switched_off_and_tuned(cast: Cast) -> None:
    item = make(DECISION, cast, created_at=timezone.now() - timedelta(days=20))
    Tuning.set("D-11", True, "error", {"days": 10}, by=cast.ops)
    running.check_everything()
    assert of(item, "D-11").get().severity == "error"
    Tuning.set("D-11", False, "", {"days": 10}, by=cast.ops)
    running.check_everything()
    assert not of(item, "D-11").filter(gone_at=None).exists()


def test_only_who_may_tunes(cast: Cast) -> None:
    for person in (cast.pm, cast.maker, cast.stakeholder):
        with pytest.raises(Forbidden):
            Tuning.set("D-11", True, "", {"days": 10}, by=person)
    with pytest.raises(BadInput):
        Tuning.set("D-11", True, "", {"days": -1}, by=cast.ops)
    with pytest.raises(BadInput):
        Tuning.set("D-11", True, "loud", {}, by=cast.ops)


@pytest.fixture
def own(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    folder().mkdir()
    return folder()


MINE = """
id = "X-01"
title = "In progress without a decision"
severity = "error"
on = "initiatives"
filter = "status=started&horizon=now"
without = "decisions"
says = "It is 100 % in progress, and no decision is linked."
mend = ["link"]
"""


def test_a_rule_of_ones_own_is_a_file(cast: Cast, own: Path) -> None:
    (own / "mine.toml").write_text(MINE)
    found, decided = (make(ITEM, cast, status="started", horizon="now") for _one in range(2))
    make(ITEM, cast)
    link(decided, make(DECISION, cast), "decided_in")
    running.check_everything()
    assert list(Found.objects.filter(rule="X-01").values_list("item_id", flat=True)) == [found.pk]
    said = [one for one in reading.of_item(found, cast.pm) if one.rule.id == "X-01"]
    assert said[0].message == "It is 100 % in progress, and no decision is linked."


@pytest.mark.parametrize(
    "text",
    [
        "id = ", 'id = "R-03"', MINE.replace("X-01", "nothing"), MINE.replace("initiatives", "widgets"),
        MINE.replace("status=started", "colour=red"), MINE.replace('"error"', '"loud"'),
        MINE + 'run = "import os"', MINE.replace('["link"]', '["explode"]'), MINE + "unchanged_days = true",
        MINE + "unchanged_days = 800000", MINE + "unchanged_days = " + "9" * 5000,
        MINE.replace('["link"]', "[[1]]"), MINE + "x = " + "[" * 9000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_rule_says_so(text: str, own: Path, db: None) -> None:
    (own / "wrong.toml").write_text(text)
    assert not own_rules().rules
    ((name, problem),) = own_rules().problems
    assert name == "wrong.toml" and problem


def test_the_folder_is_in_the_data_folder() -> None:
    assert folder() == Path(settings.DATA) / "rules"
