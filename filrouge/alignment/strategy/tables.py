"""What goals refer to and is not written down by people as an Item: cycles, types, weights, the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.traces import Link
from filrouge.lib.months import months_after
from filrouge.people.models import Team, User

from .pace import Pace, Profile

DIGITS, PLACES = 15, 5


def number(label: Any = "", **options: Any) -> models.DecimalField[Any, Any]:
    """A column of an exact value; fifteen digits are what both databases keep."""
    return models.DecimalField(label, max_digits=DIGITS, decimal_places=PLACES, **options)


class Cycle(models.Model):
    """A quarter, a year, six weeks: the time that goals are set for."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["-starts", "ends", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="cycle_takes_time")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls, day: date | None = None) -> Cycle | None:
        """The shortest cycle that a day is in."""
        return running(cls.objects.all(), day)

    @classmethod
    def now(cls) -> Cycle:
        """The current cycle; where nobody made one, the calendar's quarter."""
        return cls.current() or cls.quarter(timezone.localdate())

    @classmethod
    def quarter(cls, day: date) -> Cycle:
        number = (day.month - 1) // 3
        starts = date(day.year, number * 3 + 1, 1)
        days = {"starts": starts, "ends": months_after(starts, 3) - timedelta(days=1)}
        return cls.objects.get_or_create(name=f"{day.year} Q{number + 1}", defaults=days)[0]


def running(cycles: Iterable[Cycle], day: date | None = None) -> Cycle | None:
    """The shortest of these that a day is in."""
    day = day or timezone.localdate()
    found = (one for one in cycles if one.starts <= day <= one.ends)
    return min(found, key=lambda one: (one.ends - one.starts, one.pk), default=None)


class Base(models.TextChoices):
    """What a type of goal is, whatever an organisation calls it."""

    VISION = "vision", _("Vision")
    PILLAR = "pillar", _("Pillar")
    OBJECTIVE = "objective", _("Objective")
    INPUT = "input", _("Input")


TIMELESS = (Base.VISION, Base.PILLAR)


class GoalType(models.Model):
    """A type of goal, by the organisation's own word for it, and what it may stand under."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    base = models.CharField(_("is a"), max_length=10, choices=Base.choices, default=Base.OBJECTIVE)
    under = models.ManyToManyField(
        "self", verbose_name=_("may stand under"), symmetrical=False, blank=True, related_name="over"
    )
    measured = models.BooleanField(_("key results may stand under it"), default=True)

    class Meta:
        verbose_name = _("type of goal")
        verbose_name_plural = _("types of goals")
        ordering = ["pk"]

    def __str__(self) -> str:
        """Types that came with Filrouge bear the name of their base, in the reader's language."""
        return str(Base(self.base).label) if self.name == self.base else self.name

    @classmethod
    def usual(cls) -> GoalType | None:
        """The type of a goal that nobody gave one."""
        return cls.objects.filter(base=Base.OBJECTIVE).first()


class Framework(models.TextChoices):
    OKR = "okr", _("OKR")
    NORTH_STAR = "north-star", _("North Star")
    FOUR_DX = "4dx", _("4DX")
    OGSM = "ogsm", _("OGSM")
    V2MOM = "v2mom", _("V2MOM")
    TREE = "opportunity-tree", _("Opportunity solution tree")


class Steering(models.Model):
    """How a team, or everybody else (no team), reads its goals."""

    team = models.OneToOneField(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    profile = models.CharField(_("pace"), max_length=12, choices=Profile.choices, default=Profile.ENGAGEDLY)
    framework = models.CharField(
        _("framework"), max_length=20, choices=Framework.choices, default=Framework.OKR
    )

    @classmethod
    def of(cls) -> dict[int | None, Steering]:
        """Each team's own; under None what holds for the others."""
        found: dict[int | None, Steering] = {one.team_id: one for one in cls.objects.all()}
        return {None: cls()} | found


class Weight(models.Model):
    """How much a contribution counts; a link without one counts 1."""

    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="weight")
    weight = number(default=Decimal(1))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(weight__gte=0), name="weight_not_below_zero")]


class Observation(models.Model):
    """A line of a key result's log: a value, when it held, who noted it. It is only ever added to."""

    SAID = [(one.value, one.label) for one in (Pace.ON_TRACK, Pace.BEHIND, Pace.AT_RISK)]

    key_result = models.ForeignKey(
        "strategy.KeyResult", on_delete=models.CASCADE, related_name="observations"
    )
    value = number(_("value"))
    at = models.DateTimeField(_("when it held"))
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    confidence = models.PositiveSmallIntegerField(_("confidence"), null=True)
    said = models.CharField(_("as said"), max_length=12, choices=SAID, blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects: ClassVar[models.Manager[Observation]]

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["key_result", "at"], name="observation_by_moment")]
