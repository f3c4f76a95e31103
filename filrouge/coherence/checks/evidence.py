"""Rules over the thread from users' words to the roadmap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.alignment.roadmap.statuses import AHEAD
from filrouge.core.checks import Finding, Findings, Look, Severity, check

ITEM, OPPORTUNITY, QUOTE, DECISION = (
    "roadmap.Initiative",
    "insights.Opportunity",
    "insights.Quote",
    "decisions.Decision",
)
MONTH = 30


class Said(NamedTuple):
    """Of a quote: who said it (or the words, where nobody knows who), and when."""

    who: tuple[str, int]
    on: date


def said(look: Look, quotes: Iterable[int]) -> dict[int, Said]:
    rows = look.all(QUOTE)
    rows = rows if look.ids is None else rows.filter(pk__in=set(quotes))
    columns = ("pk", "version__words__person_id", "version__words_id", "version__words__said_at")
    return {
        pk: Said(("person", person) if person else ("words", words), timezone.localdate(at))
        for pk, person, words, at in rows.values_list(*columns)
    }


@check(
    "R-04", Severity.WARNING, _("Old or thin evidence"),
    says=_("%(people)s people were heard, the last one on %(last)s."),
    on=ITEM, mend=(f"from:{OPPORTUNITY}",),
)  # fmt: skip
def thin_evidence(look: Look, *, people: int = 2, months: int = 12) -> Findings:
    """Items ahead behind which stand fewer than so many people, or nobody heard within so many months."""
    items = [item.pk for item in look.at(ITEM) if item.status in AHEAD]
    behind = {pk: quotes for pk in items if (quotes := look.behind(pk, QUOTE))}
    heard = said(look, set().union(*behind.values()))
    then = look.today - timedelta(days=months * MONTH)
    for pk, quotes in behind.items():
        known = [heard[one] for one in quotes if one in heard]
        voices, last = {one.who for one in known}, max((one.on for one in known), default=None)
        if last and (len(voices) < people or last < then):
            yield Finding(pk, {"people": len(voices), "last": last.isoformat()})


@check(
    "R-18", Severity.WARNING, _("Two teams on one opportunity"),
    says=_("%(teams)s plan or build an answer to it, and no decision says who leads."),
    on=OPPORTUNITY, mend=("link", "close"),
)  # fmt: skip
def two_teams(look: Look) -> Findings:
    """Opportunities that items of several teams answer, without a decision linked to them."""
    answers = look.linked(ITEM, back=False)
    teams = _teams(look, {one for several in answers.values() for one in several})
    decided = look.linked(DECISION, back=False)
    for problem in look.at(OPPORTUNITY):
        who = sorted({team for one in answers.get(problem.pk, ()) if (team := teams.get(one))})
        if len(who) > 1 and not decided.get(problem.pk):
            yield Finding(problem.pk, {"teams": who})


def _teams(look: Look, items: set[int]) -> dict[int, int | None]:
    """The team of each of these items that is ahead."""
    rows = look.all(ITEM).filter(status__in=AHEAD)
    rows = rows if look.ids is None else rows.filter(pk__in=items)
    return dict(rows.values_list("pk", "team_id"))
