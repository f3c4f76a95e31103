"""How many quotes and people stand behind each Item of a list, on each side, and how old the words are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from filrouge.core.circles import reads_items
from filrouge.core.models import Item
from filrouge.people.models import User
from filrouge.voices.finding import aware

from .models import Side

# Walked in the database, for a page's fifty threads at once: what contradicts a counter-argument agrees
# again. Each source is looked up by itself (a scalar query): PostgreSQL expects far more of a recursion than
# there is and would read all Items to join them.
UPSTREAM = """
WITH RECURSIVE seen AS NOT MATERIALIZED ({seen}),
up (root, item, agrees) AS (
  SELECT link.target_id, link.source_id, link.relation <> %s
  FROM core_link link
  WHERE link.target_id IN ({roots}) AND (SELECT 1 FROM seen WHERE seen.id = link.source_id) = 1
  UNION
  SELECT up.root, link.source_id, up.agrees = (link.relation <> %s)
  FROM up JOIN core_link link ON link.target_id = up.item
  WHERE (SELECT 1 FROM seen WHERE seen.id = link.source_id) = 1),
few AS (SELECT * FROM up LIMIT %s)
SELECT few.root,
  COUNT(DISTINCT CASE WHEN few.agrees THEN quote.item_ptr_id END),
  COUNT(DISTINCT CASE WHEN NOT few.agrees THEN quote.item_ptr_id END),
  COUNT(DISTINCT CASE WHEN words.erased_at IS NULL THEN words.person_id END),
  COUNT(DISTINCT CASE WHEN words.erased_at IS NULL AND words.person_id IS NULL THEN words.id END),
  MAX(CASE WHEN words.erased_at IS NULL AND words.said_at <> words.received_at THEN words.said_at END),
  (SELECT COUNT(*) FROM few) > {most}
FROM few JOIN insights_quote quote ON quote.item_ptr_id = few.item
JOIN voices_version version ON version.id = quote.version_id
JOIN voices_words words ON words.id = version.words_id
GROUP BY few.root
"""


MOST = 50_000  # steps, for all rows of a page together


@dataclass(frozen=True)
class Tally:
    """Of a list's row. With `cut` there are more: the walk ended before it had seen all."""

    supports: int = 0
    contradicts: int = 0
    people: int = 0
    unknown: int = 0
    newest: datetime | None = None
    cut: bool = False


def tallies(items: Collection[int], reader: User | None) -> dict[int, Tally]:
    """For each Item by id, in one query; quotes that this reader may not see are not counted."""
    rows = _upstream(items, reader) if items and reads_items(reader) else []
    nothing = Tally(cut=any(cut for *_counts, cut in rows))  # cut, the walk may not have come to its quotes
    return dict.fromkeys(items, nothing) | {root: _tally(*row) for root, *row in rows}


def _upstream(items: Collection[int], reader: User | None) -> list[Any]:
    seen, params = Item.objects.visible_to(reader).active().values("id").query.sql_with_params()
    sql = UPSTREAM.format(seen=seen, roots=", ".join(["%s"] * len(items)), most=MOST)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, Side.CONTRADICTS, *items, Side.CONTRADICTS, MOST + 1])
        return list(cursor.fetchall())


def _tally(supports: int, contradicts: int, people: int, unknown: int, newest: Any, cut: Any) -> Tally:
    said = datetime.fromisoformat(newest) if isinstance(newest, str) else newest  # as SQLite computes it
    return Tally(supports, contradicts, people, unknown, aware(said) if said else None, bool(cut))
