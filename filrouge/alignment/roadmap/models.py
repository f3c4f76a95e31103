"""Roadmap items: what a team intends, does and has shipped. A release is a shipped one."""

from __future__ import annotations

from typing import Any, Literal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput
from filrouge.core.fields import Day, Line, OptionalLine, Prose, RequiredProse, TeamId
from filrouge.core.kinds import Kind, Leads
from filrouge.core.models import Item, allowing
from filrouge.core.verbs import verb
from filrouge.people.access import Act
from filrouge.people.models import User


class Initiative(Item):
    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DECLINED = "declined", _("Declined")
        PLANNED = "planned", _("Planned")
        STARTED = "started", _("In progress")
        SHIPPED = "shipped", _("Shipped")
        DROPPED = "dropped", _("Dropped")

    class Horizon(models.TextChoices):
        NOW = "now", _("Now")
        NEXT = "next", _("Next")
        LATER = "later", _("Later")

    starts_as = Status.PLANNED

    outcome = models.TextField(_("what will be better, and for whom"), blank=True)
    horizon = models.CharField(_("horizon"), max_length=5, choices=Horizon.choices, default=Horizon.LATER)
    starts = models.DateField(_("starts"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)
    shipped_on = models.DateField(_("shipped on"), null=True, editable=False)
    version = models.CharField(_("version"), max_length=60, blank=True, editable=False)
    notes = models.TextField(_("release notes"), blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    address = models.URLField(_("address"), max_length=500, blank=True)

    kind = Kind(
        slug="initiatives",
        columns=("title", "status", "horizon", "team", "shipped_on", "changed_at"),
        filters=("status", "horizon", "team", "product", "author"),
        search=("title", "outcome", "notes"),
        leads_to=(
            Leads("decided_in", "decisions.Decision", _("decided in"), _("decides on"), Act.DECIDE),
            Leads("contributes", "strategy.Goal", _("contributes to"), _("served by"), Act.WRITE_EVIDENCE),
            Leads(
                "contributes", "strategy.KeyResult", _("contributes to"), _("served by"), Act.WRITE_EVIDENCE
            ),
        ),
        shows={
            Circle.COMPANY: ("status", "horizon", "shipped_on", "version"),
            Circle.WORLD: ("status", "horizon", "version"),
        },
    )

    class Meta:
        verbose_name = _("roadmap item")
        verbose_name_plural = _("roadmap items")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=True) | Q(ends__gte=F("starts")),
                name="initiative_ends_after_it_starts",
            ),
        ]

    create = allowing(
        "create", Act.PLAN, label=_("Create a roadmap item"), done=_("%(by)s put it on the roadmap")
    )
    revise = allowing("revise", Act.PLAN)
    archive = allowing("archive", Act.PLAN)
    unarchive = allowing("unarchive", Act.PLAN)
    open_to = allowing("open_to", Act.OPEN_CHOICE)
    open_as_written = allowing("open_as_written", Act.OPEN_CHOICE)
    close_to = allowing("close_to", Act.OPEN_CHOICE)

    @verb(_("Propose a roadmap item"), may=Act.PROPOSE, done=_("%(by)s proposed it"), makes=True)
    def propose(cls, *, by: User, title: Line, outcome: Prose = "", team: TeamId = None) -> Any:
        """Put an idea into a team's tray; its product manager plans it or declines it."""
        fields: dict[str, Any] = {"title": title, "outcome": outcome, "team": team}
        return cls.make(by=by, verb_name="propose", status=cls.Status.PROPOSED, **fields)

    @verb(_("Accept"), may=Act.PLAN, done=_("%(by)s accepted it"), when=(Status.PROPOSED,), main=True)
    def accept(self, *, by: User, horizon: Literal["now", "next", "later"] = "later") -> None:
        """Take the proposal out of the tray and onto the roadmap."""
        self.status, self.horizon = self.Status.PLANNED, horizon

    @verb(_("Decline…"), may=Act.PLAN, done=_("%(by)s declined it"), when=(Status.PROPOSED,))
    def decline(self, *, by: User, reason: RequiredProse) -> None:
        """Say no to the proposal, and why; whoever proposed it can read the reason."""
        self.status, self.reason = self.Status.DECLINED, reason

    @verb(
        _("Schedule…"),
        may=Act.PLAN,
        done=_("%(by)s moved it on the roadmap"),
        when=(Status.PLANNED, Status.STARTED),
    )
    def schedule(
        self,
        *,
        by: User,
        horizon: Literal["now", "next", "later"],
        starts: Day | None = None,
        ends: Day | None = None,
    ) -> None:
        """Move it on the roadmap."""
        self.horizon, self.starts, self.ends = horizon, starts, ends
        self.validate()

    @verb(
        _("Start"),
        may=Act.PLAN,
        done=_("%(by)s said that work has begun"),
        when=(Status.PLANNED,),
        main=True,
    )
    def start(self, *, by: User) -> None:
        """Say that work has begun."""
        self.status, self.horizon = self.Status.STARTED, self.Horizon.NOW

    @verb(
        _("Ship…"),
        may=Act.PLAN,
        done=_("%(by)s shipped it"),
        when=(Status.PLANNED, Status.STARTED),
        main=True,
    )
    def ship(
        self,
        *,
        by: User,
        version: OptionalLine = "",
        notes: Prose = "",
        shipped_on: Day | None = None,
        undated: bool = False,
    ) -> None:
        """Say that it is in users' hands, since when, and what it changes for them."""
        self.status, self.horizon = self.Status.SHIPPED, self.Horizon.NOW
        self.version, self.notes = version[:60], notes
        self.shipped_on = None if undated else shipped_on or timezone.localdate()
        if self.shipped_on and self.shipped_on > timezone.localdate():
            raise BadInput(_("What ships in the future has not shipped yet."), "shipped_on")

    @verb(
        _("Drop…"),
        may=Act.PLAN,
        done=_("%(by)s took it off the roadmap"),
        when=(Status.PLANNED, Status.STARTED),
    )
    def drop(self, *, by: User, reason: RequiredProse) -> None:
        """Take it off the roadmap and say why."""
        self.status, self.reason = self.Status.DROPPED, reason

    def validate(self) -> None:
        self.require_team()
        if self.starts and self.ends and self.ends < self.starts:
            raise BadInput(_("It ends before it starts."), "ends")
