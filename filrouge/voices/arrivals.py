"""The one way in which users' words come in: idempotent on (source, external id), a few statements a batch.

Of rows with the same id in one file the last stands. The earlier ones count as unchanged (nothing of theirs
is kept or lost that the last does not say anew), and a remark tells the line of the one that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from filrouge.core.errors import Forbidden
from filrouge.lib.reason import N_, Reason
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User

from . import bulk
from .finding import aware, moment
from .models import Source, Suppression, sealer
from .receipts import Receipt, Remark
from .rules import MOST, Arrival
from .speakers import Speakers, digest_of

COMES_AGAIN = N_("The same id comes again on line %(line)d; that row stands.")
SUPPRESSED = N_("This person asked to be erased. Their words are not taken in again.")

COLUMNS = """
    source_id external_id person_id company_id title text version language rating url said_at received_at
    captured_by_id stems forms facets sample"""
INSERT = tuple(COLUMNS.split())
TEXT, SAID = INSERT.index("text"), INSERT.index("said_at")
KEPT_AT_FIRST = {"source_id", "external_id", "received_at", "captured_by_id", "sample"}


class Known(NamedTuple):
    """Words that are here already."""

    external_id: str
    id: int
    text: str
    version: int
    title: str
    url: str
    rating: int | None
    said_at: datetime
    language: str
    person_id: int | None
    company_id: int | None
    facets: str


def receive(
    source: Source, rows: Iterable[Arrival | Remark], *, by: User | None, at: datetime | None = None,
    captured: bool = False,
) -> Receipt:  # fmt: skip
    """Take rows in, `MOST` to a transaction; those rejected before (remarks) are counted with them."""
    act = Act.CAPTURE if captured else Act.IMPORT
    if not may(by, act):
        raise Forbidden(refusal(act))
    receipt, rows = Receipt(), list(rows)
    _mark_repeats([row for row in rows if isinstance(row, Arrival)])
    for start in range(0, len(rows), MOST):
        with transaction.atomic():
            batch = _Batch(source, at or timezone.now(), by if captured else None)
            receipt.add(batch.take(rows[start : start + MOST]))
    return receipt


def _mark_repeats(arrivals: Sequence[Arrival]) -> None:
    stands: dict[str, int] = {}
    for arrival in reversed(arrivals):
        last = stands.setdefault(arrival.external_id, arrival.line)
        if last != arrival.line and not arrival.comes_again:
            arrival.comes_again = last


class _Batch:
    """The rows of one transaction."""

    def __init__(self, source: Source, at: datetime, captured_by: User | None) -> None:
        # Imports of one source take turns, so that what is looked up below stays true until it is written.
        self.source = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
        self.token = self.source.token
        self.at, self.received_at, self.captured_by = at, moment(at), captured_by
        self.receipt = Receipt()

    def take(self, rows: Sequence[Arrival | Remark]) -> Receipt:
        arrivals = [row for row in self._not_suppressed(rows) if self._stands(row)]
        if not arrivals:
            return self.receipt
        speakers = Speakers(self.source, arrivals, self.received_at)
        known = self._known(arrivals)
        fresh: list[list[Any]] = []
        changed: list[tuple[Known, list[Any]]] = []
        for arrival, digest in zip(arrivals, speakers.digests, strict=True):
            former = known.get(arrival.external_id)
            row = self._row(arrival, digest, speakers, former)
            if former is None:
                fresh.append(row)
            elif _differs(former, row):
                changed.append((former, row))
            else:
                self.receipt.unchanged += 1
        self._insert(fresh)
        self._update(changed)
        return self.receipt

    def _stands(self, row: Arrival | Remark) -> bool:
        if isinstance(row, Remark):
            self.receipt.reject(row)
        elif row.comes_again:
            self.receipt.unchanged += 1
            reason = Reason(COMES_AGAIN, {"line": row.comes_again})
            self.receipt.remarks.append(Remark(row.line, "external_id", reason, rejected=False))
        return isinstance(row, Arrival) and not row.comes_again

    def _not_suppressed(self, rows: Sequence[Arrival | Remark]) -> list[Any]:
        if not Suppression.objects.exists():
            return list(rows)
        digests = [self._personal_digests(row) for row in rows]
        asked = {digest for its in digests for digest in its}
        held = {found for (found,) in bulk.select("voices_suppression", ["digest"], "digest", asked)}
        return [self._suppressed(row) if held & its else row for row, its in zip(rows, digests, strict=True)]

    def _personal_digests(self, row: Arrival | Remark) -> set[str]:
        """By what a row may be somebody's; any cell of one that breaks a rule: that is kept to be mended."""
        if isinstance(row, Arrival):
            return {digest_of(row, self.source), sealer.digest(f"external:{self.source.pk}", row.external_id)}
        spaces = ("email", f"author:{self.source.pk}", f"external:{self.source.pk}")
        cells = [cell for cell in (*row.raw.values(), row.value) if cell]
        return {sealer.digest(space, cell) for space in spaces for cell in cells}

    @staticmethod
    def _suppressed(row: Arrival | Remark) -> Remark:
        return Remark(row.line, "", Reason(SUPPRESSED))  # without its values: they must not be kept

    def _known(self, arrivals: Sequence[Arrival]) -> dict[str, Known]:
        ids = [arrival.external_id for arrival in arrivals]
        rows = bulk.select("voices_words", Known._fields, "external_id", ids, source_id=self.source.pk)
        return {row[0]: Known(*row) for row in rows}

    def _row(self, arrival: Arrival, digest: str, speakers: Speakers, former: Known | None) -> list[Any]:
        """The words' columns as INSERT names them."""
        same = former is not None and former.text == arrival.text and former.title == arrival.title
        if former and same and arrival.language in ("", former.language):
            language, stems, forms = former.language, None, None  # indexed already
        else:
            language, stems, forms = arrival.indexed()
        said_at = arrival.said_at or (aware(former.said_at) if former else self.at)
        return [
            self.source.pk, arrival.external_id, speakers.people.get(digest),
            speakers.companies.get(arrival.company), arrival.title, arrival.text, 1, language, arrival.rating,
            arrival.url, said_at, self.received_at, self.captured_by and self.captured_by.pk, stems, forms,
            self._facets(arrival, language, speakers), self.source.sample,
        ]  # fmt: skip

    def _facets(self, arrival: Arrival, language: str, speakers: Speakers) -> str:
        found = f"{self.token} lng{language}{speakers.tokens[arrival.segments]}"
        return found if arrival.rating is None else f"{found} rat{arrival.rating}"

    def _insert(self, rows: list[list[Any]]) -> None:
        self.receipt.new += len(rows)
        _adapt(rows)
        bulk.insert("voices_words", INSERT, rows)

    def _update(self, changes: list[tuple[Known, list[Any]]]) -> None:
        self.receipt.updated += len(changes)
        _adapt([row for _former, row in changes])
        self._keep([former for former, row in changes if former.text != row[TEXT]])
        with connection.cursor() as cursor:
            for former, row in changes:
                values = dict(zip(INSERT, row, strict=True))
                for name in KEPT_AT_FIRST:
                    del values[name]
                values["version"] = former.version + (former.text != row[TEXT])
                if values["stems"] is None:
                    del values["stems"], values["forms"]
                sets = ", ".join(f"{name} = %s" for name in values)
                cursor.execute(f"UPDATE voices_words SET {sets} WHERE id = %s", [*values.values(), former.id])

    def _keep(self, changed: list[Known]) -> None:
        """The text that quotes may point to stays as a version of its own."""
        rows = [(former.id, former.version, former.text, self.received_at) for former in changed]
        bulk.insert("voices_version", ("words_id", "number", "text", "kept_at"), rows, new_only=True)


def _differs(former: Known, row: list[Any]) -> bool:
    now = dict(zip(INSERT, row, strict=True))
    columns = ("text", "title", "url", "rating", "language", "person_id", "company_id", "facets")
    return aware(former.said_at) != now["said_at"] or any(
        getattr(former, name) != now[name] for name in columns
    )


def _adapt(rows: list[list[Any]]) -> None:
    for row in rows:
        row[SAID] = moment(row[SAID])
