"""Decisions: the question, who has a part in it, its options, the answer and why, what would change it."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any, ClassVar, Literal

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput
from filrouge.core.fields import (
    Day,
    Draws,
    FromItems,
    Id,
    Line,
    OptionalLine,
    Prose,
    Refers,
    RequiredProse,
    TeamId,
)  # fmt: skip
from filrouge.core.kinds import Kind, Leads
from filrouge.core.models import Item, Link, Tied, allowing, find_item
from filrouge.core.thread import references
from filrouge.core.verbs import Told, verb
from filrouge.people.access import Act
from filrouge.people.models import User

from .assumption import breach, check_whole
from .days import ahead, noon
from .logs import Log
from .options import Ground, Option, Part, Side, WithOptions, check_person
from .question import Question, Reopened, Status

__all__ = ["SUPERSEDED_BY", "Decision", "Log", "due_first"]
SUPERSEDED_BY = "superseded_by"
WEIGHS_IN = "weighs_in"
OptionId = Annotated[Id, Refers("decisions.Option")]
Somebody = Annotated[Id, Refers("people.User")] | None
Evidence = Annotated[FromItems, Draws(WEIGHS_IN)]
WRITABLE = attrgetter("writable")


class Decision(Question):
    objects: ClassVar[Any] = WithOptions()

    kind = Kind(
        slug="decisions",
        columns=("title", "status", "due", "team", "decided_at"),
        filters=("status", "team", "product", "driver", "author"),
        search=("title", "context", "outcome", "rationale"),
        leads_to=(
            Leads(SUPERSEDED_BY, "decisions.Decision", _("superseded by"), _("supersedes"), Act.DECIDE),
        ),
        shows={Circle.COMPANY: ("status", "outcome", "decided_at"), Circle.WORLD: ()},
        surroundings=("options", "parts", "deciders", "supersedes", "superseded_by"),
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["due", "item_ptr"], name="decision_by_due"),
            models.Index(fields=["-decided_at", "-item_ptr"], name="decision_by_day"),
            models.Index(fields=["review_on"], name="decision_by_review"),
        ]

    create = allowing(
        "create", Act.DECIDE, label=_("Ask for a decision"), done=_("%(by)s asked for this decision")
    )
    revise = allowing("revise", Act.DECIDE, when=WRITABLE)
    archive = allowing("archive", Act.DECIDE)
    unarchive = allowing("unarchive", Act.DECIDE)
    open_to = allowing("open_to", Act.OPEN_CHOICE)
    open_as_written = allowing("open_as_written", Act.OPEN_CHOICE)
    close_to = allowing("close_to", Act.OPEN_CHOICE)

    # Answering

    @verb(_("Decide…"), may=Act.DECIDE, done=_("%(by)s took this decision"), when=(Status.OPEN,), main=True)
    def decide(
        self,
        *,
        by: User,
        option: OptionId | None = None,
        outcome: OptionalLine = "",
        rationale: RequiredProse,
        review_on: Day | None = None,
    ) -> Told | None:
        """Choose an option or write what is decided, and say why. What is known today is frozen with it."""
        chosen = self.choose(option)
        self.status, self.rationale = self.Status.DECIDED, rationale
        self.outcome = outcome or (chosen.title if chosen else "")
        self.decided_by, self.decided_at, self.taken_by = by, timezone.now(), ""
        self.reopened_at, self.reopened_for, self.reopened_why = None, "", ""
        self.brief = references(self)
        self.review_on = ahead(review_on) or self.review_ahead()
        return {"option": chosen.title} if chosen else None

    @verb(
        _("Record one taken elsewhere"),
        may=Act.DECIDE,
        done=_("%(by)s recorded this decision, taken elsewhere"),
        makes=True,
    )
    def record(
        cls,
        *,
        by: User,
        title: Line,
        decided_on: Day,
        taken_by: OptionalLine = "",
        outcome: OptionalLine = "",
        rationale: Prose = "",
        context: Prose = "",
        team: TeamId = None,
    ) -> Any:
        """Keep a decision of a meeting or of another tool; no evidence is frozen with it."""
        fields: dict[str, Any] = {"title": title, "context": context, "team": team, "taken_by": taken_by}
        answer = {"rationale": rationale, "outcome": outcome, "decided_at": noon(decided_on)}
        return cls.make(by=by, verb_name="record", status=cls.Status.DECIDED, **fields, **answer)

    @verb(
        _("Record an answer taken elsewhere…"),
        may=Act.DECIDE,
        done=_("%(by)s recorded what was decided elsewhere"),
        when=WRITABLE,
    )
    def answer(
        self,
        *,
        by: User,
        decided_on: Day | None = None,
        option: OptionId | None = None,
        taken_by: OptionalLine | None = None,
        outcome: OptionalLine | None = None,
        rationale: Prose | None = None,
    ) -> None:
        """Write down an answer that was given elsewhere, or put right what was written of it."""
        if decided_on is None and self.status == self.Status.OPEN:
            raise BadInput(_("Say when it was decided."), "decided_on")
        told = {"taken_by": taken_by, "outcome": outcome, "rationale": rationale}
        for name, text in told.items():
            setattr(self, name, getattr(self, name) if text is None else text)
        self.decided_at = noon(decided_on) if decided_on else self.decided_at
        if self.status == self.Status.OPEN:
            self.status, self.decided_by, self.reopened_at = self.Status.DECIDED, None, None
        if option:
            self.choose(option)
            self.outcome = self.outcome or self.own(Option, option, "option").title

    # What would change it

    @verb(
        _("Set the review…"),
        may=Act.DECIDE,
        done=_("%(by)s said when to look at it again"),
        when=(Status.DECIDED,),
    )
    def review(
        self,
        *,
        by: User,
        review_on: Day | None = None,
        key_result: Annotated[Id, Refers("strategy.KeyResult")] | None = None,
        breaks: Literal["below", "above"] | None = None,
        threshold: Decimal | None = None,
        change_mind: Prose = "",
    ) -> None:
        """Say on what day, or at which value of a key result, it opens again by itself."""
        self.change_mind, self.review_on = change_mind, ahead(review_on)
        self.key_result_id, self.breaks, self.threshold = key_result, breaks or "", threshold
        check_whole(self)

    @verb(
        _("Reopen…"), may=Act.DECIDE, done=_("%(by)s reopened it"), when=(Status.DECIDED, Status.SUPERSEDED)
    )
    def reopen(self, *, by: User, reason: RequiredProse) -> None:
        """Put the question again; the former answer stays in the history."""
        Link.objects.filter(source_id=self.pk, relation=SUPERSEDED_BY).delete()
        self.open_again(Reopened.PERSON, reason)

    @verb(
        _("Supersede…"),
        may=Act.DECIDE,
        done=_("%(by)s said that %(other)s takes its place"),
        when=(Status.DECIDED,),
    )
    def supersede(self, *, by: User, successor: Annotated[Id, Refers("core.Item")]) -> Item:
        """Say which decision takes its place; each shows the other from then on."""
        later = find_item(successor, by, field="successor")
        if not isinstance(later, Decision) or later.pk == self.pk:
            raise BadInput(_("Choose another decision."), "successor")
        if later.status == self.Status.SUPERSEDED:
            raise BadInput(_("That one is superseded itself: choose the one that stands."), "successor")
        Link.objects.get_or_create(
            source_id=self.pk, target_id=later.pk, relation=SUPERSEDED_BY, defaults={"by": by}
        )
        self.status = self.Status.SUPERSEDED
        return later

    @verb(_("Link…"), may=Act.WRITE_EVIDENCE, done=_("%(by)s linked it to %(other)s"))
    def link(
        self,
        *,
        by: User,
        to: Annotated[Id, Refers("core.Item")],
        relation: OptionalLine = "",
        note: Prose = "",
    ) -> Tied:
        """Say what this leads to."""
        if Decision.objects.filter(pk=to).exists():
            raise BadInput(_("Use “Supersede…” on the former decision: it changes its status too."), "to")
        tied: Tied = Item.link.method(self, by=by, to=to, relation=relation, note=note)
        return tied

    @verb(_("Unlink…"), may=Act.WRITE_EVIDENCE, done=_("%(by)s took away its link to %(other)s"))
    def unlink(
        self, *, by: User, to: Annotated[Id, Refers("core.Item")], relation: OptionalLine = ""
    ) -> Tied:
        """Take away an edge of the thread; the history keeps that it was there."""
        if Decision.objects.filter(pk=to).exists():
            raise BadInput(_("Reopen it: then no other decision takes its place."), "to")
        tied: Tied = Item.unlink.method(self, by=by, to=to, relation=relation)
        return tied

    # Options and their evidence

    @verb(_("Add an option…"), may=Act.DECIDE, done=_("%(by)s added an option"), when=WRITABLE)
    def add_option(
        self, *, by: User, option_title: Line, about: Prose = "", pros: Prose = "", cons: Prose = ""
    ) -> Told:
        """Write down one of the possible answers, with one argument a line."""
        return Option.last_of(self).write(option_title, about, pros, cons)

    @verb(_("Edit an option…"), may=Act.DECIDE, done=_("%(by)s rewrote an option"), when=WRITABLE)
    def edit_option(
        self,
        *,
        by: User,
        option: OptionId,
        option_title: Line,
        about: Prose = "",
        pros: Prose = "",
        cons: Prose = "",
    ) -> Told:
        """Change an option or its arguments."""
        held: Option = self.own(Option, option, "option")
        return held.write(option_title, about, pros, cons)

    @verb(_("Drop an option…"), may=Act.DECIDE, done=_("%(by)s dropped an option"), when=WRITABLE)
    def drop_option(self, *, by: User, option: OptionId) -> Told:
        """Take an option away; the evidence stays linked to the decision."""
        gone: Option = self.own(Option, option, "option")
        gone.delete()
        return {"option": gone.title}

    @verb(
        _("Bring evidence…"),
        may=Act.WRITE_EVIDENCE,
        done=_("%(by)s brought evidence on an option"),
        when=(Status.OPEN,),
    )
    def weigh(self, *, by: User, option: OptionId, side: Side, from_items: Evidence) -> Told:
        """Say what speaks for or against an option: quotes, insights, opportunities."""
        weighed: Option = self.own(Option, option, "option")
        brought: list[dict[str, Any]] = [{**dict(one), "relation": WEIGHS_IN} for one in from_items]
        self.bring(brought, by=by)
        edges = Link.objects.filter(target_id=self.pk, relation=WEIGHS_IN)
        for link in edges.filter(source_id__in=[one["item"] for one in brought]):
            Ground.objects.update_or_create(option=weighed, link=link, defaults={"side": side})
        return {"option": weighed.title}

    # Who has a part in it

    @verb(_("Name somebody…"), may=Act.DECIDE, done=_("%(by)s named %(person)s on it"))
    def involve(
        self, *, by: User, part: Part.As, person: Somebody = None, by_name: OptionalLine = ""
    ) -> Told:
        """Say who is asked before it is decided, or told after it: a person, a team, a country."""
        if bool(person) == bool(by_name):
            raise BadInput(_("Choose a person, or write a name."), "person")
        check_person(person, "person")
        Part.objects.get_or_create(decision=self, part=part, person_id=person, name=by_name)
        return {"person": person}

    @verb(_("Take somebody off…"), may=Act.DECIDE, done=_("%(by)s took %(person)s off it"))
    def release(self, *, by: User, part: Annotated[Id, Refers("decisions.Part")]) -> Told:
        """Take a contributor or somebody informed off the decision."""
        gone: Part = self.own(Part, part, "part")
        gone.delete()
        return {"person": gone.person_id}

    def own(self, model: Any, pk: int, name: str) -> Any:
        """A row of this decision by its id."""
        if (found := model.objects.filter(decision_id=self.pk, pk=pk).first()) is None:
            raise BadInput(_("This decision has none of that number."), name)
        return found

    def choose(self, option: int | None) -> Option | None:
        """Mark the chosen option, and only it."""
        chosen: Option | None = self.own(Option, option, "option") if option else None
        self.options.update(chosen=False)
        if chosen:
            self.options.filter(pk=chosen.pk).update(chosen=True)
        return chosen

    def reopen_by_itself(self) -> bool:
        """What Filrouge does alone, once: ask again when its day has come. It decides nothing."""
        with transaction.atomic():
            self.lock()
            if self.status != self.Status.DECIDED or (why := self.called_in_question()) is None:
                return False
            before = self.snapshot()
            self.open_again(why, breach(self) if why == Reopened.THRESHOLD else "")
            self.remember("reopen", by=None, before=before)
        return True

    def called_in_question(self) -> Reopened | None:
        """What opens a decision again today."""
        if self.review_on is not None and self.review_on <= timezone.localdate():
            return Reopened.REVIEW
        return Reopened.THRESHOLD if breach(self) else None

    def own_values(self) -> dict[str, Any]:
        return super().own_values() | {
            "options": [option.as_json() for option in self.options.all()],
            "parts": [part.as_json() for part in self.parts.all()],
        }

    def surroundings(self, reader: User) -> dict[str, Any]:
        from .surroundings import around

        return around(self, reader)

    def frozen_for(self, opportunity: Item) -> dict[str, Any] | None:
        """The references of the brief, if this decision froze one that the opportunity is part of."""
        return self.brief if str(opportunity.pk) in self.brief.get("items", {}) else None


def due_first(rows: Any) -> Any:
    """Open decisions by due date, those without one last, then the oldest first."""
    return rows.filter(status=Decision.Status.OPEN).order_by(F("due").asc(nulls_last=True), "pk")
