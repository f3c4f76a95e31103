"""A backup is one file: a tar.gz of the database at one instant, the uploads, the sealing key, a manifest.

The manifest stands last, and names every member with its SHA-256 and every table with its number of rows: a
file that ends early has none. On SQLite the database is SQLite's own snapshot; on PostgreSQL each table is a
CSV, all read in one transaction. People go on working meanwhile.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from filrouge.core.errors import Conflict
from filrouge.desk.upkeep import note_backup

from .archive import PRECIOUS, Manifest, Writer
from .tables import postgres_dump, sqlite_counts, sqlite_snapshot


def back_up(file: Path) -> dict[str, Any]:
    """Write the backup; it appears under its name only when it is whole."""
    if file.exists():
        raise Conflict(f"{file} exists already. Choose another name: a backup never replaces another.")
    if not file.parent.is_dir():
        raise Conflict(f"there is no folder {file.parent} to write to.")
    if "django_migrations" not in connection.introspection.table_names():
        raise Conflict("there is no database to back up yet. Make one: filrouge migrate")
    with tempfile.TemporaryDirectory(prefix=".filrouge-backup-", dir=file.parent) as folder:
        stage = Path(folder)
        manifest = Manifest(
            version("filrouge"), connection.vendor, datetime.now(UTC).isoformat(timespec="seconds")
        )
        with Writer(stage / "whole.tar.gz", manifest) as archive:
            _database(stage, archive)
            _files(Path(settings.DATA), archive)
        (stage / "whole.tar.gz").rename(file)
    note_backup()
    return {
        "file": str(file), "bytes": file.stat().st_size, "rows": sum(manifest.rows.values()),
        "files": len(manifest.members), "version": manifest.version, "database": manifest.engine,
    }  # fmt: skip


def _database(stage: Path, archive: Writer) -> None:
    if connection.vendor == "postgresql":
        with postgres_dump(connection, stage) as tables:
            archive.manifest.migrations = _applied()
            for name, path, rows in tables:
                archive.manifest.rows[name] = rows
                archive.add(f"tables/{name}.csv", path)
                path.unlink()
        return
    snapshot = stage / "filrouge.sqlite3"
    sqlite_snapshot(Path(connection.settings_dict["NAME"]), snapshot)
    archive.manifest.rows, archive.manifest.migrations = sqlite_counts(snapshot)
    archive.add("filrouge.sqlite3", snapshot)


def _applied() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def _files(data: Path, archive: Writer) -> None:
    for top in PRECIOUS:
        for path in sorted([data / top, *(data / top).rglob("*")]):
            if path.is_file() and not path.is_symlink():
                archive.add(str(path.relative_to(data)), path)
