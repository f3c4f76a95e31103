"""The phases of an item, in their order: each with its days, within those of the item."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filrouge.core.errors import BadInput, NotFound
from filrouge.core.verbs import Told

from .precision import Precision, closes, named, opens

if TYPE_CHECKING:
    from .models import Initiative


class Stage(models.TextChoices):
    DISCOVERY = "discovery", gettext_lazy("Discovery")
    BUILD = "build", gettext_lazy("Build")
    ALPHA = "alpha", gettext_lazy("Alpha")
    BETA = "beta", gettext_lazy("Beta")
    GENERAL = "general", gettext_lazy("For everyone")


class Phase(models.Model):
    item = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="phases")
    stage = models.CharField(max_length=9, choices=Stage.choices)
    starts = models.DateField()
    starts_precision = models.CharField(max_length=7, choices=Precision.choices, default=Precision.DAY)
    ends = models.DateField(null=True)
    ends_precision = models.CharField(max_length=7, choices=Precision.choices, default=Precision.DAY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "stage"], name="one_phase_a_stage")]

    @classmethod
    def plan(
        cls, item: Initiative, stage: str, starts: date, ends: date | None, exactly: tuple[str, str]
    ) -> Told:
        """Keep the phase if it stands in its order and within the item; what History keeps of it."""
        first, last = opens(starts, exactly[0]), ends and closes(ends, exactly[1])
        planned = cls(item=item, stage=stage, starts=first, ends=last)
        planned.starts_precision, planned.ends_precision = exactly
        planned.hold(phases_of(item))
        days = {"starts": first, "ends": last, "starts_precision": exactly[0], "ends_precision": exactly[1]}
        cls.objects.update_or_create(item=item, stage=stage, defaults=days)
        return {"phase": {"stage": str(stage)} | days}

    @classmethod
    def drop(cls, item: Initiative, stage: str) -> Told:
        if not cls.objects.filter(item=item, stage=stage).delete()[0]:
            raise NotFound(_("That phase is not planned."), "stage")
        return {"phase": {"stage": str(stage)}}

    def hold(self, others: list[Phase]) -> None:
        if self.ends and self.ends < self.starts:
            raise BadInput(_("It ends before it starts."), "ends")
        if self.outside:
            raise BadInput(_("The phase is outside the item's own dates. Schedule the item first."), "starts")
        for other in others:
            before = order_of(other.stage) - order_of(self.stage)
            if (before < 0 and other.starts > self.starts) or (before > 0 and other.starts < self.starts):
                said = {"this": self.label, "other": other.label}
                raise BadInput(_("%(this)s and %(other)s would change places.") % said, "starts")

    @property
    def outside(self) -> bool:
        """Whether it leaves the dates of its item, which may have moved since."""
        item, last = self.item, self.ends or self.starts
        early = item.starts is not None and self.starts < item.starts
        return early or (item.ends is not None and last > item.ends)

    @property
    def label(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def dates(self) -> str:
        days = (named(self.starts, self.starts_precision), named(self.ends, self.ends_precision))
        return " – ".join(day for day in days if day)

    @property
    def current(self) -> bool:
        today = timezone.localdate()
        return self.starts <= today and (self.ends is None or today <= self.ends)


def order_of(stage: str) -> int:
    return Stage.values.index(stage)


def phases_of(item: Initiative) -> list[Phase]:
    return sorted(item.phases.all(), key=lambda phase: order_of(phase.stage))


def phased(item: Initiative) -> bool:
    return Phase.objects.filter(item=item).exists()
