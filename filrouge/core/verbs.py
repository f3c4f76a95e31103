"""A Verb is an act on an Item: permission, state, validation, transaction and History, once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, get_type_hints

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from filrouge.lib.numbers import whole
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User

from .circles import Circle, reads_items
from .complaints import complaint
from .errors import BadInput, Conflict, Forbidden, NotFound, Refused
from .kinds import Label
from .traces import Face

if TYPE_CHECKING:
    from .models import Item

Result = Any
When = tuple[str, ...] | Callable[[Any], bool]
Told = dict[str, Any]
"""What a Verb's sentence names and no column holds: the method returns it, History keeps it."""


MEANWHILE = _("Somebody changed this in the meantime. Look at what they changed, then send yours again.")


def private(item: Item) -> bool:
    return item.circle == Circle.PRIVATE


def archived(item: Item) -> bool:
    return item.archived_at is not None


def in_use(item: Item) -> bool:
    return item.archived_at is None


class Verb:
    """Declared by `@verb` on an Item's method; called as `item.decide(by=person, rationale=...)`."""

    def __init__(
        self,
        method: Callable[..., Result],
        label: Label,
        act: Act,
        done: Label,
        when: When = (),
        makes: bool = False,
        main: bool = False,
    ) -> None:
        self.method, self.label, self.act, self.when, self.makes = method, label, act, when, makes
        self.main, self.done = main, done
        self.name = method.__name__
        self.owner: type[Item] | None = None
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type[Item], name: str) -> None:
        self.name, self.owner = name, owner

    @property
    def about(self) -> str:
        """What it does, in a sentence of the reader's language: the method's docstring."""
        return gettext(inspect.cleandoc(self.__doc__)) if self.__doc__ else ""

    def allowing(self, act: Act, **changes: Any) -> Verb:
        """The same act, allowed by another line of the access table."""
        fields = {
            "label": self.label,
            "when": self.when,
            "makes": self.makes,
            "main": self.main,
            "done": self.done,
        }
        return Verb(self.method, act=act, **(fields | changes))

    def __get__(self, item: Item | None, owner: type[Item]) -> Any:
        if item is None and not self.makes:
            return self
        return partial(self.perform, owner if self.makes else item)

    def model(self, owner: type[Item]) -> type[BaseModel]:
        """The parameters as a pydantic model: dialog, REST body and command options come from it."""
        cache: dict[str, type[BaseModel]] = owner.__dict__.get("_verb_models") or {}
        if self.name not in cache:
            cache[self.name] = self._build(owner)
            owner._verb_models = cache
        return cache[self.name]

    def _build(self, owner: type[Item]) -> type[BaseModel]:
        fields: dict[str, Any] = {}
        hints = get_type_hints(self.method, include_extras=True)
        for name, parameter in inspect.signature(self.method).parameters.items():
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                fields |= owner.written_fields(revising=not self.makes)
            elif parameter.kind is inspect.Parameter.KEYWORD_ONLY and name != "by":
                default = ... if parameter.default is inspect.Parameter.empty else parameter.default
                fields[name] = (hints[name], default)
        return create_model(
            f"{owner.__name__}{self.name.title()}", __config__=ConfigDict(extra="forbid"), **fields
        )

    def allowed(self, by: User | None, target: Item | type[Item]) -> bool:
        """Whether the table lets this person do it here; says nothing of the Item's state."""
        return may(by, self.act, None if isinstance(target, type) else target)

    def possible(self, item: Item) -> bool:
        """Whether the Item's state lets it be done now."""
        return self.when(item) if callable(self.when) else not self.when or item.status in self.when

    def check(self, by: User | None, target: Item | type[Item]) -> None:
        """Access, then state: what a page or a route asks before it reads the body."""
        if not self.allowed(by, target):
            raise Forbidden(refusal(self.act))
        if not isinstance(target, type) and not self.possible(target):
            raise Conflict(
                _("“%(act)s” is not possible: this is %(status)s.")
                % {"act": str(self.label).rstrip("…"), "status": target.state_label}
            )

    def target(self, owner: type[Item], pk: int, by: User) -> Item:
        """The Item to act on; whoever reads only its wording is told that the act is not theirs."""
        item: Item | None = owner.objects.visible_to(by).filter(pk=pk).first()
        if item is not None:
            return item
        if not reads_items(by) and Face.objects.visible_to(by).filter(item_id=pk, type=owner.type_label()):
            raise Forbidden(refusal(self.act))
        raise NotFound(_("There is nothing here, or you may not see it."))

    def clean(self, owner: type[Item], given: Mapping[str, Any]) -> dict[str, Any]:
        """Validated parameters, only those that were given; raises BadInput naming the first bad one."""
        try:
            return self.model(owner).model_validate(dict(given)).model_dump(exclude_unset=True)
        except ValidationError as error:
            raise bad_input(error) from None

    def perform(self, target: Any, /, *, by: User, revision: int | None = None, **given: Any) -> Result:
        owner = target if isinstance(target, type) else type(target)
        self.check(by, target)
        params = self.clean(owner, given)
        with transaction.atomic():
            if self.makes:
                return self.method(target, by=by, **params)
            target.lock()
            self.check(by, target)
            if revision is not None and revision != target.revision:
                raise Conflict(MEANWHILE, "revision")
            before = target.snapshot()
            result = self.method(target, by=by, **params)
            target.remember(self.name, by=by, before=before, about=result)
        return result

    def ask(self, target: Item | type[Item], by: User, given: Any, revision: Any = None) -> Result:
        """Perform with parameters that came from outside: access, then state, then whatever was sent."""
        self.check(by, target)
        if not isinstance(given, Mapping):
            raise Refused(_("Send one JSON object with the parameters."))
        owner = target if isinstance(target, type) else type(target)
        if unknown := [name for name in given if name not in self.model(owner).model_fields]:
            raise BadInput(
                _("“%(name)s” is not a parameter of this.") % {"name": str(unknown[0])[:80]},
                str(unknown[0])[:80],
            )
        more = {} if self.makes else {"revision": whole_revision(revision)}
        return self.perform(target, by=by, **more, **given)


def whole_revision(text: Any) -> int | None:
    if text in (None, ""):
        return None
    if (found := whole(str(text))) is None:
        raise BadInput(_("The revision is a whole number."), "revision")
    return found


def bad_input(error: ValidationError) -> BadInput:
    every = tuple(
        (".".join(str(part) for part in one["loc"]), complaint(one))
        for one in error.errors(include_url=False)
    )
    place, sentence = every[0]
    return BadInput(f"{place}: {sentence}" if place else sentence, place, every)


def verb(
    label: Label, may: Act, done: Label, when: When = (), makes: bool = False, main: bool = False
) -> Callable[[Callable[..., Result]], Any]:
    """Declare an act. `done`: what History says of it, a sentence with %(by)s in it; `when`: states it
    starts from; `makes`: it makes an Item; `main`: the first button."""

    def declare(method: Callable[..., Result]) -> Verb:
        return Verb(method, label, may, done, when, makes, main)

    return declare


@cache
def verbs_of(owner: Any) -> dict[str, Verb]:
    """All Verbs of a type by name, inherited ones too; a name set to None takes one away."""
    found: dict[str, Verb] = {}
    for ancestor in reversed(owner.__mro__):
        for name, value in vars(ancestor).items():
            if isinstance(value, Verb):
                found[name] = value
            elif name in found:
                del found[name]
    return found


def offered(by: User | None, item: Item) -> list[Verb]:
    """What this person can do to this Item now, to put it away last."""
    able = (
        v for v in verbs_of(type(item)).values() if not v.makes and v.allowed(by, item) and v.possible(item)
    )
    return sorted(able, key=lambda v: v.name == "archive")
