"""Sentences for people, kept apart from the language they are shown in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext


def N_(message: str) -> str:
    """Marks a sentence for translation, which happens when it is shown; needs no settings at import."""
    return message


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence kept untranslated, with its values, so that each reader sees it in their own language."""

    message: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return gettext(self.message) % self.values if self.values else gettext(self.message)
