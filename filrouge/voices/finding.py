"""Which words match, in which order, by SQL that stays fast over millions of rows.

Two ways lead to the same rows. From the full-text index, where they come in the order of their ids for
nothing; or from the table by one of its own indexes, each row being looked at, where a common word meets a
narrow condition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db import connection

from filrouge.core.memory import Kept, kept
from filrouge.lib.search_text import Query, Term

FEW = 5_000
"""Up to here all matches are read and sorted; beyond, an index gives them in order."""
RANKED_SHARE = 0.05
AT_ONCE = 100
"""Probes in one query: SQLite joins at most 500 of them."""
RECEIVED, SAID, RANK = "received", "said", "rank"

Condition = tuple[str, tuple[Any, ...]]
Place = tuple[Any, int]


@dataclass(frozen=True)
class Hit:
    id: int
    rank: float | None = None


@dataclass(frozen=True)
class Hunt:
    """What is looked for: typed words, groups of facet tokens, and conditions on columns of the row `w`.

    `narrow` says that a condition has an index that leads to few rows; `days` are conditions on when it was
    said.
    """

    query: Query
    groups: Sequence[Sequence[str]] = ()
    conditions: Sequence[Condition] = ()
    days: Sequence[Condition] = ()
    narrow: bool = False

    def hits(self, order: str, limit: int, after: Place | None = None) -> list[Hit]:
        """At most `limit` rows in an order, those after a place."""
        sql, params = self._select(order, after)
        asked = f"{sql} LIMIT %s", (*params, limit)
        found = self.kept(asked, lambda: rows(*asked)) if order == RANK else rows(*asked)
        return [Hit(*row) for row in found]

    def count(self, limit: int) -> int:
        """How many match, never looking beyond `limit`."""
        _key, sql, params = self._source(RECEIVED)
        return _counted(sql, params, limit)

    def columns(self, names: Sequence[str], limit: int) -> list[tuple[Any, ...]]:
        """Columns of at most `limit` rows, the newest received."""
        inner, params = self._select(RECEIVED, None)
        wanted = ", ".join(f"w.{name}" for name in names)
        return rows(f"SELECT {wanted} FROM voices_words w WHERE w.id IN ({inner} LIMIT %s)", (*params, limit))

    @cached_property
    def matches(self) -> int:
        """How many rows the index gives, never counting beyond what could be ranked."""
        if not self.match:
            return 0
        most = max(FEW, self._most_ranked) + 1
        return self.kept(("matches", most), lambda: Hunt(self.query, self.groups).count(most))

    @property
    def _most_ranked(self) -> int:
        return int(self._newest * RANKED_SHARE)

    @cached_property
    def _newest(self) -> int:
        [[newest]] = rows("SELECT max(id) FROM voices_words")
        return newest or 0

    def kept(self, asked: object, make: Callable[[], Kept]) -> Kept:
        """An answer for some seconds, until words arrive; what is asked of columns may change sooner."""
        if self.conditions:
            return make()
        return kept(repr((self._newest, self.match, self.days, asked)), make)

    @property
    def rankable(self) -> bool:
        """Whether few enough rows match for the best to be told from the rest."""
        return bool(self.query) and self.matches <= max(self._most_ranked, 200)

    @cached_property
    def _few_days(self) -> bool:
        """Whether the days asked for hold few enough words to look at each, whatever else is asked."""
        if not self.days or _postgresql():
            return False
        sql, params = _joined("FROM voices_words w", self.days)
        return _counted(sql, params, FEW + 1) <= FEW

    @property
    def few(self) -> bool:
        return self.matches <= FEW

    @cached_property
    def match(self) -> str:
        return self.query.tsquery(self.groups) if _postgresql() else self.query.fts5(self.groups)

    # SQL: `key` is the id's column where the rows come from, so that SQLite sees that they are in order

    def _select(self, order: str, after: Place | None) -> Condition:
        key, source, params = self._source(order)
        place, place_params = self._after(order, key, after)
        rank, once = self._rank()
        columns, head = (f"{key}, {rank}", once) if order == RANK else (key, ())
        by, tail = self._order(order, key)
        return f"SELECT {columns} {source}{place} ORDER BY {by}", (*head, *params, *place_params, *tail)

    def _source(self, order: str) -> tuple[str, str, tuple[Any, ...]]:
        """The id's column, FROM and WHERE."""
        asked = [*self.conditions, *self.days]
        if _postgresql():
            match = [("w.search @@ to_tsquery('simple', %s)", (self.match,))] if self.match else []
            return "w.id", *_joined("FROM voices_words w", [*match, *asked])
        if self.match and (order == RANK or not self._from_table(order)):
            return "f.rowid", *self._from_index(order, asked)
        return "w.id", *_joined("FROM voices_words w", [*asked, *(self._looked_at() if self.match else [])])

    def _from_table(self, order: str) -> bool:
        """Whether an index other than full text leads to fewer rows, or gives them in the order asked for."""
        return (self.narrow or self._few_days or order == SAID) and not self.few

    def _from_index(self, order: str, asked: Sequence[Condition]) -> Condition:
        found: list[Condition] = [("f.voices_words_fts MATCH %s", (self.match,))]
        if order == RANK:
            found.append(("f.rank MATCH 'bm25(10.0, 5.0, 0.0)'", ()))
        if asked or order == SAID:
            source = "FROM voices_words_fts f CROSS JOIN voices_words w ON w.id = f.rowid"
            return _joined(source, [*found, *asked])
        return _joined("FROM voices_words_fts f", found)

    def _rank(self) -> Condition:
        """Smaller is better."""
        if _postgresql():
            return "-ts_rank('{0, 0.5, 0, 1}', w.search, to_tsquery('simple', %s))::float8", (self.match,)
        return "f.rank", ()

    def _order(self, order: str, key: str) -> Condition:
        if order == SAID:
            return "w.said_at DESC, w.id DESC", ()
        if order == RANK:
            rank, params = self._rank()
            return f"{rank}, {key} DESC", params
        # The sum keeps the database from walking the primary key for a few rows that another index gives.
        scattered = (_postgresql() and self.match and self.few) or (
            key == "w.id" and not self.narrow and self._few_days
        )
        return (f"{key} + 0 DESC" if scattered else f"{key} DESC"), ()

    def _after(self, order: str, key: str, after: Place | None) -> Condition:
        if after is None:
            return "", ()
        value, last = after
        if order == RECEIVED:
            return f" AND {key} < %s", (last,)
        if order == SAID:
            return " AND (w.said_at, w.id) < (%s, %s)", (moment(value), last)
        rank, params = self._rank()
        return f" AND ({rank} > %s OR ({rank} = %s AND {key} < %s))", (*params, value, *params, value, last)

    def _looked_at(self) -> list[Condition]:
        """The same question asked of one row's own columns, without the index."""
        found = [_any([_holds(term) for term in group]) for group in self.query.groups]
        found += [_any([_has("facets", token) for token in group]) for group in self.groups if group]
        return found + [(f"NOT {sql}", params) for sql, params in map(_holds, self.query.excluded)]


def _counted(source: str, params: Sequence[Any], limit: int) -> int:
    [[number]] = rows(f"SELECT count(*) FROM (SELECT 1 {source} LIMIT %s) AS found", (*params, limit))
    return int(number)


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def present(tokens: Sequence[str]) -> set[str]:
    """Which facet tokens any row has: one probe of the index for each, in one query."""
    found = "f.search @@ to_tsquery('simple', %s)" if _postgresql() else "voices_words_fts MATCH %s"
    table = "voices_words f" if _postgresql() else "voices_words_fts"
    probe = f"SELECT %s WHERE EXISTS (SELECT 1 FROM {table} WHERE {found})"
    params = [value for token in tokens for value in (token, _match_of(token))]
    return {row[0] for row in rows(" UNION ALL ".join([probe] * len(tokens)), params)}


def tallies(tokens: Sequence[str], limit: int) -> dict[str, tuple[int, int | None]]:
    """How many rows have each facet token, never counting beyond `limit`, and the newest of them."""
    found = "f.search @@ to_tsquery('simple', %s)" if _postgresql() else "voices_words_fts MATCH %s"
    key, table = ("f.id", "voices_words f") if _postgresql() else ("f.rowid", "voices_words_fts f")
    # Of many, one stands near the end of the table; of few, PostgreSQL would walk all of it to find one.
    tally = f"""
        SELECT %s, number, CASE WHEN number > {FEW}
            THEN (SELECT {key} FROM {table} WHERE {found} ORDER BY {key} DESC LIMIT 1)
            ELSE (SELECT max({key} + 0) FROM {table} WHERE {found}) END
        FROM (SELECT count(*) AS number FROM (SELECT 1 FROM {table} WHERE {found} LIMIT %s) AS one) AS counted
    """
    answers: list[tuple[Any, ...]] = []
    for at in range(0, len(tokens), AT_ONCE):
        batch = tokens[at : at + AT_ONCE]
        params = [value for token in batch for value in (token, *[_match_of(token)] * 3, limit)]
        answers += rows(" UNION ALL ".join([tally] * len(batch)), params)
    return {token: (number, newest) for token, number, newest in answers}


def _match_of(token: str) -> str:
    return Query().tsquery([[token]]) if _postgresql() else Query().fts5([[token]])


def moment(value: datetime) -> Any:
    """A moment as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(value)


def aware(value: datetime) -> datetime:
    """SQLite's cursor gives moments without their zone, which is UTC."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _postgresql() -> bool:
    return connection.vendor == "postgresql"


def _joined(source: str, conditions: Sequence[Condition]) -> Condition:
    where = " AND ".join(sql for sql, _params in conditions) or "1 = 1"
    return f"{source} WHERE {where}", tuple(value for _sql, params in conditions for value in params)


def _any(conditions: Sequence[Condition]) -> Condition:
    sql = " OR ".join(sql for sql, _params in conditions)
    return f"({sql})", tuple(value for _sql, params in conditions for value in params)


def _has(column: str, tokens: str) -> Condition:
    """Tokens of [a-z0-9] between spaces: the whole words are there where the string between spaces is."""
    return f"instr(' ' || w.{column} || ' ', %s) > 0", (f" {tokens} ",)


def _holds(term: Term) -> Condition:
    if term.prefix:
        begins = f" {term.variants[0][0]}"
        return "(instr(' ' || w.stems, %s) > 0 OR instr(' ' || w.forms, %s) > 0)", (begins, begins)
    return _any([_has("stems", " ".join(variant)) for variant in term.variants])
