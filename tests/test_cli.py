"""The commands about people and tokens, and how commands answer and refuse."""

import json
import shutil
import time
from pathlib import Path

import pytest

from tests.fixtures.shell import Shell


@pytest.fixture
def ready(shell: Shell, migrated: Path) -> Shell:
    """A terminal on a migrated data folder."""
    shutil.copytree(migrated, shell.data)
    return shell


def test_a_person_is_made_with_a_team(ready: Shell) -> None:
    made = ready.json(
        "user", "create", "--email", "Ana@Example.org", "--role", "product_manager", "--team", "Growth"
    )
    assert made == {
        "id": 1,
        "email": "ana@example.org",
        "name": "ana",
        "role": "product_manager",
        "team": "Growth",
    }
    second = ready.json("user", "create", "--email", "bo@example.org", "--role", "maker", "--team", "Growth")
    assert second["team"] == "Growth" and second["id"] != made["id"]


def test_the_same_address_twice_is_refused_with_a_sentence(ready: Shell) -> None:
    ready.run("user", "create", "--email", "ana@example.org", "--role", "guest")
    again = ready.run("user", "create", "--email", "ANA@example.org", "--role", "admin", code=1)
    assert "has an account already" in again.stderr and not again.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("user", "create", "--email", "ana@example.org", "--role", "king"),
        ("user", "create", "--email", "no address", "--role", "guest"),
        ("token", "create", "--user", "ana@example.org", "--scope", "read", "--days", "0"),
        ("no-such-command",),
    ],
)
def test_a_mistake_in_the_words_is_a_usage_error(ready: Shell, words: tuple[str, ...]) -> None:
    assert ready.run(*words, code=2).stderr


def test_a_password_is_read_from_standard_input_and_must_be_good(ready: Shell) -> None:
    create = ("user", "create", "--email", "ana@example.org", "--role", "admin", "--password-stdin")
    assert "too short" in ready.run(*create, stdin="short\n", code=1).stderr
    ready.run(*create, stdin="correct horse battery\n")


def test_a_token_is_shown_once_and_stored_as_a_digest(ready: Shell) -> None:
    ready.run("user", "create", "--email", "ana@example.org", "--role", "product_ops")
    made = ready.json("token", "create", "--user", "ana@example.org", "--scope", "write", "--days", "30")
    assert made["token"].startswith(made["prefix"]) and len(made["token"]) > 40
    everything = b"".join(path.read_bytes() for path in ready.data.iterdir() if path.is_file())
    assert made["prefix"].encode() in everything and made["token"].encode() not in everything


def test_a_token_for_nobody_is_refused(ready: Shell) -> None:
    refused = ready.run("token", "create", "--user", "no@example.org", "--scope", "read", code=1)
    assert "no@example.org" in refused.stderr


def test_without_tables_the_command_to_make_them_is_named(shell: Shell) -> None:
    assert "filrouge migrate" in shell.run("ledger-check", code=1).stdout
    said = shell.run("search", "export", code=1).stderr
    assert "filrouge.sqlite3" in said and "FILROUGE_DATA" in said
    assert (
        "filrouge migrate"
        in shell.run("token", "create", "--user", "a@b.org", "--scope", "read", code=1).stderr
    )


def test_a_refusal_is_json_too_for_who_asked_for_it(ready: Shell) -> None:
    ready.run("user", "create", "--email", "ana@example.org", "--role", "product_manager", "--team", "Growth")
    refused = ready.run("insights", "create", "--title", " ", "--as", "ana@example.org", "--json", code=1)
    said = json.loads(refused.stdout.splitlines()[-1])
    assert (said["field"], said["error"]) == ("title", "title: This is needed.")
    assert "This is needed" in refused.stderr
    misspelt = ready.run("user", "create", "--role", "wizard", "--json", code=2)
    assert "wizard" in json.loads(misspelt.stdout)["error"]


def test_json_is_one_line_and_the_last(ready: Shell) -> None:
    said = ready.run("ledger-check", "--json").stdout.splitlines()
    assert json.loads(said[-1])["ok"] is True


def test_the_ledger_sees_an_index_that_lost_its_table(ready: Shell) -> None:
    import sqlite3

    with sqlite3.connect(ready.data / "filrouge.sqlite3") as database:
        database.execute("DROP TRIGGER voices_words_fts_ai")
        database.execute(
            "INSERT INTO voices_words_fts(rowid, stems, forms, facets) VALUES (1, 'a', 'b', 'c')"
        )
    found = ready.json("ledger-check", code=1)
    assert "voices_words" in found["checks"]["search"] and not found["ok"]


def test_a_second_migrate_does_nothing_and_is_quick(ready: Shell) -> None:
    start = time.monotonic()
    assert "up to date" in ready.run("migrate").stdout
    assert time.monotonic() - start < 10


def test_a_broken_database_is_told_in_a_sentence(ready: Shell) -> None:
    (ready.data / "filrouge.sqlite3").write_bytes(b"not a database" * 1000)
    told = ready.run("user", "create", "--email", "ana@example.org", "--role", "guest", code=1).stderr
    assert "cannot be read" in told and "Restore" in told and "Traceback" not in told
