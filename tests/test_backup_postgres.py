"""A backup of PostgreSQL under writes, and its restore."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.fixtures.shell import Shell
from tests.postgres import NoPostgres, server
from tests.test_backup import ADD, contents, erased_since, found, miscounted, older, writing


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    try:
        with server() as url:
            yield url
    except NoPostgres as missing:
        pytest.skip(str(missing))


def _on_postgres(shell: Shell, url: str) -> Shell:
    return Shell(shell.data, {"DATABASE_URL": url})


def _rows(url: str, sql: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


def test_postgresql_comes_back_as_of_one_instant(shell: Shell, postgres: str, tmp_path: Path) -> None:
    here = _on_postgres(shell, postgres)
    here.run("migrate")
    here.run("user", "create", "--email", "ana@example.org", "--role", "admin", "--team", 'Growth, "É"\\N')
    with (
        psycopg.connect(postgres, autocommit=True) as live,
        writing(lambda name: live.execute(ADD, [name])) as written,
    ):
        made = here.json("backup", str(tmp_path / "pg.tar.gz"))
    kept = _rows(postgres, "SELECT id, name FROM people_team WHERE name NOT LIKE 'team %'")
    back = here.json("restore", str(tmp_path / "pg.tar.gz"), "--yes")
    assert back["rows"] == made["rows"]
    names = [
        name
        for (name,) in _rows(postgres, "SELECT name FROM people_team WHERE name LIKE 'team %' ORDER BY id")
    ]
    assert names == written[: len(names)]
    assert _rows(postgres, "SELECT id, name FROM people_team WHERE name NOT LIKE 'team %'") == kept
    # The counters go on after the last restored row.
    here.run("user", "create", "--email", "late@example.org", "--role", "guest", "--team", "Late")
    assert here.json("ledger-check")["ok"]


def test_postgresql_keeps_what_it_has_when_the_backup_is_bad(
    shell: Shell, postgres: str, tmp_path: Path
) -> None:
    here = _on_postgres(shell, postgres)
    here.run("migrate")
    here.run("backup", str(tmp_path / "pg.tar.gz"))
    good = contents(tmp_path / "pg.tar.gz")
    miscounted(good, tmp_path / "pg.tar.gz")
    tables = _rows(postgres, "SELECT schemaname, tablename FROM pg_tables ORDER BY 1, 2")
    assert "people_user" in here.run("restore", str(tmp_path / "pg.tar.gz"), "--yes", code=1).stderr
    assert _rows(postgres, "SELECT schemaname, tablename FROM pg_tables ORDER BY 1, 2") == tables


def test_postgresql_forgets_again_too(shell: Shell, postgres: str, tmp_path: Path) -> None:
    here = _on_postgres(shell, f"{postgres}")
    erased_since(here, tmp_path / "old.tar.gz")
    back = here.json("restore", str(tmp_path / "old.tar.gz"), "--yes")
    assert (back["erased_again"], found(here)) == ({"people": 1, "words": 1}, 0)
    assert here.json("ledger-check")["ok"]


def test_postgresql_takes_an_older_backup(shell: Shell, postgres: str, tmp_path: Path) -> None:
    here = _on_postgres(shell, postgres)
    here.run("migrate")
    here.run("restore", str(older(here, tmp_path / "old.tar.gz")), "--yes")
    assert here.json("ledger-check")["ok"]
