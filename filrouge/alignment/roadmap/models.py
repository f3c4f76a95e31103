"""Roadmap items: what a team intends, does and has shipped. A release is a shipped one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput, NotFound
from filrouge.core.fields import (
    Day,
    FromItems,
    Id,
    Line,
    OptionalLine,
    Prose,
    Refers,
    RequiredProse,
    Says,
    TeamId,
)  # fmt: skip
from filrouge.core.kinds import Kind, Leads
from filrouge.core.models import Item, Link, allowing, find_item
from filrouge.core.verbs import Told, in_use, verb
from filrouge.people.access import Act
from filrouge.people.models import User

from .deciding import Decided, Followed, Undecided, excused, follow
from .dependencies import Bond, Dependency, State, asked_of, asks
from .phases import Phase, Stage, phased
from .planned import Planned
from .references import let_go, refers_to_nothing
from .statuses import AHEAD, UNFINISHED, Status
from .worksheets import (
    Confidence,
    Criteria,
    Effort,
    Impact,
    Method,
    Reach,
    Sheet,
    Worksheet,
    Worth,
    weighed,
)  # fmt: skip

OTHER = Refers("roadmap.Initiative")
Needed = Annotated[Id, OTHER, Says(_("Needs"))]
Dependant = Annotated[Id, OTHER, Says(_("Who needs it"))]
Next = Annotated[Id, OTHER, Says(_("Before"))]
Way = Annotated[Bond, Says(_("How it needs it"))]
Part = Annotated[Stage, Says(_("Phase"))]
Exactly = Literal["day", "month", "quarter", "half", "year"]


class Initiative(Planned):
    kind = Kind(
        slug="initiatives",
        columns=("title", "status", "horizon", "team", "shipped_on", "changed_at"),
        filters=("status", "horizon", "team", "product", "owner", "author"),
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
        surroundings=("needs", "needed_by", "phases", "worksheets", "scenarios", "follows", "no_decision"),
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

    def opened(self, circle: Circle) -> dict[str, Any]:
        """What is over has no horizon any more."""
        found = super().opened(circle)
        return found if self.status in AHEAD else found | {"horizon": None}

    revise = allowing("revise", Act.PLAN)
    unarchive = allowing("unarchive", Act.PLAN)
    open_to = allowing("open_to", Act.OPEN_CHOICE)
    open_as_written = allowing("open_as_written", Act.OPEN_CHOICE)
    close_to = allowing("close_to", Act.OPEN_CHOICE)

    @verb(
        _("Create a roadmap item"),
        may=Act.PLAN,
        done=_("%(by)s put it on the roadmap"),
        makes=True,
        main=True,
    )
    def create(
        cls,
        *,
        by: User,
        from_items: FromItems = [],  # noqa: B006  pydantic copies it
        decision: Decided = None,
        no_decision: Undecided = "",
        **fields: Any,
    ) -> Any:
        """Put it on the roadmap, and say which decision it follows."""
        told = excused(decision, no_decision)
        made = cls.make(by=by, verb_name="create", from_items=from_items, told=told, **fields)
        follow(made, decision, by=by)
        return made

    @verb(_("Propose a roadmap item"), may=Act.PROPOSE, done=_("%(by)s proposed it"), makes=True)
    def propose(
        cls,
        *,
        by: User,
        title: Line,
        outcome: Prose = "",
        team: TeamId = None,
        from_items: FromItems = [],  # noqa: B006  pydantic copies it
    ) -> Any:
        """Put an idea into a team's tray; its product manager plans it or declines it."""
        fields: dict[str, Any] = {"title": title, "outcome": outcome, "team": team}
        made = cls.make(by=by, verb_name="propose", status=cls.Status.PROPOSED, **fields)
        made.stand_on(from_items, by=by)
        return made

    def stand_on(self, reasons: Any, *, by: User) -> None:
        """Who proposes says what the proposal answers: a reason is no plan."""
        for reason in reasons:
            source = find_item(reason["item"], by, "from_items")
            edge = source.kind.relation(reason.get("relation", ""), self.type)
            if edge is None:
                names = {"a": source.type_name, "b": self.type_name}
                raise BadInput(_("%(a)s cannot lead to %(b)s that way.") % names, "from_items")
            Link.objects.get_or_create(
                source_id=source.pk, target_id=self.pk, relation=edge.relation,
                defaults={"by": by, "note": reason.get("note", "")},
            )  # fmt: skip

    @verb(_("Accept"), may=Act.PLAN, done=_("%(by)s accepted it"), when=(Status.PROPOSED,), main=True)
    def accept(
        self,
        *,
        by: User,
        horizon: Literal["now", "next", "later"] = "later",
        decision: Decided = None,
        no_decision: Undecided = "",
    ) -> Followed:
        """Take the proposal out of the tray and onto the roadmap."""
        self.status, self.horizon = self.Status.PLANNED, horizon
        return follow(self, decision, no_decision, by=by)

    @verb(_("Decline…"), may=Act.PLAN, done=_("%(by)s declined it"), when=(Status.PROPOSED,))
    def decline(self, *, by: User, reason: RequiredProse) -> None:
        """Say no to the proposal, and why; whoever proposed it can read the reason."""
        self.status, self.reason = self.Status.DECLINED, reason

    @verb(_("Schedule…"), may=Act.PLAN, done=_("%(by)s moved it on the roadmap"), when=AHEAD)
    def schedule(
        self,
        *,
        by: User,
        horizon: Literal["now", "next", "later"],
        starts: Day | None = None,
        starts_precision: Exactly = "day",
        ends: Day | None = None,
        ends_precision: Exactly = "day",
        decision: Decided = None,
        no_decision: Undecided = "",
    ) -> Followed:
        """Move it on the roadmap. A date is meant as exactly as you say: to the day, or to the year."""
        self.plan(horizon, starts, starts_precision, ends, ends_precision)
        return follow(self, decision, no_decision, by=by)

    @verb(
        _("Say which decision it follows…"),
        may=Act.PLAN,
        done=_("%(by)s said which decision it follows"),
        when=(*AHEAD, Status.DROPPED),
    )
    def follow(self, *, by: User, decision: Decided = None, no_decision: Undecided = "") -> Followed:
        """Name the decision behind its last move, or say why none is needed."""
        if decision is None and not no_decision:
            raise BadInput(_("Choose a decision, or say why none is needed."), "decision")
        return follow(self, decision, no_decision, by=by)

    @verb(
        _("Start"), may=Act.PLAN, done=_("%(by)s said that work has begun"), when=(Status.PLANNED,), main=True
    )
    def start(self, *, by: User, decision: Decided = None, no_decision: Undecided = "") -> Followed:
        """Say that work has begun: it stands under “Now” from then on."""
        self.status, self.horizon = self.Status.STARTED, self.Horizon.NOW
        return follow(self, decision, no_decision, by=by)

    @verb(_("Ship…"), may=Act.PLAN, done=_("%(by)s shipped it"), when=AHEAD, main=True)
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

    @verb(_("Drop…"), may=Act.PLAN, done=_("%(by)s took it off the roadmap"), when=AHEAD)
    def drop(
        self, *, by: User, reason: RequiredProse, decision: Decided = None, no_decision: Undecided = ""
    ) -> Followed:
        """Take it off the roadmap and say why."""
        self.status, self.reason = self.Status.DROPPED, reason
        return follow(self, decision, no_decision, by=by)

    @verb(_("Archive"), may=Act.PLAN, done=_("%(by)s archived it"), when=in_use)
    def archive(self, *, by: User, decision: Decided = None, no_decision: Undecided = "") -> Followed:
        """Take it out of the lists; its thread and history stay."""
        Item.archive.method(self, by=by)
        return follow(self, decision, no_decision, by=by)

    @verb(_("Place…"), may=Act.PLAN, done=_("%(by)s gave it another place in its team's order"), when=AHEAD)
    def place(self, *, by: User, before: Next | None = None) -> Initiative | None:
        """Put it before another item of its team, or last: the order is the product manager's own."""
        from .order import place_before

        other = initiative_of(before, by, "before") if before is not None else None
        if other is not None and (other.team_id != self.team_id or other.pk == self.pk):
            raise BadInput(_("Choose another item of the same team."), "before")
        self.position = place_before(self, other)
        return other

    @verb(
        _("Ask for a dependency…"),
        may=Act.PLAN,
        done=_("%(by)s asked for what it needs: %(other)s"),
        when=AHEAD,
    )
    def depend(
        self, *, by: User, needs: Needed, kind: Way = Bond.FINISH_START, note: Prose = ""
    ) -> Initiative:
        """Say what this needs of another item; the product manager of its team accepts or declines."""
        other = initiative_of(needs, by, "needs")
        if other.status not in (*AHEAD, Status.SHIPPED):
            raise BadInput(_("“%(title)s” is on no roadmap.") % {"title": other.title}, "needs")
        Dependency.ask(self, other, kind, note, by=by)
        return other

    @verb(
        _("Accept a dependency…"),
        may=Act.PLAN,
        done=_("%(by)s agreed to what %(other)s needs"),
        when=asked_of,
    )
    def accept_dependency(self, *, by: User, dependant: Dependant) -> Initiative:
        """Agree to do what another item needs of this one."""
        other = initiative_of(dependant, by, "dependant")
        Dependency.reply(other, self, State.ACCEPTED, by=by)
        return other

    @verb(
        _("Decline a dependency…"),
        may=Act.PLAN,
        done=_("%(by)s declined what %(other)s needs"),
        when=asked_of,
    )
    def decline_dependency(self, *, by: User, dependant: Dependant, reason: RequiredProse) -> Initiative:
        """Say no to what another item needs of this one, and why."""
        other = initiative_of(dependant, by, "dependant")
        Dependency.reply(other, self, State.DECLINED, reason, by=by)
        return other

    @verb(
        _("Take a dependency away…"),
        may=Act.PLAN,
        done=_("%(by)s said that it no longer needs %(other)s"),
        when=asks,
    )
    def drop_dependency(self, *, by: User, needs: Needed) -> Item:
        """Say that this no longer needs another item."""
        other: Item = find_item(needs, by, "needs")
        if not Dependency.objects.filter(item=self, needs_id=other.pk).delete()[0]:
            raise NotFound(_("This does not need “%(title)s”.") % {"title": other.title}, "needs")
        return other

    @verb(
        _("Let its references go"),
        may=Act.PLAN,
        done=_("%(by)s let go what it refers to and nobody finds here"),
        when=refers_to_nothing,
    )
    def let_references_go(self, *, by: User) -> None:
        """Say that what its source names, and nobody finds here, is missed no longer."""
        let_go(self)

    @verb(_("Plan a phase…"), may=Act.PLAN, done=_("%(by)s planned a phase"), when=AHEAD)
    def plan_phase(
        self,
        *,
        by: User,
        stage: Part,
        starts: Day,
        starts_precision: Exactly = "day",
        ends: Day | None = None,
        ends_precision: Exactly = "day",
    ) -> Told:
        """Say from when to when a phase lasts, within the item's own dates."""
        return Phase.plan(self, stage, starts, ends, (starts_precision, ends_precision))

    @verb(_("Take a phase away…"), may=Act.PLAN, done=_("%(by)s took a phase away"), when=phased)
    def drop_phase(self, *, by: User, stage: Part) -> Told:
        """Say that there will be no such phase."""
        return Phase.drop(self, stage)

    @verb(
        _("Fill a RICE worksheet…"), may=Act.PLAN, done=_("%(by)s filled a RICE worksheet"), when=UNFINISHED
    )
    def fill_rice(
        self, *, by: User, reach: Reach, impact: Impact, confidence: Confidence, effort: Effort
    ) -> Told:
        """Write down reach, impact, confidence and effort. You read the result; nothing is sorted by it."""
        given = {"reach": reach, "impact": impact, "confidence": confidence, "effort": effort}
        return Worksheet.fill(self, Method.RICE, by, **given)

    @verb(
        _("Fill a value and effort worksheet…"),
        may=Act.PLAN,
        done=_("%(by)s filled a value and effort worksheet"),
        when=UNFINISHED,
    )
    def fill_value_effort(self, *, by: User, value: Worth, effort: Effort) -> Told:
        """Write down what it is worth and what it costs. You read the result; nothing is sorted by it."""
        return Worksheet.fill(self, Method.VALUE_EFFORT, by, value=value, effort=effort)

    @verb(_("Fill a scorecard…"), may=Act.PLAN, done=_("%(by)s filled a scorecard"), when=UNFINISHED)
    def fill_scorecard(self, *, by: User, lines: Criteria) -> Told:
        """One criterion a line with its score and weight, as “Retention: 4 x 2”. Nothing is sorted by it."""
        return Worksheet.fill(self, Method.SCORECARD, by, lines=lines)

    @verb(_("Throw a worksheet away…"), may=Act.PLAN, done=_("%(by)s threw a worksheet away"), when=weighed)
    def clear_worksheet(self, *, by: User, method: Sheet) -> Told:
        """Take a worksheet off the item; the history keeps what it said."""
        if not Worksheet.objects.filter(item=self, method=method).delete()[0]:
            raise NotFound(_("There is no such worksheet here."), "method")
        return {"worksheet": {"method": str(method)}}

    def surroundings(self, reader: User) -> dict[str, Any]:
        from .surroundings import around

        return around(self, reader)


def initiative_of(pk: int, by: User, field: str) -> Initiative:
    """A roadmap item that a person names, as they may see it."""
    item = find_item(pk, by, field)
    if not isinstance(item, Initiative):
        raise BadInput(_("“%(title)s” is no roadmap item.") % {"title": item.title}, field)
    return item


from .scenarios import Scenario, Thought  # noqa: E402, F401  their tables refer to this one
