"""Taking turns: what is checked over many rows, and then written, is not written by two people at once."""

from __future__ import annotations

from zlib import crc32

from django.db import connection


def take_turn(name: str) -> None:
    """Wait until nobody else is at it, then hold it to the end of the transaction.

    SQLite lets one transaction write at a time already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [crc32(name.encode())])
