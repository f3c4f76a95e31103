"""Each rule over goals: one of which it finds something, and one of which it does not."""

from __future__ import annotations

from typing import Any

import pytest

from filrouge.alignment.strategy.models import Cycle, GoalType, Observation
from filrouge.people.models import User
from tests.fixtures.cast import Cast

from .making import GOAL, ITEM, KEY_RESULT, day, finds, link, make, moment

pytestmark = pytest.mark.django_db


def goal(cast: Cast, **fields: Any) -> Any:
    """A goal that runs since two weeks."""
    given = {
        "starts": day(-14),
        "ends": day(60),
        "owner": cast.pm,
        "description": "Because.",
        "title": "Calm",
    }
    return make(GOAL, cast, **given | fields)


def measure(cast: Cast, under: Any = None, **fields: Any) -> Any:
    given = {
        "starts": day(-14),
        "ends": day(60),
        "owner": cast.pm,
        "movement": "increase",
        "start": 0,
        "target": 9,
    }
    made = make(KEY_RESULT, cast, **given | fields)
    if under is not None:
        link(made, under, "contributes")
    return made


def pillar() -> GoalType:
    return GoalType.objects.get_or_create(base="pillar", defaults={"name": "Pillar"})[0]


def test_s_01(cast: Cast) -> None:
    bare, served = goal(cast, goal_type=pillar()), goal(cast, goal_type=pillar())
    link(goal(cast), served, "contributes")
    link(goal(cast, status="closed"), bare, "contributes")
    assert finds("S-01") == [bare.pk]


def test_s_02(cast: Cast) -> None:
    top, alone, aligned = goal(cast, team=cast.group), goal(cast), goal(cast)
    link(aligned, top, "contributes")
    assert finds("S-02") == [alone.pk]


def test_s_03(cast: Cast) -> None:
    nobody, left, owned = goal(cast, owner=None), goal(cast, owner=cast.maker), goal(cast)
    User.objects.filter(pk=cast.maker.pk).update(is_active=False)
    assert finds("S-03") == [nobody.pk, left.pk]
    assert owned.pk not in finds("S-03")


def test_s_04(cast: Cast) -> None:
    bare, measured = goal(cast), goal(cast)
    measure(cast, measured)
    goal(cast, starts=day(5))
    assert finds("S-04") == [bare.pk]


def test_s_05(cast: Cast) -> None:
    cycle = Cycle.objects.create(name="One", starts=day(-10), ends=day(80))
    few = [goal(cast, cycle=cycle, starts=None, ends=None) for _one in range(3)]
    crowded, calm = few[0], few[1]
    for _number in range(6):
        measure(cast, crowded)
    measure(cast, calm)
    assert finds("S-05") == [crowded.pk]
    assert sorted(finds("S-05", most=2)) == sorted([crowded.pk, few[2].pk])


def test_s_06(cast: Cast) -> None:
    idle, worked, by_measure = goal(cast), goal(cast), goal(cast)
    link(make(ITEM, cast), worked, "contributes")
    link(make(ITEM, cast), measure(cast, by_measure), "contributes")
    assert finds("S-06") == [idle.pk]


def test_s_07(cast: Cast) -> None:
    still, started, fresh = goal(cast), goal(cast), goal(cast, starts=day(-3))
    measure(cast, still)
    measure(cast, fresh)
    Observation.objects.create(key_result=measure(cast, started), value=1, at=moment(-1))
    assert finds("S-07") == [still.pk]


def test_s_08(cast: Cast) -> None:
    over = goal(cast, ends=day(-1))
    goal(cast, ends=day(-1), status="closed")
    late = measure(cast, ends=day(-1))
    measure(cast)
    assert finds("S-08") == [over.pk, late.pk]


@pytest.mark.parametrize("rule", ["S-02", "S-04", "S-06", "S-13"])
def test_of_what_is_over_only_that_is_said(rule: str, cast: Cast) -> None:
    given = {"title": "Launch it", "description": ""}
    goal(cast, starts=day(-90), ends=day(-1), **given)
    going = goal(cast, starts=day(-90), ends=day(0), **given)
    assert finds(rule) == [going.pk]


def test_s_09(cast: Cast) -> None:
    above = goal(cast, starts=day(-10), ends=day(30))
    longer, within = goal(cast, starts=day(-10), ends=day(31)), goal(cast, starts=day(-9), ends=day(30))
    for one in (longer, within):
        link(one, above, "contributes")
    assert finds("S-09") == [longer.pk]


def test_s_10(cast: Cast) -> None:
    first, second, apart = goal(cast), goal(cast), goal(cast)
    link(first, second, "contributes")
    link(second, first, "supports")
    link(apart, first, "contributes")
    assert finds("S-10") == [first.pk, second.pk]


def test_s_11(cast: Cast) -> None:
    objective = GoalType.objects.get_or_create(base="objective", defaults={"name": "Objective"})[0]
    bottom = GoalType.objects.create(name="Bottom", base="objective", measured=False)
    wrong, right = goal(cast, goal_type=objective), goal(cast, goal_type=bottom)
    bottom.under.add(objective)
    link(wrong, goal(cast, goal_type=bottom), "contributes")
    link(right, goal(cast, goal_type=objective), "contributes")
    unmeasured = measure(cast, right)
    assert finds("S-11") == [wrong.pk, unmeasured.pk]


def test_s_12(cast: Cast) -> None:
    now = Cycle.objects.create(name="Now", starts=day(-1), ends=day(2))
    empty, aiming = goal(cast, team=cast.other_team), goal(cast, cycle=now)
    for above in (empty, aiming):
        link(goal(cast, team=cast.group, cycle=now), above, "contributes")
    assert finds("S-12") == [empty.pk]


def test_s_13(cast: Cast) -> None:
    solution, nobody = goal(cast, title="Launch the new editor"), goal(cast, description="")
    french = goal(cast, title="Développer un éditeur")
    goal(cast, title="build-std is what everybody links against")
    goal(cast, title="Analysts find their place again")
    assert finds("S-13") == [solution.pk, nobody.pk, french.pk]


def test_s_14(cast: Cast) -> None:
    outputs, mixed = goal(cast), goal(cast)
    for under in (outputs, mixed):
        measure(cast, under, movement="binary")
        measure(cast, under, title="Migrate all teams")
    measure(cast, mixed, title="NPS")
    assert finds("S-14") == [outputs.pk]


def test_s_15(cast: Cast) -> None:
    cycles = [
        Cycle.objects.create(name=f"C{n}", starts=day(-90 * n), ends=day(89 - 90 * n)) for n in (2, 1, 0)
    ]
    usual = [measure(cast, title="Uptime", target=99, cycle=cycle) for cycle in cycles]
    for cycle in cycles:
        measure(cast, title="Adoption", target=cycle.pk, cycle=cycle)
    assert finds("S-15") == [one.pk for one in usual]
    assert finds("S-15", times=4) == []


def test_s_15_asks_for_cycles_that_follow_one_another(cast: Cast) -> None:
    spans = {"Before": (-370, -281), "Year": (-280, 89), "Last": (-90, -1), "Now": (0, 89)}
    for name, (first, last) in spans.items():
        cycle = Cycle.objects.create(name=name, starts=day(first), ends=day(last))
        measure(cast, title="Uptime", target=99, cycle=cycle)
    assert finds("S-15") == [], "a gap, and a year that its quarters are part of"
    Cycle.objects.filter(name="Before").update(starts=day(-180), ends=day(-95))
    assert len(finds("S-15")) == 3
