"""What a roadmap item says: its columns, and what they must hold whoever writes them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from filrouge.core.errors import BadInput
from filrouge.core.fields import Day
from filrouge.core.models import Item
from filrouge.people.models import User

from .dated import Dated
from .precision import Precision, closes, opens
from .statuses import Horizon, Status


class Planned(Dated, Item):
    Status = Status
    Horizon = Horizon

    starts_as = Status.PLANNED

    outcome = models.TextField(_("what will be better, and for whom"), blank=True)
    horizon = models.CharField(_("horizon"), max_length=5, choices=Horizon.choices, default=Horizon.LATER)
    starts = models.DateField(_("starts"), null=True, blank=True)
    starts_precision = models.CharField(
        _("start, how exactly"), max_length=7, choices=Precision.choices, default=Precision.DAY
    )
    ends = models.DateField(_("ends"), null=True, blank=True)
    ends_precision = models.CharField(
        _("end, how exactly"), max_length=7, choices=Precision.choices, default=Precision.DAY
    )
    hard_due = models.DateField(_("must be done by"), null=True, blank=True)
    owner = models.ForeignKey(
        User, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shipped_on = models.DateField(_("shipped on"), null=True, editable=False)
    version = models.CharField(_("version"), max_length=60, blank=True, editable=False)
    position = models.BigIntegerField(_("place"), default=0, editable=False, db_index=True)
    notes = models.TextField(_("release notes"), blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    address = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def validate(self) -> None:
        from .order import last_place

        self.require_team()
        self.position = self.position or last_place()
        self.starts = self.starts and opens(self.starts, self.starts_precision)
        self.ends = self.ends and closes(self.ends, self.ends_precision)
        if self.starts and self.ends and self.ends < self.starts:
            raise BadInput(_("It ends before it starts."), "ends")

    def check_references(self, *, by: User) -> None:
        """Nobody who has left becomes the owner; who left as one stays it until somebody names another."""
        super().check_references(by=by)
        if self.owner_id is None or User.objects.reading_items().filter(pk=self.owner_id).exists():
            return
        if not type(self).objects.filter(pk=self.pk, owner=self.owner_id).exists():
            raise BadInput(_("The owner is not in the product teams any more. Choose another one."), "owner")

    def plan(
        self,
        horizon: str,
        starts: Day | None = None,
        starts_precision: str = "day",
        ends: Day | None = None,
        ends_precision: str = "day",
    ) -> None:
        """Give it these dates, if they hold; nothing is saved."""
        self.horizon, self.starts, self.ends = horizon, starts, ends
        self.starts_precision, self.ends_precision = starts_precision, ends_precision
        self.validate()

    @property
    def shown_date(self) -> str:
        """What a wider circle is told of its date, unless its product manager says otherwise."""
        return self.ends_label
