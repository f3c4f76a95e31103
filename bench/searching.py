"""Search measured in the process against bare FTS5 on the same texts. Run inside its environment."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402

from filrouge.people.models import Role, User  # noqa: E402
from filrouge.voices.models import Words  # noqa: E402
from filrouge.voices.reading import parse, words_page  # noqa: E402

from .corpus import vocabulary  # noqa: E402
from .figures import median, percentile  # noqa: E402

COMMON = 0.05


def queries() -> list[str]:
    """200 queries of one to three words, from very common to rare, in both languages."""
    found = []
    for language in ("en", "fr"):
        words = [word for word in vocabulary(language)[0] if word.isalpha() and len(word) > 2]
        found += words[:30] + words[200:900:20]
        found += [f"{words[n]} {words[n * 3 + 40]}" for n in range(0, 400, 20)]
        found += [f"{words[n]} {words[n + 5]} {words[n + 90]}" for n in range(0, 300, 20)]
    return found[:200]


def bare(path: Path) -> sqlite3.Connection:
    """FTS5 as it comes, over the same texts."""
    new = not path.exists()
    database = sqlite3.connect(path)
    if new:
        database.execute("CREATE VIRTUAL TABLE bare USING fts5(text)")
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, text FROM voices_words")
            while rows := cursor.fetchmany(20_000):
                database.executemany("INSERT INTO bare(rowid, text) VALUES (?, ?)", rows)
        database.commit()
    return database


def ask_bare(database: sqlite3.Connection, query: str, limit: int) -> None:
    """Ranked where few rows match, else newest first, and the rows themselves: what the page has to do."""
    wanted = " ".join(f'"{word}"' for word in query.split())
    few = "SELECT count(*) FROM (SELECT 1 FROM bare WHERE bare MATCH ? LIMIT ?)"
    common = database.execute(few, (wanted, limit + 1)).fetchone()[0] > limit
    order = "rowid DESC" if common else "rank"
    database.execute(
        f"SELECT rowid, text FROM bare WHERE bare MATCH ? ORDER BY {order} LIMIT 51", (wanted,)
    ).fetchall()


def milliseconds(act: object, *given: object) -> float:
    start = time.perf_counter()
    act(*given)  # type: ignore[operator]
    return (time.perf_counter() - start) * 1000


def main(data: Path) -> None:
    settings.KEPT_SECONDS = 0  # every search is made anew, as it is for who first types it
    reader = User.objects.filter(role=Role.PRODUCT_OPS).get()
    database, limit = bare(data / "bare.sqlite3"), int(Words.objects.count() * COMMON)

    def ask_filrouge(query: str) -> None:
        given = QueryDict(mutable=True)
        given["q"] = query
        words_page(parse(given), reader)

    asked = queries()
    rounds = []
    for _round in range(4):
        theirs = [milliseconds(ask_bare, database, query, limit) for query in asked]
        ours = [milliseconds(ask_filrouge, query) for query in asked]
        rounds.append(
            (percentile(ours, 0.95), percentile(theirs, 0.95), percentile(ours, 0.5), percentile(theirs, 0.5))
        )
    warm = rounds[1:]
    print(json.dumps([median([one[n] for one in warm]) for n in range(4)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
