"""Each rule over what is told: one wording of which it finds something, and one of which it does not."""

from __future__ import annotations

from datetime import date

import pytest

from filrouge.coherence.shown import span
from filrouge.voices.models import Company
from tests.fixtures.cast import Cast

from .making import ITEM, OPPORTUNITY, acted, day, finds, link, make, moment, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2026-03-05", date(2026, 3, 5)), ("5 March 2026", date(2026, 3, 5)),
        ("March 5, 2026", date(2026, 3, 5)),
        ("1er août 2026", date(2026, 8, 1)), ("mars 2026", date(2026, 3, 31)), ("T3 2026", date(2026, 9, 30)),
        ("Q1 2027", date(2027, 3, 31)), ("H1 2026", date(2026, 6, 30)), ("été 2026", date(2026, 9, 30)),
        ("in 2026", date(2026, 12, 31)), ("January - March 2026", date(2026, 3, 31)),
    ],
)  # fmt: skip
def test_a_date_as_shown_is_read(text: str, last: date) -> None:
    found = span(text)
    assert found and found[1] == last


@pytest.mark.parametrize("text", ["soon", "", "2026-02-31", "H4 2026", "in 99 days"])
def test_what_names_no_day_is_none(text: str) -> None:
    assert span(text) is None


def test_c_01(cast: Cast) -> None:
    early, undated, right, done = (
        make(ITEM, cast, ends=date(2027, 9, 1)),
        make(ITEM, cast),
        make(ITEM, cast, ends=date(2027, 9, 1)),
        make(ITEM, cast, status="shipped"),
    )
    told(early, shown_date="Q2 2027")
    told(undated, shown_date="March 2027")
    told(right, shown_date="Q3 2027")
    told(done, shown_date="March 2027")
    exact = make(ITEM, cast, ends=date(2027, 9, 30), ends_precision="quarter")
    told(exact, shown_date="30 September 2027")
    assert finds("C-01") == [early.pk, undated.pk, exact.pk]


def test_c_02(cast: Cast) -> None:
    Company.objects.create(name="Brookfield")
    naming, clean, inside = make(ITEM, cast), make(ITEM, cast), make(ITEM, cast)
    told(naming, text="Asked for by brookfield, for a year.")
    told(clean, text="In the brookfields of Kent.")
    told(inside, "company", text="Asked for by Brookfield.")
    assert finds("C-02") == [naming.pk]


def test_c_03(cast: Cast) -> None:
    given_up = make(ITEM, cast, status="dropped", changed=moment(-10))
    fresh = make(ITEM, cast, status="dropped", changed=moment(-2))
    going = make(ITEM, cast, changed=moment(-10))
    for item in (given_up, fresh, going):
        told(item)
    assert finds("C-03") == [given_up.pk]


def test_c_04(cast: Cast) -> None:
    silent = make(ITEM, cast, status="shipped", shipped_on=day(-3))
    make(ITEM, cast, status="shipped", shipped_on=day(-3), notes="Cells fold.")
    make(ITEM, cast, status="shipped", shipped_on=day(-300))
    make(ITEM, cast, status="shipped", shipped_on=None)
    said = make(ITEM, cast, status="shipped", shipped_on=day(-3))
    told(said, "company")
    make(ITEM, cast)
    assert finds("C-04") == [silent.pk]


def test_c_05(cast: Cast) -> None:
    outside, late, right = (make(ITEM, cast) for _one in range(3))
    told(outside)
    told(late, days=-5)
    told(late, "company", days=-1)
    told(right, "company", days=-5)
    told(right, days=-1)
    assert finds("C-05") == [outside.pk, late.pk]


def test_c_06(cast: Cast) -> None:
    moved, before = make(ITEM, cast), make(ITEM, cast)
    for item, days in ((moved, -1), (before, -9)):
        told(item, days=-5, shown_date="Q3 2027")
        acted(item, "schedule", days, {"ends": "2027-08-01"}, {"ends": "2027-09-01"})
    assert finds("C-06") == [moved.pk]


def test_c_08(cast: Cast) -> None:
    stale, quiet, fresh = (make(ITEM, cast) for _one in range(3))
    for item, days, times in ((stale, -60, 3), (quiet, -60, 2), (fresh, -10, 3)):
        told(item, days=days)
        for _time in range(times):
            acted(item, "schedule", -1)
    assert finds("C-08") == [stale.pk]


def test_c_09(cast: Cast) -> None:
    bare, meant = make(ITEM, cast), make(ITEM, cast)
    for item in (bare, meant):
        told(item)
    link(make(OPPORTUNITY, cast), meant, "answered_by")
    assert finds("C-09") == [bare.pk]


def test_c_10(cast: Cast) -> None:
    english, both, inside = (make(ITEM, cast) for _one in range(3))
    told(english)
    told(both)
    told(both, language="fr")
    told(inside, "company")
    assert finds("C-10") == [english.pk]


def test_c_11(cast: Cast) -> None:
    naming, clean = make(ITEM, cast), make(ITEM, cast, ends=day(3))
    told(naming, "company", text="Write to jane.doe@example.org for the beta.")
    told(clean, text="Version 4.1.0 shipped in 2026.")
    assert finds("C-11") == [naming.pk]
