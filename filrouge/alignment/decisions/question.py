"""What a decision says: its columns, and what they must hold whoever writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.alignment.strategy.models import KeyResult
from filrouge.alignment.strategy.tables import number
from filrouge.core.models import Item
from filrouge.people.models import User

from .assumption import Breaks, check_whole
from .options import check_approver, check_person


def person(name: Any) -> Any:
    return models.ForeignKey(
        User, verbose_name=name, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )


class Status(models.TextChoices):
    OPEN = "open", _("To decide")
    DECIDED = "decided", _("Decided")
    SUPERSEDED = "superseded", _("Superseded")


class Reopened(models.TextChoices):
    PERSON = "person", _("somebody reopened it")
    REVIEW = "review", _("its review date has come")
    THRESHOLD = "threshold", _("its threshold broke")


class Question(Item):
    Status = Status

    starts_as = Status.OPEN

    context = models.TextField(_("context"), blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    driver = person(_("driver"))
    approver = person(_("approver"))
    change_mind = models.TextField(_("what would change our mind"), blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    key_result = models.ForeignKey(
        KeyResult, verbose_name=_("key result that may change it"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    breaks = models.CharField(_("when it is"), max_length=5, choices=Breaks.choices, blank=True)
    threshold = number(_("threshold"), null=True, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True, editable=False)
    rationale = models.TextField(_("rationale"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("decided by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_by = models.CharField(_("decided elsewhere by"), max_length=300, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    reopened_at = models.DateTimeField(_("reopened"), null=True, editable=False)
    reopened_for = models.CharField(
        _("reopened because"), max_length=10, choices=Reopened.choices, blank=True, editable=False
    )
    reopened_why = models.TextField(_("what reopened it"), blank=True, editable=False)
    brief = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True

    def validate(self) -> None:
        self.require_team()
        check_whole(self)
        for name in ("driver", "approver"):
            check_person(getattr(self, f"{name}_id"), name)
        check_approver(self)

    @property
    def from_elsewhere(self) -> bool:
        """Recorded here, but nobody took it here: there is no frozen brief to protect."""
        return self.status != self.Status.OPEN and self.decided_by_id is None

    @property
    def writable(self) -> bool:
        """Not yet answered, or answered elsewhere: what was decided here is reopened first."""
        return self.status == self.Status.OPEN or self.from_elsewhere

    def review_ahead(self) -> date | None:
        return self.review_on if self.review_on and self.review_on > timezone.localdate() else None

    def open_again(self, why: Reopened, said: str = "") -> None:
        self.status, self.due = self.Status.OPEN, timezone.localdate()
        self.reopened_at, self.reopened_for, self.reopened_why = timezone.now(), why, said
