"""Months, each by its first day."""

from calendar import monthrange
from datetime import date


def month_of(day: date) -> date:
    return day.replace(day=1)


def months_after(month: date, steps: int) -> date:
    """The month that many months later; earlier for a negative number."""
    index = month.year * 12 + month.month - 1 + steps
    return date(index // 12, index % 12 + 1, 1)


def last_months(until: date, months: int) -> list[date]:
    """The months up to that of `until`, oldest first."""
    return [months_after(until, step) for step in range(1 - months, 1)]


def months_between(first: date, last: date) -> list[date]:
    """The months of two days and all between them."""
    return last_months(last, months_apart(first, last) + 1)


def months_apart(first: date, last: date) -> int:
    """How many months the month of one day is after that of another; below zero if before."""
    return (last.year - first.year) * 12 + last.month - first.month


def along(start: date, months: int, day: date) -> float | None:
    """Where a day stands in so many months from one on, from 0 to 1; None outside of them."""
    place = months_apart(start, day) + (day.day - 1) / monthrange(day.year, day.month)[1]
    return place / months if 0 <= place < months else None


def month_named(text: str) -> date | None:
    """The month of an address that names one, as 2026-11 or one of its days."""
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return None
