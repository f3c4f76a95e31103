"""Each rule over the roadmap: one Item of which it finds something, and one of which it does not."""

from __future__ import annotations

from typing import Any

import pytest

from filrouge.alignment.exchange.models import Pointer
from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.core.origins import Origin
from tests.fixtures.cast import Cast

from .making import (
    DECISION,
    GOAL,
    ITEM,
    OPPORTUNITY,
    acted,
    behind,
    day,
    finds,
    link,
    make,
    moment,
    ways_to_mend,
)

pytestmark = pytest.mark.django_db


def test_r_03(cast: Cast) -> None:
    alone = make(ITEM, cast)
    heard = make(ITEM, cast)
    behind(heard, cast)
    make(ITEM, cast, status="shipped")
    assert finds("R-03") == [alone.pk]


def test_r_04(cast: Cast) -> None:
    thin, old, good = make(ITEM, cast), make(ITEM, cast), make(ITEM, cast)
    behind(thin, cast, people=1)
    behind(old, cast, people=3, days=-500)
    behind(good, cast, people=2)
    assert finds("R-04") == [thin.pk, old.pk]
    assert finds("R-04", people=1) == [old.pk]


def test_r_05(cast: Cast) -> None:
    silent, unowned = make(ITEM, cast, owner=cast.pm), make(ITEM, cast, outcome="Calm.")
    make(ITEM, cast, outcome="Analysts find their cell again.", owner=cast.pm)
    assert finds("R-05") == [silent.pk, unowned.pk]


def test_r_10(cast: Cast) -> None:
    item, decision = make(ITEM, cast), make(DECISION, cast)
    kept = make(ITEM, cast)
    link(item, decision, "decided_in")
    link(kept, make(DECISION, cast), "decided_in")
    assert finds("R-10") == []
    decision.archive(by=cast.pm)
    assert finds("R-10") == [item.pk]


def test_r_10_reads_what_a_source_refers_to(cast: Cast) -> None:
    lost, settled = (make(ITEM, cast, title=title) for title in ("Lost", "Settled"))
    for number, item in enumerate((lost, settled)):
        origin = Origin.objects.create(source="Ink", external_id=str(number), item_id=item.pk)
        Pointer.objects.create(origin=origin, relation="see_also", name="keps/sig-ink/0006-sand.md")
    Pointer.objects.filter(origin__item=settled.pk).update(target=lost.pk)
    assert finds("R-10") == [lost.pk]
    lost.let_references_go(by=cast.pm)
    assert finds("R-10") == []


def test_r_11(cast: Cast) -> None:
    late = make(ITEM, cast, ends=day(-1))
    make(ITEM, cast, ends=day(0))
    make(ITEM, cast, ends=day(-1), status="shipped")
    assert finds("R-11") == [late.pk]


def test_r_14(cast: Cast) -> None:
    still = make(ITEM, cast, horizon="now", changed=moment(-40))
    make(ITEM, cast, horizon="now", changed=moment(-20))
    make(ITEM, cast, horizon="later", changed=moment(-40))
    assert finds("R-14") == [still.pk]
    assert len(finds("R-14", days=10)) == 2


def slipped(item: Any, times: int, days: int) -> None:
    for number in range(times):
        before, after = (day(100 + step * days).isoformat() for step in (number, number + 1))
        acted(item, "schedule", before={"ends": before}, after={"ends": after})


def test_r_14_counts_what_was_shipped_lately(cast: Cast) -> None:
    for number in (-10, -60, -400):
        make(ITEM, cast, status="shipped", shipped_on=day(number), horizon="now")
    *_several, newest = (make(ITEM, cast, horizon="now") for _one in range(3))
    for _number in range(4):  # a team of which nobody knows what it shipped
        make(ITEM, cast, horizon="now", team=cast.other_team)
    assert finds("R-14") == [newest.pk]
    assert finds("R-14", months=15) == []


def test_r_15(cast: Cast) -> None:
    often, far, once, decided = (
        make(ITEM, cast, starts=day(0), ends=day(100)),
        make(ITEM, cast, starts=day(0), ends=day(100)),
        make(ITEM, cast, starts=day(0), ends=day(100)),
        make(ITEM, cast, starts=day(0), ends=day(100)),
    )
    slipped(often, 3, 1)
    slipped(far, 1, 60)
    slipped(once, 1, 20)
    slipped(decided, 3, 1)
    link(decided, make(DECISION, cast), "decided_in")
    acted(once, "schedule", before={"ends": day(150).isoformat()}, after={"ends": day(20).isoformat()})
    assert finds("R-15") == [often.pk, far.pk]


def test_r_16(cast: Cast) -> None:
    late = make(ITEM, cast, starts=day(-3))
    make(ITEM, cast, starts=day(-3), status="started")
    make(ITEM, cast, starts=day(3))
    assert finds("R-16") == [late.pk]


def test_r_17(cast: Cast) -> None:
    exact = make(ITEM, cast, horizon="later", ends=day(300))
    make(ITEM, cast, horizon="later", ends=day(300), ends_precision="quarter")
    make(ITEM, cast, horizon="now", ends=day(20))
    make(ITEM, cast, horizon="later")
    assert finds("R-17") == [exact.pk]


def test_r_18(cast: Cast) -> None:
    shared, own, led = (make(OPPORTUNITY, cast) for _one in range(3))
    for problem in (shared, led):
        link(problem, make(ITEM, cast), "answered_by")
        link(problem, make(ITEM, cast, team=cast.other_team), "answered_by")
    link(own, make(ITEM, cast), "answered_by")
    link(led, make(DECISION, cast), "decided_in")
    assert finds("R-18") == [shared.pk]


def test_r_01(cast: Cast) -> None:
    lost, aimed = make(ITEM, cast, horizon="next"), make(ITEM, cast, horizon="now")
    make(ITEM, cast, horizon="later")
    link(aimed, make(GOAL, cast), "contributes")
    assert finds("R-01") == [lost.pk]


def test_r_02(cast: Cast) -> None:
    late, right = make(ITEM, cast), make(ITEM, cast)
    link(late, make(GOAL, cast, status="closed"), "contributes")
    link(right, make(GOAL, cast), "contributes")
    assert finds("R-02") == [late.pk]


def test_r_12(cast: Cast) -> None:
    after, within = make(ITEM, cast, ends=day(40)), make(ITEM, cast, ends=day(20))
    goal = make(GOAL, cast, starts=day(0), ends=day(30))
    for item in (after, within):
        link(item, goal, "contributes")
    assert finds("R-12") == [after.pk]


def test_r_13(cast: Cast) -> None:
    late = make(ITEM, cast, ends=day(40), hard_due=day(30))
    make(ITEM, cast, ends=day(30), hard_due=day(30))
    assert finds("R-13") == [late.pk]


def needs(item: Any, other: Any, kind: str = "FS", state: str = "accepted") -> Dependency:
    return Dependency.objects.create(item=item, needs=other, kind=kind, state=state)


def test_r_06(cast: Cast) -> None:
    base = make(ITEM, cast, starts=day(10), ends=day(20))
    early, fits = (
        make(ITEM, cast, starts=day(15), ends=day(30)),
        make(ITEM, cast, starts=day(21), ends=day(30)),
    )
    with_it, ends_first = (
        make(ITEM, cast, starts=day(5), ends=day(30)),
        make(ITEM, cast, starts=day(5), ends=day(15)),
    )
    needs(early, base)
    needs(fits, base)
    needs(with_it, base, "SS")
    needs(ends_first, base, "FF")
    assert finds("R-06") == [early.pk, with_it.pk, ends_first.pk]


def test_r_07(cast: Cast) -> None:
    first, second, third, apart = (make(ITEM, cast) for _one in range(4))
    for item, other in ((first, second), (second, third), (third, first), (apart, first)):
        needs(item, other)
    assert finds("R-07") == [first.pk, second.pk, third.pk]


def test_r_08(cast: Cast) -> None:
    far, gone, near = (
        make(ITEM, cast, horizon="later"),
        make(ITEM, cast, status="dropped"),
        make(ITEM, cast, horizon="next"),
    )
    one, two, three = (make(ITEM, cast, horizon="now") for _one in range(3))
    needs(one, far)
    needs(two, gone)
    needs(three, near)
    assert finds("R-08") == [one.pk, two.pk]


def test_r_09(cast: Cast) -> None:
    asked, agreed, own = (make(ITEM, cast, team=cast.other_team) for _one in range(3))
    mine = make(ITEM, cast)
    needs(mine, asked, state="asked")
    needs(mine, agreed)
    needs(make(ITEM, cast, team=cast.other_team), own, state="asked")
    assert finds("R-09") == [asked.pk]


def test_r_09_offers_no_second_refusal(cast: Cast) -> None:
    asked = make(ITEM, cast, team=cast.other_team)
    row = needs(make(ITEM, cast), asked, state="asked")
    for state, offered in (("asked", ["accept", "decline"]), ("declined", ["accept"])):
        Dependency.objects.filter(pk=row.pk).update(state=state)
        ways = ways_to_mend("R-09", asked, cast.other_pm)
        assert [way.url.split("/")[3].split("_")[0] for way in ways] == offered
