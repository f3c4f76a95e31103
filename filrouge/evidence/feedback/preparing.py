"""The process beside an import: it reads, checks and indexes rows while the import writes the ones before.

`python -m filrouge.evidence.feedback.preparing` takes a pickled Plan on its input and answers batches on its
output. It knows no tables. When the import is gone, its next answer finds nobody and it ends.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from filrouge.evidence.feedback.rows import Columns, Survey
from filrouge.lib.dates import Order, parse_date
from filrouge.lib.formats import read
from filrouge.voices.receipts import Remark
from filrouge.voices.rules import MOST, Arrival

CHARACTERS = 2_000_000  # in a batch: few rows where they are long
WORTH_IT = 5_000  # rows: fewer are done before another process has started

Batch = list[Arrival | Remark]


@dataclass(frozen=True)
class Plan:
    """What to read, from where on, and how."""

    file: Path
    name: str
    format: str
    skip: int
    columns: Columns
    survey: Survey
    order: Order
    now: datetime

    def batches(self) -> Iterator[Batch]:
        read_date = partial(parse_date, order=self.order, now=self.now)
        records = read(self.file, self.name, self.format, skip=self.skip)
        return _batches(self.survey.mark(self.columns.taken(record, read_date)) for record in records)


def _batches(rows: Iterable[Arrival | Remark]) -> Iterator[Batch]:
    batch: Batch = []
    held = 0
    for row in rows:
        batch.append(row)
        held += len(row.text) if isinstance(row, Arrival) else sum(map(len, row.raw.values()))
        if len(batch) == MOST or held > CHARACTERS:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def prepared(plan: Plan) -> Generator[Batch, None, None]:
    """The plan's batches; of a long file, made by another process while this one writes."""
    if plan.survey.total - plan.skip < WORTH_IT:
        yield from plan.batches()
        return
    command = [sys.executable, "-m", "filrouge.evidence.feedback.preparing"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin and other.stdout
        try:
            pickle.dump(plan, other.stdin)
            other.stdin.close()
            while (batch := pickle.load(other.stdout)) is not None:
                yield batch
        except EOFError:
            raise RuntimeError("the process that reads the file ended before its time") from None
        finally:
            other.kill()


def main() -> None:
    plan: Plan = pickle.load(sys.stdin.buffer)
    for batch in plan.batches():
        for row in batch:
            if isinstance(row, Arrival) and not row.comes_again:
                row.indexed()
        pickle.dump(batch, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()
    pickle.dump(None, sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.stderr.close()  # nobody is there to read on
