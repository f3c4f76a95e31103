"""What each person works with: comments on Items, saved views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import reads_items, sees
from filrouge.core.errors import BadInput, Forbidden
from filrouge.core.models import Item
from filrouge.people.access import Act, may, refusal
from filrouge.people.gate import reader_of
from filrouge.people.models import User

LONGEST_COMMENT = 5_000
LONGEST_PATH = 200
MOST_VIEWS = 20


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, reader: User | None) -> Self:
        """Comments are read by whoever reads the Item itself."""
        return self.filter(sees(reader, "item__")) if reads_items(reader) else self.none()


class Comment(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"), max_length=LONGEST_COMMENT)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        ordering = ["at", "id"]

    @classmethod
    def write(cls, item: Item, text: str, *, by: User) -> Comment:
        if not may(by, Act.COMMENT, item):
            raise Forbidden(refusal(Act.COMMENT))
        cleaned = text.replace("\x00", "").strip()
        if not cleaned:
            raise BadInput(_("Write something first."), "text")
        if len(cleaned) > LONGEST_COMMENT:
            raise BadInput(_("A comment has at most %(n)s characters.") % {"n": LONGEST_COMMENT}, "text")
        return cls.objects.create(item_id=item.pk, author=by, text=cleaned)

    def remove(self, *, by: User) -> None:
        if by.pk != self.author_id:
            raise Forbidden(_("Only who wrote a comment may remove it."))
        self.delete()


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, reader: User | None) -> Self:
        """One's own views and those that others share; each reader sees through one what they may see."""
        if reader is None or not reader.is_authenticated:
            return self.none()
        return self.filter(Q(owner=reader) | Q(shared=True))


class SavedView(models.Model):
    """A Filter kept under a name: the page it is for, and its query string."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=80)
    path = models.CharField(max_length=LONGEST_PATH)
    query = models.CharField(max_length=2_000, blank=True)
    shared = models.BooleanField(_("shared with everybody"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "path", "name"], name="one_view_of_that_name")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    def keep(self) -> None:
        """Save it; another view of this person with that name on that page gives way."""
        with transaction.atomic():
            same = SavedView.objects.filter(owner=self.owner, path=self.path, name=self.name)
            same.exclude(pk=self.pk).delete()
            self.save()


@dataclass(frozen=True)
class ViewsHere:
    """The saved views of a list, and the filter that it shows now."""

    path: str
    query: str
    views: list[SavedView]


def views_of(request: HttpRequest) -> ViewsHere:
    """For the list that a request shows: a place in its pages is no part of a view."""
    chosen = request.GET.copy()
    for name in ("cursor", "limit"):
        chosen.pop(name, None)
    found = SavedView.objects.visible_to(reader_of(request)).filter(path=request.path)
    return ViewsHere(request.path, chosen.urlencode(), list(found[:MOST_VIEWS]))
