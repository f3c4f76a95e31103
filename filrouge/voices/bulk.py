"""Plain SQL for thousands of rows at once, without an object for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

from django.db import connection

ROWS = 1_000  # a statement: SQLite takes 32,766 values, and knows again a statement of the same length


def insert(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, new_only: bool = False
) -> None:
    """As few statements as there may be: after each, SQLite's full-text index writes itself to disk."""
    known = " ON CONFLICT DO NOTHING" if new_only else ""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS):
            some = rows[start : start + ROWS]
            values = ", ".join([_marks(len(columns))] * len(some))
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}{known}"
            cursor.execute(sql, list(chain.from_iterable(some)))


def select(
    table: str, columns: Sequence[str], key: str, among: Collection[Any], **same: Any
) -> list[tuple[Any, ...]]:
    """The rows whose key is among so many, and whose other columns are the same as given."""
    found: list[tuple[Any, ...]] = []
    wanted = list(among)
    where = "".join(f" AND {column} = %s" for column in same)
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), ROWS):
            some = wanted[start : start + ROWS]
            sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {key} IN {_marks(len(some))}{where}"
            cursor.execute(sql, [*some, *same.values()])
            found += cursor.fetchall()
    return found


def _marks(number: int) -> str:
    return f"({', '.join(['%s'] * number)})"
