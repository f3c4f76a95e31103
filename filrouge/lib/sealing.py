"""Personal values at rest: sealed to be read again, digested to be compared."""

import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken


class BadSeal(ValueError):
    """The value was sealed with another key, or damaged."""


class Sealer:
    """Seals and digests with one secret key."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)
        # Two keys from one secret: a leak of digests says nothing about seals.
        self._digest_key = hmac.digest(key, b"filrouge digest", hashlib.sha256)

    def seal(self, value: str) -> bytes:
        return self._fernet.encrypt(value.encode())

    def unseal(self, sealed: bytes) -> str:
        try:
            return self._fernet.decrypt(bytes(sealed)).decode()
        except InvalidToken as error:
            raise BadSeal("This value was sealed with another key, or is damaged.") from error

    def digest(self, namespace: str, value: str) -> str:
        """The same for values that differ only in case or spaces."""
        message = f"{namespace}\0{' '.join(value.split()).casefold()}".encode()
        return hmac.digest(self._digest_key, message, hashlib.sha256).hex()


def load_key(path: str | os.PathLike[str]) -> bytes:
    """Read the key, made on first use; of two processes that start together, both read the same one."""
    file = Path(path)
    if not file.exists():
        _create_once(file)
    return file.read_bytes().strip()


def _create_once(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as temporary:
            temporary.write(Fernet.generate_key())
            temporary.flush()
            os.fsync(temporary.fileno())
        with suppress(FileExistsError):
            os.link(name, file)  # fails where the file exists, so the first one stands
    finally:
        os.unlink(name)
