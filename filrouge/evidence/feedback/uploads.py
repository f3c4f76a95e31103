"""An uploaded file on its way to an import: kept, looked into, mapped."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from filrouge.lib.formats import Reject, Row, header, read, sniff
from filrouge.lib.mapping import FIELDS
from filrouge.people.models import User

from .importing import digest_of, proposal
from .models import FOLDER, Import

SHOWN, SAMPLE = 20, 200


def keep(file: UploadedFile[bytes], by: User) -> Import:
    """Move the upload into the data folder under a name of our own, and note it."""
    path = _store(file)
    try:
        found = sniff(path, file.name or "")
        columns = header(path, file.name or "", found.name)
        made = Import(name=(file.name or "file")[:255], path=path.name, size=path.stat().st_size, by=by)
        made.format, made.sha256 = found.name, digest_of(path)
        made.mapping = proposal(columns, [row.values for row in _sample(made) if isinstance(row, Row)])
        made.source_name = Path(made.name).stem[:120]
        made.save()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return made


def _store(file: UploadedFile[bytes]) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    final = FOLDER / secrets.token_hex(16)
    if hasattr(file, "temporary_file_path"):
        os.replace(file.temporary_file_path(), final)
        return final
    part = final.with_suffix(".part")
    with part.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, final)
    return final


def _sample(import_: Import) -> list[Row | Reject]:
    return list(islice(read(import_.file, import_.name, import_.format), SAMPLE))


@dataclass(frozen=True)
class Preview:
    """What the mapping page shows of a file."""

    columns: list[str]
    rows: list[Row | Reject]

    @classmethod
    def of(cls, import_: Import) -> Preview:
        columns = header(import_.file, import_.name, import_.format)
        return cls(columns, _sample(import_)[:SHOWN])

    def example(self, column: str) -> str:
        """The first value that a column holds."""
        rows = (row for row in self.rows if isinstance(row, Row))
        return next((value for row in rows if (value := row.values.get(column, "").strip())), "")

    @property
    def cells(self) -> list[dict[str, Any]]:
        """Each row's cells in the order of the columns; a broken row says why instead."""
        return [
            {"line": row.line, "reason": str(row.reason), "cells": []}
            if isinstance(row, Reject)
            else {
                "line": row.line,
                "reason": "",
                "cells": [row.values.get(name, "") for name in self.columns],
            }
            for row in self.rows
        ]


def mapping_from(posted: MultiValueDict[str, str], columns: list[str]) -> dict[str, str]:
    """Field -> column as the form says; ticked columns are segments under their own names."""
    chosen = {name: str(posted.get(f"map_{name}") or "") for name in FIELDS}
    mapping = {name: column for name, column in chosen.items() if column in columns}
    taken = set(mapping.values())
    segments = [column for column in posted.getlist("segment") if column in columns and column not in taken]
    return mapping | {segment_name(column): column for column in segments}


def segment_name(column: str) -> str:
    """A column named like a field of ours cannot give a segment its name."""
    return f"{column} (column)" if column in FIELDS else column


def is_segment(mapping: Mapping[str, str], column: str) -> bool:
    return mapping.get(segment_name(column)) == column
