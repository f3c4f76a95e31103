"""What Items leave: the edges between them, the History of every Verb, the Faces of wider circles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.people.models import User

from . import clock
from .circles import FACED, Circle, faces_for
from .kinds import status_in_words

if TYPE_CHECKING:
    from .models import Item


class Link(models.Model):
    """A typed, directed edge: the red thread."""

    source = models.ForeignKey("core.Item", on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey("core.Item", on_delete=models.CASCADE, related_name="links_in")
    relation = models.CharField(max_length=30)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["at"], name="link_by_moment")]
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="link_between_two"),
        ]

    @property
    def edge(self) -> dict[str, Any]:
        """As History keeps it."""
        return {
            "source": self.source_id,
            "target": self.target_id,
            "relation": self.relation,
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True)
class Tied:
    """What a Verb did to the thread: the edges that it found, and those that it left in their place."""

    other: Item | None
    found: Sequence[dict[str, Any]] = ()
    left: Sequence[dict[str, Any]] = ()

    @property
    def before(self) -> dict[str, Any]:
        return {"edges": [*self.found]} if self.found else {}

    @property
    def after(self) -> dict[str, Any]:
        return {"edges": [*self.left]} if self.left else {}


class History(models.Model):
    """The append-only trace of every Verb. Personal values and users' words stand in it by reference only."""

    item = models.ForeignKey("core.Item", on_delete=models.CASCADE, related_name="history")
    other = models.ForeignKey("core.Item", null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=40)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_index=True)
    revision = models.PositiveIntegerField()
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["item", "-id"], name="history_of_item")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        for follow in FOLLOWERS:
            follow(self)


FOLLOWERS: list[Callable[[History], None]] = []
"""What is told of each new row, within its transaction: the floors above put theirs here when they start."""


class FaceQuerySet(models.QuerySet["Face"]):
    def visible_to(self, reader: User | None) -> FaceQuerySet:
        return self.filter(circle__in=faces_for(reader), item__archived_at=None)

    def freeze(
        self, item: Item, circle: Circle, language: str, title: str, text: str, shown_date: str, *, by: User
    ) -> Face:
        """The wording of an Item for a circle in a language; a new one takes the former one's place."""
        opened = item.opened(circle)
        face, _new = self.update_or_create(
            item_id=item.pk,
            circle=circle,
            language=language,
            defaults={
                "type": item.type,
                "title": title,
                "text": text,
                "shown_date": shown_date,
                "revision": item.revision,
                "fields": opened,
                "approved_by": by,
                "approved_at": timezone.now(),
            },
        )
        return face


class Face(models.Model):
    """An approved wording of an Item for one circle, in one language: all that the circle can see of it."""

    item = models.ForeignKey("core.Item", on_delete=models.CASCADE, related_name="faces")
    type = models.CharField(max_length=60)
    circle = models.CharField(max_length=10, choices=[(c.value, c.label) for c in FACED])
    language = models.CharField(max_length=5)
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    shown_date = models.CharField(_("date as shown"), max_length=60, blank=True)
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    revision = models.PositiveIntegerField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField()

    objects: ClassVar[Any] = FaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "circle", "language"], name="one_face")]
        indexes = [models.Index(fields=["type", "-approved_at", "-id"], name="face_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def status_label(self) -> str:
        """The status in words as it was approved; empty where the Kind does not open it to this circle."""
        return status_in_words(self.type, self.fields.get("status") or "")
