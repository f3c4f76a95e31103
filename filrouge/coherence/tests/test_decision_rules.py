"""Each rule over decisions: one of which it finds something, and one of which it does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from filrouge.alignment.decisions.options import Option
from filrouge.alignment.strategy.models import Observation
from filrouge.core.checks import touched
from filrouge.core.kinds import by_label
from filrouge.core.origins import FOLDER, Origin
from filrouge.people.models import Team
from tests.fixtures.cast import Cast

from .making import DECISION, ITEM, KEY_RESULT, OPPORTUNITY, acted, day, finds, link, make, moment, told

pytestmark = pytest.mark.django_db


def test_d_01(cast: Cast) -> None:
    bare, known = make(DECISION, cast), make(DECISION, cast)
    link(make(OPPORTUNITY, cast), known, "decided_in")
    link(make(ITEM, cast), bare, "decided_in")
    former = make(DECISION, cast, status="superseded")
    link(former, bare, "superseded_by")
    link(make(OPPORTUNITY, cast), former, "decided_in")
    assert finds("D-01") == [bare.pk]


def test_d_06(cast: Cast) -> None:
    result, private = make(KEY_RESULT, cast), make(KEY_RESULT, cast, circle="private")
    rests: Any = {"decided_at": moment(-9), "breaks": "below", "threshold": Decimal(40)}
    rests |= {"key_result": result}
    broke, reopened = (make(DECISION, cast, status=status, **rests) for status in ("decided", "open"))
    make(DECISION, cast, status="superseded", **rests)
    make(DECISION, cast, status="decided", **rests | {"key_result": private})
    make(DECISION, cast, status="decided", **rests | {"decided_at": moment(-1)})
    make(DECISION, cast, status="decided", **rests | {"threshold": Decimal(30)})
    for one in (result, private):
        for days, value in ((-20, 10), (-5, 50), (-3, 39)):
            Observation.objects.create(key_result=one, value=value, at=moment(days), noted_at=moment(days))
    assert finds("D-06") == [broke.pk, reopened.pk]
    assert touched([result.pk]) >= {broke.pk, reopened.pk}


def test_d_07(cast: Cast) -> None:
    silent = make(DECISION, cast, status="decided", decided_at=moment(-20))
    said = make(DECISION, cast, status="decided", decided_at=moment(-20))
    make(DECISION, cast, status="decided", decided_at=moment(-2))
    told(said, "company")
    assert finds("D-07") == [silent.pk]


def test_d_08(cast: Cast) -> None:
    dropped, moved, decided, kept, long_ago, edited = (make(ITEM, cast, horizon="next") for _one in range(6))
    acted(edited, "revise", -3, {"title": "Something"}, {"title": "Anything"})
    acted(dropped, "drop", -3)
    acted(make(ITEM, cast, horizon="later"), "drop", -3)
    acted(moved, "schedule", -3, {"horizon": "next"}, {"horizon": "now"})
    acted(decided, "drop", -3)
    link(decided, make(DECISION, cast), "decided_in")
    acted(kept, "schedule", -3, {"horizon": "later"}, {"horizon": "next"})
    acted(long_ago, "drop", -200)
    assert finds("D-08") == [dropped.pk, moved.pk]
    acted(dropped, "follow", -1, after={"no_decision": "Its customer left"})
    assert finds("D-08") == [moved.pk]
    acted(dropped, "schedule", 0, {"horizon": "later"}, {"horizon": "now"})
    assert finds("D-08") == [moved.pk, dropped.pk]
    acted(edited, "revise", 0, {"horizon": "next"}, {"horizon": "now"})
    assert finds("D-08") == [moved.pk, dropped.pk, edited.pk]


def test_d_08_reads_what_is_added_or_started(cast: Cast) -> None:
    added, imported, folded, started = (make(ITEM, cast, horizon="now") for _one in range(4))
    begun, _planned = (make(ITEM, cast, horizon="next") for _one in range(2))
    for item, source in ((imported, "Jira"), (folded, FOLDER), (started, "Jira")):
        Origin.objects.create(item=item, source=source, external_id=str(item.pk))
    acted(begun, "start", 0, {"horizon": "next"}, {"horizon": "now"})
    acted(started, "start", 0, {"status": "planned"}, {"status": "started"})
    assert finds("D-08") == [added.pk, folded.pk, begun.pk]
    repaired = by_label(ITEM).create(by=cast.pm, title="Mend", horizon="now", no_decision="A repair")
    assert repaired.pk not in finds("D-08")


def test_d_11(cast: Cast) -> None:
    old = make(DECISION, cast, created_at=moment(-40))
    make(DECISION, cast, created_at=moment(-10))
    make(DECISION, cast, created_at=moment(-40), status="decided", decided_at=moment(-1))
    assert finds("D-11") == [old.pk]


def test_d_12(cast: Cast) -> None:
    late = make(DECISION, cast, due=day(-1))
    make(DECISION, cast, due=day(0))
    assert finds("D-12") == [late.pk]


def test_d_02(cast: Cast) -> None:
    nobody, driven = make(DECISION, cast), make(DECISION, cast, driver=cast.maker)
    no_manager = make(DECISION, cast, driver=cast.maker, team=Team.objects.create(name="Alone"))
    assert finds("D-02") == [nobody.pk, no_manager.pk]
    assert driven.pk not in finds("D-02")


def test_d_03(cast: Cast) -> None:
    one, two = make(DECISION, cast), make(DECISION, cast)
    for place, decision in enumerate((one, two, two)):
        Option.objects.create(decision=decision, position=place, title=f"Option {place}")
    make(DECISION, cast, status="decided", decided_at=moment(-3))
    assert finds("D-03") == [one.pk]


def test_d_04(cast: Cast) -> None:
    alone, standing, whole = (
        make(DECISION, cast, status="superseded"),
        make(DECISION, cast),
        make(DECISION, cast, status="superseded"),
    )
    later = make(DECISION, cast)
    link(standing, later, "superseded_by")
    link(whole, later, "superseded_by")
    assert finds("D-04") == [alone.pk, standing.pk]


def test_d_05(cast: Cast) -> None:
    past = make(DECISION, cast, status="decided", decided_at=moment(-9), review_on=day(-1))
    make(DECISION, cast, status="decided", decided_at=moment(-9), review_on=day(9))
    assert finds("D-05") == [past.pk]
