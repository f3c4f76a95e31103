"""Each rule over key results: one of which it finds something, and one of which it does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from filrouge.alignment.strategy.models import Cycle, Observation, Weight
from filrouge.core.models import Item
from tests.fixtures.cast import Cast

from .making import DECISION, acted, day, finds, link, make, moment
from .test_goal_rules import goal, measure

pytestmark = pytest.mark.django_db


def note(one: Any, *values: float, last: int = 0, **fields: Any) -> None:
    """Observations a day apart, the last one so many days from today."""
    for number, value in enumerate(values):
        at = moment(last - len(values) + 1 + number)
        Observation.objects.create(key_result=one, value=Decimal(str(value)), at=at, **fields)
    latest = one.observations.order_by("at", "pk").last()
    type(one).objects.filter(pk=one.pk).update(value=latest.value, said=latest.said, checked_at=latest.at)


def sure(one: Any, *confidences: int, note_: str = "") -> None:
    for number, confidence in enumerate(confidences):
        Observation.objects.create(
            key_result=one, value=1, at=moment(number - 10), confidence=confidence, note=note_
        )


def test_kr_01(cast: Cast) -> None:
    blank, loose = measure(cast, target=None), measure(cast, movement="range", target=None, start=None)
    measure(cast)
    measure(cast, movement="range", low=2, high=4)
    measure(cast, movement="binary", target=None)
    assert finds("KR-01") == [blank.pk, loose.pk]


def test_kr_02(cast: Cast) -> None:
    typed, sourced, few = measure(cast), measure(cast), measure(cast)
    note(typed, 1, 2, 3)
    note(sourced, 1, 2, 3, source="Warehouse, weekly")
    note(few, 1)
    assert finds("KR-02") == [typed.pk]


def test_kr_03(cast: Cast) -> None:
    bare = measure(cast, start=None)
    measure(cast)
    measure(cast, movement="reach", start=None)
    assert finds("KR-03") == [bare.pk]


def test_kr_04(cast: Cast) -> None:
    output = measure(cast, title="Deliver three workshops")
    measure(cast, title="Share of analysts who come back")
    assert finds("KR-04") == [output.pk]


def test_kr_05(cast: Cast) -> None:
    still = measure(cast, start=9, target=9)
    measure(cast)
    assert finds("KR-05") == [still.pk]


def test_kr_06(cast: Cast) -> None:
    silent, old, fresh, new = (measure(cast) for _ in range(4))
    Item.objects.exclude(pk=new.pk).update(created_at=moment(-20))
    note(old, 1, last=-12)
    note(fresh, 1, last=-5)
    assert finds("KR-06") == [silent.pk, old.pk]


def test_kr_07(cast: Cast) -> None:
    stuck, moving, few = measure(cast), measure(cast), measure(cast)
    note(stuck, 1, 3, 3, 3, 3)
    note(moving, 1, 3, 3, 4, 3)
    note(few, 3, 3, 3)
    assert finds("KR-07") == [stuck.pk]
    assert sorted(finds("KR-07", times=3)) == [stuck.pk, few.pk]


def test_kr_08(cast: Cast) -> None:
    rosy = measure(cast, starts=day(-60), ends=day(20))
    honest = measure(cast, starts=day(-60), ends=day(20))
    note(rosy, 1, said="on_track")
    note(honest, 1, said="at_risk")
    assert finds("KR-08") == [rosy.pk]


def test_kr_09(cast: Cast) -> None:
    mute, told, fine = measure(cast), measure(cast), measure(cast)
    note(mute, 1, said="at_risk")
    note(told, 1, said="at_risk", note="Two of us are ill; we ask for help.")
    note(fine, 1, said="on_track")
    assert finds("KR-09") == [mute.pk]


def test_kr_10(cast: Cast) -> None:
    default, moving, few = measure(cast), measure(cast), measure(cast)
    sure(default, 5, 5, 5)
    sure(moving, 5, 6, 5)
    sure(few, 5, 5)
    assert finds("KR-10") == [default.pk]


def test_kr_11(cast: Cast) -> None:
    fell, slowly, said, held = (measure(cast) for _one in range(4))
    sure(fell, 8, 5)
    sure(slowly, 8, 7, 6)
    sure(said, 8, 5, note_="The supplier left.")
    sure(held, 8, 7, 7)
    assert finds("KR-11") == [fell.pk, slowly.pk]


def test_kr_12(cast: Cast) -> None:
    easier, harder, decided, fewer_bugs = (
        measure(cast), measure(cast), measure(cast), measure(cast, movement="decrease", start=50, target=10)
    )  # fmt: skip
    acted(easier, "revise", -1, {"target": "9.00000"}, {"target": "7.00000"})
    acted(harder, "revise", -1, {"target": "9"}, {"target": "12"})
    acted(decided, "revise", -1, {"target": "9"}, {"target": "7"})
    acted(fewer_bugs, "revise", -1, {"target": "10"}, {"target": "20"})
    link(decided, make(DECISION, cast), "decided_in")
    assert finds("KR-12") == [easier.pk, fewer_bugs.pk]


def test_kr_13(cast: Cast) -> None:
    generous, near, explained = (
        measure(cast, status="closed", grade=Decimal("0.9")),
        measure(cast, status="closed", grade=Decimal("0.4")),
        measure(cast, status="closed", grade=Decimal("0.9"), grade_reason="The log missed a week."),
    )
    for one in (generous, near, explained):
        note(one, 3)
    assert finds("KR-13") == [generous.pk]


def test_kr_14(cast: Cast) -> None:
    cycles = [Cycle.objects.create(name=f"C{n}", starts=day(-90 * n), ends=day(89 - 90 * n)) for n in (2, 1)]
    for team, value in ((cast.team, 9), (cast.other_team, 6)):
        for cycle in cycles:
            one = measure(cast, team=team, cycle=cycle, starts=None, ends=None, status="closed")
            note(one, value, last=-95 if cycle is cycles[0] else -5)
    found = finds("KR-14")
    assert len(found) == 1 and found[0] < one.pk
    Cycle.objects.filter(name="C2").update(starts=day(-480), ends=day(-391))
    assert finds("KR-14") == [], "a year lies between"


def test_kr_15(cast: Cast) -> None:
    promised, aimed = goal(cast, ambition="committed"), goal(cast)
    missed, kept, learned = (measure(cast, promised, status="closed") for _one in range(3))
    free = measure(cast, aimed, status="closed")
    for one, value in ((missed, 3), (kept, 9), (learned, 3), (free, 3)):
        note(one, value)
    type(learned).objects.filter(pk=learned.pk).update(reason="We asked too late.")
    assert finds("KR-15") == [missed.pk]


def test_kr_16(cast: Cast) -> None:
    growing, guarded = goal(cast), goal(cast)
    for under in (growing, guarded):
        measure(cast, under)
    measure(cast, guarded, movement="stay_below", start=None, target=2)
    assert finds("KR-16") == [growing.pk]


def test_kr_17(cast: Cast) -> None:
    one = measure(cast, title="Churn from 8 to 5", unit="%")
    other = measure(cast, title="Reduce churn", unit="accounts", team=cast.other_team)
    measure(cast, title="Activation", unit="%")
    measure(cast, title="Activation from 3 to 9", unit="%")
    assert finds("KR-17") == [one.pk, other.pk]


def test_kr_18(cast: Cast) -> None:
    up = measure(cast, title="Increase notifications per week")
    down = measure(
        cast,
        title="Notifications per week, down to 3",
        movement="decrease",
        start=9,
        target=3,
        team=cast.other_team,
    )
    measure(cast, title="Notifications per week", movement="decrease", start=9, target=3, status="closed")
    assert finds("KR-18") == [up.pk, down.pk]


def test_kr_19(cast: Cast) -> None:
    twice, weighed, once = measure(cast), measure(cast), measure(cast)
    for under in (goal(cast), goal(cast)):
        link(twice, under, "contributes")
        Weight.objects.create(link=link(weighed, under, "contributes"), weight=1)
    link(once, under, "contributes")
    assert finds("KR-19") == [twice.pk]
