"""The list of one Kind: its facets and orders, from the reader, as Items or as Faces."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filrouge.people.models import Product, Team, User

from .circles import Circle, faces_for
from .filters import SHOWN, Facet, Filter, Sort, count, whole_number
from .kinds import Label
from .memory import kept
from .models import Face, Item
from .search import matching

CHANGED = Sort("changed", _("Last changed"), "changed_at")
CREATED = Sort("created", _("Newest"), "created_at")
TITLE = Sort("title", _("Title"), "title", descending=False, read=str)
SORTS = (CHANGED, CREATED, TITLE)
APPROVED = Sort("approved", _("Last approved"), "approved_at")
MOST_OPTIONS = 300
# No wording of the same Item is nearer: in the reader's language, then the company's, then the older one.
# Whether the Item is archived is asked of the wording itself, not of each of its sisters again.
NEAREST = """NOT EXISTS (
  SELECT 1 FROM core_face sister WHERE sister.item_id = core_face.item_id AND sister.circle IN ({circles})
  AND (CASE sister.language WHEN %s THEN 0 ELSE 1 END,
       CASE sister.circle WHEN 'company' THEN 0 ELSE 1 END, sister.id)
    < (CASE core_face.language WHEN %s THEN 0 ELSE 1 END,
       CASE core_face.circle WHEN 'company' THEN 0 ELSE 1 END, core_face.id))"""


def options_of(model: Any) -> list[tuple[str, str]]:
    """Teams, areas or people to choose from, by name."""
    rows = User.objects.reading_items() if model is User else model.objects.all()
    found = kept(f"options:{model.__name__}", lambda: list(rows.values_list("pk", "name")[:MOST_OPTIONS]))
    return [(str(pk), name) for pk, name in found]


def facet(model: type[Item], name: str) -> Facet:
    """A facet for one of the Kind's `filters`: a column of the type."""
    column: Any = model._meta.get_field(name)
    label: Label = column.verbose_name
    if column.is_relation:
        named = column.related_model in (Team, Product, User)
        options = partial(options_of, column.related_model) if named else None
        return Facet(name, label, f"{name}_id", whole_number, options)
    choices = model.Status.choices if name == "status" and hasattr(model, "Status") else column.choices
    if not choices:
        return Facet(name, label, name)
    values = {str(value) for value, _text in choices}
    return Facet(
        name, label, name, partial(one_of, values), lambda: [(str(v), str(text)) for v, text in choices]
    )


def one_of(values: Collection[str], text: str) -> str:
    if text not in values:
        raise ValueError(text)
    return text


def facets_of(model: type[Item]) -> tuple[Facet, ...]:
    return tuple(facet(model, name) for name in model.kind.filters)


def parse(model: type[Item], params: Any, strict: bool = False) -> Filter:
    return Filter.parse(params, facets_of(model), SORTS, strict=strict)


def rows(model: type[Item], filter: Filter, reader: User | None) -> QuerySet[Any]:
    """The Items that a reader sees through a filter, without page or order."""
    found = model.objects.visible_to(reader).active().filter(filter.where()).select_related(*related(model))
    return matching(found, "core_item", filter.query) if filter.q.strip() and filter.query else found


def key(model: type[Item], filter: Filter, reader: User | None) -> str:
    """What tells one list from another, whatever the page of it."""
    return f"{model.type_label()}:{reader.pk if reader else ''}:{filter.with_(cursor='').query_string()}"


def related(model: type[Item]) -> list[str]:
    """What a row of the list names: its people and places, and the type's own references."""
    own = [field.name for field in model.own_fields() if field.is_relation]
    return ["team", "author", "product", *own]


def faces(model: type[Item] | None, reader: User | None) -> QuerySet[Face]:
    """What wider circles see, of one Kind or of all: one wording an Item, in the active language if any."""
    visible: QuerySet[Face] = Face.objects.visible_to(reader)
    found = visible.filter(type=model.type_label()) if model else visible
    circles, language = faces_for(reader), get_language() or "en"
    sql = NEAREST.format(circles=", ".join(["%s"] * len(circles)))
    return found.extra(where=[sql], params=[*circles, language, language])


def outside(faces: Iterable[Any]) -> dict[int, Face]:
    """What customers read of the same Items, in the reader's language where it exists."""
    found = Face.objects.filter(circle=Circle.WORLD, item__in=[face.item_id for face in faces])
    language = get_language() or "en"
    return {face.item_id: face for face in sorted(found, key=lambda face: face.language == language)}


def face_filter(params: Any, strict: bool = False) -> Filter:
    """Wordings have one order: an address that a colleague shared, with theirs, begins at the first page."""
    if not strict and params.get("sort") not in (None, "", APPROVED.name):
        params = {name: params.getlist(name) for name in params if name not in ("sort", "cursor")}
    return Filter.parse(params, (), (APPROVED,), strict=strict)


def face_of(model: type[Item], pk: int, reader: User | None) -> Face | None:
    """The wording of one Item that a reader of wider circles sees."""
    return faces(model, reader).filter(item_id=pk).select_related("item").first()


def face_rows(model: type[Item] | None, filter: Filter, reader: User | None) -> QuerySet[Face]:
    """The wordings that hold all the words asked for: few enough to be read one by one."""
    found: QuerySet[Face] = faces(model, reader)
    for word in filter.q.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(text__icontains=word))
    return found


def count_faces(model: type[Item], filter: Filter, reader: User | None) -> tuple[int, bool]:
    """How many Items have such a wording; without words to find, that is known without choosing wordings."""
    if filter.q.strip():
        return count(face_rows(model, filter, reader), SHOWN)
    rows = Face.objects.visible_to(reader).filter(type=model.type_label())
    return count(rows.distinct(), SHOWN, "item_id")
