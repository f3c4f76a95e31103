"""A file on its way to an import: recognised, its columns mapped, its first rows as they would come in."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from filrouge.core.errors import BadInput
from filrouge.core.origins import source_called, stem_of
from filrouge.lib.formats import CannotRead, header, sniff
from filrouge.lib.reason import N_, Reason
from filrouge.people.models import Team, User
from filrouge.voices.receipts import Remark

from . import aims
from .importing import Told, survey, text_of
from .models import PlanImport
from .shapes import NAMES, shape_of, shaped
from .tables import FIELDS, Table, propose

SHOWN = 20
MOST = 16_000_000
DAMAGED = N_("This archive cannot be opened: it is damaged.")
TOO_LARGE = N_("Unpacked, this file is too large: at most %(most)d MB.")
NO_TITLE_COLUMN = N_("No column is mapped to the title. Say which one holds it, for example title=summary.")
NO_COLUMN = N_("The file has no column “%(column)s”. Its columns are: %(columns)s.")
NO_FIELD = N_("“%(name)s” is no field of a roadmap item. There are: %(names)s.")
NO_GOALS = N_("No objective was found in this file: a heading or a bold row, with its key results below.")
NO_SHAPE = N_("“%(name)s” is not a format of plans. There are: %(names)s.")
NOT_THIS_SHAPE = N_("This file is not in the format “%(name)s”: a column that it needs is missing.")


def opened(
    name: str, content: bytes, *, by: User, shape: str = "", source: str = "", team: Team | None = None,
    given: Mapping[str, str] | None = None,
) -> PlanImport:  # fmt: skip
    """An import of this file, not yet kept; BadInput for a file or a mapping that cannot be used."""
    name, content = unpacked(name, content)
    kind = aims.shape_of(name, text_of(content[:MOST])) if not shape or shape in aims.SHAPES else ""
    if kind or shape in aims.SHAPES:
        return _goals(name, content, kind, shape, source, team, by)
    try:
        sniff(io.BytesIO(content), name)
        columns = header(io.BytesIO(content), name)
    except CannotRead as refused:
        raise BadInput(str(refused), "file") from None
    made = PlanImport(name=name[:255], content=content, by=by, team=team)
    made.shape = _shape(columns, shape)
    table = made.shape == Table.name
    made.mapping = propose(columns) | dict(given or {}) if table else {}
    if table and given:
        check_mapping(made.mapping, columns)
    made.source = source_called(source.strip() or str(shaped(made.shape, {}).label) or stem_of(name))
    return made


def unpacked(name: str, content: bytes) -> tuple[str, bytes]:
    """A file out of its gzip, in which data is often published."""
    if not content.startswith(b"\x1f\x8b"):
        return name, content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            found = packed.read(MOST + 1)
    except (OSError, EOFError, zlib.error):
        raise BadInput(str(Reason(DAMAGED)), "file") from None
    if len(found) > MOST:
        raise BadInput(str(Reason(TOO_LARGE, {"most": MOST // 1_000_000})), "file")
    return name.removesuffix(".gz"), found


def _goals(
    name: str, content: bytes, kind: str, asked: str, source: str, team: Team | None, by: User
) -> PlanImport:
    if asked and asked != kind:
        raise BadInput(str(Reason(NOT_THIS_SHAPE, {"name": asked})), "format")
    made = PlanImport(name=name[:255], content=content, by=by, team=team, shape=kind)
    made.source = source_called(source.strip() or stem_of(name))
    if not survey(made).rows:
        raise BadInput(str(Reason(NO_GOALS)), "file")
    return made


def _shape(columns: list[str], asked: str) -> str:
    if not asked:
        return shape_of(columns)
    if asked not in NAMES:
        raise BadInput(str(Reason(NO_SHAPE, {"name": asked[:60], "names": ", ".join(NAMES)})), "format")
    if not shaped(asked, {}).fits(columns):
        raise BadInput(str(Reason(NOT_THIS_SHAPE, {"name": asked})), "format")
    return asked


def check_mapping(mapping: Mapping[str, str], columns: list[str]) -> None:
    """Refuse a mapping without a title, or one that names what is not there."""
    if not mapping.get("title"):
        raise BadInput(str(Reason(NO_TITLE_COLUMN)), "map_title")
    for name, column in mapping.items():
        if name not in FIELDS:
            raise BadInput(str(Reason(NO_FIELD, {"name": name[:60], "names": ", ".join(FIELDS)})), "map")
        if column and column not in columns:
            told = {"column": column[:60], "columns": ", ".join(columns)}
            raise BadInput(str(Reason(NO_COLUMN, told)), f"map_{name}")


@dataclass(frozen=True)
class Preview:
    """The first rows as they would come in."""

    rows: list[Told | Remark]
    total: int

    @classmethod
    def of(cls, import_: PlanImport) -> Preview:
        rows = survey(import_).rows
        return cls(list(islice(rows, SHOWN)), len(rows))

    def example(self, column: str) -> str:
        """The first value that a column holds."""
        return next((cell for row in self.rows if (cell := row.raw.get(column, "").strip())), "")
