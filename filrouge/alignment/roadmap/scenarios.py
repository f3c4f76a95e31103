"""What if: a named copy of a team's horizons and dates, compared with the plan, which it never touches."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput, Conflict, Forbidden
from filrouge.people.models import Team, User

from .asof import moved
from .dependencies import Need, needs_of
from .models import Initiative
from .narrow import Row, narrow
from .precision import Precision
from .statuses import AHEAD, Horizon

PLAN = ("horizon", "starts", "starts_precision", "ends", "ends_precision")
MOST = 150


class Scenario(models.Model):
    name = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="scenarios")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    @classmethod
    def copy_plan(cls, team: Team, name: str, note: str, *, by: User) -> Self:
        """Begin from the plan as it stands, as far as this person sees it."""
        if not (name := name.replace("\x00", "").strip()[:120]):
            raise BadInput(_("Give it a name."), "name")
        rows = Initiative.objects.visible_to(by).active().filter(team=team, status__in=AHEAD)
        with transaction.atomic():
            made = cls.objects.create(team=team, name=name, note=note.replace("\x00", "").strip(), by=by)
            items = rows.order_by("position", "pk")[:MOST]
            Thought.objects.bulk_create(Thought.of(made, item) for item in items)
        return made

    def editable_by(self, person: User) -> bool:
        """Whoever made it, and the product manager of the team."""
        return self.by_id == person.pk or person.manages(self.team_id)

    def check_editable(self, person: User) -> None:
        if not self.editable_by(person):
            raise Forbidden(_("Only who made this scenario and the team's product manager change it."))

    def adopt(self, keys: Collection[int], *, by: User, **follows: Any) -> int:
        """Schedule the chosen items as the scenario has them, all or none; the plan's rules decide.

        `follows` says which decision they follow, or why none is needed.
        """
        thoughts = self.thoughts.filter(item_id__in=keys).select_related("item").order_by("pk")
        with transaction.atomic():
            changed = [thought for thought in thoughts if thought.differs]
            for thought in changed:
                thought.adopt(by=by, **follows)
        return len(changed)


class Thought(models.Model):
    """An item as the scenario has it; `revision` is the item's when it was copied."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="thoughts")
    item = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    horizon = models.CharField(max_length=5, choices=Horizon.choices)
    starts = models.DateField(null=True)
    starts_precision = models.CharField(max_length=7, choices=Precision.choices)
    ends = models.DateField(null=True)
    ends_precision = models.CharField(max_length=7, choices=Precision.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "item"], name="one_thought_an_item")]

    @classmethod
    def of(cls, scenario: Scenario, item: Initiative) -> Self:
        return cls(scenario=scenario, item=item, revision=item.revision, **plan_of(item))

    def think(self, given: dict[str, Any], *, by: User) -> None:
        """Give the item another horizon or other dates in the scenario, by the rules of the plan."""
        self.scenario.check_editable(by)
        imagined = copy(self.item)
        imagined.plan(**given)
        self._hold(plan_of(imagined))

    def again(self, *, by: User) -> None:
        """Begin anew from the plan as it stands now."""
        self.scenario.check_editable(by)
        self.revision = self.item.revision
        self._hold(plan_of(self.item))

    def _hold(self, plan: dict[str, Any]) -> None:
        for name, value in plan.items():
            setattr(self, name, value)
        self.save()

    @property
    def differs(self) -> bool:
        return plan_of(self) != plan_of(self.item)

    def adopt(self, *, by: User, **follows: Any) -> None:
        try:
            self.item.schedule(by=by, revision=self.revision, **plan_of(self), **follows)
        except Conflict as error:
            raise Conflict(
                _("“%(title)s”: %(problem)s Nothing was changed.")
                % {"title": self.item.title, "problem": error}
            ) from None
        self.revision = self.item.revision
        self.save(update_fields=["revision"])


def plan_of(row: Initiative | Thought) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PLAN}


@dataclass(frozen=True)
class Compared:
    """An item beside what the scenario makes of it, with the dependencies that would not fit then."""

    item: Row
    imagined: Row
    stale: bool
    strained: list[Need]

    @property
    def differs(self) -> bool:
        return self.imagined != self.item

    @property
    def difference(self) -> list[str]:
        found = []
        if self.imagined.horizon != self.item.horizon:
            found.append(self.imagined.horizon_label)
        if self.imagined.ends and self.item.ends and self.imagined.ends != self.item.ends:
            found.append(moved((self.imagined.ends - self.item.ends).days))
        elif self.differs and not found:
            found.append(_("other dates"))
        return found

    @property
    def when(self) -> tuple[str, str, str]:
        return _when(self.imagined)

    @property
    def values(self) -> dict[str, Hashable]:
        """What its row shows, and nothing else."""
        return {
            "pk": self.item.pk, "title": self.item.title, "href": self.item.get_absolute_url(),
            "differs": self.differs, "stale": self.stale,
            "plan": _when(self.item), "imagined": self.when,
            "difference": ", ".join(self.difference),
            "needs": tuple(need.other.title for need in self.strained),
        }  # fmt: skip


def _when(item: Row) -> tuple[str, str, str]:
    return item.horizon_label, item.starts_label, item.ends_label


def compared(scenario: Scenario, reader: User) -> list[Compared]:
    """What the reader sees of a scenario, in the team's own order."""
    rows = scenario.thoughts.order_by("item__position", "item_id").values_list("item_id", "revision", *PLAN)
    thoughts = {pk: (revision, dict(zip(PLAN, plan, strict=True))) for pk, revision, *plan in rows}
    items = narrow(Initiative.objects.visible_to(reader), thoughts)
    imagined = {pk: items[pk]._replace(**thoughts[pk][1]) for pk in thoughts if pk in items}
    needs = needs_of(imagined.values(), reader)
    return [
        Compared(
            items[pk],
            item,
            thoughts[pk][0] != item.revision,
            [need for need in needs[pk] if need.level == "conflict"],
        )
        for pk, item in imagined.items()
    ]
