"""What a roadmap item needs of another: asked of its team, answered by its product manager, held to dates."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput, NotFound
from filrouge.core.models import Item
from filrouge.core.thread import among
from filrouge.core.turns import take_turn
from filrouge.people.models import User

from .dated import in_words
from .narrow import Row, narrow
from .precision import closes, named, opens
from .statuses import AHEAD

if TYPE_CHECKING:
    from .models import Initiative


class Bond(models.TextChoices):
    """First what the other does, then what this one may then do."""

    FINISH_START = "FS", gettext_lazy("this starts when that is finished")
    START_START = "SS", gettext_lazy("this starts when that has started")
    FINISH_FINISH = "FF", gettext_lazy("this finishes when that is finished")
    START_FINISH = "SF", gettext_lazy("this finishes when that has started")


CLASH = {
    Bond.FINISH_START: gettext_lazy("It ends %(theirs)s; this starts %(mine)s."),
    Bond.START_START: gettext_lazy("It starts %(theirs)s; this starts %(mine)s."),
    Bond.FINISH_FINISH: gettext_lazy("It ends %(theirs)s; this ends %(mine)s."),
    Bond.START_FINISH: gettext_lazy("It starts %(theirs)s; this ends %(mine)s."),
}


class State(models.TextChoices):
    ASKED = "asked", gettext_lazy("asked, not answered")
    ACCEPTED = "accepted", gettext_lazy("accepted")
    DECLINED = "declined", gettext_lazy("declined")


ONWARD = """
WITH RECURSIVE onward(item_id, needs_id) AS (
  SELECT item_id, needs_id FROM roadmap_dependency WHERE item_id = %s AND state <> %s
  UNION SELECT more.item_id, more.needs_id FROM roadmap_dependency more
  JOIN onward ON more.item_id = onward.needs_id WHERE more.state <> %s)
SELECT item_id, needs_id FROM onward
"""


class Dependency(models.Model):
    item = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="dependants")
    kind = models.CharField(max_length=2, choices=Bond.choices, default=Bond.FINISH_START)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    note = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "needs"], name="dependency_once"),
            models.CheckConstraint(condition=~Q(item=F("needs")), name="dependency_between_two"),
        ]
        indexes = [models.Index(fields=["needs", "state"], name="dependency_asked")]

    @classmethod
    def ask(cls, item: Initiative, needs: Initiative, kind: str, note: str, *, by: User) -> None:
        """Asked anew where it was answered; within one product manager's teams nobody needs to ask."""
        if item.pk == needs.pk:
            raise BadInput(_("An item cannot need itself."), "needs")
        check_circle(item, needs, "needs", by)
        now, own = timezone.now(), by.manages(needs.team_id)
        state = State.ACCEPTED if own else State.ASKED
        answered = {"answered_by": by if own else None, "answered_at": now if own else None, "answer": ""}
        asked = {"kind": kind, "state": state, "note": note, "asked_by": by, "asked_at": now}
        cls.objects.update_or_create(item=item, needs=needs, defaults=asked | answered)

    @classmethod
    def reply(cls, item: Item, needs: Initiative, state: str, answer: str = "", *, by: User) -> None:
        """The answer of the team that is asked; it may be changed later, if that makes no circle by then."""
        if state == State.ACCEPTED:
            check_circle(item, needs, "dependant", by)
        given = {"state": state, "answer": answer, "answered_by": by, "answered_at": timezone.now()}
        if not cls.objects.filter(item_id=item.pk, needs=needs).update(**given):
            raise NotFound(_("“%(title)s” does not ask for this.") % {"title": item.title}, "dependant")


def check_circle(item: Item, needs: Item, field: str, by: User) -> None:
    take_turn("dependencies")
    if path := circle(item.pk, needs.pk):
        raise BadInput(_in_a_circle([item.pk, *path], by), field)


def circle(item: int, needs: int) -> list[int]:
    """The way from `needs` back to `item` over what each one needs; empty where there is none."""
    onward: dict[int, list[int]] = defaultdict(list)
    for near, far in _needed_by(needs):
        onward[near].append(far)
    came, todo = {needs: 0}, deque([needs])
    while todo and item not in came:
        near = todo.popleft()
        new = {far: near for far in onward[near] if far not in came}
        came |= new
        todo += new
    path = [item] if item in came else []
    while path and came[path[0]]:
        path.insert(0, came[path[0]])
    return path


def _needed_by(item: int) -> list[tuple[int, int]]:
    """All that an item needs, and what that needs in turn, as pairs: one query, however long the chain is."""
    with connection.cursor() as cursor:
        cursor.execute(ONWARD, [item, State.DECLINED, State.DECLINED])
        return cursor.fetchall()  # type: ignore[no-any-return]


def _in_a_circle(path: list[int], by: User) -> str:
    """The circle by its titles; what this person may not see is not named."""
    titles = dict(Item.objects.visible_to(by).filter(pk__in=path).values_list("pk", "title"))
    way = " → ".join(f"“{titles[pk]}”" if pk in titles else "…" for pk in path)
    return _(
        "That would be a circle: %(way)s. None of them could begin. "
        "Take one of these dependencies away first."
    ) % {"way": way}


class Meant(NamedTuple):
    """A day, and how exactly it is meant."""

    day: date | None
    precision: str = "day"

    def __str__(self) -> str:
        return named(self.day, self.precision)


def ends_of(kind: str, item: Initiative | Row, needs: Initiative | Row) -> tuple[Meant, Meant]:
    """The two days that a bond ties: theirs, then mine. What has shipped ended when it shipped."""
    end = Meant(needs.shipped_on) if needs.shipped_on else Meant(needs.ends, needs.ends_precision)
    theirs = end if kind[0] == "F" else Meant(needs.starts, needs.starts_precision)
    mine = (
        Meant(item.starts, item.starts_precision) if kind[1] == "S" else Meant(item.ends, item.ends_precision)
    )
    return theirs, mine


def strain(theirs: Meant, mine: Meant) -> str:
    """`conflict` where the days cannot fit, `tight` where only luck within a period makes them fit."""
    if theirs.day is None or mine.day is None:
        return ""
    if opens(theirs.day, theirs.precision) > closes(mine.day, mine.precision):
        return "conflict"
    return "tight" if closes(theirs.day, theirs.precision) > opens(mine.day, mine.precision) else ""


class Tie(NamedTuple):
    """As much of a dependency as a list tells."""

    item_id: int
    needs_id: int
    kind: str
    state: str


@dataclass(frozen=True)
class Need:
    """A dependency seen from one of its ends; `other` is the far one, `outward` if that one is needed."""

    row: Dependency | Tie
    item: Row
    needs: Row
    outward: bool

    @property
    def other(self) -> Row:
        return self.needs if self.outward else self.item

    @property
    def gone(self) -> bool:
        return self.needs.archived_at is not None or self.needs.status in ("dropped", "declined")

    @cached_property
    def level(self) -> str:
        if self.row.state == State.DECLINED or self.item.status not in AHEAD:
            return ""
        return "conflict" if self.gone else strain(*ends_of(self.row.kind, self.item, self.needs))

    @property
    def said(self) -> str:
        """What is wrong with it, in words."""
        if not self.level:
            return ""
        if self.gone:
            return _("What is needed was taken off its roadmap.")
        theirs, mine = ends_of(self.row.kind, self.item, self.needs)
        days = {"theirs": theirs, "mine": mine}
        clash = str(CLASH[Bond(self.row.kind)]) % days
        return clash if self.level == "conflict" else _("May not fit: %(clash)s") % {"clash": clash}

    @property
    def kind_label(self) -> str:
        return in_words(Bond, self.row.kind)

    @property
    def state_label(self) -> str:
        return in_words(State, self.row.state)


def around(keys: Collection[int], reader: User | None) -> dict[int, list[Need]]:
    """What each item needs, then who needs it, as far as the reader may see the other end."""
    rows = list(Dependency.objects.filter(Q(item__in=keys) | Q(needs__in=keys)).order_by("pk"))
    seen = _seen({pk for row in rows for pk in (row.item_id, row.needs_id)}, reader)
    found: dict[int, list[Need]] = defaultdict(list)
    for outward in (True, False):
        for row in rows:
            near = row.item_id if outward else row.needs_id
            if near in keys and row.item_id in seen and row.needs_id in seen:
                found[near].append(Need(row, seen[row.item_id], seen[row.needs_id], outward))
    return found


def needs_of(items: Collection[Row], reader: User | None) -> dict[int, list[Need]]:
    """What each item of a list needs, as far as the reader may see it."""
    known = {item.pk: item for item in items}
    told = Dependency.objects.filter(item__in=among(known)).order_by("pk").values_list(*Tie._fields)
    rows = [Tie._make(row) for row in told]
    seen = known | _seen({row.needs_id for row in rows} - set(known), reader)
    found: dict[int, list[Need]] = defaultdict(list)
    for row in rows:
        if row.needs_id in seen:
            found[row.item_id].append(Need(row, known[row.item_id], seen[row.needs_id], True))
    return found


def _seen(keys: Collection[int], reader: User | None) -> dict[int, Row]:
    from .models import Initiative

    return narrow(Initiative.objects.visible_to(reader), keys) if keys else {}


def asked_of(item: Any) -> bool:
    """Whether somebody needs this item; a private one that was shown to nobody is not told of."""
    unseen = Q(item__circle=Circle.PRIVATE, item__named=None)
    return Dependency.objects.filter(needs_id=item.pk).exclude(unseen).exists()


def asks(item: Any) -> bool:
    return Dependency.objects.filter(item_id=item.pk).exists()
