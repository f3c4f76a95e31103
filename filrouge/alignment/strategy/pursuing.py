"""What goals and key results have in common: whoever sets goals aligns, grades and ends them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from filrouge.core.errors import BadInput
from filrouge.core.fields import AsWritten, Draws, Id, OptionalLine, Prose, Refers, RequiredProse, exact
from filrouge.core.models import Item, Link, Tied, allowing, find_item
from filrouge.core.verbs import verb
from filrouge.people.access import Act
from filrouge.people.models import User

from . import aligning
from .grading import must_explain
from .owning import check_owner, check_period, period_of
from .tables import DIGITS, PLACES

Share = Annotated[Decimal, AsWritten, exact(DIGITS, PLACES, ge=0, le=1)]
Contribution = Annotated[Id, Refers("core.Item"), Draws(aligning.CONTRIBUTES)]
Weighs = Annotated[Decimal, AsWritten, exact(DIGITS, PLACES, ge=0)]


class Status(models.TextChoices):
    OPEN = "open", pgettext_lazy("goal", "Open")
    CLOSED = "closed", pgettext_lazy("goal", "Closed")
    DROPPED = "dropped", _("Given up")


class Pursued(Item):
    """No table: the columns stand with each type, in the order in which its dialog asks for them."""

    reason: Any
    grade: Any
    grade_reason: Any

    class Meta:
        abstract = True

    archive = allowing("archive", Act.SET_GOALS)
    unarchive = allowing("unarchive", Act.SET_GOALS)
    open_to = allowing("open_to", Act.OPEN_CHOICE)
    open_as_written = allowing("open_as_written", Act.OPEN_CHOICE)
    close_to = allowing("close_to", Act.OPEN_CHOICE)

    @verb(_("Align…"), may=Act.SET_GOALS, done=_("%(by)s aligned it to %(other)s"))
    def link(
        self,
        *,
        by: User,
        to: Annotated[Id, Refers("core.Item")],
        relation: OptionalLine = "",
        weight: Weighs | None = None,
        note: Prose = "",
    ) -> Tied:
        """Say what this serves: “contributes” counts in its score, by weight; “supports” does not."""
        return aligning.link(self, by, to, relation, weight, note)

    @verb(_("Unlink…"), may=Act.SET_GOALS, done=_("%(by)s took away its link to %(other)s"))
    def unlink(
        self, *, by: User, to: Annotated[Id, Refers("core.Item")], relation: OptionalLine = ""
    ) -> Tied:
        """Take away an edge of the thread; the history keeps that it was there."""
        return aligning.unlink(self, by, to, relation)

    @verb(_("Weigh…"), may=Act.SET_GOALS, done=_("%(by)s said how much %(other)s counts"))
    def weigh(self, *, by: User, contribution: Contribution, weight: Weighs) -> Tied:
        """Say how much of the score comes from what contributes to this; what nobody weighed counts 1."""
        other: Item = find_item(contribution, by, field="contribution")
        aligning.weight_of(other.pk, self)
        between = Link.objects.filter(source_id=other.pk, target_id=self.pk)
        before = aligning.edges(between)
        aligning.weigh(other.pk, self, weight)
        return Tied(other, before, aligning.edges(between))

    @verb(_("Grade…"), may=Act.SET_GOALS, done=_("%(by)s graded it"), when=(Status.OPEN, Status.CLOSED))
    def declare(self, *, by: User, grade: Share, reason: Prose = "") -> None:
        """Give your own grade from 0 to 1. It stands beside the computed score."""
        self.take_grade(grade, reason)

    @verb(_("Close…"), may=Act.SET_GOALS, done=_("%(by)s closed it"), when=(Status.OPEN,))
    def close(self, *, by: User, grade: Share | None = None, reason: Prose = "") -> None:
        """Say that its time is over; the log and the grade stay."""
        if grade is not None:
            self.take_grade(grade, reason)
        self.turn(Status.CLOSED, reason)

    @verb(_("Give up…"), may=Act.SET_GOALS, done=_("%(by)s gave it up"), when=(Status.OPEN,))
    def drop(self, *, by: User, reason: RequiredProse) -> None:
        """Stop pursuing it, and say why."""
        self.turn(Status.DROPPED, reason)

    @verb(_("Reopen…"), may=Act.SET_GOALS, done=_("%(by)s reopened it"), when=(Status.CLOSED, Status.DROPPED))
    def reopen(self, *, by: User, reason: RequiredProse) -> None:
        """Take it up again, and say why."""
        self.turn(Status.OPEN, reason)

    def turn(self, status: str, reason: str) -> None:
        self.status, self.reason = status, reason

    def take_grade(self, grade: Decimal, reason: str) -> None:
        """A person's own grade, beside the computed score and never in its place."""
        from .standing import score_of

        if must_explain(Fraction(grade), score_of(self)) and not reason:
            raise BadInput(_("This grade is more than 0.1 from the computed score. Say why."), "reason")
        self.grade, self.grade_reason = grade, reason

    def validate(self) -> None:
        self.require_team()
        check_owner(self)
        check_period(self)

    @property
    def period(self) -> aligning.Period:
        return period_of(self)
