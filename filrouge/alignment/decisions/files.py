"""The files of an import: one, a folder, or a folder in a zip; each as (name, text)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput

ENDINGS = {"madr": (".md", ".markdown"), "pep": (".rst", ".txt", ".md")}
NO_DECISION = re.compile(r"(?i)(?:readme|index|contributing|changelog|licen[cs]e|.*template.*|pep-0000)$")
MOST_FILES, MOST_BYTES, MOST_ALTOGETHER = 5_000, 1_000_000, 50_000_000
PEP, HEAD = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*(?:PEP|Title|Author|Status)[ \t]*:"), 300
Files = list[tuple[str, str]]
BROKEN = (BadZipFile, zlib.error, LZMAError, RuntimeError, EOFError, OSError, ValueError, IndexError)
"""What zipfile says of an archive that is damaged, encrypted, or none."""


def from_path(path: Path, format: str) -> Files:
    """One file as it is; of a folder, what has the ending, is no table of contents, and stands in it."""
    if path.is_file():
        return [(path.name, decoded(path.read_bytes(), path.name))]
    if not path.is_dir():
        raise BadInput(_("There is no file or folder %(path)s.") % {"path": path}, "file")
    there = (one for one in path.rglob("*") if one.is_file() and is_decision(one.name, format))
    found = sorted(one for one in there if one.resolve().is_relative_to(path.resolve()))
    names = [str(one.relative_to(path)).encode(errors="replace").decode() for one in found]
    return checked([(name, decoded(one.read_bytes(), name)) for name, one in zip(names, found, strict=True)])


def format_of(path: Path) -> str:
    """As most of its files begin: with PEP headers, or as Markdown."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if is_decision(one.name, "pep")]
    heads = [bool(PEP.match(_head(one))) for one in files if one.is_file()]
    return "pep" if 2 * sum(heads) > len(heads) else "madr"


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def from_upload(name: str, content: bytes, format: str) -> Files:
    if not name.lower().endswith(".zip"):
        return [(name, decoded(content, name))]
    try:
        with ZipFile(BytesIO(content)) as archive:
            return checked(list(_unzipped(archive, format)))
    except BROKEN as error:
        raise BadInput(
            _("This zip file cannot be opened. Pack it again, without a password."), "file"
        ) from error


def _unzipped(archive: ZipFile, format: str) -> Iterator[tuple[str, str]]:
    infos = [one for one in archive.infolist() if not one.is_dir() and is_decision(one.filename, format)]
    if len(infos) > MOST_FILES or sum(one.file_size for one in infos) > MOST_ALTOGETHER:
        raise BadInput(_("These are too many files at once: at most 5,000, of 50 MB together."), "file")
    for one in sorted(infos, key=lambda info: info.filename):
        if one.file_size > MOST_BYTES:
            raise BadInput(_("%(name)s is larger than 1 MB.") % {"name": one.filename[:120]}, "file")
        yield one.filename, decoded(archive.read(one), one.filename)


def is_decision(name: str, format: str) -> bool:
    bare = name.rsplit("/", 1)[-1]
    stem, _dot, ending = bare.rpartition(".")
    hidden = bare.startswith((".", "_")) or "__MACOSX" in name
    return f".{ending.lower()}" in ENDINGS[format] and not hidden and not NO_DECISION.match(stem)


def decoded(content: bytes, name: str) -> str:
    if len(content) > MOST_BYTES:
        raise BadInput(_("%(name)s is larger than 1 MB.") % {"name": name[:120]}, "file")
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding).replace("\x00", "\u2400")
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1").replace("\x00", "\u2400")


def checked(files: Files) -> Files:
    if not files:
        raise BadInput(_("No file of this kind is in it. Choose the folder of the decisions."), "file")
    if len(files) > MOST_FILES:
        raise BadInput(_("These are too many files at once: at most 5,000, of 50 MB together."), "file")
    return files
