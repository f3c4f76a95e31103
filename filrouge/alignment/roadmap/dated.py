"""What a roadmap item says of its dates, whether it was read whole or as the row of a list."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import get_language

from .precision import named
from .statuses import AHEAD, Horizon


def in_words(choices: type[TextChoices], value: str) -> str:
    return _labels(choices, get_language())[value]


@cache
def _labels(choices: type[TextChoices], language: str | None) -> dict[str, str]:
    """Translated once for each language: lists ask it of every row."""
    return {value: str(label) for value, label in choices.choices}


class Dated:
    __slots__ = ()

    status: Any
    horizon: Any
    starts: Any
    starts_precision: Any
    ends: Any
    ends_precision: Any
    hard_due: Any

    @property
    def horizon_label(self) -> str:
        return in_words(Horizon, self.horizon)

    @property
    def starts_label(self) -> str:
        return named(self.starts, self.starts_precision)

    @property
    def ends_label(self) -> str:
        return named(self.ends, self.ends_precision)

    @property
    def late(self) -> bool:
        return bool(self.ends and self.status in AHEAD and self.ends < timezone.localdate())

    @property
    def too_late(self) -> bool:
        """Whether it is meant to end after the day by which it must be done."""
        return bool(self.ends and self.hard_due and self.ends > self.hard_due)
