"""Tables that spreadsheets open without running anything in them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What makes a spreadsheet read a cell as a formula, the full-width signs of Asian keyboards included.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_BLOCK = 65_536


def safe_cell(value: object) -> str:
    """As text; with a leading apostrophe where a spreadsheet would calculate. Numbers stay numbers."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def write_csv(
    rows: Iterable[Sequence[object]], header: Sequence[str], *, bom: bool = False
) -> Iterator[bytes]:
    """The file block by block, in UTF-8; Excel needs the byte order mark to see that."""
    buffer = io.StringIO("\ufeff" if bom else "", newline="")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(map(safe_cell, header))
    for row in rows:
        writer.writerow(map(safe_cell, row))
        if buffer.tell() > _BLOCK:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")
