"""The folder on a disk or in a zip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User

from . import shared, sheets
from .contents import Folder, kinds, paths
from .naming import one_form


@dataclass(frozen=True)
class Written:
    """What an export did to the folder."""

    files: int
    written: int
    removed: int


def files_for(by: User) -> dict[str, str]:
    """Path -> content of all that this person may take along."""
    if not may(by, Act.EXPORT):
        raise PermissionDenied(refusal(Act.EXPORT))
    with transaction.atomic():
        folder = Folder(by)
    return folder.files()


def export(directory: Path, by: User) -> Written:
    """Write what differs; remove files of ours whose Item is no longer for this folder; leave all others."""
    files = files_for(by)
    changed = sum(_put(_within(directory, path), text) for path, text in files.items())
    ours = (*paths().values(), *shared.NAMES)
    gone = [path for path in ours if path not in files and _within(directory, path).is_file()]
    for path in gone:
        _within(directory, path).unlink()
    return Written(len(files), changed, len(gone))


def zipped(files: Mapping[str, str], out: IO[bytes]) -> None:
    """The same files give the same zip: it bears no hour."""
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for path, text in sorted(files.items()):
            archive.writestr(ZipInfo(f"filrouge/{path}"), text, ZIP_DEFLATED)


def _put(file: Path, text: str) -> bool:
    """Whether it had to be written."""
    content = text.encode("utf-8")
    if file.is_file() and file.read_bytes() == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)  # what a killed run left, or a link that somebody laid
    part.write_bytes(content)
    part.replace(file)
    return True


def _within(directory: Path, path: str) -> Path:
    """Where a file of ours stands: a link in the folder, which may come from others, leads nobody out."""
    file = directory / PurePosixPath(path)
    if not file.parent.resolve().is_relative_to(directory.resolve()):
        raise _leads_out(file.parent.name)
    return file


def _leads_out(name: str) -> BadInput:
    return BadInput(
        _("“%(name)s” is a link that leads out of this folder. Take it away first.") % {"name": name}
    )


def taken(directory: Path) -> Mapping[str, str]:
    """Path -> content of the files of a folder that could be ours."""
    found = {}
    for model in kinds():
        for file in filter(Path.is_file, sorted((directory / model.kind.slug).glob("*.md"))):
            found[one_form(f"{model.kind.slug}/{file.name}")] = _read(directory, file, "surrogateescape")
    return found


def around(directory: Path) -> dict[str, str]:
    """Name -> content of the files that hold no Item."""
    there = {name: directory / name for name in shared.NAMES}
    return {name: _read(directory, file, "replace") for name, file in there.items() if file.is_file()}


def _read(directory: Path, file: Path, errors: str) -> str:
    """As much of it as may be read: what is longer is refused for that."""
    if not file.resolve().is_relative_to(directory.resolve()):
        raise _leads_out(file.name)
    with file.open(encoding="utf-8", errors=errors) as opened:
        return opened.read(sheets.MOST + 1)


def write_again(directory: Path, changed: Iterable[str], by: User) -> None:
    """The files that were read back, with the revision that they have now."""
    changed = set(changed)
    if not changed:
        return
    folder = Folder(by)
    for pk, path in folder.names.items.items():
        if path in changed:
            _put(_within(directory, path), folder.text(folder.items[pk]))
