"""Dates as files hold them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filrouge.lib.dates import BadDate, Order, guess_order, parse_date

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-22", "2026-11-22T10:00+00:00"),
        ("2026-07-22T09:41:30", "2026-07-22T09:41:30+00:00"),
        ("2026-11-22T09:41:30.123456789Z", "2026-11-22T09:41:30.123456+00:00"),
        ("2026-11-22 09:41:00 UTC", "2026-11-22T09:41+00:00"),
        ("2026-11-22T09:41:00-0800", "2026-11-22T09:41-08:00"),
        ("20261122", "2026-11-22T10:00+00:00"),
        ("2026/11/22 9:41", "2026-11-22T09:41+00:00"),
        ("Sun, 22 Nov 2026 10:00:00 +0100", "2026-11-22T10:00+01:00"),
        ("Sun, 22 Nov 2026 10:00:00 GMT", "2026-11-22T10:00+00:00"),
        ("1700000000", "2023-11-14T22:13:20+00:00"),
        ("1700000000.5", "2023-11-14T22:13:20.500000+00:00"),
        ("1700000000000", "2023-11-14T22:13:20+00:00"),
        ("22/11/2026", "2026-11-22T10:00+00:00"),
        ("22.11.2026 09:41", "2026-11-22T09:41+00:00"),
        ("02/03/2026", "2026-03-02T10:00+00:00"),
        ("11/22/2026", "2026-11-22T10:00+00:00"),
        ("12/Mar/24 9:41 AM", "2024-03-12T09:41+00:00"),
        ("12/Mar/24 12:05 PM", "2024-03-12T12:05+00:00"),
        ("12/mars/24 12:05 AM", "2024-03-12T00:05+00:00"),
        ("22 novembre 2026", "2026-11-22T10:00+00:00"),
        ("dimanche 1er février 2026 à 9h41", "2026-02-01T09:41+00:00"),
        ("3 août 2026 9 h 41", "2026-08-03T09:41+00:00"),
        ("12 sept. 2026", "2026-09-12T10:00+00:00"),
        ("Nov 22, 2026 9:41 p.m.", "2026-11-22T21:41+00:00"),
        ("November 2nd, 2026", "2026-11-02T10:00+00:00"),
    ],
)
def test_a_date_is_read(value: str, expected: str) -> None:
    moment = parse_date(f" {value} ", now=NOW + timedelta(hours=12))
    assert moment.tzinfo is not None
    assert moment == datetime.fromisoformat(expected)


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/Montreal", "Europe/Paris", "Pacific/Auckland"])
@pytest.mark.parametrize("day", ["2026-01-05", "2026-07-05"])
def test_a_day_is_that_day_for_every_reader(zone: str, day: str) -> None:
    assert parse_date(day, now=NOW).astimezone(ZoneInfo(zone)).date().isoformat() == day


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("1601-01-01", "1601-01-01 is before 1970."),
        ("2999-01-01", "2999-01-01 is in the future."),
        ("31/02/2026", "is not a date"),
        ("13/13/2026", "is not a date"),
        ("2 jui 2026", "is not a date"),
        ("yesterday", "is not a date"),
        ("", "is not a date"),
        ("99999999999999999999", "is not a date"),
        ("0000-00-00", "is not a date"),
        ("1", "is not a date"),
        ("0001-01-01T00:00:00+23:00", "before 1970"),
        ("9999-12-31T23:59:59-23:00", "in the future"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(value: str, sentence: str) -> None:
    with pytest.raises(BadDate, match=r".") as refused:
        parse_date(value, now=NOW)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("samples", "order"),
    [
        (["01/02/2026", "13/02/2026"], "dmy"),
        (["01/02/2026", "02/13/2026"], "mdy"),
        (["01/02/2026"], "dmy"),
        (["1/2/2026 9:41 AM"], "mdy"),
        (["2026-01-02", "", "x"], "dmy"),
    ],
)
def test_the_order_is_decided_for_a_file(samples: list[str], order: Order) -> None:
    assert guess_order(samples) == order


def test_the_order_decides_what_is_ambiguous_only() -> None:
    assert parse_date("02/03/2026", "mdy", NOW).month == 2
    assert parse_date("22/03/2026", "mdy", NOW).month == 3
    assert parse_date("02.03.2026", "mdy", NOW).month == 3


@given(st.text(max_size=40))
def test_junk_is_refused_and_nothing_else(value: str) -> None:
    try:
        assert parse_date(value).year >= 1970
    except BadDate as refused:
        assert str(refused)
