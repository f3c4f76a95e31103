"""Who may see an Item, and in which words."""

from typing import Any, TypeGuard

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from filrouge.people.models import User


class Circle(models.TextChoices):
    PRIVATE = "private", _("Private")
    TEAM = "team", _("Product teams")
    COMPANY = "company", _("Company")
    WORLD = "world", _("Everyone")


FACED = (Circle.COMPANY, Circle.WORLD)
"""Circles that read approved wordings (Faces), never Items."""


def faces_for(reader: User | None) -> tuple[Circle, ...]:
    """The circles whose wordings a reader may see: anyone the world's, whoever signs in the company's."""
    signed_in = reader is not None and reader.is_authenticated and reader.is_active
    return (Circle.COMPANY, Circle.WORLD) if signed_in else (Circle.WORLD,)


def reads_items(reader: User | None) -> TypeGuard[User]:
    return reader is not None and reader.is_authenticated and reader.is_active and reader.reads_items


def sees(reader: User, item: str = "") -> Q:
    """What somebody who reads Items sees of them; or of those that rows belong to, by a way like "item__"."""
    return Q(Sees(reader.pk, *(F(f"{item}{name}") for name in ("circle", "author", "pk"))))


class Sees(Func):
    """An Item's circle, author and key -> whether a reader sees it. One expression: it is in every query."""

    output_field = models.BooleanField()

    def __init__(self, reader: int, *columns: F) -> None:
        super().__init__(*columns)
        self.reader = reader

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:  # type: ignore[override]
        circle, author, pk = (compiler.compile(column)[0] for column in self.source_expressions)
        named = f"{pk} IN (SELECT item_id FROM core_item_named WHERE user_id = %s)"
        said = f"({circle} <> %s OR {author} = %s OR {named})"
        return said, [Circle.PRIVATE.value, self.reader, self.reader]
