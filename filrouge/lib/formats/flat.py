"""JSON values as the cells of a row."""

import json
from collections.abc import Iterable
from typing import Any

from filrouge.lib.formats.records import LONGEST_KEPT, Reject, Row
from filrouge.lib.formats.text import showable, undecoded, unstorable
from filrouge.lib.reason import N_, Reason

NOT_AN_OBJECT = N_('A record must be an object, such as {"text": "..."}.')
UNDECODED = N_("Some characters cannot be decoded: the file mixes encodings.")
NUL = N_("This value holds a NUL or another character that no text holds.")

# Numbers stay as written: an identifier of twenty digits, or 4.10, means itself.
DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)


def row(line: int, value: object, raw: str, encoding: str) -> Row | Reject:
    """One record; nested objects become columns such as `author.name`, one level deep."""
    if not isinstance(value, dict):
        return reject(line, "", "", Reason(NOT_AN_OBJECT), raw)
    values = flat(value)
    for column, cell in values.items():
        if undecoded(cell, encoding) or undecoded(column, encoding):
            return reject(line, column, cell, Reason(UNDECODED), raw)
        if unstorable(cell) or unstorable(column):
            return reject(line, column, cell, Reason(NUL), raw)
    return Row(line, values)


def reject(line: int, column: str, value: str, reason: Reason, raw: str) -> Reject:
    return Reject(
        line, showable(column), showable(value[:LONGEST_KEPT]), reason, showable(raw[:LONGEST_KEPT])
    )


def flat(record: dict[str, Any]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            values.update((f"{key}.{inner}", _cell(one)) for inner, one in value.items())
        else:
            values[key] = _cell(value)
    return values


def names_of(records: Iterable[Row | Reject]) -> list[str]:
    """The columns of some rows, in the order in which they appear."""
    rows = (record for record in records if isinstance(record, Row))
    return list(dict.fromkeys(name for one in rows for name in one.values))


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)
