"""What a file of the folder says, as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput
from filrouge.core.kinds import item_type
from filrouge.core.models import Item
from filrouge.lib.reason import N_, Reason

from . import sheets
from .cells import body_of, fields_of
from .contents import BRIEF, ROWS

BESIDE = {"key_result": ("breaks", "threshold")}
"""Columns that mean nothing without the one that they stand beside."""
ODD_LINK = N_("A link is written as: to: a file, as: a relation.")


@dataclass(frozen=True)
class Sheet:
    path: str
    model: type[Item]
    front: Mapping[str, Any]
    body: str

    @property
    def values(self) -> dict[str, Any]:
        """What is written for each column; one that is not written is empty."""
        written = {**self.front, body_of(self.model): self.body}
        return {name: written.get(name) for name in fields_of(self.model)}

    @property
    def revision(self) -> str:
        return str(self.front.get("revision", ""))

    def listed(self, name: str) -> list[Any]:
        found = self.front.get(name) or []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise BadInput(str(Reason(ODD_LINK)), name)
        return found


def opened(path: str, text: str) -> Sheet:
    model = item_type(path.partition("/")[0])
    assert model is not None
    if any("\udc80" <= c <= "\udcff" for c in text):
        raise BadInput(_("This file is not UTF-8."))
    return known(Sheet(path, model, *sheets.read(text)))


def known(sheet: Sheet) -> Sheet:
    """The sheet, if all that it holds is something a file can hold."""
    names = {*fields_of(sheet.model), *ROWS, BRIEF, "revision", "leads_to", "because"}
    if unknown := [str(name) for name in sheet.front if name not in names]:
        raise BadInput(_("“%(name)s” is nothing that this file can hold.") % {"name": unknown[0][:60]})
    return sheet


def noted(edge: Mapping[str, Any]) -> str:
    return sheets.one_end(str(edge.get("note", ""))).strip()[:20_000]


def undated(name: str, value: Any) -> Any:
    """Edges without when they were drawn: that is kept where they come back, and changes nothing."""
    if name not in ("leads_to", "because") or not isinstance(value, list):
        return value
    return [{key: edge[key] for key in edge if key != "at"} for edge in value if isinstance(edge, dict)]


def as_list(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def is_item(column: Any) -> bool:
    return bool(column.is_relation and issubclass(column.related_model, Item))


def waiting(sheet: Sheet) -> set[str]:
    """Columns that name another file, and what stands beside them: until all files are in."""
    named = {one.name for one in fields_of(sheet.model).values() if is_item(one) and sheet.values[one.name]}
    return named.union(*(BESIDE.get(name, ()) for name in named))


def check_status(item: Any) -> None:
    statuses = dict(type(item).Status.choices)
    if item.status not in statuses:
        raise BadInput(_("“%(value)s” is not a status of this.") % {"value": str(item.status)[:60]}, "status")


def as_text(value: Any) -> Any:
    """As a file gives it, so that what is here compares with what is there."""
    return sheets.loaded(sheets.dumped(value)) if value not in (None, "", [], {}) else ""
