"""Quotes, insights and opportunities: how users' words become a problem worth solving."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput, NotFound
from filrouge.core.fields import Count, Id, Line, OptionalLine, Prose, RequiredProse, TeamId
from filrouge.core.kinds import Kind, Leads
from filrouge.core.models import Item, allowing
from filrouge.core.verbs import verb
from filrouge.people.access import Act
from filrouge.people.models import User
from filrouge.voices.models import Version, Words

EXCERPT = 140


class Side(models.TextChoices):
    SUPPORTS = "supports", _("For")
    CONTRADICTS = "contradicts", _("Against")


def evidence(to: str, may: Act = Act.WRITE_EVIDENCE) -> tuple[Leads, Leads]:
    return (
        Leads(Side.SUPPORTS, to, _("supports"), _("supported by"), may),
        Leads(Side.CONTRADICTS, to, _("contradicts"), _("contradicted by"), may),
    )


WEIGHS = Leads("weighs_in", "decisions.Decision", _("weighs in"), _("weighs"), Act.WRITE_EVIDENCE)


class Quote(Item):
    """Words of a user, by reference: a version of a text and two offsets in code points."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="quotes", editable=False)
    start = models.PositiveIntegerField(editable=False)
    end = models.PositiveIntegerField(editable=False)

    kind = Kind(
        slug="quotes",
        columns=("title", "author", "changed_at"),
        filters=("team", "author"),
        personal=("title",),
        leads_to=(*evidence("insights.Insight"), *evidence("insights.Opportunity"), WEIGHS),
        shows={Circle.COMPANY: (), Circle.WORLD: ()},
    )

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    @property
    def text(self) -> str:
        return self.version.text[self.start : self.end]

    def own_values(self) -> dict[str, Any]:
        where = {
            "words": self.version.words_id,
            "version": self.version.number,
            "start": self.start,
            "end": self.end,
        }
        return {"text": self.text, **where}

    @property
    def around(self) -> tuple[str, str, str]:
        """The version's text before, within and after the quote."""
        whole = self.version.text
        return whole[: self.start], whole[self.start : self.end], whole[self.end :]

    def as_written(self) -> tuple[str, str]:
        """Users' words leave the product teams masked, a quote's like all others."""
        text = self.version.words.masked(self.text)
        return excerpt(text), text

    @verb(
        _("Quote"),
        may=Act.WRITE_EVIDENCE,
        done=_("%(by)s quoted these words"),
        makes=True,
        main=True,
    )
    def create(
        cls,
        *,
        by: User,
        words: Id,
        start: Count | None = None,
        end: Count | None = None,
        version: Count | None = None,
        text: Prose = "",
        supports: Id | None = None,
        contradicts: Id | None = None,
    ) -> Quote:
        """Keep some of a user's words, tied to the spot where they were said."""
        said = _held(words, version, by)
        first, last = place(said.text, start, end, text)
        where = {"version": said.frozen().pk, "start": first, "end": last}
        quote: Quote = cls.make(by=by, verb_name="create", title=excerpt(said.text[first:last]), **where)
        for side, item in ((Side.SUPPORTS, supports), (Side.CONTRADICTS, contradicts)):
            if item is not None:
                quote.link(by=by, to=item, relation=side)
        return quote

    revise = None  # what a user said is not edited


def _held(pk: int, version: int | None, by: User) -> Words:
    """The words to quote from, as they were read, and kept so until the quote is written."""
    found = Words.objects.visible_to(by).filter(pk=pk, erased_at=None)
    words: Words | None = found.select_for_update(of=("self",)).first()
    if words is None:
        raise NotFound(_("There are no such words, or you may not read them."), "words")
    if version is not None and version != words.version:
        raise BadInput(_("The text has changed since you read it. Select the words again."), "version")
    return words


def place(whole: str, start: int | None, end: int | None, text: str) -> tuple[int, int]:
    """Where the quoted words stand: by offsets, or by the words themselves; given both, they must agree."""
    if text and start is None and end is None:
        start = whole.find(text)
        end = start + len(text)
    if start is None or end is None or not 0 <= start < end <= len(whole) or not whole[start:end].strip():
        raise BadInput(_("Select some words: there are none at that place in the text."), "start")
    if text and whole[start:end].strip() != text:
        raise BadInput(_("These words do not stand at that place in the text."), "text")
    return start, end


def excerpt(text: str) -> str:
    short = " ".join(text.split())
    return short if len(short) <= EXCERPT else short[: EXCERPT - 1].rstrip() + "…"


class Insight(Item):
    class Confidence(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    claim = models.TextField(_("what we learnt"), blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence.choices, default=Confidence.LOW
    )
    unknowns = models.TextField(_("what we do not know"), blank=True)

    kind = Kind(
        slug="insights",
        columns=("title", "confidence", "team", "author", "changed_at"),
        filters=("confidence", "team", "author"),
        search=("title", "claim", "unknowns"),
        leads_to=(*evidence("insights.Opportunity"), WEIGHS),
        shows={Circle.COMPANY: ("confidence",), Circle.WORLD: ()},
    )

    class Meta:
        verbose_name = _("insight")
        verbose_name_plural = _("insights")


class Opportunity(Item):
    """A problem worth solving, for whom. A product manager frames it; others propose, into a tray."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        OPEN = "open", _("Open")
        DECLINED = "declined", _("Declined")
        CLOSED = "closed", _("Closed")

    starts_as = Status.OPEN

    problem = models.TextField(_("the problem"), blank=True)
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    unknowns = models.TextField(_("open questions"), blank=True)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    framed_at = models.DateTimeField(_("framed"), null=True, editable=False)

    kind = Kind(
        slug="opportunities",
        columns=("title", "audience", "status", "team", "changed_at"),
        filters=("status", "team", "product", "author"),
        search=("title", "problem", "audience", "unknowns"),
        leads_to=(
            Leads("answered_by", "roadmap.Initiative", _("answered by"), _("answers"), Act.PLAN),
            Leads("decided_in", "decisions.Decision", _("decided in"), _("decides on"), Act.DECIDE),
            WEIGHS,
        ),
        shows={Circle.COMPANY: ("audience", "status"), Circle.WORLD: ("status",)},
    )

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")

    create = allowing("create", Act.FRAME, label=_("Frame an opportunity"), done=_("%(by)s framed it"))
    revise = allowing("revise", Act.FRAME)
    archive = allowing("archive", Act.FRAME)
    unarchive = allowing("unarchive", Act.FRAME)
    open_to = allowing("open_to", Act.OPEN_CHOICE)
    open_as_written = allowing("open_as_written", Act.OPEN_CHOICE)
    close_to = allowing("close_to", Act.OPEN_CHOICE)

    @verb(_("Propose an opportunity"), may=Act.PROPOSE, done=_("%(by)s proposed it"), makes=True)
    def propose(
        cls, *, by: User, title: Line, problem: Prose = "", audience: OptionalLine = "", team: TeamId = None
    ) -> Any:
        """Put a problem into a team's tray; its product manager frames it or declines it."""
        fields = {"title": title, "problem": problem, "audience": audience, "team": team}
        return cls.make(by=by, verb_name="propose", status=cls.Status.PROPOSED, **fields)

    @verb(_("Accept"), may=Act.FRAME, done=_("%(by)s accepted it"), when=(Status.PROPOSED,), main=True)
    def accept(self, *, by: User) -> None:
        """Take the proposal out of the tray and frame it."""
        self.status, self.framed_at = self.Status.OPEN, timezone.now()

    @verb(_("Decline…"), may=Act.FRAME, done=_("%(by)s declined it"), when=(Status.PROPOSED,))
    def decline(self, *, by: User, reason: RequiredProse) -> None:
        """Say no to the proposal, and why; whoever proposed it can read the reason."""
        self.status, self.reason = self.Status.DECLINED, reason

    @verb(_("Close…"), may=Act.FRAME, done=_("%(by)s closed it"), when=(Status.OPEN,))
    def close(self, *, by: User, reason: RequiredProse) -> None:
        """The problem is solved, or no longer worth solving: say which."""
        self.status, self.reason = self.Status.CLOSED, reason

    @verb(
        _("Reopen"),
        may=Act.FRAME,
        done=_("%(by)s reopened it"),
        when=(Status.CLOSED, Status.DECLINED),
    )
    def reopen(self, *, by: User) -> None:
        """Take it up again."""
        self.status = self.Status.OPEN

    def validate(self) -> None:
        self.require_team()
        if self.status == self.Status.OPEN and self.framed_at is None:
            self.framed_at = timezone.now()
