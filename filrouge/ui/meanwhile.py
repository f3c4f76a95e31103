"""Two people with one form: beside what the second typed stands what the first put there meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from filrouge.core.models import Item
from filrouge.core.traces import History
from filrouge.ui import writing
from filrouge.ui.asking import Input

LONGEST = 300


def beside(typed: Sequence[Input], now: Sequence[Input], item: Item, seen: str) -> list[Input]:
    """The questions as they were answered, each with what somebody changed it to since revision `seen`."""
    rows = History.objects.filter(item_id=item.pk, revision__gt=int(seen)).values_list("after", flat=True)
    changed = {name for after in rows for name in after}
    stands = {one.name: one for one in now if one.name in changed}
    return [_beside(one, stands.get(one.name)) for one in typed]


def _beside(one: Input, other: Input | None) -> Input:
    return one if other is None or not differs(one, other) else replace(one, hint=said(other))


def differs(one: Input, other: Input) -> bool:
    return plain(one.value) != plain(other.value)


def plain(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def said(one: Input) -> str:
    """“Changed meanwhile to: Faster export”."""
    if not plain(one.value):
        return _("Emptied meanwhile.")
    text = writing.date(one.value) if isinstance(one.value, dt.date) else plain(one.value)
    text = dict(one.options).get(text, text)
    return _("Changed meanwhile to: %(value)s") % {"value": Truncator(text).chars(LONGEST)}
