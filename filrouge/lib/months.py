"""Months, each by its first day."""

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
    steps = (last.year - first.year) * 12 + last.month - first.month
    return last_months(last, steps + 1)
