"""What an item's source refers to and nobody finds here. The rows stand with the import that brought it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from .models import Initiative


def dangling() -> Any:
    return apps.get_model("exchange.Pointer").objects.dangling()


def refers_to_nothing(item: Initiative) -> bool:
    return bool(dangling().filter(origin__item=item).exists())


def let_go(item: Initiative) -> None:
    """Miss them no longer, even if the file comes again."""
    dangling().filter(origin__item=item).update(let_go=True)
