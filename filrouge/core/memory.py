"""What every page or home shows and nobody decides on may be seconds, even minutes, old."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches

Kept = TypeVar("Kept")
_NOTHING = object()


def kept(
    key: str, make: Callable[[], Kept], seconds: int | None = None, only: Callable[[Kept], bool] | None = None
) -> Kept:
    """The value under a key of this process, made anew every `KEPT_SECONDS` or so often (0: every time).

    `only` tells which values are worth keeping.
    """
    if not settings.KEPT_SECONDS:
        return make()
    place = blake2b(key.encode(), digest_size=16).hexdigest()  # words typed make keys of any length
    found: Any = caches["process"].get(place, _NOTHING)
    if found is _NOTHING:
        found = make()
        if only is None or only(found):
            caches["process"].set(place, found, seconds or settings.KEPT_SECONDS)
    return found  # type: ignore[no-any-return]
