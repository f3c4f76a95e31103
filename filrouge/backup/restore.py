"""Putting a backup back: checked before, beside what stands there, then exchanged in one step.

The data is unpacked and brought to this version in a place of its own, by a process that works with the
backup's own key. Only when the counts are right does it take the place of what was there; until then
nothing has changed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

from filrouge.core.errors import BadInput, Conflict
from filrouge.jobs.models import state

from .archive import KEY, MANIFEST, PRECIOUS, Damaged, Manifest, unpack
from .erased import FILE as ERASED
from .erased import note_erased
from .tables import (
    postgres_counts,
    postgres_load,
    postgres_tables,
    quote,
    set_counters,
    sqlite_counts,
    sqlite_faults,
    sqlite_forget,
)

SCHEMA = "filrouge_restore"
Through = tuple[str, dict[str, int]]  # where what was there is kept, and what was erased again


def restore(file: Path, *, replace: bool) -> dict[str, Any]:
    """Replace the installation by what the file holds; refuses rather than guesses."""
    data = Path(settings.DATA)
    holds = _installation(data)
    if holds and not replace:
        raise Conflict(f"{holds}. To put the backup in its place, say so: filrouge restore {file} --yes")
    with tempfile.TemporaryDirectory(prefix=".filrouge-restore-", dir=data.parent) as folder:
        stage = Path(folder) / "data"
        stage.mkdir(mode=0o700)
        manifest = unpack(file, stage)
        _check_origin(manifest)
        _check_members(manifest)
        unknown = note_erased(stage)
        through = _through_schema if connection.vendor == "postgresql" else _through_file
        before, again = through(stage, data, manifest, keep=bool(holds))
    return {
        "rows": sum(manifest.rows.values()), "files": len(manifest.members), "version": manifest.version,
        "made_at": manifest.made_at, "before": before, "erased_again": again, "erased_unknown": unknown,
    }  # fmt: skip


def _installation(data: Path) -> str:
    """What would be replaced, in words; empty if nothing."""
    try:
        tables = connection.introspection.table_names() if _has_database() else []
        if "jobs_worker" in tables and state()["worker"] == "ok":
            raise Conflict("Filrouge is running here. Stop it first; after a crash, wait half a minute.")
    except DatabaseError:
        if connection.vendor == "postgresql":
            raise
        return f"the database in use ({_place()}) cannot be read"
    if tables:
        return f"the database in use ({_place()}) is not empty"
    held = [name for name in ("uploads", "mail") if any((data / name).rglob("*"))]
    return f"{data / held[0]} is not empty" if held else ""


def _has_database() -> bool:
    return connection.vendor == "postgresql" or Path(connection.settings_dict["NAME"]).exists()


def _place() -> str:
    own = connection.settings_dict
    return str(own["NAME"]) if connection.vendor == "sqlite" else f"PostgreSQL, {own['NAME']}"


def _check_origin(manifest: Manifest) -> None:
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise BadInput(
            f"this backup was made by Filrouge {manifest.version}, which is newer than this one "
            f"({version('filrouge')}): it knows {unknown[0]}. Install that version, then restore."
        )
    if manifest.engine != connection.vendor:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise BadInput(
            f"this backup was made on {names.get(manifest.engine, manifest.engine)} and this installation "
            f"runs on {names[connection.vendor]}. Restore it there (see DATABASE_URL)."
        )


def _check_members(manifest: Manifest) -> None:
    """Nothing lands in the data folder that we did not take from one: no page of ours, no list of erased."""
    held = {"filrouge.sqlite3", "tables", *PRECIOUS}
    strange = [name for name in manifest.members if name.partition("/")[0] not in held]
    if strange or KEY not in manifest.members:
        why = f"it holds {strange[0]!r}, which no backup holds" if strange else f"it holds no {KEY}"
        raise Damaged(f"this is not a backup: {why}. Nothing was changed.")


def _child(stage: Path, *words: str, **env: str) -> str:
    """Runs a command on the staged data, with its key: ours are loaded for the rest of this process."""
    own = {"FILROUGE_DATA": str(stage), "DJANGO_SETTINGS_MODULE": "filrouge.settings", **env}
    command = [sys.executable, "-m", "filrouge.cli", *words]
    done = subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True)
    if done.returncode:
        why = done.stderr.strip()[-2000:]
        raise Damaged(f"the backup could not be brought to this version; nothing was changed.\n{why}")
    return done.stdout


def _bring_up(stage: Path, url: str) -> dict[str, int]:
    """To this version, and without those who were erased since; how much of them there was."""
    _child(stage, "migrate", DATABASE_URL=url)
    if not (stage / ERASED).exists():
        return {"people": 0, "words": 0}
    said = _child(stage, "erase", "again", str(stage / ERASED), "--json", DATABASE_URL=url)
    (stage / ERASED).unlink()
    counts: dict[str, int] = json.loads(said.splitlines()[-1])
    return counts


def _same(expected: dict[str, int], found: dict[str, int]) -> None:
    for table in sorted({*expected, *found}):
        wanted, got = expected.get(table, 0), found.get(table, 0)
        if wanted != got:
            raise Damaged(f"{table} has {got} rows where the backup counted {wanted}. Nothing was changed.")


def _through_file(stage: Path, data: Path, manifest: Manifest, *, keep: bool) -> Through:
    database = stage / "filrouge.sqlite3"
    fault = sqlite_faults(database) if database.exists() else "it is missing"
    if fault:
        raise Damaged(f"the backup's database is not whole: {fault}. Nothing was changed.")
    _same(manifest.rows, sqlite_counts(database)[0])
    sqlite_forget(database)
    again = _bring_up(stage, "")
    (stage / MANIFEST).unlink()
    connection.close()
    return _exchange_folders(data, stage, _name_for_what_was(), keep=keep), again


def _through_schema(stage: Path, data: Path, manifest: Manifest, *, keep: bool) -> Through:
    """Build the tables in a schema of their own, fill them, then exchange them with the present ones."""
    url, before = _url_in_schema(), _name_for_what_was()
    with _schema():
        _child(stage, "migrate", "--like", str(stage / MANIFEST), DATABASE_URL=url)
        _fill(stage / "tables", manifest)
        again = _bring_up(stage, url)
        (stage / MANIFEST).unlink()
        shutil.rmtree(stage / "tables")
        # The folders change hands last before the commit: if they cannot, the tables stay too.
        with transaction.atomic():
            _exchange_tables(before, keep=keep)
            folder = _exchange_folders(data, stage, before, keep=keep)
    return f"{folder} and the schema {before}" if keep else "", again


@contextmanager
def _schema() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def _name_for_what_was() -> str:
    return f"before_{datetime.now(UTC):%Y%m%d_%H%M%S}"


def _url_in_schema() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    query = {**dict(parse_qsl(parts.query)), "options": f"-c search_path={SCHEMA}"}
    return parts._replace(query=urlencode(query)).geturl()


def _fill(folder: Path, manifest: Manifest) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path TO {SCHEMA}")
        postgres_load(cursor, folder)
        set_counters(cursor)
        _same(manifest.rows, postgres_counts(cursor, postgres_tables(cursor)))


def _exchange_tables(before: str, *, keep: bool) -> None:
    """In one transaction: whoever reads sees the former tables or the restored ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        home = cursor.fetchone()[0]
        if keep:
            cursor.execute(f"CREATE SCHEMA {quote(before)}")
            _move(cursor, home, before)
        _move(cursor, SCHEMA, home)


def _move(cursor: CursorWrapper, origin: str, target: str) -> None:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [origin])
    for (table,) in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {quote(origin)}.{quote(table)} SET SCHEMA {quote(target)}")


def _exchange_folders(data: Path, stage: Path, before: str, *, keep: bool) -> str:
    """The staged folder takes the data folder's name; what stood there keeps its content under another."""
    former = data.with_name(f"{data.name}.{before}")
    try:
        data.rename(former)
    except OSError as error:
        raise Conflict(
            f"{data} cannot be renamed ({error.strerror}): it may be a mount point. "
            f"Restore into a folder below it: FILROUGE_DATA={data}/restored"
        ) from error
    stage.rename(data)
    if not keep:
        shutil.rmtree(former)
    return str(former) if keep else ""
