"""What an address of a database asks for."""

from filrouge.settings import POSTGRES, database

ADDRESS = "postgres://me:p%40ss@db.example.org:6432/flr"


def test_an_address_is_taken_apart_and_its_parameters_are_handed_on() -> None:
    found = database(f"{ADDRESS}?sslmode=require&prepare_threshold=7")
    assert [found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "me", "p@ss", "db.example.org", 6432, "flr",
    ]  # fmt: skip
    assert found["OPTIONS"] == POSTGRES | {"sslmode": "require", "prepare_threshold": 7}
    assert not found["DISABLE_SERVER_SIDE_CURSORS"]


def test_behind_pgbouncer_nothing_is_left_to_a_connection() -> None:
    found = database(f"{ADDRESS}?pgbouncer=true")
    assert found["OPTIONS"] == {"options": "", "prepare_threshold": None, "server_side_binding": True}
    assert found["DISABLE_SERVER_SIDE_CURSORS"]
