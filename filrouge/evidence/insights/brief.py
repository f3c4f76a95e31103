"""The evidence brief: what one takes into a decision. It shows; it does not score, rank or recommend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.core.history import states
from filrouge.core.models import Item
from filrouge.people.models import User

from . import counting
from .behind import Behind, as_frozen, behind
from .models import Insight, Opportunity, Quote, Side
from .verbatims import Verbatim, verbatims

ON_PAGE = 6
ON_SHEET = 3


class Freezes(Protocol):
    """A decision, seen from the evidence: which references it froze for an opportunity, and when."""

    pk: int
    title: str
    decided_at: datetime | None

    def frozen_for(self, opportunity: Item) -> dict[str, Any] | None: ...

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True)
class Claim:
    """An insight on the way, with how many quotes stand behind it on each side."""

    item: int
    title: str
    claim: str
    confidence: str
    unknowns: str
    agrees: bool
    supports: int
    contradicts: int

    @property
    def url(self) -> str:
        return f"/insights/{self.item}/"


@dataclass(frozen=True)
class Evidence:
    """What users say for and against, who they are, what nobody knows."""

    supports: list[Verbatim]
    contradicts: list[Verbatim]
    count_for: int
    count_against: int
    people_for: int
    people_against: int
    claims: list[Claim]
    reach: counting.Reach
    cut: bool = False


@dataclass(frozen=True)
class Brief:
    opportunity: Opportunity
    title: str
    problem: str
    audience: str
    unknowns: str
    revision: int
    at: datetime
    evidence: Evidence
    decision: Freezes | None = None

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Open questions, each with the insight that asks it, or none for the opportunity itself."""
        own = [("", self.unknowns)] if self.unknowns else []
        return own + [(claim.title, claim.unknowns) for claim in self.evidence.claims if claim.unknowns]

    @property
    def gaps(self) -> list[str]:
        """What the figures themselves leave open, in sentences."""
        reach, found = self.evidence.reach, []
        if not reach.texts:
            found.append(_("Nobody has been quoted on this yet."))
        elif not self.evidence.count_against:
            found.append(_("Nothing against it has been collected. Has anybody looked?"))
        if reach.texts and reach.sources == 1:
            found.append(_("All words come from one source."))
        if reach.unknown:
            found.append(_("Some texts have no known speaker: they may come from the same person."))
        return found


def brief(opportunity: Opportunity, reader: User | None, most: int | None = ON_PAGE) -> Brief:
    """The brief as it stands, with up to `most` quotes on each side."""
    return _brief(opportunity, behind(opportunity, reader), {}, timezone.now(), most, None)


def frozen_brief(
    opportunity: Opportunity, reader: User | None, decision: Freezes, most: int | None = ON_PAGE
) -> Brief | None:
    """The brief as a decision froze it; None where it froze nothing of this opportunity."""
    references = decision.frozen_for(opportunity)
    if references is None or decision.decided_at is None:
        return None
    known = as_frozen(opportunity.pk, references, reader)
    revisions = {int(pk): revision for pk, revision in references["items"].items()}
    return _brief(opportunity, known, revisions, decision.decided_at, most, decision)


def _brief(
    opportunity: Opportunity,
    known: Behind,
    revisions: dict[int, int],
    at: datetime,
    most: int | None,
    decision: Freezes | None,
) -> Brief:
    wanted = [opportunity.pk, *known.of_type(Insight.type_label())]
    then = states({pk: revisions[pk] for pk in wanted if pk in revisions})
    state = then.get(opportunity.pk, {})
    text = {
        name: state.get(name, getattr(opportunity, name))
        for name in ("title", "problem", "audience", "unknowns")
    }
    revision = revisions.get(opportunity.pk, opportunity.revision)
    return Brief(
        opportunity,
        **text,
        revision=revision,
        at=at,
        evidence=evidence(known, at, most, then),
        decision=decision,
    )


def evidence(
    known: Behind, at: datetime, most: int | None = ON_PAGE, then: dict[int, dict[str, Any]] | None = None
) -> Evidence:
    """What stands behind an Item, on both sides, with the same number of quotes shown of each."""
    sides = known.quotes()
    heard = counting.heard_in(list(sides))
    for_, against = ([pk for pk in _newest(heard) if side in sides[pk]] for side in (True, False))
    claims = _claims(known, then or {})
    shown = {pk for side in (for_, against) for pk in side[:most]}
    texts = {v.quote: v for v in verbatims(shown, _through(known, claims))}
    return Evidence(
        [texts[pk] for pk in for_[:most]],
        [texts[pk] for pk in against[:most]],
        len(for_),
        len(against),
        _people(heard, for_),
        _people(heard, against),
        claims,
        counting.reach(heard.values(), counting.groups(heard.values()), at),
        known.cut,
    )


def _newest(heard: dict[int, counting.Heard]) -> list[int]:
    return sorted(heard, key=lambda pk: (heard[pk].said_at, pk), reverse=True)


def _people(heard: dict[int, counting.Heard], quotes: Collection[int]) -> int:
    return len({heard[pk].person for pk in quotes if heard[pk].person and not heard[pk].erased})


def _claims(known: Behind, then: dict[int, dict[str, Any]]) -> list[Claim]:
    sides, into = known.sides(), known.into
    insights = Insight.objects.filter(pk__in=known.of_type(Insight.type_label())).order_by("pk")
    return [
        _claim(
            item,
            then.get(item.pk, {}),
            agrees,
            [r for s, r in into.get(item.pk, ()) if known.types.get(s) == Quote.type_label()],
        )
        for item in insights
        for agrees in sorted(sides.get(item.pk, ()), reverse=True)
    ]


def _claim(item: Insight, then: dict[str, Any], agrees: bool, relations: list[str]) -> Claim:
    text = {
        name: then.get(name, getattr(item, name)) for name in ("title", "claim", "confidence", "unknowns")
    }
    confidence = dict(Insight.Confidence.choices).get(text.pop("confidence"), "")
    return Claim(
        item=item.pk,
        confidence=str(confidence),
        agrees=agrees,
        supports=relations.count(Side.SUPPORTS),
        contradicts=relations.count(Side.CONTRADICTS),
        **text,
    )


def _through(known: Behind, claims: list[Claim]) -> dict[int, list[str]]:
    """For each quote, the insights by which it reaches the root."""
    titles = {claim.item: claim.title for claim in claims}
    found: dict[int, list[str]] = {}
    for source, target, _relation in known.edges:
        if target in titles and titles[target] not in found.setdefault(source, []):
            found[source].append(titles[target])
    return found
