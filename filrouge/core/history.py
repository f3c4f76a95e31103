"""The history of an Item as people read it: who, what, when, and each change in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filrouge.people.models import User

from .circles import Circle
from .fields import short
from .kinds import by_label
from .models import History, Item
from .rows import seen_rows
from .verbs import verbs_of

OTHER_ACTS = {
    "emergency_opening": gettext_lazy("%(by)s opened it in an emergency"),
    "read_back": gettext_lazy("%(by)s read it back from a folder"),
    "erase": gettext_lazy("%(by)s erased a user's words"),
}
OTHER_VALUES = {
    "opened_because": gettext_lazy("because"),
    "option": gettext_lazy("option"),
    "pros": gettext_lazy("what speaks for it"),
    "cons": gettext_lazy("what speaks against it"),
    "no_decision": gettext_lazy("why no decision is needed"),
}
REACHES = {
    Circle.COMPANY: gettext_lazy("the company"),
    Circle.WORLD: gettext_lazy("everyone, customers too"),
}
SKIPPED = frozenset({"type", "created_at", "brief", "position"})


@dataclass(frozen=True)
class Change:
    """One column: its name in words, and its values before and after (text, or a date to be written)."""

    name: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Entry:
    """An act; `done` is its sentence, with places for who did it, the other Item and `values`."""

    pk: int
    at: datetime
    by: User | None
    verb: str
    label: str
    done: str
    values: dict[str, str]
    revision: int
    other: Item | None
    changes: list[Change]

    @property
    def who(self) -> str:
        return self.by.name if self.by else "Filrouge"

    @property
    def sentence(self) -> str:
        other = _("“%(title)s”") % {"title": self.other.title} if self.other else _("something else")
        return self.done % {"by": self.who, "other": other, **self.values}


Names = dict[tuple[type[models.Model], int], str]


def past(
    item: Item, reader: User | None, limit: int, before: int | None = None, changes: bool = True
) -> list[Entry]:
    """The latest entries of an Item, newest first; what they name is only shown to who may see it."""
    rows = History.objects.filter(item_id=item.pk).select_related("by").order_by("-id")
    found = list((rows.filter(pk__lt=before) if before is not None else rows)[:limit])
    others = Item.objects.visible_to(reader).in_bulk({row.other_id for row in found if row.other_id})
    columns = columns_of(by_label(item.type)) if changes else {}
    names = _names(found, columns, reader)
    return [_entry(row, item, columns, names, others.get(row.other_id)) for row in found]


def states(revisions: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Items as they were at given revisions, folded from History in one query."""
    found: dict[int, dict[str, Any]] = {pk: {} for pk in revisions}
    rows = History.objects.filter(item_id__in=revisions).order_by("id")
    for pk, revision, after in rows.values_list("item_id", "revision", "after"):
        if revision <= revisions[pk]:
            found[pk] |= after
    return found


def columns_of(model: type[Item]) -> dict[str, models.Field[Any, Any]]:
    fields = [*Item._meta.local_concrete_fields, *model.own_fields()]
    return {
        field.name: field
        for field in fields
        if field.name not in SKIPPED and field.name not in model.kind.personal
    }


def _in_words(model: type[Item], name: str) -> tuple[str, str]:
    """An act as what one does, and as the sentence of what was done."""
    verb = verbs_of(model).get(name)
    if verb:
        return str(verb.label).rstrip("…"), str(verb.done)
    label = name.replace("_", " ").capitalize()
    return label, str(OTHER_ACTS.get(name) or f"%(by)s: {label}")


def _values(row: History, names: Names) -> dict[str, str]:
    """What the sentence names, by where it stands in it."""
    person, widened = row.after.get("person"), row.after.get("circle") if row.verb == "open_to" else None
    reaches = row.after.get("reaches", widened)
    return {
        "circle": str(REACHES[reaches]) if reaches in REACHES else _("a wider circle"),
        "person": names.get((User, person)) or _("somebody"),
    }


def _entry(row: History, item: Item, columns: dict[str, Any], names: Names, other: Item | None) -> Entry:
    model = by_label(item.type)
    changes = [
        Change(
            name,
            str(field.verbose_name),
            recorded(field, row.before.get(name), names, model),
            recorded(field, row.after.get(name), names, model),
        )
        for name, field in columns.items()
        if name in row.after and not (_empty(row.before.get(name)) and _empty(row.after[name]))
    ]
    changes += [
        Change(name, str(label), "", row.after[name])
        for name, label in OTHER_VALUES.items()
        if row.after.get(name)
    ]
    label, done = _in_words(model, row.verb)
    return Entry(
        row.pk, row.at, row.by, row.verb, label, done, _values(row, names), row.revision, other, changes
    )


def _empty(value: Any) -> bool:
    return value in (None, "", [], {})


def _names(rows: Iterable[History], columns: dict[str, Any], reader: User | None) -> Names:
    """The names of what the entries mention by id, as far as the reader sees it: one query a table."""
    wanted: dict[type[models.Model], set[int]] = {}
    for row in rows:
        if person := row.after.get("person"):
            wanted.setdefault(User, set()).add(person)
        for name, field in columns.items():
            if field.is_relation:
                wanted.setdefault(field.related_model, set()).update(
                    key for key in (row.before.get(name), row.after.get(name)) if key
                )
    return {
        (model, pk): str(found)
        for model, keys in wanted.items()
        if keys
        for pk, found in seen_rows(model, reader).in_bulk(keys).items()
    }


def recorded(field: Any, value: Any, names: Names, model: type[Item]) -> Any:
    """A recorded value in words; an id without a row says so."""
    if _empty(value):
        return ""
    if field.is_relation:
        return names.get((field.related_model, value)) or _("(gone)")
    if field.name == "status" and hasattr(model, "Status"):
        return str(dict(model.Status.choices).get(value, value))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DecimalField):
        return short(Decimal(value))
    if isinstance(field, models.DateTimeField):
        return parse_datetime(value) or value
    if isinstance(field, models.DateField):
        return parse_date(value) or value
    return _("yes") if value is True else _("no") if value is False else str(value)
