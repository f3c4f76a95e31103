"""Full-text search that finds the same rows on SQLite (FTS5) and PostgreSQL (tsvector).

A searchable table has three text columns made in Python (lib.search_text): `stems`, `forms` (unstemmed words,
for prefixes) and `facets` (tokens that filter: source, language, segment). Its index follows by trigger or by
generated column, so that no writer can forget it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import QuerySet

from filrouge.lib.search_text import Query

SEARCHED = ("stems", "forms", "facets")
"""The columns that only search reads: long, and needless wherever rows are shown."""
SQLITE = """
CREATE VIRTUAL TABLE {t}_fts USING fts5(
  stems, forms, facets, content='{t}', content_rowid='id', tokenize='unicode61');
CREATE TRIGGER {t}_fts_ai AFTER INSERT ON {t} BEGIN
  INSERT INTO {t}_fts(rowid, stems, forms, facets) VALUES (new.id, new.stems, new.forms, new.facets);
END;
CREATE TRIGGER {t}_fts_ad AFTER DELETE ON {t} BEGIN
  INSERT INTO {t}_fts({t}_fts, rowid, stems, forms, facets)
  VALUES ('delete', old.id, old.stems, old.forms, old.facets);
END;
CREATE TRIGGER {t}_fts_au AFTER UPDATE OF stems, forms, facets ON {t} BEGIN
  INSERT INTO {t}_fts({t}_fts, rowid, stems, forms, facets)
  VALUES ('delete', old.id, old.stems, old.forms, old.facets);
  INSERT INTO {t}_fts(rowid, stems, forms, facets) VALUES (new.id, new.stems, new.forms, new.facets);
END;
"""
POSTGRES = """
ALTER TABLE {t} ADD COLUMN search tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', stems), 'A') || setweight(to_tsvector('simple', facets), 'B')
  || setweight(to_tsvector('simple', forms), 'C')) STORED;
CREATE INDEX {t}_search ON {t} USING gin (search);
"""
UNDO_SQLITE = "DROP TRIGGER {t}_fts_ai; DROP TRIGGER {t}_fts_ad; DROP TRIGGER {t}_fts_au; DROP TABLE {t}_fts;"
UNDO_POSTGRES = "DROP INDEX {t}_search; ALTER TABLE {t} DROP COLUMN search;"


def _run(editor: BaseDatabaseSchemaEditor, table: str, sqlite: str, postgres: str) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(postgres.format(t=table))
        return
    for statement in _statements(sqlite.format(t=table)):
        editor.execute(statement)


def _statements(script: str) -> list[str]:
    """One statement each: a trigger's body holds semicolons of its own and ends with END."""
    found, current = [], ""
    for part in script.split(";"):
        current += part + ";"
        inside = "CREATE TRIGGER" in current and not part.strip().endswith("END")
        if not inside and current.strip(" \n;"):
            found.append(current.strip())
            current = ""
    return found


def search_index(table: str) -> migrations.RunPython:
    """The migration operation that gives a table its index."""

    def forward(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, table, SQLITE, POSTGRES)

    def backward(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, table, UNDO_SQLITE, UNDO_POSTGRES)

    return migrations.RunPython(forward, backward, elidable=False)


def condition(table: str, query: Query, facets: Sequence[Sequence[str]] = ()) -> tuple[str, str]:
    """SQL and its one parameter: the rows of a table that match."""
    if connection.vendor == "postgresql":
        return f"{table}.search @@ to_tsquery('simple', %s)", query.tsquery(facets=facets)
    return f"{table}.id IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH %s)", query.fts5(
        facets=facets
    )


def matching(rows: QuerySet[Any], table: str, query: Query) -> QuerySet[Any]:
    """The rows of a queryset on `table` (it may be joined) that match; the order stays the queryset's own."""
    sql, parameter = condition(table, query)
    return rows.extra(where=[sql], params=[parameter])
