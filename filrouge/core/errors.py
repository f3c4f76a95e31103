"""What can go wrong in an act, each with the answer it becomes."""

from __future__ import annotations

from django.utils.functional import Promise


class Refused(Exception):
    """An act that cannot be done; `status` is its HTTP answer, `field` the place to mend.

    The sentence is in the language of whoever acts: a command reads it when that is no longer the active one.
    """

    status = 400

    def __init__(self, sentence: str | Promise, field: str = "") -> None:
        self.sentence = str(sentence)
        super().__init__(self.sentence)
        self.field = field

    def __str__(self) -> str:
        return self.sentence


class BadInput(Refused):
    """`every` holds all that is wrong, as (field, sentence) pairs; the exception speaks of the first."""

    status = 422

    def __init__(
        self, sentence: str | Promise, field: str = "", every: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(sentence, field)
        self.every = every or ((field, str(sentence)),)


class Forbidden(Refused):
    status = 403


class NotFound(Refused):
    status = 404


class Conflict(Refused):
    status = 409
