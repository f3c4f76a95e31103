"""Words that a program sends: one, or up to a thousand, checked one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput, Forbidden
from filrouge.lib.dates import parse_date
from filrouge.lib.mapping import FIELDS
from filrouge.lib.reason import N_, Reason
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Source
from filrouge.voices.receipts import Remark
from filrouge.voices.rules import Arrival, DateReader, Unfit, arrival

from .models import keep_rejected

MOST_ITEMS = 1_000
NOT_AN_OBJECT = N_("An item must be an object with a text.")
NOT_PLAIN = N_("This must be a text or a number, not a list or an object.")


def receive_json(payload: Any, by: User | None) -> dict[str, Any]:
    """The receipt of `{"source", "items": [...]}`, or of one item that names its source itself."""
    if not may(by, Act.IMPORT) or by is None:
        raise Forbidden(refusal(Act.IMPORT))
    source_name, items = _parts(payload)
    read_date = partial(parse_date, now=timezone.now())
    rows = [_row(item, line, read_date) for line, item in enumerate(items, 1)]
    with transaction.atomic():
        source, _new = Source.objects.get_or_create(name=source_name)
    receipt = receive(source, rows, by=by)
    keep_rejected(receipt.remarks, source_name=source_name, by=by)
    return receipt.as_json()


def _parts(payload: Any) -> tuple[str, list[Any]]:
    if not isinstance(payload, dict):
        raise BadInput(_('Send an object: {"source": ..., "items": [...]}.'), "")
    source = payload.get("source")
    if not isinstance(source, str) or not source.strip() or len(source) > 120 or "\0" in source:
        raise BadInput(_("Name the source that these words come from, in at most 120 characters."), "source")
    if not _encodable(source):
        raise BadInput(_("The name of the source holds a character that no text holds."), "source")
    items = payload.get("items", [{name: value for name, value in payload.items() if name != "source"}])
    if not isinstance(items, list) or not items:
        raise BadInput(_("Send a list of items, with at least one."), "items")
    if len(items) > MOST_ITEMS:
        raise BadInput(_("Send at most %(most)d items at a time.") % {"most": MOST_ITEMS}, "items")
    return source.strip(), items


def _encodable(text: str) -> bool:
    return text.encode("utf-8", "replace").decode() == text


def _row(item: Any, line: int, read_date: DateReader) -> Arrival | Remark:
    if not isinstance(item, Mapping):
        return Remark(line, "", Reason(NOT_AN_OBJECT), raw={"": _shown(item)})
    raw = {_storable(str(name)): _shown(value) for name, value in item.items()}
    nested = next((name for name, value in item.items() if isinstance(value, list | dict)), None)
    if nested is not None:
        return Remark(line, _storable(nested), Reason(NOT_PLAIN), raw[_storable(nested)][:200], raw)
    values = {name: _plain(value) for name, value in item.items() if value is not None}
    segments = {name: value for name, value in values.items() if name not in FIELDS}
    fields = {name: value for name, value in values.items() if name in FIELDS}
    try:
        return arrival(fields, segments, line, read_date)
    except Unfit as unfit:
        return Remark(line, _storable(unfit.name), unfit.reason, unfit.value, raw)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _shown(value: Any) -> str:
    return _storable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _storable(text: str) -> str:
    return text.replace("\0", "\u2400").encode("utf-8", "replace").decode()
