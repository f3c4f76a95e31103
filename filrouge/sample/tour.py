"""The first five minutes: a few steps for each role, each checked off by what the person really did."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from filrouge.core.models import Item
from filrouge.core.traces import History
from filrouge.desk.models import Comment
from filrouge.people.models import Role, User
from filrouge.voices.models import Source, Words

from .models import Footstep
from .places import OPEN, addresses, title_of

STEPS: dict[str, tuple[Promise, Promise]] = {
    "search": (
        _("Ask what users said"),
        _("Search for “version control”: how many people spoke of it, who they are, who is missing."),
    ),
    "read": (_("Read one answer"), _("Open it: who said it, where, and what was made of it.")),
    "quote": (
        _("Quote it"),
        _("Select some words and press Q. The quote always leads back to that spot."),
    ),
    "brief": (
        _("Open the evidence brief"),
        _("One page to take into a decision: what speaks for, what speaks against, and what nobody knows."),
    ),
    "decide": (
        _("Take the open decision"),
        _("It is yours and nobody else's. What was known today is kept with it."),
    ),
    "insight": (_("Write down an insight"), _("One sentence that users' words support or contradict.")),
    "thread": (
        _("Walk a release back to the words"),
        _("Notebook 7.3 answers a problem. Follow its thread to the people who told us."),
    ),
    "comment": (
        _("Say what you think"),
        _("A decision on notebooks is still open. Leave a comment on it."),
    ),
    "propose": (
        _("Propose an opportunity"),
        _("It waits in the team's tray until its product manager accepts or declines it."),
    ),
    "about": (
        _("See what is real here"),
        _("Which words and releases are real, under which licence, and what we wrote."),
    ),
    "news": (_("Read what shipped"), _("In words that the team approved for you.")),
    "told": (_("Read what was decided"), _("And what you may tell a customer about it.")),
    "capture": (_("Write down what a customer said"), _("Ten seconds, from any page.")),
}
PLAN: dict[str, tuple[str, ...]] = {
    Role.PRODUCT_MANAGER: ("search", "read", "quote", "brief", "decide"),
    Role.PRODUCT_OPS: ("search", "read", "quote", "brief", "propose"),
    Role.DESIGN: ("search", "read", "quote", "insight", "brief"),
    Role.MAKER: ("thread", "brief", "read", "quote", "comment"),
    Role.COACH: ("thread", "brief", "search", "comment", "propose"),
    Role.ADMIN: ("search", "read", "thread", "brief", "about"),
    Role.STAKEHOLDER: ("news", "told", "search", "capture", "propose"),
    Role.GUEST: ("news", "told"),
}
# Steps that leave no trace of their own: the pages that make them.
PAGES: dict[str, re.Pattern[str]] = {
    "search": re.compile(r"/search/"),
    "read": re.compile(r"/words/\d+/(pane/)?"),
    "brief": re.compile(r"/opportunities/\d+/brief/"),
    "thread": re.compile(r"/[a-z]+/\d+/thread/"),
    "about": re.compile(r"/sample/"),
    "news": re.compile(r"/initiatives/\d+/"),
    "told": re.compile(r"/decisions/\d+/"),
}
VERBS = {
    ("create", "insights.Quote"): "quote",
    ("create", "insights.Insight"): "insight",
    ("decide", "decisions.Decision"): "decide",
    ("propose", "insights.Opportunity"): "propose",
    ("propose", "roadmap.Initiative"): "propose",
}


@dataclass(frozen=True)
class Step:
    name: str
    label: Promise
    text: Promise
    url: str
    done: bool


@dataclass(frozen=True)
class Tour:
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.done), None)


def has_sample() -> bool:
    return bool(Source.objects.filter(sample=True).exists())


def tour_of(reader: User) -> Tour:
    """This person's steps, with those done since they arrived."""
    names = plan(reader)
    done, places = done_by(reader, names), addresses()
    return Tour([Step(name, *STEPS[name], places[name], name in done) for name in names])


def plan(reader: User) -> tuple[str, ...]:
    """The steps of a role; the decision for whoever may take it, a comment on it for other managers."""
    names = PLAN[reader.role]
    if "decide" in names and not reader.manages(team_of_decision()):
        return tuple("comment" if name == "decide" else name for name in names)
    return names


def team_of_decision() -> int | None:
    found = Item.objects.filter(author__sample=True, sample=True, title=title_of(OPEN))
    team: int | None = found.values_list("team_id", flat=True).first()
    return team


def done_by(reader: User, names: Collection[str]) -> set[str]:
    steps = dict(Footstep.objects.filter(user=reader).values_list("step", "at"))
    since: datetime = steps.pop(Footstep.ARRIVED, reader.created_at)
    rows = History.objects.filter(by=reader, at__gt=since, verb__in={verb for verb, _type in VERBS})
    acts = rows.order_by().values_list("verb", "item__type").distinct()
    found = set(steps) | {VERBS[act] for act in acts if act in VERBS}
    if "comment" in names and Comment.objects.filter(author=reader, at__gt=since).exists():
        found.add("comment")
    if "capture" in names and Words.objects.filter(captured_by=reader).exists():
        found.add("capture")
    return found
