"""Who may see an Item, and in which words."""

from typing import TypeGuard

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
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
    named = RawSQL("SELECT item_id FROM core_item_named WHERE user_id = %s", [reader.pk])
    own = Q(**{f"{item}author": reader}) | Q(**{f"{item}pk__in": named})
    return ~Q(**{f"{item}circle": Circle.PRIVATE}) | own
