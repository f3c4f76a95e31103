"""Exports, whole numbers and months."""

import csv
import io
from datetime import date

import pytest

from filrouge.lib.months import last_months, months_after
from filrouge.lib.numbers import whole
from filrouge.lib.spreadsheet import safe_cell, write_csv


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


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), (str(2**63 - 1), 2**63 - 1)])
def test_plain_digits_are_a_number(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1_0", "1.0", "²", "١٢", str(2**63), "9" * 10_000])
def test_anything_else_is_none(text: str) -> None:
    assert whole(text) is None


def test_a_number_stays_below_its_bound() -> None:
    assert (whole("9", below=10), whole("10", below=10)) == (9, None)


def test_months_end_with_that_of_the_day() -> None:
    assert last_months(date(2026, 2, 3), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert months_after(date(2026, 1, 1), -13) == date(2024, 12, 1)
