"""Rejected rows: shown with what they hold, mended, sent again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from filrouge.core.errors import BadInput
from filrouge.lib.dates import parse_date
from filrouge.lib.mapping import FIELDS
from filrouge.lib.spreadsheet import write_csv
from filrouge.people.models import User
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Source
from filrouge.voices.rules import Unfit, arrival

from .models import Import, Rejected

PAGE = 25


class Cell(NamedTuple):
    """One value of a rejected row, by the field that it is for."""

    name: str
    value: str
    wrong: bool


def cells_of(row: Rejected) -> list[Cell]:
    """What can be mended: each field that the import maps, else what the program sent."""
    raw = row.content["raw"]
    mapping = row.import_of.mapping if row.import_of else {name: name for name in raw if name}
    names = list(dict.fromkeys(["text", *mapping]))
    columns = {name: mapping.get(name, name) for name in names}
    return [Cell(name, raw.get(columns[name], ""), columns[name] == row.column) for name in names]


def line_of(row: Rejected) -> str:
    """The line as it stood in the file, where it could not be cut into cells."""
    return str(row.content["raw"].get("", ""))


def mend(row: Rejected, values: Mapping[str, str], by: User) -> None:
    """Send the row again with these values; BadInput names the field that is still wrong."""
    fields = {name: value for name, value in values.items() if name in FIELDS}
    traits = {name: value for name, value in values.items() if name not in FIELDS}
    read_date = partial(parse_date, now=timezone.now())
    try:
        fit = arrival(fields, traits, row.line, read_date)
    except Unfit as unfit:
        raise BadInput(str(unfit.reason), unfit.name) from None
    with transaction.atomic():
        source, _new = Source.objects.get_or_create(name=row.source_name)
        receipt = receive(source, [fit], by=by)
        if receipt.rejected:
            raise BadInput(str(receipt.remarks[0].reason))
        row.mended_at, row.sealed = timezone.now(), b""
        row.save(update_fields=["mended_at", "sealed"])


def as_csv(import_: Import) -> Iterator[bytes]:
    """The rejected rows as a file that can be mended in a spreadsheet and imported again."""
    columns = list(dict.fromkeys(import_.mapping.values()))
    rows = import_.set_aside.filter(mended_at=None).iterator(chunk_size=500)
    return write_csv(_lines(rows, columns), ["line", "column", "reason", *columns], bom=True)


def _lines(rows: Iterator[Rejected], columns: list[str]) -> Iterator[list[Any]]:
    for row in rows:
        raw = row.content["raw"]
        if "" in raw:  # the line could not be cut into cells: it stands whole in the first
            yield [row.line, row.column, row.why, raw[""], *[""] * (len(columns) - 1)]
        else:
            yield [row.line, row.column, row.why, *[raw.get(column, "") for column in columns]]
