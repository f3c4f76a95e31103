"""What every Item is, and what may be done with it; what it leaves is in traces.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filrouge.lib.search_text import forms, stems
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import Product, Team, User

from . import clock
from .circles import Circle
from .errors import BadInput, Forbidden, NotFound
from .fields import (
    FromItems,
    Id,
    Line,
    OptionalLine,
    Prose,
    Refers,
    RequiredProse,
    TeamId,
    plain_value,
    type_of,
)
from .kinds import Kind, by_label, status_in_words
from .origins import Origin
from .rows import ItemManager, column, seen_rows
from .traces import Face, History, Link, Tied
from .verbs import Told, archived, in_use, private, verb, verbs_of

__all__ = ["Face", "History", "Item", "Link", "Origin", "Tied", "allowing", "find_item"]


class Item(models.Model):
    """Anything people write down and may link. Subclass it once, with a `kind` and the type's own columns."""

    type = models.CharField(max_length=60, editable=False)
    title = models.CharField(_("title"), max_length=300)
    status = models.CharField(_("status"), max_length=20, blank=True, editable=False)
    circle = models.CharField(_("seen by"), max_length=10, choices=Circle.choices, default=Circle.TEAM)
    author = models.ForeignKey(
        User, verbose_name=_("author"), null=True, editable=False, on_delete=models.PROTECT
    )
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT)
    product = models.ForeignKey(
        Product, verbose_name=_("product area"), null=True, blank=True, on_delete=models.PROTECT
    )
    named = models.ManyToManyField(User, related_name="named_on", blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    stems = models.TextField(blank=True, editable=False)
    forms = models.TextField(blank=True, editable=False)
    facets = models.TextField(blank=True, editable=False)
    sample = models.BooleanField(default=False, editable=False)

    kind: ClassVar[Kind]
    starts_as: ClassVar[str] = ""
    objects: ClassVar[Any] = ItemManager()
    _verb_models: ClassVar[dict[str, Any]] = {}

    class Meta:
        indexes = [
            models.Index(fields=["type", "archived_at", "-changed_at", "-id"], name="item_by_change"),
            models.Index(fields=["-changed_at", "-id"], name="item_recent"),
            models.Index(fields=["team", "type"], name="item_by_team"),
            models.Index(fields=["author", "type"], name="item_by_author"),
            models.Index(fields=["status", "created_at", "id"], name="item_oldest_in_state"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/{self.pk}/"

    # What an Item is

    @classmethod
    def type_label(cls) -> str:
        return str(cls._meta.label)

    @property
    def slug(self) -> str:
        return by_label(self.type).kind.slug

    @property
    def type_name(self) -> str:
        return str(by_label(self.type)._meta.verbose_name)

    @property
    def status_label(self) -> str:
        return status_in_words(self.type, self.status)

    @property
    def state_label(self) -> str:
        """The status in words; an archived Item is that first of all."""
        return (
            str(_("archived"))
            if self.archived_at
            else str(_("“%(status)s”") % {"status": self.status_label})
            if self.status
            else str(_("not private"))
        )

    @property
    def specific(self) -> Any:
        return self if type(self) is not Item else by_label(self.type).objects.get(pk=self.pk)

    @classmethod
    def own_fields(cls) -> list[models.Field[Any, Any]]:
        """The type's own columns, without the link to the shared row."""
        return [field for field in cls._meta.local_concrete_fields if not field.primary_key]

    def own_values(self) -> dict[str, Any]:
        """The type's own columns as plain values, for REST, commands and exports."""
        return {field.name: plain_value(self, field) for field in type(self).own_fields()}

    @classmethod
    def values_of(cls, items: Sequence[Self]) -> list[dict[str, Any]]:
        """The own values of several; a type that computes some of them asks once for all."""
        return [item.own_values() for item in items]

    def surroundings(self, reader: User) -> dict[str, Any]:
        """What stands around it, as this reader may see it: the answer for one tells it, no list does."""
        return {}

    @classmethod
    def written_fields(cls, revising: bool) -> dict[str, Any]:
        """Name -> (type, default) of what people write on this type; a revision gives only what changes."""
        shared = [column(Item, name) for name in ("title", "product")]
        writable = [field for field in (*shared, *cls.own_fields()) if field.editable]
        found: dict[str, Any] = {}
        for field in writable:
            required = not (revising or field.blank or field.null or field.has_default())
            found[field.name] = (type_of(field), ... if required else _default(field))
        if not revising:
            found["team"] = (TeamId, None)
            found["circle"] = (Literal["team", "private"], "team")
        return found

    # What every Verb does for it

    def lock(self) -> None:
        # Its key never changes: who links to it meanwhile need not wait for whoever changes it.
        held = type(self).objects.select_for_update(of=("self", "item_ptr"), no_key=True)
        self.refresh_from_db(from_queryset=held)

    def snapshot(self) -> dict[str, Any]:
        """The Item's columns as History keeps them: personal ones by reference only."""
        fields = [*Item._meta.local_concrete_fields, *type(self).own_fields()]
        hidden = {"id", "stems", "forms", "facets", "changed_at", "revision", "sample", *self.kind.personal}
        return {field.name: field.value_from_object(self) for field in fields if field.name not in hidden}

    def opened(self, circle: Circle) -> dict[str, Any]:
        """What a wording for a circle freezes beside its words: the fields that the Kind opens to it."""
        held = self.snapshot()
        return {name: held.get(name) for name in self.kind.shows.get(circle, ())}

    def remember(
        self, verb_name: str, *, by: User | None, before: dict[str, Any], about: Any = None
    ) -> History:
        """Save the Item as its next revision, with the trace of what changed and of what the act was about:
        another Item, edges to it, or the values that its sentence names."""
        if before:
            self.revision += 1
        self.changed_at = clock.now()
        self.index()
        self.save()
        after = self.snapshot()
        changed = [name for name in after if not before or before.get(name) != after[name]]
        tied = about if isinstance(about, Tied) else Tied(about if isinstance(about, Item) else None)
        told: Told = about if isinstance(about, dict) else tied.after
        return History.objects.create(
            item_id=self.pk,
            other_id=tied.other.pk if tied.other else None,
            verb=verb_name,
            by=by,
            revision=self.revision,
            at=self.changed_at,
            before={name: before[name] for name in changed if name in before} | tied.before,
            after={name: after[name] for name in changed} | told,
        )

    def index(self) -> None:
        text = "\n".join(str(getattr(self, name) or "") for name in self.kind.search)[:50_000]
        both = {word for language in ("en", "fr") for word in stems(text, language).split()}
        self.stems, self.forms = " ".join(sorted(both)), forms(text, "en")

    def bring(self, from_items: Iterable[dict[str, Any]], *, by: User) -> None:
        """Tie to this Item the ones that led to it; each must be visible to the person who says so."""
        for because in from_items:
            source = find_item(because["item"], by)
            source.link(by=by, to=self.pk, relation=because.get("relation", ""), note=because.get("note", ""))

    # Verbs

    @verb(_("Create"), may=Act.WRITE_EVIDENCE, done=_("%(by)s wrote it down"), makes=True, main=True)
    def create(cls, *, by: User, from_items: FromItems = [], **fields: Any) -> Any:  # noqa: B006  pydantic copies it
        """Write down a new one."""
        return cls.make(by=by, verb_name="create", from_items=from_items, **fields)

    @classmethod
    def make(cls, *, by: User, verb_name: str, from_items: Any = (), told: Any = None, **fields: Any) -> Self:
        columns = {column(cls, name).attname: value for name, value in fields.items()}
        item = cls(type=cls.type_label(), author=by, **({"status": cls.starts_as} | columns))
        item.team_id = item.team_id or next(iter(sorted(by.managed_team_ids or by.team_ids)), None)
        item.check_references(by=by)
        act = verbs_of(cls)[verb_name].act
        if not may(by, act, item):
            raise Forbidden(refusal(act), "team")
        item.validate()
        item.remember(verb_name, by=by, before={}, about=told)
        item.bring(from_items, by=by)
        return item

    def check_references(self, *, by: User) -> None:
        """Each row that it refers to is there; an Item, for whoever says so."""
        shared = [column(Item, name) for name in ("team", "product")]
        own = [field for field in type(self).own_fields() if field.is_relation and field.editable]
        for field in (*shared, *own):
            key = getattr(self, field.attname)
            if key is not None and not seen_rows(field.related_model, by).filter(pk=key).exists():
                raise BadInput(_("There is no such %(what)s.") % {"what": field.verbose_name}, field.name)

    def validate(self) -> None:
        """Rules between fields; a type with such rules raises BadInput here."""

    def require_team(self) -> None:
        """For types whose acts belong to the product manager of a team."""
        if self.team_id is None:
            raise BadInput(_("Say which team this is for: you are in none yourself."), "team")

    @verb(_("Edit"), may=Act.WRITE_EVIDENCE, done=_("%(by)s edited it"))
    def revise(self, *, by: User, **fields: Any) -> None:
        """Change what is written; the former text stays in the history."""
        for name, value in fields.items():
            setattr(self, column(type(self), name).attname, value)
        self.check_references(by=by)
        self.validate()

    @verb(_("Archive"), may=Act.WRITE_EVIDENCE, done=_("%(by)s archived it"), when=in_use)
    def archive(self, *, by: User) -> None:
        """Take it out of the lists; its thread and history stay."""
        self.archived_at = timezone.now()

    @verb(_("Bring back"), may=Act.WRITE_EVIDENCE, done=_("%(by)s brought it back"), when=archived)
    def unarchive(self, *, by: User) -> None:
        """Put it back into the lists."""
        self.archived_at = None

    @verb(_("Link…"), may=Act.WRITE_EVIDENCE, done=_("%(by)s linked it to %(other)s"))
    def link(
        self,
        *,
        by: User,
        to: Annotated[Id, Refers("core.Item")],
        relation: OptionalLine = "",
        note: Prose = "",
    ) -> Tied:
        """Say what this leads to."""
        target: Item = find_item(to, by, field="to")
        edge = self.kind.relation(relation, target.type)
        if target.pk == self.pk:
            raise BadInput(_("Nothing leads to itself: choose another."), "to")
        if edge is None:
            raise BadInput(
                _("%(a)s cannot lead to %(b)s that way.") % {"a": self.type_name, "b": target.type_name},
                "relation",
            )
        if not may(by, edge.may, target):
            raise Forbidden(refusal(edge.may))
        link, new = Link.objects.get_or_create(
            source_id=self.pk, target_id=target.pk, relation=edge.relation, defaults={"by": by, "note": note}
        )
        return Tied(target, left=[link.edge] * new)

    @verb(_("Unlink…"), may=Act.WRITE_EVIDENCE, done=_("%(by)s took away its link to %(other)s"))
    def unlink(
        self, *, by: User, to: Annotated[Id, Refers("core.Item")], relation: OptionalLine = ""
    ) -> Tied:
        """Take away an edge of the thread; the history keeps that it was there."""
        target: Item = find_item(to, by, field="to")
        edges = Link.objects.filter(source_id=self.pk, target_id=target.pk)
        edges = edges.filter(relation=relation) if relation else edges
        for edge in edges:
            declared = self.kind.relation(edge.relation, target.type)
            if declared is None or not may(by, declared.may, target):
                raise Forbidden(refusal(declared.may if declared else Act.WRITE_EVIDENCE))
        found = [edge.edge for edge in edges]
        if not edges.delete()[0]:
            raise NotFound(_("These two are not linked."), "to")
        return Tied(target, found)

    @verb(
        _("Share with the product teams"),
        may=Act.SHARE_PRIVATE,
        done=_("%(by)s shared it with the product teams"),
        when=private,
    )
    def share(self, *, by: User) -> None:
        """Make a private Item visible to the product teams."""
        self.circle = Circle.TEAM if self.circle == Circle.PRIVATE else self.circle

    @verb(_("Show to…"), may=Act.SHARE_PRIVATE, done=_("%(by)s showed it to %(person)s"), when=private)
    def show_to(self, *, by: User, person: Annotated[Id, Refers("people.User")]) -> Told:
        """Name somebody of the product teams who may read this private Item."""
        if not (found := User.objects.reading_items().filter(pk=person).first()):
            raise BadInput(_("Choose somebody of the product teams."), "person")
        self.named.add(found)
        return {"person": person}

    @verb(_("Hide from…"), may=Act.SHARE_PRIVATE, done=_("%(by)s hid it from %(person)s"), when=private)
    def hide_from(self, *, by: User, person: Annotated[Id, Refers("people.User")]) -> Told:
        """Take back what “Show to…” gave; the author always reads it."""
        self.named.remove(*self.named.filter(pk=person))
        return {"person": person}

    @verb(_("Open to a circle…"), may=Act.OPEN_EVIDENCE, done=_("%(by)s opened it to %(circle)s"))
    def open_to(
        self,
        *,
        by: User,
        circle: Literal["company", "world"],
        language: Literal["en", "fr"],
        title: Line,
        text: RequiredProse,
        shown_date: OptionalLine = "",
    ) -> Told:
        """Approve the words in which a wider circle may read this."""
        if self.circle == Circle.PRIVATE:
            raise BadInput(_("This is private. Share it with the product teams first."), "circle")
        Face.objects.freeze(self, Circle(circle), language, title, text, shown_date, by=by)
        self.circle = Circle.WORLD if Circle.WORLD in (circle, self.circle) else Circle.COMPANY
        return {"reaches": circle, "language": language, "shown_date": shown_date}

    @verb(_("Open as written"), may=Act.OPEN_EVIDENCE, done=_("%(by)s opened it to the company as written"))
    def open_as_written(self, *, by: User) -> Told:
        """Let the company read it in the words it has now."""
        if self.circle == Circle.PRIVATE:
            raise BadInput(_("This is private. Share it with the product teams first."), "circle")
        (title, text), language = self.as_written(), get_language() or "en"
        Face.objects.freeze(self, Circle.COMPANY, language, title, text, "", by=by)
        self.circle = Circle.COMPANY if self.circle == Circle.TEAM else self.circle
        return {"reaches": Circle.COMPANY, "language": language, "shown_date": ""}

    @verb(_("Close to a circle…"), may=Act.OPEN_EVIDENCE, done=_("%(by)s closed it to %(circle)s"))
    def close_to(self, *, by: User, circle: Literal["company", "world"]) -> Told:
        """Withdraw the wordings of a circle."""
        Face.objects.filter(item_id=self.pk, circle=circle).delete()
        held = set(Face.objects.filter(item_id=self.pk).values_list("circle", flat=True))
        self.circle = next((c for c in (Circle.WORLD, Circle.COMPANY) if c in held), Circle.TEAM)
        return {"reaches": circle}

    def as_written(self) -> tuple[str, str]:
        """The Item's own title and text, for an opening 'as written'."""
        texts = [getattr(self, name) for name in self.kind.search if name != "title"]
        return self.title, "\n\n".join(str(text) for text in texts if text)


def allowing(name: str, act: Act, **changes: Any) -> Any:
    """An inherited Verb under another line of the access table: `create = allowing("create", Act.FRAME)`."""
    return vars(Item)[name].allowing(act, **changes)


def _default(field: models.Field[Any, Any]) -> Any:
    if field.has_default():
        return field.get_default()
    return None if field.null else ""


def find_item(pk: int, reader: User | None, field: str = "item") -> Any:
    """An Item as its own type, through the reader's eyes; NotFound says no more than that."""
    item = Item.objects.visible_to(reader).filter(pk=pk).first()
    if item is None:
        raise NotFound(_("There is no such item, or you may not see it."), field)
    return item.specific
