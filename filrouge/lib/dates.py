"""Dates as people and programs write them, in English and French."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from filrouge.lib.reason import N_, Reason
from filrouge.lib.search_text import fold

Order = Literal["dmy", "mdy"]

NO_DATE = N_("“%(value)s” is not a date that Filrouge reads; write it as 2026-11-22.")
NOTHING_LIKE = N_("This is not a date that Filrouge reads; write it as 2026-11-22.")
TOO_OLD = N_("%(value)s is before 1970.")
FUTURE = N_("%(value)s is in the future.")

_NUMERIC = re.compile(r"[\dTZ\s/.,:+-]{1,40}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SAME_DAY = time(10, tzinfo=UTC)  # from Honolulu to Auckland it is that day then
_MONTHS = (
    ("january", "janvier"), ("february", "fevrier"), ("march", "mars"), ("april", "avril"), ("may", "mai"),
    ("june", "juin"), ("july", "juillet"), ("august", "aout"), ("september", "septembre"),
    ("october", "octobre"), ("november", "novembre"), ("december", "decembre"),
)  # fmt: skip
_TIME = (
    r"(?:(?:[\s,t]|at\b|a\b)*(?P<hour>\d{1,2})\s?[:h]\s?(?P<minute>\d{2})?(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?:z|utc|gmt|(?P<offset>[+-]\d{2}:?\d{2}))?(?:\s*\([a-z]+\))?)?$"
)
_NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second_>\d{1,2})[/.-](?P<year>\d{4}|\d{2})" + _TIME
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})" + _TIME)
_PERIODS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>[12]\d{3})",
        r"(?P<year>[12]\d{3})[ _/-]?(?P<sort>[qtsh])(?P<number>\d)",
        r"(?P<sort>[qtsh])(?P<number>\d)[ _/-]?(?P<year>[12]\d{3})",
        r"(?P<year>[12]\d{3})[-/](?P<month>\d{1,2})",
        r"(?P<month>\d{1,2})/(?P<year>[12]\d{3})",
        r"(?P<month>[a-z]{3,9})\.? (?P<year>[12]\d{3})",
    )
)
_WEEKDAY = r"(?:[a-z]{2,9}\.?,?\s+)?"
_DAY_MONTH = re.compile(
    _WEEKDAY
    + r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[\s/.-]+(?P<month>[a-z]{3,9})\.?,?[\s/.-]+(?P<year>\d{4}|\d{2})"
    + _TIME
)
_MONTH_DAY = re.compile(
    _WEEKDAY + r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})" + _TIME
)


class BadDate(ValueError):
    """Not a date, or not one at which anybody can have spoken."""

    def __init__(self, message: str, value: str) -> None:
        self.reason = Reason(message, {"value": value[:60]} if "%(value)s" in message else {})
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.reason)


def parse_date(value: str, order: Order = "dmy", now: datetime | None = None) -> datetime:
    """The moment meant, the same for whoever imports: in UTC where the value names no zone.

    Refused before 1970 or a day after now.
    """
    try:
        moment = _read(value.strip(), order)
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None:
        # Reasons are kept in clear: what may be somebody's name or address is not repeated in one.
        raise BadDate(NO_DATE if _NUMERIC.fullmatch(value) else NOTHING_LIKE, value)
    if moment < _EPOCH:
        raise BadDate(TOO_OLD, value)
    if moment > (now or datetime.now(UTC)) + timedelta(days=1):
        raise BadDate(FUTURE, value)
    return moment


def parse_period(value: str) -> tuple[date, str] | None:
    """The first day of a month, quarter, half-year or year that is meant, and which of them; else None."""
    text = " ".join(fold(value).split())
    for pattern in _PERIODS:
        if found := pattern.fullmatch(text):
            return _period(found.groupdict())
    return None


def _period(found: dict[str, str]) -> tuple[date, str] | None:
    year, number = int(found["year"]), int(found.get("number") or 1)
    sort = found.get("sort", "")
    length, name = {"": (12, "year"), "q": (3, "quarter"), "t": (3, "quarter")}.get(sort, (6, "half"))
    if month := found.get("month"):
        length, name = 1, "month"
        try:
            number = int(month) if month.isdigit() else _month(month)
        except ValueError:
            return None
    if not 1 <= number <= 12 // length:
        return None
    return date(year, (number - 1) * length + 1, 1), name


def on(day: date) -> datetime:
    """The moment that stands for a day of which no hour is known."""
    return datetime.combine(day, _SAME_DAY)


def guess_order(samples: Iterable[str]) -> Order:
    """Whether a file writes the day or the month first, from the dates that leave no doubt."""
    found = [match for sample in samples if (match := _NUMBERS.match(fold(sample.strip())))]
    day_first = sum(int(match["first"]) > 12 for match in found)
    month_first = sum(int(match["second_"]) > 12 for match in found)
    if day_first == month_first:  # no date tells: only those who write the month first write AM and PM
        return "mdy" if any(match["half"] and match["mark"] == "/" for match in found) else "dmy"
    return "mdy" if month_first > day_first else "dmy"


def _read(value: str, order: Order) -> datetime | None:
    if value.isascii() and value.replace(".", "", 1).isdigit() and len(value) > 8:
        return _unix(value)
    try:
        return on(date.fromisoformat(value))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return _written(fold(value), order)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unix(value: str) -> datetime | None:
    """Seconds, milli- or microseconds since 1970, told apart by their digits."""
    digits = len(value.partition(".")[0])
    scale = {13: 1_000, 16: 1_000_000}.get(digits, 1 if 9 <= digits <= 10 else 0)
    return _EPOCH + timedelta(seconds=float(value) / scale) if scale else None


def _written(value: str, order: Order) -> datetime | None:
    if found := _NUMBERS.match(value):
        day, month = int(found["first"]), int(found["second_"])
        if month > 12 or (order == "mdy" and day <= 12 and found["mark"] != "."):
            day, month = month, day
        return _moment(found, day, month)
    if found := _YEAR_FIRST.match(value):
        return _moment(found, int(found["day"]), int(found["month"]))
    if found := _DAY_MONTH.match(value) or _MONTH_DAY.match(value):
        return _moment(found, int(found["day"]), _month(found["month"]))
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2}.*?) ?(?:utc|gmt|z)", value):
        return datetime.fromisoformat(found[1].upper()).replace(tzinfo=UTC)
    return None


def _moment(found: re.Match[str], day: int, month: int) -> datetime:
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    if not found["hour"]:
        return on(date(year, month, day))
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    return datetime(
        year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0), tzinfo=_zone(found)
    )


def zone(name: str) -> tzinfo:
    """The time zone of that name; UTC where this machine knows none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _zone(found: re.Match[str]) -> tzinfo:
    if not found["offset"]:
        return UTC
    sign = -1 if found["offset"][0] == "-" else 1
    return timezone(sign * timedelta(hours=int(found["offset"][1:3]), minutes=int(found["offset"][-2:])))


def _month(name: str) -> int:
    """By its name or the start of it, as long as only one month begins so."""
    found = {n for n, names in enumerate(_MONTHS, 1) if any(full.startswith(name) for full in names)}
    if len(found) != 1:
        raise ValueError(name)
    return found.pop()
