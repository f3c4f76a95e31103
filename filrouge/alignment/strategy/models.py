"""Goals and key results: what is wanted, how it is measured, how it stands."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.errors import BadInput
from filrouge.core.fields import Line, OptionalLine, Prose, RequiredProse, Writes
from filrouge.core.kinds import Kind
from filrouge.core.models import Item, allowing, find_item
from filrouge.core.verbs import verb
from filrouge.people.access import Act
from filrouge.people.models import User

from . import aligning
from .aligning import leads
from .asked import GoalId, Moves, Said, Ten, Value, moment
from .grading import MOVING, Ambition, Late, Movement, Promise
from .interim import check_interim, interim_of
from .marks import dues_of, marks_of
from .measuring import check_measure, check_value
from .owning import cycle_column, owner_column
from .pursuing import Pursued, Status
from .saying import Saying, check_said, said_by_column, say, unsay
from .tables import (
    TIMELESS,
    Base,
    Cycle,
    Framework,
    GoalType,
    Observation,
    Steering,
    Weight,
    number,
)

__all__ = [
    "Base", "Cycle", "Framework", "Goal", "GoalType", "KeyResult", "Observation", "Steering", "Weight",
]  # fmt: skip


class Goal(Pursued):
    Status = Status

    starts_as = Status.OPEN

    goal_type = models.ForeignKey(
        GoalType, verbose_name=_("type"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    description = models.TextField(_("why, and for whom"), blank=True)
    ambition = models.CharField(
        _("ambition"), max_length=12, choices=Ambition.choices, default=Ambition.ASPIRATIONAL
    )
    owner = owner_column()
    cycle = cycle_column()
    starts = models.DateField(_("starts"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)
    said = models.CharField(_("status"), max_length=12, choices=Observation.SAID, blank=True, editable=False)
    said_reason = models.TextField(_("why it stands so"), blank=True, editable=False)
    said_by = said_by_column()
    said_at = models.DateTimeField(_("said"), null=True, editable=False)
    grade = number(_("declared grade"), null=True, editable=False)
    grade_reason = models.TextField(_("why this grade"), blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)

    kind = Kind(
        slug="objectives",
        columns=("title", "status", "goal_type", "team", "cycle", "owner", "changed_at"),
        filters=("status", "cycle", "team", "owner", "goal_type"),
        search=("title", "description"),
        leads_to=leads(
            (aligning.CONTRIBUTES, aligning.GOAL),
            (aligning.SUPPORTS, aligning.GOAL),
            (aligning.SUPPORTS, aligning.KEY_RESULT),
        ),
        shows={"company": ("status", "starts", "ends"), "world": ("status",)},
        surroundings=("serves", "served_by"),
    )

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        indexes = [models.Index(fields=["cycle", "item_ptr"], name="goal_by_cycle")]

    revise = allowing("revise", Act.SET_GOALS)

    @verb(_("Set a goal"), may=Act.SET_GOALS, done=_("%(by)s set this goal"), makes=True, main=True)
    def create(cls, *, by: User, parent: GoalId | None = None, **fields: Any) -> Any:
        """Say what is wanted, for whom and why; key results say how it will be known."""
        if not fields.get("goal_type") and (usual := GoalType.usual()):
            fields["goal_type"] = usual.pk
        timeless = GoalType.objects.filter(pk=fields.get("goal_type") or 0, base__in=TIMELESS).exists()
        if not timeless and not any(fields.get(name) for name in ("cycle", "starts", "ends")):
            fields["cycle"] = Cycle.now().pk
        if parent is not None:
            _check_goal(parent, by, "parent")
        made = cls.make(by=by, verb_name="create", **fields)
        if parent is not None:
            made.link(by=by, to=parent)
        return made

    @verb(
        _("Say how it stands…"),
        may=Act.CHECK_IN,
        done=_("%(by)s said how it stands"),
        when=(Status.OPEN,),
    )
    def say(self, *, by: User, status: Annotated[Saying, Writes("said")], reason: RequiredProse) -> None:
        """Say otherwise than its key results do, and why; “as computed” takes it back."""
        say(self, by, status, reason)

    def turn(self, status: str, reason: str) -> None:
        """What was said of how it stands does not outlive that time."""
        super().turn(status, reason)
        unsay(self)

    def validate(self) -> None:
        super().validate()
        check_said(self)

    @property
    def type_of_goal(self) -> str:
        return str(self.goal_type or Base.OBJECTIVE.label)

    @classmethod
    def values_of(cls, items: Any) -> list[dict[str, Any]]:
        from .standing import plain, stand_goals

        found = stand_goals(items)
        return [item.own_values() | plain(item, found[item.pk]) for item in items]

    def surroundings(self, reader: User) -> dict[str, Any]:
        from .surroundings import around_goal

        return around_goal(self, reader)


class KeyResult(Pursued):
    Status = Status

    starts_as = Status.OPEN

    movement = models.CharField(
        _("type of measure"),
        max_length=12,
        choices=Movement.choices,
        default=Movement.INCREASE,
        editable=False,
    )
    start = number(_("start value"), null=True, blank=True)
    target = number(_("target value"), null=True, blank=True)
    low = number(_("not below"), null=True, blank=True)
    high = number(_("not above"), null=True, blank=True)
    marks = models.TextField(_("marks, each as “40 Reviewed”"), blank=True)
    interim = models.TextField(_("interim targets, each as “2026-11-01 40”"), blank=True)
    late = models.CharField(_("if a mark is late"), max_length=8, choices=Late.choices, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    description = models.TextField(_("how it is measured"), blank=True)
    owner = owner_column()
    cycle = cycle_column()
    starts = models.DateField(_("starts"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)
    cadence = models.PositiveIntegerField(_("days between check-ins"), default=7)
    value = number(_("value"), null=True, editable=False)
    confidence = models.PositiveSmallIntegerField(_("confidence"), null=True, editable=False)
    said = models.CharField(_("status"), max_length=12, choices=Observation.SAID, blank=True, editable=False)
    checked_at = models.DateTimeField(_("checked in"), null=True, editable=False)
    remark = models.TextField(_("note"), blank=True, editable=False)
    grade = number(_("declared grade"), null=True, editable=False)
    grade_reason = models.TextField(_("why this grade"), blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)

    kind = Kind(
        slug="key-results",
        columns=("title", "status", "value", "target", "team", "cycle", "owner", "checked_at"),
        filters=("status", "cycle", "team", "owner", "movement"),
        search=("title", "description", "unit"),
        leads_to=leads(
            (aligning.CONTRIBUTES, aligning.GOAL),
            (aligning.SUPPORTS, aligning.GOAL),
            (aligning.CONTRIBUTES, aligning.KEY_RESULT),
            (aligning.SUPPORTS, aligning.KEY_RESULT),
        ),
        shows={"company": ("status",), "world": ()},
        surroundings=("serves", "served_by", "log"),
    )

    class Meta:
        verbose_name = _("key result")
        verbose_name_plural = _("key results")
        indexes = [
            models.Index(fields=["cycle", "item_ptr"], name="key_result_by_cycle"),
            models.Index(fields=["owner", "item_ptr"], name="key_result_by_owner"),
        ]

    @verb(
        _("Add a key result"),
        may=Act.SET_GOALS,
        done=_("%(by)s added this key result"),
        makes=True,
        main=True,
    )
    def create(
        cls,
        *,
        by: User,
        title: Line,
        objective: GoalId | None = None,
        type: Moves = "increase",
        **fields: Any,
    ) -> Any:
        """Say how it will be known that the goal is reached: from what, to what, by when."""
        if not any(fields.get(name) for name in ("cycle", "starts", "ends")):
            fields["cycle"] = _cycle_under(objective, by)
        if type == "reach":
            fields.setdefault("start", Decimal(0))
        if type == "range" and fields.get("low") is None and fields.get("high") is None:
            fields |= {"low": fields.get("start"), "high": fields.get("target")}
        if objective is not None:
            _check_goal(objective, by, "objective")
        made = cls.make(by=by, verb_name="create", title=title, movement=type, **fields)
        if objective is not None:
            made.link(by=by, to=objective)
        return made

    @verb(_("Edit"), may=Act.SET_GOALS, done=_("%(by)s edited it"))
    def revise(self, *, by: User, type: Moves | None = None, **fields: Any) -> None:
        """Change what is written; the former text stays in the history."""
        self.movement = type or self.movement
        Item.revise.method(self, by=by, **fields)

    @verb(_("Check in…"), may=Act.CHECK_IN, done=_("%(by)s checked in"), when=(Status.OPEN,), main=True)
    def check_in(
        self,
        *,
        by: User,
        value: Value,
        at: datetime | None = None,
        confidence: Ten | None = None,
        status: Said | None = None,
        note: Prose = "",
        source: OptionalLine = "",
    ) -> None:
        """Say where it stands: a value, and how sure you are from 0 to 10. Nothing is overwritten."""
        check_value(self, value)
        Observation.objects.create(
            key_result=self, value=value, at=moment(at), by=by, confidence=confidence, said=status or "",
            note=note, source=source,
        )  # fmt: skip
        self.read_log()

    def validate(self) -> None:
        super().validate()
        check_measure(self)
        check_interim(self)

    def is_due(self, now: datetime, where: tzinfo | None = None) -> bool:
        """Whether it runs on this day and was last checked in as many days ago as was agreed, or never."""
        day, (starts, ends) = timezone.localdate(now, where), self.period
        if (starts and day < starts) or (ends and day > ends):
            return False
        last = self.checked_at and timezone.localdate(self.checked_at, where)
        return last is None or (day - last).days >= self.cadence

    def read_log(self) -> None:
        """Take over what the latest observation says."""
        latest = self.observations.order_by("at", "pk").last()
        assert latest is not None
        self.value, self.checked_at = latest.value, latest.at
        self.said, self.remark = latest.said, latest.note
        told = self.observations.filter(confidence__isnull=False).order_by("at", "pk").last()
        self.confidence = told.confidence if told else None

    @property
    def promise(self) -> Promise:
        starts, ends = self.period
        start, target, low, high = (
            None if value is None else Fraction(value)
            for value in (self.start, self.target, self.low, self.high)
        )
        shares = tuple(share for share, _name in marks_of(self.marks))
        interim = interim_of(self.interim) if self.movement in MOVING else ()
        return Promise(
            self.movement, start, target, low, high, shares, starts, ends, self.cadence, interim,
            self.late or "", dues_of(self.marks),
        )  # fmt: skip

    @classmethod
    def values_of(cls, items: Any) -> list[dict[str, Any]]:
        from .standing import plain, stand

        found = stand(items)
        return [item.own_values() | plain(item, found[item.pk]) for item in items]

    def surroundings(self, reader: User) -> dict[str, Any]:
        from .surroundings import around_key_result

        return around_key_result(self, reader)


def _check_goal(pk: int, by: User, field: str) -> None:
    if not isinstance(item := find_item(pk, by, field), Pursued):
        raise BadInput(_("“%(title)s” is no goal.") % {"title": item.title}, field)


def _cycle_under(objective: int | None, by: User) -> int | None:
    """The cycle of the goal it stands under, else the current one; none where the goal has its own dates."""
    goal = Goal.objects.visible_to(by).filter(pk=objective).first() if objective else None
    if goal is not None and (goal.cycle_id or goal.starts):
        return goal.cycle_id  # type: ignore[no-any-return]
    return Cycle.now().pk
