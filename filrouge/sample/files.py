"""The files that the sample carries: real words and release notes, their licences, and what we wrote."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, TextIO

HERE = Path(__file__).parent / "data"
MARK = re.compile(r"</?kbd>|`|(?<!\w)_|_(?!\w)")


def opened(name: str) -> TextIO:
    """A carried file by its plain name, as text, packed or not."""
    packed = HERE / f"{name}.gz"
    if packed.exists():
        return io.TextIOWrapper(gzip.open(packed), encoding="utf-8", newline="")
    return (HERE / name).open(encoding="utf-8", newline="")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a carried table."""
    with opened(name) as file:
        return list(csv.DictReader(file))


def questions() -> dict[str, str]:
    """The survey's questions by their short names."""
    with opened("feedback_jupyter2015_questions.json") as file:
        found: dict[str, str] = json.load(file)
    return found


def licence(name: str) -> str:
    """The text of a licence."""
    return (HERE / "licences" / name).read_text(encoding="utf-8")


@cache
def workspace() -> dict[str, Any]:
    """What we wrote for the sample, as it stands in the file."""
    with (HERE / "workspace.toml").open("rb") as file:
        return tomllib.load(file)


def release_notes(version: str) -> str:
    """The lines of the change log for a version: their words, without the marks of a web page."""
    found = [row for row in rows("changelog_notebook.csv") if row["version"] == version]
    return MARK.sub("", "\n".join(f"• {_line(row)}" for row in found))


def _line(row: dict[str, str]) -> str:
    plain = row["section"] and row["section"] not in ("Other additions", "Enhancements made")
    return f"{row['section']}: {row['text']}" if plain else row["text"]
