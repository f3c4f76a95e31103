"""The database as files: SQLite's own snapshot, PostgreSQL's tables as CSV."""

from __future__ import annotations

import csv
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

# Made again by itself; nothing in it is anybody's.
FORGOTTEN = {"cache"}
Dump = Iterator[tuple[str, Path, int]]


def sqlite_snapshot(source: Path, target: Path) -> None:
    """One instant of the database, in one step: writers wait for nothing and change nothing in it."""
    with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(target)) as copy:
        try:
            live.backup(copy)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from None
        copy.execute("PRAGMA journal_mode=DELETE")


def sqlite_counts(file: Path) -> tuple[dict[str, int], list[list[str]]]:
    """Rows of every table of the file, and the migrations it knows."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        # The parts of a full-text index are SQLite's own; "shadow" tables are counted with what they index.
        listed = copy.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'").fetchall()
        names = [name for name, kind in listed if kind == "table" and not name.startswith("sqlite_")]
        rows = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(names)}
        applied = copy.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return rows, [list(pair) for pair in applied]


def sqlite_faults(file: Path) -> str:
    """What SQLite itself finds wrong with a file; empty if nothing."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            orphan = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    if said != "ok":
        return str(said)
    return f"a row of {orphan[0]} points to a row of {orphan[2]} that does not exist" if orphan else ""


def sqlite_forget(file: Path) -> None:
    """Empty what a restore never brings back: whoever wrote a row of the cache has it unpickled here."""
    with closing(sqlite3.connect(file)) as copy:
        held = {name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for name in FORGOTTEN & held:
            copy.execute(f"DELETE FROM {quote(name)}")
        copy.commit()


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def postgres_dump(connection: BaseDatabaseWrapper, folder: Path) -> Iterator[Dump]:
    """(table, CSV file, rows) of every table, all as of one instant."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield ((table, *_copy_out(cursor, table, folder)) for table in postgres_tables(cursor))


def postgres_tables(cursor: CursorWrapper, schema: str = "current_schema()") -> list[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE c.relkind = 'r' AND n.nspname = {schema} ORDER BY 1"
    )
    return [name for (name,) in cursor.fetchall() if name not in FORGOTTEN]


def columns(cursor: CursorWrapper, table: str) -> str:
    """The columns that hold something of their own; generated ones are computed again."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return ", ".join(quote(name) for (name,) in cursor.fetchall())


def _copy_out(cursor: CursorWrapper, table: str, folder: Path) -> tuple[Path, int]:
    path = folder / f"{table}.csv"
    sql = f"COPY (SELECT {columns(cursor, table)} FROM {quote(table)}) TO STDOUT (FORMAT csv, HEADER true)"
    raw: Any = cursor.cursor
    with path.open("wb") as out, raw.copy(sql) as copy:
        for chunk in copy:
            out.write(chunk)
    return path, max(raw.rowcount, 0)


def postgres_load(cursor: CursorWrapper, folder: Path) -> None:
    """Fill empty tables from their CSV files; the columns are those that each file names."""
    tables = sorted(path for path in folder.glob("*.csv") if path.stem not in FORGOTTEN)
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute("TRUNCATE " + ", ".join(quote(path.stem) for path in tables))
    for path in tables:
        _copy_in(cursor, path)


def _copy_in(cursor: CursorWrapper, path: Path) -> None:
    with path.open("rb") as source:
        names = next(csv.reader([source.readline().decode()]))
        places = f"{quote(path.stem)} ({', '.join(map(quote, names))})"
        raw: Any = cursor.cursor
        with raw.copy(f"COPY {places} FROM STDIN (FORMAT csv)") as copy:
            while chunk := source.read(1 << 20):
                copy.write(chunk)


def postgres_counts(cursor: CursorWrapper, tables: list[str]) -> dict[str, int]:
    found = {}
    for table in tables:
        cursor.execute(f"SELECT count(*) FROM {quote(table)}")
        found[table] = cursor.fetchone()[0]
    return found


def set_counters(cursor: CursorWrapper) -> None:
    """New rows get numbers after those that were loaded."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND is_identity = 'YES'"
    )
    for table, column in cursor.fetchall():
        place, name = quote(table), quote(column)
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, %s), GREATEST((SELECT max({name}) FROM {place}), 1), "
            f"EXISTS (SELECT 1 FROM {place}))",
            [place, column],
        )
