"""Rules over roadmap items: what stands behind each, its goals, its dates."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.checks import Finding, Findings, Look, Severity, check
from filrouge.core.traces import History, Link
from filrouge.people.models import User

from ..references import dangling as leading_nowhere
from ..statuses import AHEAD

ITEM, OPPORTUNITY, DECISION, QUOTE = (
    "roadmap.Initiative",
    "insights.Opportunity",
    "decisions.Decision",
    "insights.Quote",
)
MONTH = 30
GOALS = ("strategy.Goal", "strategy.KeyResult")


def ahead(look: Look) -> list[Any]:
    """Items that are planned or in progress."""
    return [item for item in look.at(ITEM) if item.status in AHEAD]


@check(
    "R-03", Severity.WARNING, _("No user word behind it"),
    says=_("No word of a user leads to it, through whatever opportunity or insight."),
    on=ITEM, mend=(f"from:{OPPORTUNITY}",),
)  # fmt: skip
def no_word_behind(look: Look) -> Findings:
    """Roadmap items, planned or in progress, from which the thread leads back to no quote."""
    return (Finding(item.pk) for item in ahead(look) if not look.behind(item.pk, QUOTE))


@check(
    "R-05", Severity.WARNING, _("Nobody can say what will be better, or who answers for it"),
    says=_("It does not say: %(what)s."),
    on=ITEM, mend=("revise",),
)  # fmt: skip
def no_problem(look: Look) -> Findings:
    """Roadmap items, planned or in progress, that do not say what will be better, or have no owner."""
    here = look.once("product teams", _product_teams)
    for item in ahead(look):
        missing = ["outcome"] * (not item.outcome.strip()) + ["owner"] * (item.owner_id not in here)
        if missing:
            yield Finding(item.pk, {"what": missing})


def _product_teams() -> set[int]:
    return set(User.objects.reading_items().values_list("pk", flat=True))


@check(
    "R-10", Severity.ERROR, _("A link leads nowhere"),
    says=_("It leads to %(what)s."),
    on=(ITEM, OPPORTUNITY, DECISION), mend=("unlink?to", "let_references_go"),
)  # fmt: skip
def dangling(look: Look) -> Findings:
    """Items linked to one that is archived, or that came from a file and name what is not here."""
    gone = Link.objects.filter(target__archived_at__isnull=False).exclude(target__circle="private")
    held = {item.pk for label in (ITEM, OPPORTUNITY, DECISION) for item in look.at(label)}
    for source, target in look.rows(gone, "source_id").values_list("source_id", "target_id"):
        if source in held:
            yield Finding(source, {"what": "archived"}, target)
    loose = look.rows(leading_nowhere(), "origin__item_id").values_list("origin__item_id", flat=True)
    for item in loose.order_by("pk"):
        if item in held:
            yield Finding(item, {"what": "elsewhere"})


@check(
    "R-11", Severity.ERROR, _("Its end has passed, and it is not done"),
    says=_("It was to end on %(ends)s; it is neither shipped nor dropped."),
    on=ITEM, mend=("schedule", "ship", "drop"),
)  # fmt: skip
def overdue(look: Look) -> Findings:
    """Roadmap items whose end is in the past while they are still planned or in progress."""
    for item in ahead(look):
        if item.ends and item.ends < look.today:
            yield Finding(item.pk, {"ends": item.ends.isoformat()})


@check(
    "R-14", Severity.WARNING, _("“Now” that does not move"),
    says=_("Under “Now”, nobody has touched it since %(since)s."),
    also=_("“Now” holds %(number)s items of its team, which shipped %(shipped)s in %(months)s months."),
    on=ITEM, mend=("schedule", "ship", "revise"),
)  # fmt: skip
def untouched(look: Look, *, days: int = 30, months: int = 6) -> Findings:
    """Items under “Now” that nobody touched for so many days; more of them than their team shipped lately."""
    then = look.today - timedelta(days=days)
    crowded = _crowded(look, months)
    for item in ahead(look):
        since = timezone.localdate(item.changed_at)
        if item.horizon == "now" and since < then:
            yield Finding(item.pk, {"since": since.isoformat()})
        elif item.pk in crowded:
            yield Finding(item.pk, crowded[item.pk] | {"months": months, "also": True})


def _crowded(look: Look, months: int) -> dict[int, dict[str, int]]:
    """The newest item under “Now” of each team that holds more there than it shipped, if it shipped any."""
    teams = {item.team_id for item in ahead(look) if item.horizon == "now"}
    if not teams:
        return {}
    rows = look.all(ITEM) if look.ids is None else look.all(ITEM).filter(team__in=teams)
    near = rows.filter(status__in=AHEAD, horizon="now").values("team")
    since = look.today - timedelta(days=months * MONTH)
    done = rows.filter(status="shipped", shipped_on__gte=since).values("team")
    shipped = dict(done.annotate(n=Count("pk")).order_by().values_list("team", "n"))
    held = near.annotate(n=Count("pk"), newest=Max("pk")).order_by().values_list("team", "n", "newest")
    return {
        newest: {"number": number, "shipped": shipped[team]}
        for team, number, newest in held
        if number > shipped.get(team, number)
    }


def slips(look: Look) -> dict[int, list[tuple[date, date]]]:
    """For each item ahead, each time its end was said later: (before, after), oldest first."""
    told = History.objects.filter(item__type=ITEM, item__status__in=AHEAD, item__archived_at=None)
    rows = look.rows(told.filter(before__has_key="ends", after__has_key="ends")).order_by("pk")
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for pk, before, after in rows.values_list("item_id", "before__ends", "after__ends"):
        if before and after and after > before:
            found[pk].append((date.fromisoformat(before), date.fromisoformat(after)))
    return found


@check(
    "R-15", Severity.WARNING, _("It slips, and nobody decided that"),
    says=_("Its end moved later %(times)s times, by %(days)s days in all, and no decision is linked."),
    on=ITEM, mend=("link", "schedule"),
)  # fmt: skip
def slipping(look: Look, *, times: int = 3, percent: int = 50) -> Findings:
    """Items whose end moved later so many times, or by more than this share of their first length."""
    decided, slipped = look.linked(DECISION, back=False), slips(look)
    for item in ahead(look):
        moves = slipped.get(item.pk)
        if not moves or decided.get(item.pk):
            continue
        late = sum((after - before).days for before, after in moves)
        planned = (moves[0][0] - item.starts).days if item.starts else 0
        if len(moves) >= times or 0 < planned * percent < late * 100:
            yield Finding(item.pk, {"times": len(moves), "days": late})


@check(
    "R-16", Severity.WARNING, _("Its state contradicts its dates"),
    says=_("It was to start on %(starts)s, and is not in progress."),
    on=ITEM, mend=("start", "schedule"),
)  # fmt: skip
def not_begun(look: Look, *, days: int = 0) -> Findings:
    """Items only planned whose start passed more than so many days ago; once the end has passed, see R-11."""
    then = look.today - timedelta(days=days)
    for item in ahead(look):
        over = item.ends and item.ends < look.today
        if item.status == "planned" and item.starts and item.starts < then and not over:
            yield Finding(item.pk, {"starts": item.starts.isoformat()})


@check(
    "R-17", Severity.INFO, _("A day where only a season is known"),
    says=_("It is under “Later”, and yet it says it ends on %(ends)s."),
    on=ITEM, mend=("schedule",),
)  # fmt: skip
def too_exact(look: Look) -> Findings:
    """Items under “Later” that give an end to the day."""
    for item in ahead(look):
        exact = item.ends and item.ends >= look.today and item.ends_precision == "day"
        if item.horizon == "later" and exact:
            yield Finding(item.pk, {"ends": item.ends.isoformat()})


def aims(look: Look) -> dict[int, list[int]]:
    """For each roadmap item, the goals and key results that it contributes to."""
    found: dict[int, list[int]] = defaultdict(list)
    for label in GOALS:
        for pk, goals in look.linked(label, back=False).items():
            found[pk] += goals
    return found


def goals_of(look: Look) -> dict[int, Any]:
    """The goals and key results that items of this run contribute to, by id."""
    return {pk: one for label in GOALS for pk, one in look.around(label).items()}


@check(
    "R-01", Severity.WARNING, _("Near, and towards no goal"),
    says=_("It is under “Now” or “Next”, and contributes to no goal and to no key result."),
    on=ITEM, mend=("link", "schedule"),
)  # fmt: skip
def no_goal(look: Look) -> Findings:
    """Items under “Now” or “Next”, planned or in progress, that contribute to no goal and no key result."""
    aimed = aims(look)
    return (Finding(one.pk) for one in ahead(look) if one.horizon != "later" and not aimed.get(one.pk))


@check(
    "R-02", Severity.WARNING, _("Towards a goal that is over"),
    says=_("It contributes to %(other)s, which is closed or given up."),
    on=ITEM, mend=("unlink?to", "drop"),
)  # fmt: skip
def goal_is_over(look: Look) -> Findings:
    """Items ahead that contribute to a goal or key result that is closed or given up."""
    aimed = aims(look)
    goals = goals_of(look)
    for item in ahead(look):
        for pk in aimed.get(item.pk, ()):
            if pk in goals and goals[pk].status != "open":
                yield Finding(item.pk, other=pk)


@check(
    "R-12", Severity.ERROR, _("It ends after the goal that it is for"),
    says=_("It ends on %(ends)s; %(other)s is over on %(over)s."),
    on=ITEM, mend=("schedule",),
)  # fmt: skip
def after_its_goal(look: Look) -> Findings:
    """Items ahead that end after an open goal or key result they contribute to."""
    aimed = aims(look)
    goals = goals_of(look)
    for item in ahead(look):
        for goal in (goals[pk] for pk in aimed.get(item.pk, ()) if pk in goals):
            over = goal.period[1]
            if item.ends and over and item.ends > over and goal.status == "open":
                yield Finding(item.pk, {"ends": item.ends.isoformat(), "over": over.isoformat()}, goal.pk)


@check(
    "R-13", Severity.ERROR, _("It ends after the day by which it must be done"),
    says=_("It must be done by %(due)s, and is meant to end on %(ends)s."),
    on=ITEM, mend=("schedule", "revise"),
)  # fmt: skip
def too_late(look: Look) -> Findings:
    """Items ahead whose end is after their hard due date."""
    for item in ahead(look):
        if item.too_late:
            yield Finding(item.pk, {"due": item.hard_due.isoformat(), "ends": item.ends.isoformat()})
