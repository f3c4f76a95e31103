"""The file format of a backup: members first, the manifest that vouches for them last."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import zlib
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO

from filrouge.core.errors import BadInput

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
KEY = "secret.key"
# What the data folder holds beside the database and cannot be made again.
PRECIOUS = (KEY, "sample.state", "uploads", "mail")
BROKEN = (
    tarfile.TarError, EOFError, OSError, zlib.error, ValueError, KeyError, TypeError, AttributeError,
    RecursionError,
)  # fmt: skip


@dataclass
class Manifest:
    """What a backup holds and how to know that it is whole."""

    version: str
    engine: str
    made_at: str
    migrations: list[list[str]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


class Damaged(BadInput):
    """The file is not a backup, or not a whole one; nothing was changed."""


class _Hashing:
    """A file that is digested while tarfile reads it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data


class Writer:
    """An archive being written: `add` members, leave the block, and the manifest closes it."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest

    def __enter__(self) -> Writer:
        self.file = self.path.open("xb")
        os.chmod(self.path, 0o600)  # it holds the sealing key
        self.tar = tarfile.open(fileobj=self.file, mode="w:gz", compresslevel=3, format=tarfile.PAX_FORMAT)
        return self

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as source:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(source.fileno()).st_size, 0o600
            reader = _Hashing(source)
            self.tar.addfile(info, reader)
        self.manifest.members[name] = reader.digest.hexdigest()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            text = json.dumps(asdict(self.manifest), indent=1).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size, info.mode = len(text), 0o600
            self.tar.addfile(info, BytesIO(text))
            self.tar.close()
            self.file.flush()
            os.fsync(self.file.fileno())
        self.file.close()


def unpack(file: Path, stage: Path) -> Manifest:
    """Unpack into an empty folder and check every member; Damaged says what is wrong."""
    if not file.is_file():
        raise BadInput(f"there is no file {file}.")
    try:
        found = _extract(file, stage)
        manifest = _manifest((stage / MANIFEST).read_text())
    except BROKEN as error:
        raise Damaged(f"{file} is not a whole backup ({error}). Nothing was changed.") from error
    found.pop(MANIFEST)
    if manifest.format > FORMAT:
        raise BadInput(
            f"{file} was made by Filrouge {manifest.version}, which is newer. Install that version first."
        )
    wrong = [name for name in {*found, *manifest.members} if found.get(name) != manifest.members.get(name)]
    if wrong:
        raise Damaged(
            f"{file} is damaged: {sorted(wrong)[0]} is not what was backed up. Nothing was changed."
        )
    return manifest


def _manifest(text: str) -> Manifest:
    """As `Writer` wrote it: whoever uses it need not look at the shape of each value again."""
    held = Manifest(**json.loads(text))
    texts = [held.version, held.engine, held.made_at, *held.members.values()]
    texts += [part for app, name in held.migrations for part in (app, name)]
    numbers = [held.format, *held.rows.values()]
    if not all(isinstance(one, str) for one in texts) or not all(isinstance(one, int) for one in numbers):
        raise TypeError("its manifest is not one")
    return held


def _extract(file: Path, stage: Path) -> dict[str, str]:
    """SHA-256 of each member, by name. Only plain files, only inside the folder."""
    digests: dict[str, str] = {}
    with tarfile.open(file, "r:gz") as tar:
        for member in tar:
            parts = PurePosixPath(member.name)
            if not member.isfile() or parts.is_absolute() or ".." in parts.parts or member.name in digests:
                raise ValueError(f"it holds {member.name!r}, which no backup holds")
            source = tar.extractfile(member)
            if source is not None:
                digests[member.name] = _write(source, stage / parts)
    return digests


def _write(source: IO[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        os.chmod(target, 0o600)
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()
