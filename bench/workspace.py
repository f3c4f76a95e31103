"""Fills a data folder with 5,000 Items of alignment: ten teams in four countries, five quarters.

Run inside its environment; prints the sessions of each role and the addresses to measure.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from filrouge.alignment.decisions.models import Decision  # noqa: E402
from filrouge.alignment.decisions.options import Ground, Option, Part, Side  # noqa: E402
from filrouge.alignment.roadmap.dependencies import Bond, Dependency  # noqa: E402
from filrouge.alignment.roadmap.models import Initiative  # noqa: E402
from filrouge.alignment.roadmap.phases import Phase  # noqa: E402
from filrouge.alignment.roadmap.scenarios import Scenario, Thought  # noqa: E402
from filrouge.alignment.roadmap.worksheets import Worksheet  # noqa: E402
from filrouge.alignment.strategy.models import Cycle, Goal, GoalType, KeyResult, Observation, Weight  # noqa: E402
from filrouge.coherence import running  # noqa: E402
from filrouge.core.models import Face, History, Item, Link  # noqa: E402
from filrouge.evidence.insights.models import Insight, Opportunity  # noqa: E402
from filrouge.lib.months import months_after  # noqa: E402
from filrouge.people.models import Role, Team, User  # noqa: E402

from .corpus import texts  # noqa: E402
from .fill import people  # noqa: E402

KINDS = {Goal: 0.1, KeyResult: 0.26, Initiative: 0.36, Decision: 0.14, Opportunity: 0.08, Insight: 0.06}
COUNTRIES = ("France", "Spain", "Poland", "Canada")
QUARTERS, CHECK_INS, MOVES, PEOPLE = 5, 12, 4, 40
MOVEMENTS = ("increase", "increase", "increase", "decrease", "reach", "stay_below", "binary", "milestone")
STATES = ("planned",) * 9 + ("started",) * 5 + ("shipped",) * 4 + ("dropped", "proposed")
MARKS = "40 Drafted\n70 Reviewed\n100 Live"


class Workspace:
    """What is being filled: made in memory, saved row by row, its past in batches."""

    def __init__(self, number: int) -> None:
        self.draw, self.now, self.today = random.Random(5), timezone.now(), timezone.localdate()
        self.number, self.titles = number, (text[:70].strip() or "Untitled" for _l, text in texts(number, 6))
        self.group = Team.objects.get(name="Bench")
        self.boss = User.objects.get(role=Role.PRODUCT_MANAGER)
        self.teams = [self._team(place) for place in range(10)]
        self.people = [self._person(place) for place in range(PEOPLE)]
        quarter = Cycle.quarter(self.today).starts
        self.cycles = [Cycle.quarter(months_after(quarter, -3 * step)) for step in range(QUARTERS)]
        self.made: dict[type[Item], list[Any]] = {kind: [] for kind in KINDS}
        self.past: list[History] = []

    def _team(self, place: int) -> Team:
        country = COUNTRIES[place % len(COUNTRIES)]
        return Team.objects.create(name=f"Team {place}", country=country, parent=self.group)

    def _person(self, place: int) -> User:
        role = Role.PRODUCT_MANAGER if place < len(self.teams) else Role.MAKER
        person = User.objects.create_user(f"person{place}@bench.example", role)
        person.memberships.create(team=self.teams[place % len(self.teams)])
        return person

    def days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.draw.randrange(least, most))

    def many(self, kind: type[Item]) -> int:
        return round(self.number * KINDS[kind])

    def items(self, kind: type[Item]) -> list[Any]:
        """So many of a kind, not saved yet: each of a team and of somebody of it."""
        for place in range(self.many(kind)):
            person = self.people[place % PEOPLE]
            private = place % 50 == 49
            self.made[kind].append(
                kind(
                    type=kind.type_label(), title=next(self.titles), author=person, status=kind.starts_as,
                    team=self.teams[place % len(self.teams)], circle="private" if private else "team",
                    created_at=self.now - self.days(100, 450),
                )
            )  # fmt: skip
        return self.made[kind]

    def keep(self, item: Any, *steps: tuple[datetime, str, dict[str, Any]]) -> None:
        """Save it as the last of its steps leaves it, each with its row of History."""
        rows, at = [], item.created_at
        rows.append(History(verb="create", at=at, by_id=item.author_id, revision=1, after=item.snapshot()))
        for number, (moment, verb, changes) in enumerate(steps, 2):
            held, at = item.snapshot(), moment
            for name, value in changes.items():
                setattr(item, name, value)
            told = item.snapshot()
            after = {name: told[name] for name in told if told[name] != held[name]}
            before = {name: held[name] for name in after}
            rows.append(
                History(
                    verb=verb, at=at, by_id=item.author_id, revision=number, before=before, after=after
                )
            )  # fmt: skip
        item.revision, item.changed_at = len(rows), at
        item.index()
        item.save()
        for row in rows:
            row.item_id = item.pk
        self.past += rows

    def link(self, pairs: set[tuple[int, int, str]]) -> None:
        made = {item.pk: item.created_at for items in self.made.values() for item in items}
        links = [
            Link(source_id=a, target_id=b, relation=relation, at=max(made[a], made[b]))
            for a, b, relation in sorted(pairs)
        ]
        Link.objects.bulk_create(links, batch_size=2_000, ignore_conflicts=True)

    def of_cycle(self, place: int) -> Cycle:
        return self.cycles[place * QUARTERS // self.number % QUARTERS]


def goals(work: Workspace) -> None:
    """A vision, pillars and company goals; the teams' goals of each quarter stand under those."""
    types = {one.base: one for one in GoalType.objects.all()}
    every = work.items(Goal)
    for place, goal in enumerate(every):
        goal.goal_type = types["vision" if place == 0 else "pillar" if place < 5 else "objective"]
        goal.cycle = None if place < 5 else work.cycles[place % QUARTERS]
        goal.owner, goal.description = goal.author, goal.title
        goal.ambition = work.draw.choice(("committed", "aspirational"))
        ended = goal.cycle is not None and goal.cycle.ends < work.today
        steps = [(work.now - work.days(10, 90), "revise", {"title": f"{goal.title} more"[:300]})]
        closed = [(work.now - work.days(1, 9), "close", {"status": "closed"})] if ended else []
        work.keep(goal, *steps, *closed)
    tops = {cycle.pk: [one for one in every if one.cycle_id == cycle.pk][:4] for cycle in work.cycles}
    pairs = {(one.pk, every[0].pk, "contributes") for one in every[1:5]}
    pairs |= {
        (one.pk, every[1 + n % 4].pk, "contributes")
        for several in tops.values()
        for n, one in enumerate(several)
    }
    for one in every[5:]:
        above = [top for top in tops[one.cycle_id] if top.pk != one.pk]
        if one not in tops[one.cycle_id]:
            pairs |= {(one.pk, top.pk, "contributes") for top in work.draw.sample(above, 1)}
            pairs |= {(one.pk, work.draw.choice(above).pk, "supports")} if work.draw.random() < 0.2 else set()
    work.link(pairs)


def key_results(work: Workspace) -> None:
    """Under the goals of their quarter, each with a log of weekly check-ins."""
    by_cycle = {
        cycle.pk: [one for one in work.made[Goal] if one.cycle_id == cycle.pk] for cycle in work.cycles
    }
    log, pairs = list[Observation](), set[tuple[int, int, str]]()
    for place, one in enumerate(work.items(KeyResult)):
        cycle = work.cycles[place % QUARTERS]
        one.cycle, one.owner, one.movement = cycle, one.author, MOVEMENTS[place % len(MOVEMENTS)]
        one.unit = work.draw.choice(("%", "ms", "", "users"))
        _promised(one, work.draw)
        one.created_at = _at(cycle.starts)
        noted = _noted(work, one, cycle)
        ended = [(_at(cycle.ends), "close", {"status": "closed"})] if cycle.ends < work.today else []
        work.keep(one, *[(at, "check_in", said) for at, said in noted], *ended)
        log += [
            Observation(
                key_result=one, value=said["value"], at=at, noted_at=at, by=one.author,
                confidence=said["confidence"], said=said["said"], note=said["remark"],
            )
            for at, said in noted
        ]  # fmt: skip
        pairs |= {(one.pk, goal.pk, "contributes") for goal in work.draw.sample(by_cycle[cycle.pk], 1)}
    Observation.objects.bulk_create(log, batch_size=2_000)
    work.link(pairs)
    weighed = Link.objects.filter(source__type="strategy.KeyResult").order_by("pk")[::10]
    Weight.objects.bulk_create(Weight(link=link, weight=2) for link in weighed)


def _promised(one: KeyResult, draw: random.Random) -> None:
    if one.movement == "milestone":
        one.marks = MARKS
    elif one.movement == "stay_below":
        one.high = one.target = Decimal(60)
    elif one.movement != "binary":
        one.start, one.target = Decimal(draw.randrange(40, 60)), Decimal(draw.randrange(61, 95))
        if one.movement == "decrease":
            one.start, one.target = one.target, one.start


def _noted(work: Workspace, one: KeyResult, cycle: Cycle) -> list[tuple[datetime, dict[str, Any]]]:
    most = {"binary": 2, "milestone": 4}.get(one.movement, 95)
    found = []
    for week in range(CHECK_INS):
        at = _at(cycle.starts + timedelta(days=7 * week + work.draw.randrange(7)))
        said = {
            "value": Decimal(work.draw.randrange(most)), "confidence": work.draw.randrange(3, 10),
            "said": work.draw.choice(("", "on_track", "on_track", "behind")), "checked_at": at,
            "remark": one.title[: work.draw.choice((0, 0, 60))],
        }  # fmt: skip
        found += [(at, said)] if at < work.now else []
    return found


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def initiatives(work: Workspace) -> None:
    """Nine in ten have dates, said anew a few times; a third has phases or a worksheet."""
    every = work.items(Initiative)
    for place, one in enumerate(every):
        one.position, one.owner, one.outcome = place, one.author, one.title
        state = STATES[place % len(STATES)]
        one.horizon = {"started": "now"}.get(state) or work.draw.choice(("next", "next", "later"))
        steps = _moves(work, one) if work.draw.random() < 0.9 or state == "shipped" else []
        if state != "planned":
            shipped = {"shipped_on": work.today - work.days(1, 90)} if state == "shipped" else {}
            steps.append((work.now - work.days(1, 30), "start", {"status": state} | shipped))
        work.keep(one, *sorted(steps, key=lambda step: step[0]))
    goals, measures = work.made[Goal], work.made[KeyResult]
    aims = [one for one in (*goals, *measures) if one.cycle_id == work.cycles[0].pk]
    problems = work.made[Opportunity]
    pairs = {(one.pk, work.draw.choice(aims).pk, "contributes") for one in every if one.pk % 5 < 3}
    pairs |= {(work.draw.choice(problems).pk, one.pk, "answered_by") for one in every if one.pk % 5 < 4}
    work.link(pairs)
    beside(work, every)


def _moves(work: Workspace, one: Initiative) -> list[tuple[datetime, str, dict[str, Any]]]:
    starts = work.today + work.days(-120, 200)
    ends, steps = starts + work.days(20, 160), []
    for at in sorted(work.days(1, 98) for _move in range(work.draw.randrange(1, MOVES + 1)))[::-1]:
        exactly = work.draw.choice(("day", "month", "quarter"))
        ends = max(ends + work.days(-10, 40), starts)
        plan = {"starts": starts, "ends": ends, "ends_precision": exactly}
        steps.append((work.now - at, "schedule", plan))
    return steps


def beside(work: Workspace, every: Sequence[Any]) -> None:
    """Dependencies, phases, worksheets, and a scenario for each team."""
    ahead = [one for one in every if one.status in ("planned", "started")]
    pairs = {tuple(work.draw.sample(ahead, 2)) for _number in range(len(ahead) // 2)}
    Dependency.objects.bulk_create(
        Dependency(
            item=a, needs=b, kind=work.draw.choice(Bond.values),
            state=work.draw.choice(("asked", "accepted", "accepted", "declined")),
        )
        for a, b in pairs
    )  # fmt: skip
    dated = [one for one in every if one.starts][::3]
    Phase.objects.bulk_create(
        Phase(item=one, stage=stage, starts=one.starts + step * timedelta(days=6), ends=None)
        for one in dated
        for step, stage in enumerate(("discovery", "build", "beta"))
    )
    inputs = {"reach": "900", "impact": "2", "confidence": "80", "effort": "3"}
    Worksheet.objects.bulk_create(
        Worksheet(item=one, method="rice", inputs=inputs, by=one.author) for one in dated
    )
    for team in work.teams:
        made = Scenario.copy_plan(team, "Half a team less", "", by=work.boss)
        made.thoughts.filter(pk__in=made.thoughts.values("pk")[:40]).update(horizon="later")


def decisions(work: Workspace) -> None:
    """One in five is open; each with options, people and what weighs in."""
    every = work.items(Decision)
    for place, one in enumerate(every):
        one.context, one.driver, one.due = one.title, one.author, work.today + work.days(-20, 60)
        taken = {"status": "decided", "decided_by": one.author, "outcome": one.title, "rationale": one.title}
        at = work.now - work.days(1, 90)
        work.keep(one, *([(at, "decide", taken | {"decided_at": at})] if place % 5 else []))
    options = Option.objects.bulk_create(
        Option(decision=one, position=n, title=f"Option {n}", pros="Fast\nCheap", cons="Late", chosen=n == 1)
        for one in every
        for n in (1, 2, 3)
    )
    Part.objects.bulk_create(
        Part(decision=one, part=part, person=work.draw.choice(work.people))
        for one in every
        for part in ("contributor", "informed")
    )
    plans = work.made[Initiative]
    pairs = {(work.draw.choice(plans).pk, one.pk, "decided_in") for one in every for _n in range(2)}
    work.link(pairs | {(work.draw.choice(work.made[Insight]).pk, one.pk, "weighs_in") for one in every})
    first = {option.decision_id: option for option in reversed(options)}
    Ground.objects.bulk_create(
        Ground(option=first[link.target_id], link=link, side=Side.FOR)
        for link in Link.objects.filter(relation="weighs_in")
    )


def evidence(work: Workspace) -> None:
    """The opportunities that the roadmap answers, and the insights behind them."""
    for one in work.items(Insight):
        one.claim = one.title
        work.keep(one)
    for one in work.items(Opportunity):
        one.problem, one.audience, one.status = one.title, "analysts", "open"
        work.keep(one)
    seen, problems = work.made[Insight], work.made[Opportunity]
    work.link({(work.draw.choice(seen).pk, one.pk, "supports") for one in problems for _n in range(3)})


def told(work: Workspace) -> None:
    """Every third goal, item and decision has a wording for the company."""
    opened = [one for kind in (Goal, Initiative, Decision) for one in work.made[kind][::3]]
    Face.objects.bulk_create(
        Face(
            item_id=one.pk, type=one.type, circle="company", language="en", title=one.title, text=one.title,
            revision=one.revision, approved_at=work.now, fields={"status": one.status},
        )
        for one in opened
        if one.circle != "private"
    )  # fmt: skip


def busiest(kind: type[Item], relation: str) -> str:
    """The address of an Item of a kind that most is tied to."""
    rows = Item.objects.filter(type=kind.type_label()).exclude(circle="private")
    item = rows.alias(n=django.db.models.Count(relation)).order_by("-n", "pk").first()
    return str(item.specific.get_absolute_url())


def addresses() -> list[str]:
    """One page of each kind, those that most is tied to, and what has an address of its own."""
    day = (timezone.localdate() - timedelta(days=91)).isoformat()
    scenario = Thought.objects.values_list("scenario_id", flat=True).first()
    team, rule = Team.objects.get(name="Team 3"), "R-01"
    return [
        *[busiest(kind, "links_in") for kind in (Goal, KeyResult, Initiative, Decision, Opportunity)],
        busiest(Insight, "links_out"),
        f"/goals/?on={day}", f"/goals/list/?on={day}", f"/goals/?team={team.pk}", f"/roadmap/?team={team.pk}",
        f"/roadmap/?as_of={day}", f"/roadmap/scenarios/{scenario}/", f"/coherence/teams/{team.pk}/",
        f"/coherence/rules/{rule}/",
    ]  # fmt: skip


def main(number: int) -> None:
    cookies = people()
    with transaction.atomic():
        work = Workspace(number)
        for fill in (evidence, goals, key_results, initiatives, decisions, told):
            fill(work)
        History.objects.bulk_create(sorted(work.past, key=lambda row: row.at), batch_size=2_000)
    running.check_everything()
    with connection.cursor() as cursor:
        # What autovacuum does within a minute, and would otherwise do beside the first page measured.
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps({"cookies": cookies, "addresses": addresses()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
