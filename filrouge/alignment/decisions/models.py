"""Decisions: the question, what was known when it was answered, who answered, and why."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import Circle
from filrouge.core.fields import OptionalLine, RequiredProse
from filrouge.core.kinds import Kind
from filrouge.core.models import Item, allowing
from filrouge.core.thread import references
from filrouge.core.verbs import verb
from filrouge.people.access import Act
from filrouge.people.models import User


class Decision(Item):
    class Status(models.TextChoices):
        OPEN = "open", _("To decide")
        DECIDED = "decided", _("Decided")

    starts_as = Status.OPEN

    context = models.TextField(_("context and options"), blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
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
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    brief = models.JSONField(default=dict, editable=False)

    kind = Kind(
        slug="decisions",
        columns=("title", "status", "due", "team", "decided_at"),
        filters=("status", "team", "product", "author"),
        search=("title", "context", "outcome", "rationale"),
        shows={Circle.COMPANY: ("status", "outcome", "decided_at"), Circle.WORLD: ()},
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["due", "item_ptr"], name="decision_by_due"),
            models.Index(fields=["-decided_at", "-item_ptr"], name="decision_by_day"),
        ]

    create = allowing(
        "create", Act.DECIDE, label=_("Ask for a decision"), done=_("%(by)s asked for this decision")
    )
    revise = allowing("revise", Act.DECIDE, when=(Status.OPEN,))
    archive = allowing("archive", Act.DECIDE)
    unarchive = allowing("unarchive", Act.DECIDE)
    open_to = allowing("open_to", Act.OPEN_CHOICE)
    open_as_written = allowing("open_as_written", Act.OPEN_CHOICE)
    close_to = allowing("close_to", Act.OPEN_CHOICE)

    @verb(
        _("Decide…"),
        may=Act.DECIDE,
        done=_("%(by)s took this decision"),
        when=(Status.OPEN,),
        main=True,
    )
    def decide(self, *, by: User, outcome: OptionalLine = "", rationale: RequiredProse) -> None:
        """Answer the question, with the reason. The evidence known today is frozen with it."""
        self.status, self.rationale, self.outcome = self.Status.DECIDED, rationale, outcome
        self.decided_by, self.decided_at = by, timezone.now()
        self.brief = references(self)

    def validate(self) -> None:
        self.require_team()

    def frozen_for(self, opportunity: Item) -> dict[str, Any] | None:
        """The references of the brief, if this decision froze one that the opportunity is part of."""
        return self.brief if str(opportunity.pk) in self.brief.get("items", {}) else None


def due_first(rows: Any) -> Any:
    """Open decisions by due date, those without one last, then the oldest first."""
    return rows.filter(status=Decision.Status.OPEN).order_by(F("due").asc(nulls_last=True), "pk")
