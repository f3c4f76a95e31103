"""Names of files that every computer can hold, each of them once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from filrouge.core.errors import BadInput
from filrouge.lib.reason import N_, Reason

NOWHERE_ELSE = re.compile(
    r"""(?ix) [\x00-\x1f<>:"|?*\ud800-\udfff] | [ .]\.md$ | /(?: con | prn | aux | nul | com\d | lpt\d )\."""
)
ODD_NAME = N_(
    "Not every computer can hold a file of this name. Give it another one: letters, digits, dashes."
)
ALIKE = N_(
    "“%(name)s” differs from this name in capital letters only: on many computers these are one file. "
    "Rename one of them."
)


def one_form(name: str) -> str:
    """Some systems write “é” as one sign, others as two."""
    return unicodedata.normalize("NFC", name)


def shown(path: str) -> str:
    """A name that a terminal can print."""
    return path.encode(errors="replace").decode()


class Paths:
    """The names that are in use, as the least careful file system tells them apart."""

    def __init__(self, held: Iterable[str]) -> None:
        self.held = set(held)
        self.known = {self._alike(path): path for path in self.held}

    def take(self, path: str) -> None:
        """A name that is new here is one that every computer can hold; BadInput where it is not."""
        if path in self.held:
            return
        if NOWHERE_ELSE.search(path):
            raise BadInput(str(Reason(ODD_NAME)))
        if (other := self.known.setdefault(self._alike(path), path)) != path:
            raise BadInput(str(Reason(ALIKE, {"name": other})))

    @staticmethod
    def _alike(path: str) -> str:
        return one_form(path).casefold()
