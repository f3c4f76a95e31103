"""A form for a Verb's parameters: what a dialog asks, filled with what is known, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Choices
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from filrouge.core.fields import Draws, Refers, Says, Widget, Writes, choices_of, parts, short
from filrouge.core.lists import MOST_OPTIONS
from filrouge.core.models import Item
from filrouge.core.verbs import Verb
from filrouge.lib.numbers import whole
from filrouge.people.access import TABLE, own_team
from filrouge.people.models import Team, User
from filrouge.ui.picking import candidates, kinds_for

Option = tuple[str, str]

LABELS: dict[str, Promise] = {
    "to": _("Leads to"),
    "relation": _("How"),
    "note": _("Note"),
    "language": _("Language"),
    "text": _("Text"),
    "from_items": _("Because of"),
    "shown_date": _("Date as shown"),
    "words": _("Words"),
    "supports": _("Supports"),
    "contradicts": _("Contradicts"),
    "start": _("From character"),
    "end": _("To character"),
    "undated": _("The day is not known"),
    "objective": _("Goal"),
    "parent": _("Contributes to"),
    "weight": _("Weight"),
    "contribution": _("What contributes"),
    "at": _("When it held"),
    "option": _("Option"),
    "option_title": _("Option"),
    "about": _("About it"),
    "pros": _("What speaks for it, one argument a line"),
    "cons": _("What speaks against it, one argument a line"),
    "side": _("On which side"),
    "successor": _("What takes its place"),
    "part": _("Part"),
    "person": _("Person"),
    "by_name": _("Or a name, for whoever has no account"),
    "decided_on": _("Decided on"),
    "taken_by": _("Decided by"),
    "reason": _("Reason"),
}
NUMBERS = (int, float)
# What it is comes first, why and for whom after it.
ORDER = {"from_items": 2, "team": 3, "product": 4, "circle": 5}


@dataclass(frozen=True)
class Input:
    """One question of a form; `kind` is that of the macro `field`, or items."""

    name: str
    label: str
    kind: str
    value: Any = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    multiple: bool = False
    kinds: str = ""
    error: str = ""
    hint: str = ""
    bare: Any = None
    empty: Any = PydanticUndefined

    @property
    def id(self) -> str:
        return f"id_{self.name}"


def inputs(
    verb: Verb, owner: type[Item], item: Item | None, reader: User, given: Mapping[str, Any]
) -> list[Input]:
    """The questions of a Verb's dialog, answered as far as the item, the address or the sent form knows."""
    fields = verb.model(owner).model_fields
    found = [_input(name, info, verb, owner, item, reader, given) for name, info in fields.items()]
    return sorted(found, key=lambda one: 0 if one.name == "title" else ORDER.get(one.name, 1))


def _input(
    name: str,
    info: FieldInfo,
    verb: Verb,
    owner: type[Item],
    item: Item | None,
    reader: User,
    given: Mapping[str, Any],
) -> Input:
    bare, marks, optional = parts(info.annotation)
    marks = [*marks, *info.metadata]
    column = next((mark.column for mark in marks if isinstance(mark, Writes)), name)
    said = next((str(mark.label) for mark in marks if isinstance(mark, Says)), "")
    asked = Input(
        name,
        said or label_of(column, owner),
        "text",
        _known(name, column, info, item, given),
        required=info.is_required(),
        bare=bare,
        empty=None if optional else PydanticUndefined,
    )
    refers = next((mark.to for mark in marks if isinstance(mark, Refers)), "")
    if item is not None and (rows := rows_of(item, refers)) is not None:
        return _select(asked, rows)
    return _shaped(asked, marks, refers, verb, owner, reader, given)


def rows_of(item: Item, refers: str) -> list[Option] | None:
    """What belongs to the item itself: the rows of a plain table that point to it."""
    related = (one for one in item._meta.related_objects if one.one_to_many and not one.hidden)
    found = next((one for one in related if one.related_model._meta.label == refers), None)
    if found is None:
        return None
    return [(str(row.pk), str(row)) for row in getattr(item, str(found.get_accessor_name())).all()]


def _shaped(
    asked: Input, marks: list[Any], refers: str, verb: Verb, owner: type[Item], reader: User,
    given: Mapping[str, Any],
) -> Input:  # fmt: skip
    widget = next((mark.name for mark in marks if isinstance(mark, Widget)), "")
    if widget == "items" or refers == "core.Item":
        drawn = next((mark.relation for mark in marks if isinstance(mark, Draws)), "")
        models = kinds_for(owner, backwards=widget == "items" or bool(drawn), relation=drawn)
        return _items(asked, widget == "items", models, reader, str(given.get("find", "")))
    if refers and issubclass(model := apps.get_model(refers), Item):
        return _items(asked, False, [model], reader, str(given.get("find", "")))
    column = next((mark.column for mark in marks if isinstance(mark, Writes)), asked.name)
    if options := _options(asked, refers, column, verb, owner, reader):
        return _select(asked, options)
    if asked.bare is bool:
        return replace(asked, kind="checkbox")
    return replace(asked, kind=widget or _kind(asked.bare))


def _kind(bare: Any) -> str:
    if bare in NUMBERS:
        return "number"
    return {"date": "date", "datetime": "datetime-local"}.get(getattr(bare, "__name__", ""), "text")


def _items(asked: Input, many: bool, models: list[type[Item]], reader: User, find: str) -> Input:
    chosen = [
        str(value) for value in (asked.value if isinstance(asked.value, list) else [asked.value]) if value
    ]
    options = candidates(models, reader, find, chosen)
    options = options if many or asked.required else [("", "—"), *options]
    kinds = ",".join(model.kind.slug for model in models)
    value: Any = chosen if many else next(iter(chosen), "")
    return replace(asked, kind="items", options=tuple(options), multiple=many, kinds=kinds, value=value)


def _select(asked: Input, options: list[Option]) -> Input:
    free = not asked.required and (asked.value in ("", None) or asked.empty is None)
    return replace(asked, kind="select", options=tuple([("", "—"), *options] if free else options))


def _options(
    asked: Input, refers: str, column: str, verb: Verb, owner: type[Item], reader: User
) -> list[Option]:
    if refers == "people.Team":
        return teams(verb, reader)
    if refers == "people.User":
        return people(asked.value)
    if refers:
        return [(str(row.pk), str(row)) for row in apps.get_model(refers).objects.all()[:MOST_OPTIONS]]
    if asked.name == "relation":
        return list(dict.fromkeys((edge.relation, str(edge.label)) for edge in owner.kind.leads_to))
    labels = _choice_labels(asked, column, owner)
    return [(str(value), labels.get(str(value), str(value))) for value in choices_of(asked.bare)]


def people(held: Any) -> list[Option]:
    """Those of the product teams, and whoever stands there already: who left is not silently taken off."""
    found = [(str(pk), name) for pk, name in User.objects.reading_items().values_list("pk", "name")]
    if not held or str(held) in dict(found):
        return found
    left = User.objects.filter(pk=whole(str(held)) or 0).values_list("pk", "name")
    return [*found, *((str(pk), _("%(name)s, who has left") % {"name": name}) for pk, name in left)]


def teams(verb: Verb, reader: User) -> list[Option]:
    """The teams for which this person may do it."""
    found = Team.objects.all()
    if TABLE[verb.act].where is own_team:
        found = found.filter(pk__in=reader.managed_team_ids)
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def _choice_labels(asked: Input, column: str, owner: type[Item]) -> dict[str, str]:
    if asked.name == "language":
        return {code: str(label) for code, label in settings.LANGUAGES}
    if isinstance(asked.bare, type) and issubclass(asked.bare, Choices):
        return {str(value): str(label) for value, label in asked.bare.choices}
    held: Any = column_of(owner, column)
    return {str(value): str(label) for value, label in getattr(held, "flatchoices", None) or ()}


def column_of(owner: type[Item], name: str) -> Any:
    try:
        return owner._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def label_of(name: str, owner: type[Item]) -> str:
    """A column's name in words; other parameters have theirs here."""
    column = column_of(owner, name)
    named = getattr(column, "verbose_name", None)
    # A column that was given no name of its own has one made of its attribute's.
    own = named if isinstance(named, Promise) else None
    text = str(own or LABELS.get(name) or named or name.replace("_", " "))
    return text[:1].upper() + text[1:]


def _known(name: str, column: str, info: FieldInfo, item: Item | None, given: Mapping[str, Any]) -> Any:
    """What was sent, else what the item holds, else the default."""
    if name in given:
        return given[name]
    held = column_of(type(item), column) if item is not None else None
    if item is not None and held is not None and not held.many_to_many and not held.one_to_many:
        return _written(held.value_from_object(item))
    if item is not None and isinstance(getattr(type(item), column, None), property):
        return _written(getattr(item, column))
    default = info.get_default(call_default_factory=True)
    return "" if default is PydanticUndefined else _written(default)


def _written(value: Any) -> Any:
    if value is None or isinstance(value, list | bool):
        return "" if value is None else value
    if isinstance(value, Decimal):
        return short(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def answers(form: QueryDict, verb: Verb, owner: type[Item]) -> dict[str, Any]:
    """The parameters that a sent form gives: an empty answer is left out, or empties what may be empty."""
    found: dict[str, Any] = {}
    for name, info in verb.model(owner).model_fields.items():
        bare, _marks, optional = parts(info.annotation)
        value = _answer(form, name, bare)
        if value != "" or bare is str:
            found[name] = value
        elif optional:
            found[name] = None
    return found


def _answer(form: QueryDict, name: str, bare: Any) -> Any:
    if bare is bool:
        return name in form
    if getattr(bare, "__origin__", None) is list:
        return [value for value in form.getlist(name) if value]
    return form.get(name, "").replace("\r\n", "\n").strip()


def with_errors(
    asked: list[Input], every: tuple[tuple[str, str], ...]
) -> tuple[list[Input], list[tuple[str, str]]]:
    """The inputs with their errors, and the summary: (id of the field, sentence) pairs."""
    by_name = {place.partition(".")[0]: sentence for place, sentence in reversed(every)}
    marked = [replace(one, error=by_name.get(one.name, "")) for one in asked]
    labels = {one.name: one.label for one in asked}
    summary = [
        (f"id_{name}", _("%(field)s: %(problem)s") % {"field": labels[name], "problem": said})
        if name in labels
        else ("", said)
        for name, said in reversed(by_name.items())
    ]
    return marked, summary
