"""Where an Item came from: its id at a source, by which the same row never comes in twice."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from .errors import BadInput

if TYPE_CHECKING:
    from .models import Item

T = TypeVar("T", bound="Item")
FOLDER = "folder"
"""The source of what a folder's files stand for: its ids are their paths, and no import may name them."""


class Origin(models.Model):
    """An Item's id at a source, and what the source last said of it."""

    source = models.CharField(max_length=120)
    external_id = models.CharField(max_length=300)
    item = models.ForeignKey("core.Item", on_delete=models.CASCADE, related_name="origins")
    known = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Origin]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="came_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"

    def called(self, model: type[T]) -> T:
        """The Item that it stands for, of the type that a file means; BadInput where it is another."""
        found = model.objects.select_related("team").filter(pk=self.item_id).first()
        if found is None:
            said = _("“%(id)s” is something else here already: give this file a source of its own.")
            raise BadInput(said % {"id": self.external_id[:80]}, "external_id")
        return found  # type: ignore[no-any-return]


def source_called(text: str) -> str:
    """The name of a source as it is kept; BadInput where none may be called so."""
    name = " ".join(text.replace("\x00", "").split())[:120]
    if not name:
        raise BadInput(_("Say where these rows come from: their ids are told apart by it."), "source")
    if name == FOLDER:
        raise BadInput(_("“%(name)s” is Filrouge's own name: choose another.") % {"name": FOLDER}, "source")
    return name


def stem_of(name: str) -> str:
    """What a file is called; one that bears the folder's own name is told from it."""
    stem = PurePath(name).stem
    return f"{stem} (file)" if stem in ("", FOLDER) else stem
