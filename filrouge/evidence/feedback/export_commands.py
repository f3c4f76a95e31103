"""`filrouge export feedback`: users' words as a file that `filrouge import feedback` takes back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import click
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from filrouge.lib.spreadsheet import write_csv
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User
from filrouge.voices.models import Segment
from filrouge.voices.reading import parse, segments_of, words_json, words_page

from .commands import as_option

FIELDS = (
    "external_id",
    "source",
    "created_at",
    "title",
    "text",
    "author",
    "company",
    "language",
    "rating",
    "url",
)
PAGE = 1_000


@click.command("feedback")
@click.option("--q", default="", metavar="WORDS", help="Only texts in which these words are found.")
@click.option("--source", multiple=True, metavar="NAME", help="Only from this source; several may be named.")
@click.option("--language", multiple=True, metavar="CODE", help="Only in this language: en, fr…")
@click.option("--segment", multiple=True, metavar="NAME=VALUE", help="Only people of this segment.")
@click.option("--since", default="", metavar="DAY", help="Said on that day or later: 2026-01-31.")
@click.option("--until", default="", metavar="DAY", help="Said on that day or earlier.")
@click.option("--format", "format_", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; the terminal if left out."
)
@as_option
def export(
    q: str, source: Sequence[str], language: Sequence[str], segment: Sequence[str], since: str, until: str,
    format_: str, output: Path | None, by: User,
) -> None:  # fmt: skip
    """Export users' words, the newest received first. Names only for those who may see who spoke.

    JSON Lines come back unchanged by `import`; CSV is for spreadsheets: cells they would run are defused.
    """
    lists = {"source": list(source), "language": list(language), "segment": list(segment)}
    params = {"q": [q], "since": [since], "until": [until], "sort": ["received"], **lists}
    with translation.override(by.language):
        if not (may(by, Act.EXPORT) and may(by, Act.READ_WORDS)):
            raise click.ClickException(refusal(Act.EXPORT))
        rows = records({name: values for name, values in params.items() if any(values)}, by)
        write(as_csv(rows) if format_ == "csv" else as_lines(rows), output)


def records(params: dict[str, list[str]], reader: User) -> Iterator[dict[str, Any]]:
    """Each text that matches, page by page; a day that is not known is left empty."""
    filter = parse(params | {"limit": [str(PAGE)]}, strict=True)
    while filter is not None:
        page = words_page(filter, reader, whole=True)
        segments = segments_of(page.rows)
        for words in page.rows:
            if words.erased_at is None:
                found = words_json(words, reader, segments)
                yield {**found, "created_at": found["created_at"] if words.dated else None}
        if page.next is None:
            return
        filter = page.next


def as_csv(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """A column for each name of a segment."""
    names = [*Segment.objects.order_by("name").values_list("name", flat=True).distinct()]
    table = (
        [_cell(row[name]) for name in FIELDS] + [row["segments"].get(name, "") for name in names]
        for row in rows
    )
    return write_csv(table, [*FIELDS, *names])


def _cell(value: Any) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def as_lines(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        told = {name: row[name] for name in FIELDS} | row["segments"]
        yield json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n"


def write(blocks: Iterator[bytes], output: Path | None) -> None:
    """To the terminal, or to a file that appears only when it is whole."""
    first = next(blocks, b"")
    if output is None:
        sys.stdout.buffer.writelines(chain([first], blocks))
        return
    unfinished = output.with_name(f".{output.name}.part")
    with unfinished.open("wb") as out:
        out.writelines(chain([first], blocks))
    unfinished.replace(output)
    click.echo(f"{output} is written.")
