"""Exports, shares, medians and trends."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filrouge.lib.numbers import median, wilson
from filrouge.lib.spreadsheet import safe_cell, write_csv
from filrouge.lib.trend import monthly, points


@pytest.mark.parametrize("value", ["=1+1", "+33 6", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_formula_is_neutralised(value: str) -> None:
    assert safe_cell(value) == f"'{value}"


@pytest.mark.parametrize(("value", "cell"), [("a=1", "a=1"), (-5, "-5"), (2.5, "2.5"), (None, ""), ("", "")])
def test_what_is_no_formula_stays(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_a_table_is_written_block_by_block() -> None:
    blocks = list(write_csv(([n, "é;\n" * 20] for n in range(5_000)), ["n", "=text"], bom=True))
    assert len(blocks) > 2
    written = list(csv.reader(io.StringIO(b"".join(blocks).decode("utf-8-sig"), newline="")))
    assert (len(written), written[0], written[-1]) == (5_001, ["n", "'=text"], ["4999", "é;\n" * 20])
    assert b"".join(write_csv([], ["a"])) == b"a\r\n"


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 0, 0, 1),
        (0, 10, 0, 0.2775),
        (10, 10, 0.7225, 1),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_of_a_share(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(k: int, more: int) -> None:
    low, high = wilson(k, k + more)
    assert 0 <= low <= (k / (k + more) if k + more else 0.5) <= high <= 1


def test_more_than_all_is_no_share() -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(3, 2)


def test_median() -> None:
    assert median([3, 1, 2]) == 2
    assert median([1, 2]) == 1.5
    assert median([]) is None


def test_silent_months_count() -> None:
    counts = {date(2025, 12, 31): 2, date(2026, 2, 1): 1, date(2026, 2, 28): 4, date(2024, 1, 1): 9}
    assert monthly(counts, date(2026, 2, 3), months=3) == [
        (date(2025, 12, 1), 2),
        (date(2026, 1, 1), 0),
        (date(2026, 2, 1), 5),
    ]


@pytest.mark.parametrize(
    ("values", "line"),
    [([], ""), ([0, 2, 1], "0,10 50,0 100,5"), ([0, 0], "0,10 100,10"), ([3], "0,0 100,0")],
)
def test_points_of_a_sparkline(values: list[float], line: str) -> None:
    assert points(values, 100, 10) == line
