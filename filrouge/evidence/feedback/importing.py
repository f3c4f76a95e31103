"""From a file to words: reads, checks and hands over batches, each in a transaction with its counters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from filrouge.jobs.models import State as JobState
from filrouge.jobs.run import Cancelled, Run
from filrouge.lib.dates import guess_order
from filrouge.lib.formats import CannotRead, EmptyFile, header, read, sniff
from filrouge.lib.mapping import FIELDS, propose
from filrouge.lib.reason import N_, Reason
from filrouge.voices.arrivals import receive
from filrouge.voices.incoming import reason_json
from filrouge.voices.models import Source
from filrouge.voices.receipts import Remark
from filrouge.voices.rules import Arrival

from .models import Import
from .preparing import Plan, prepared
from .rows import Columns, Survey

NO_TEXT = N_("No column is mapped to the text. Say which one holds it, for example text=comment.")
NO_COLUMN = N_("The file has no column “%(column)s”. Its columns are: %(columns)s.")
NO_SOURCE = N_("Name the source that these words come from.")
LONG_SOURCE = N_("The name of the source is too long: at most %(most)d characters.")
NO_ROWS = N_("This file has a line of names and no rows.")
ASK_EVERY = 20_000  # rows between two looks at whether somebody cancelled, while only reading


class Refusal(Exception):
    """The whole file is refused, nothing of it was taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


class Importing:
    """One run over one file: a job's, or the command line's own."""

    def __init__(self, import_: Import, run: Run) -> None:
        self.import_, self.run = import_, run
        self.columns = Columns.of(import_.mapping)

    def go(self) -> None:
        """Refuse the file whole, or take its rows from where a former run stopped."""
        try:
            self._check()
            survey = self._survey()
        except (CannotRead, Refusal) as refused:
            return self._refuse(refused.reason)
        source = self._source()
        with closing(prepared(self._plan(survey))) as batches:
            for rows in batches:
                self._take(source, rows)
                self._stop_if_asked()
        self._end(Import.State.CHECKED if self.import_.dry_run else Import.State.DONE)

    def _check(self) -> None:
        import_ = self.import_
        check_source_name(import_.source_name)
        import_.format = sniff(import_.file, import_.name, import_.format or None).name
        check_mapping(import_.mapping, header(import_.file, import_.name, import_.format))

    def _survey(self) -> Survey:
        survey = Survey()
        it = self.import_
        for record in read(it.file, it.name, it.format):
            survey.see(record, self.columns)
            if survey.total % ASK_EVERY == 0:
                self._stop_if_asked()
        if not survey.total:
            raise EmptyFile(Reason(NO_ROWS))
        survey.close()
        self.import_.total = survey.total
        return survey

    def _plan(self, survey: Survey) -> Plan:
        it, order = self.import_, guess_order(survey.dates)
        now = it.started_at or timezone.now()
        return Plan(it.file, it.name, it.format, it.position, self.columns, survey, order, now)

    def _source(self) -> Source:
        """Made with the first rows, unless this is a dry run; then it is one that leaves no trace."""
        import_ = self.import_
        if import_.dry_run:
            return Source.objects.filter(name=import_.source_name).first() or Source(name=import_.source_name)
        with self.run.commit():
            import_.source, _new = Source.objects.get_or_create(name=import_.source_name)
            import_.save()
        return import_.source

    def _take(self, source: Source, rows: list[Arrival | Remark]) -> None:
        import_ = self.import_
        with self.run.commit():
            with transaction.atomic():
                if source.pk is None:
                    source.save()
                receipt = receive(source, rows, by=import_.by, at=import_.started_at)
                if import_.dry_run:
                    transaction.set_rollback(True)
            if import_.dry_run and not Source.objects.filter(pk=source.pk).exists():
                source.pk = None
            receipt.remarks = [
                replace(remark, column=self.columns.column_of(remark.column)) for remark in receipt.remarks
            ]
            import_.take(receipt, len(rows))
        self.run.progress(import_.position, import_.total)

    def _stop_if_asked(self) -> None:
        if self.run.cancelled():
            self._end(Import.State.CANCELLED, last=False)
            raise Cancelled

    def _refuse(self, reason: Reason) -> None:
        self.import_.error = reason_json(reason)
        self._end(Import.State.REFUSED)

    def _end(self, state: Import.State, last: bool = True) -> None:
        with self.run.commit(last=last):
            end(self.import_, state)
        forget(self.import_)


def end(import_: Import, state: Import.State) -> None:
    """The import's last word; its file goes once this is committed."""
    import_.state, import_.finished_at = state, timezone.now()
    import_.save()


def forget(import_: Import) -> None:
    if import_.state in Import.OVER:
        import_.forget_file()


def settle(import_: Import) -> None:
    """Note the end of one that could not do so itself: cancelled as a job, or its command was killed."""
    if _cut_off(import_):
        import_.refresh_from_db()  # it may have come to its own end since it was read
        if how := _cut_off(import_):
            end(import_, how)
            forget(import_)


def _cut_off(import_: Import) -> Import.State | None:
    job = import_.job if import_.going else None
    if job is not None and job.state == JobState.CANCELLED:
        return Import.State.CANCELLED
    return Import.State.BROKEN_OFF if import_.abandoned else None


def check_source_name(name: str) -> None:
    most = Source._meta.get_field("name").max_length or 0
    if not name.strip():
        raise Refusal(Reason(NO_SOURCE))
    if len(name) > most:
        raise Refusal(Reason(LONG_SOURCE, {"most": most}))


def check_mapping(mapping: Mapping[str, str], columns: list[str]) -> None:
    """Refuse a mapping without a text, or one that names columns which are not there."""
    if not mapping.get("text"):
        raise Refusal(Reason(NO_TEXT))
    missing = next((column for column in mapping.values() if column and column not in columns), None)
    if missing is not None:
        raise Refusal(Reason(NO_COLUMN, {"column": missing, "columns": ", ".join(columns)}))


def proposal(
    columns: Sequence[str], sample: Sequence[Mapping[str, str]], given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Field -> column: what is given, what is named like a field, then what looks like one.

    A column named `created_at` holds dates even where the first ones are broken: those are rejected.
    """
    given = given or {}
    named = {column.strip().lower(): column for column in reversed(columns)}
    exact = {name: named[name] for name in FIELDS if name in named}
    if "id" in named:
        exact.setdefault("external_id", named["id"])
    taken = set(given.values())
    chosen = {name: column for name, column in exact.items() if column not in taken} | dict(given)
    free = [column for column in columns if column not in chosen.values()]
    guessed = {name: column for name, column in propose(free, sample).items() if name not in chosen}
    if given:  # who names fields names the segments too
        guessed = {name: column for name, column in guessed.items() if name in FIELDS}
    return {name: column for name, column in (chosen | guessed).items() if column}


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
