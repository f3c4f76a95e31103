"""Files of text, whatever their encoding, line by line in bounded memory."""

import codecs
import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO

LONGEST_LINE = 8_000_000  # characters: longer ones are cut, and rejected by whoever reads them
_HEAD, _STEP, _MOST_SCANNED = 4_096, 1 << 16, 64 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What Western texts of one byte a letter are made of, beyond ASCII. Other bytes there point to damaged UTF-8.
_WESTERN = frozenset(
    "àâäæçéèêëîïôöœùûüñáíóúìòãõåøßÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜÑÁÍÓÚÅØ°«»€’‘“”…–—·\u00a0ºª¿¡£§©®".encode("cp1252")
)
_UNDECODED = re.compile("[\udc80-\udcff]")
_UNDECODED_16 = re.compile("\ufffd")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def encoding_of(stream: BinaryIO) -> str:
    """The encoding of a file; single bytes (Windows-1252) only where it is not UTF-8 for the most part."""
    head = stream.read(_HEAD)
    stream.seek(0)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    return _utf16_without_bom(head) or ("cp1252" if _is_single_byte(stream) else "utf-8")


@contextmanager
def open_text(stream: BinaryIO) -> Iterator[TextIO]:
    """Decode without ever failing: what cannot be decoded stays recognisable, see `undecoded`."""
    stream.seek(0)
    encoding = encoding_of(stream)
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
    try:
        yield text
    finally:
        text.detach()  # the stream is its owner's to close


def undecoded(text: str, encoding: str) -> bool:
    """Whether the text holds bytes that its encoding does not know."""
    pattern = _UNDECODED_16 if encoding.startswith("utf-16") else _UNDECODED
    return not text.isascii() and pattern.search(text) is not None


def unstorable(text: str) -> bool:
    """Whether a database would refuse it: NUL, or half of a UTF-16 pair."""
    return "\0" in text if text.isascii() else _UNSTORABLE.search(text) is not None


def showable(text: str) -> str:
    """The text with signs in place of what cannot be stored."""
    return _UNSTORABLE.sub(lambda m: "\u2400" if m[0] == "\0" else "\ufffd", text)


def _utf16_without_bom(head: bytes) -> str | None:
    """Western text in UTF-16 is every other byte zero."""
    pairs = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if pairs >= 2 and odd > 0.6 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    return "utf-16-be" if pairs >= 2 and even > 0.6 * pairs and odd < 0.1 * pairs else None


def _is_single_byte(stream: BinaryIO) -> bool:
    """By the letters beyond ASCII: hardly any is UTF-8, and they are those of Western languages."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = western = 0
    while stream.tell() < _MOST_SCANNED and good < 1_000 and bad < 1_000:
        block = stream.read(_STEP)
        text = decoder.decode(block, final=not block)
        wrong = [ord(c) - 0xDC00 for c in _UNDECODED.findall(text)]
        bad += len(wrong)
        western += sum(byte in _WESTERN for byte in wrong)
        good += len(text) - len(text.encode("ascii", "ignore")) - len(wrong)
        if not block:
            break
    stream.seek(0)
    return bad > 0 and bad >= 10 * good and western >= 0.9 * bad


class LineTooLong(ValueError):
    """One line of the file is longer than anything meant to be read."""


class Lines:
    """The lines of a file, counted; those of the record being read are kept, to be taken back."""

    def __init__(self, text: TextIO) -> None:
        self._read = text.readline
        self._returned: deque[str] = deque()
        self.taken = 0
        self.current: list[str] = []

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._read(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.taken += 1
        self.current.append(line)
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            self._skip_to_its_end()
            raise LineTooLong
        return line

    def give_back_all_but_first(self) -> None:
        """Read on at the second line of the current record."""
        again = self.current[1:]
        self._returned.extendleft(reversed(again))
        self.taken -= len(again)
        del self.current[1:]

    def _skip_to_its_end(self) -> None:
        while (more := self._read(LONGEST_LINE)) and not more.endswith(("\n", "\r")):
            pass
