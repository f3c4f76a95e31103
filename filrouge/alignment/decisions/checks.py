"""Rules over decisions: who asked, on which evidence, whether it was taken, and whether it was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.alignment.strategy.tables import Observation
from filrouge.core.checks import Finding, Findings, Look, Severity, check, near
from filrouge.core.origins import FOLDER, Origin
from filrouge.core.traces import Face, History
from filrouge.people.leading import managers
from filrouge.people.models import User

from .assumption import broken

DECISION, OPPORTUNITY, ITEM = "decisions.Decision", "insights.Opportunity", "roadmap.Initiative"
KEY_RESULT = "strategy.KeyResult"
FOLLOWING = (ITEM, "strategy.Goal", KEY_RESULT, DECISION)
"""What is linked to a decision because it carries it out or precedes it."""


@near
def resting_on(ids: frozenset[int]) -> Iterable[int]:
    """The decisions that rest on these key results."""
    from .models import Decision

    return set(Decision.objects.filter(key_result__in=ids).values_list("pk", flat=True))


def waiting(look: Look) -> list[Any]:
    return [one for one in look.at(DECISION) if one.status == "open"]


@check(
    "D-01", Severity.ERROR, _("A decision without evidence"),
    says=_("Nothing leads to it: no opportunity, so no user's words."),
    on=DECISION, mend=(f"from:{OPPORTUNITY}",),
)  # fmt: skip
def no_evidence(look: Look) -> Findings:
    """Decisions, to take or taken, to which no evidence leads: what only follows from them is none."""
    led = {to for source, to, _relation in look.links if look.types.get(source) not in FOLLOWING}
    return (Finding(one.pk) for one in look.at(DECISION) if one.pk not in led)


@check(
    "D-07", Severity.WARNING, _("Decided, and nobody was told"),
    says=_("It was decided on %(decided)s, and no wording is open to the company."),
    on=DECISION, mend=("open_to", "open_as_written"),
)  # fmt: skip
def not_told(look: Look, *, days: int = 14) -> Findings:
    """Decisions taken more than so many days ago of which the company may read nothing."""
    then = look.today - timedelta(days=days)
    told = set(look.rows(Face.objects.filter(type=DECISION)).values_list("item_id", flat=True))
    for one in look.at(DECISION):
        day = timezone.localdate(one.decided_at) if one.status == "decided" else then
        if day < then and one.pk not in told:
            yield Finding(one.pk, {"decided": day.isoformat()})


@check(
    "D-08", Severity.WARNING, _("The near roadmap changed without a decision"),
    says=_("It entered or left “Now”, or was dropped from near, on %(at)s, and no decision is linked."),
    on=ITEM, mend=("follow", "link"),
)  # fmt: skip
def undecided_move(look: Look, *, days: int = 90) -> Findings:
    """Items that lately entered or left “Now”, or were dropped from near: no decision, no reason for none."""
    decided = look.linked(DECISION, back=False)
    acts = ("schedule", "revise", "start", "drop", "accept", "follow")
    imported = Origin.objects.exclude(source=FOLDER).values("item_id")  # stood elsewhere before
    added = Q(verb="create", after__horizon="now") & ~Q(item_id__in=imported)
    rows = look.rows(History.objects.filter(Q(verb__in=acts) | added, item__type=ITEM))
    rows = rows.filter(at__date__gte=look.today - timedelta(days=days)).order_by("-pk")
    columns = ("item_id", "verb", "at", "before__horizon", "after__horizon", "after__no_decision")
    known = {item.pk: item.horizon for item in look.at(ITEM) if not decided.get(item.pk)}
    return reversed(list(_bare_moves(rows.values_list(*columns), known)))


def _bare_moves(newest_first: Any, horizons: dict[int, str]) -> Iterator[Finding]:
    excused: set[int] = set()
    for pk, verb, at, before, after, why in newest_first:
        excused |= {pk} if why else set()
        if pk in excused or pk not in horizons:
            continue
        if "now" in (before, after) or (verb == "drop" and horizons[pk] != "later"):
            yield Finding(pk, {"at": timezone.localdate(at).isoformat()})


@check(
    "D-11", Severity.INFO, _("Undecided for long"),
    says=_("It waits to be decided since %(since)s."),
    on=DECISION, mend=("decide", "revise"),
)  # fmt: skip
def undecided(look: Look, *, days: int = 30) -> Findings:
    """Decisions that wait for more than so many days."""
    then = look.today - timedelta(days=days)
    for one in waiting(look):
        if (since := timezone.localdate(one.created_at)) < then:
            yield Finding(one.pk, {"since": since.isoformat()})


@check(
    "D-12", Severity.ERROR, _("Its day has passed, and nobody decided"),
    says=_("It was due on %(due)s, and is not decided."),
    on=DECISION, mend=("decide", "revise"),
)  # fmt: skip
def past_due(look: Look) -> Findings:
    """Decisions to take whose due date is in the past."""
    for one in waiting(look):
        if one.due and one.due < look.today:
            yield Finding(one.pk, {"due": one.due.isoformat()})


def taken_here(one: Any) -> bool:
    """Not one that was taken elsewhere and only recorded here."""
    return one.status == "open" or one.decided_by_id is not None


@check(
    "D-02", Severity.ERROR, _("A decision that is nobody's"),
    says=_("It does not say: %(what)s."),
    on=DECISION, mend=("revise",),
)  # fmt: skip
def nobody_decides(look: Look) -> Findings:
    """Decisions to take without a driver, or without an approver in a team that has no product manager."""
    led, here = look.once("led", managers), look.once("here", _here)
    for one in waiting(look):
        missing = ["driver"] * (one.driver_id not in here)
        missing += ["approver"] * (one.approver_id not in here and one.team_id not in led)
        if missing:
            yield Finding(one.pk, {"what": missing})


def _here() -> set[int]:
    return set(User.objects.filter(is_active=True).values_list("pk", flat=True))


@check(
    "D-03", Severity.WARNING, _("No choice to make"),
    says=_("It names %(number)s options: a decision chooses between two at least."),
    on=DECISION, mend=("add_option",),
)  # fmt: skip
def no_choice(look: Look, *, most: int = 1) -> Findings:
    """Decisions, to take or taken here, that name no more than so many options."""
    for one in look.at(DECISION):
        number = len(one.options.all())
        if number <= most and one.status != "superseded" and taken_here(one):
            yield Finding(one.pk, {"number": number})


@check(
    "D-04", Severity.ERROR, _("Superseded on one side only"),
    says=_("Its status and its link to the decision that takes its place do not agree."),
    on=DECISION, mend=("supersede", "reopen"),
)  # fmt: skip
def half_superseded(look: Look) -> Findings:
    """Decisions that are superseded without saying by which, or that name a successor and still stand."""
    later = look.linked(DECISION, back=False, relations=("superseded_by",))
    for one in look.at(DECISION):
        if (one.status == "superseded") != bool(later.get(one.pk)):
            yield Finding(one.pk)


@check(
    "D-05", Severity.WARNING, _("The day to look at it again has passed"),
    says=_("It was to be looked at again on %(day)s."),
    on=DECISION, mend=("review", "reopen"),
)  # fmt: skip
def review_passed(look: Look) -> Findings:
    """Decisions taken whose review date is in the past and that are not open again."""
    for one in look.at(DECISION):
        if one.status == "decided" and one.review_on and one.review_on < look.today:
            yield Finding(one.pk, {"day": one.review_on.isoformat()})


@check(
    "D-06", Severity.WARNING, _("What it rests on no longer holds"),
    says=_("%(other)s stands at %(value)s, %(what)s the %(threshold)s at which it is to be looked at again."),
    on=DECISION, mend=("reopen", "decide", "review"),
)  # fmt: skip
def assumption_broke(look: Look) -> Findings:
    """Decisions whose key result has passed their threshold since, and that have not been taken anew."""
    taken = [one for one in look.at(DECISION) if one.decided_at and one.status != "superseded"]
    resting = [one for one in taken if one.threshold is not None]
    noted = _noted(look, {one.key_result_id for one in resting}) if resting else {}
    for one in resting:
        since = [value for at, value in noted.get(one.key_result_id, ()) if at > one.decided_at]
        if since and broken(since[-1], one.breaks, one.threshold):
            values = {"value": float(since[-1]), "what": one.breaks, "threshold": float(one.threshold)}
            yield Finding(one.pk, values, one.key_result_id)


def _noted(look: Look, keys: set[int]) -> dict[int, list[tuple[Any, Any]]]:
    """What was noted of these key results, with when, the latest value last."""
    known = look.all(KEY_RESULT).filter(pk__in=keys)
    rows = Observation.objects.filter(key_result__in=known).order_by("at", "pk")
    found: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for pk, at, value in rows.values_list("key_result_id", "noted_at", "value"):
        found[pk].append((at, value))
    return found
