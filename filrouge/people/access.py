"""The one access table: which role may do what, to what. Pages, REST and commands ask `may`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import PRODUCT_ROLES, Role, User


class Owned(Protocol):
    """What a rule may look at: who wrote the thing, and which team owns it."""

    author_id: int | None
    team_id: int | None


class Act(models.TextChoices):
    READ_WORDS = "read_words", _("Read users' words as they were said")
    READ_MASKED = "read_masked", _("Read users' words with names and addresses masked")
    CAPTURE = "capture", _("Write down what a user said")
    IMPORT = "import", _("Import users' words")
    SEE_PEOPLE = "see_people", _("See who the users behind the words are")
    ERASE = "erase", _("Erase a user's personal data")
    WRITE_EVIDENCE = "write_evidence", _("Make quotes and insights, bring evidence")
    PROPOSE = "propose", _("Propose an opportunity or a roadmap item")
    FRAME = "frame", _("Frame an opportunity")
    PLAN = "plan", _("Create, commit or schedule a roadmap item")
    SET_GOALS = "set_goals", _("Set, align and grade a team’s goals")
    CHECK_IN = "check_in", _("Say where a goal or a key result stands")
    IMPORT_PLANS = "import_plans", _("Import goals and roadmaps")
    DECIDE = "decide", _("Ask for and take a decision")
    SHARE_PRIVATE = "share_private", _("Share one’s own private item, or name who reads it")
    COMMENT = "comment", _("Comment")
    OPEN_EVIDENCE = "open_evidence", _("Approve the wording of evidence for a wider circle")
    OPEN_CHOICE = "open_choice", _("Approve the wording of a choice for a wider circle")
    SEE_ITEMS = "see_items", _("Read insights, decisions and the rest in full")
    EXPORT = "export", _("Export lists")
    TUNE_RULES = "tune_rules", _("Switch and tune the rules of coherence")
    RUN_JOBS = "run_jobs", _("See, retry and discard background work")
    MANAGE_TEAMS = "manage_teams", _("Manage teams, product areas and sources")
    MANAGE_PEOPLE = "manage_people", _("Invite people and change their roles")


Where = Callable[[User, "Owned | None"], bool]


def anywhere(by: User, item: Owned | None) -> bool:
    return True


def own_team(by: User, item: Owned | None) -> bool:
    """The product manager of the owning team, or the deputy; with no Item yet, of any team."""
    return by.manages(item.team_id) if item is not None else bool(by.managed_team_ids)


def answers_for(by: User, item: Owned | None) -> bool:
    """Whoever was named as its owner, or the product manager of its team."""
    return item is None or getattr(item, "owner_id", None) == by.pk or by.manages(item.team_id)


def own(by: User, item: Owned | None) -> bool:
    """Whoever wrote it."""
    return item is None or item.author_id == by.pk


@dataclass(frozen=True)
class Rule:
    roles: frozenset[str]
    where: Where = anywhere
    refusal: Promise | str = ""


EVERYONE = frozenset(Role)
COLLEAGUES = EVERYONE - {Role.GUEST}
RESEARCH = frozenset({Role.PRODUCT_OPS, Role.PRODUCT_MANAGER, Role.DESIGN})
OPERATORS = frozenset({Role.ADMIN, Role.PRODUCT_OPS})
TABLE: dict[Act, Rule] = {
    Act.READ_WORDS: Rule(
        PRODUCT_ROLES,
        refusal=_(
            "Only the product teams read users’ words as they were said. Others read what was approved."
        ),
    ),
    Act.READ_MASKED: Rule(
        COLLEAGUES,
        refusal=_("Guests do not read users’ words. Whoever invited you can tell you what users said."),
    ),
    Act.CAPTURE: Rule(
        COLLEAGUES,
        refusal=_("Guests do not write down what users said. Tell whoever invited you: they can."),
    ),
    Act.IMPORT: Rule(
        RESEARCH | OPERATORS,
        refusal=_(
            "You may not import users’ words: Product Ops, product managers, designers and administrators "
            "may. Hand one of them the file."
        ),
    ),
    Act.SEE_PEOPLE: Rule(
        RESEARCH | OPERATORS,
        refusal=_(
            "You may not see who said what: Product Ops, product managers, designers and administrators may. "
            "Ask one of them when a user must be reached."
        ),
    ),
    Act.ERASE: Rule(
        OPERATORS,
        refusal=_(
            "You may not erase a user’s data: Product Ops and administrators may. "
            "Pass the request on to them."
        ),
    ),
    Act.WRITE_EVIDENCE: Rule(
        PRODUCT_ROLES - {Role.ADMIN, Role.COACH},
        refusal=_(
            "You may not write quotes and insights: product managers, designers, developers and Product Ops "
            "may. Tell one of them what you know."
        ),
    ),
    Act.PROPOSE: Rule(
        COLLEAGUES, refusal=_("Guests do not propose anything. Tell whoever invited you what you miss.")
    ),
    Act.FRAME: Rule(
        PRODUCT_ROLES,
        own_team,
        _(
            "Only the team’s product manager, or their deputy, frames its opportunities and changes them. "
            "You can propose one: it goes to their tray."
        ),
    ),
    Act.PLAN: Rule(
        PRODUCT_ROLES,
        own_team,
        _(
            "Only the team’s product manager, or their deputy, decides what is on its roadmap. "
            "You can propose an item: it goes to their tray."
        ),
    ),
    Act.SET_GOALS: Rule(
        PRODUCT_ROLES,
        own_team,
        _(
            "Only the team’s product manager, or their deputy, sets its goals and grades them. "
            "Tell them what you would aim for."
        ),
    ),
    Act.CHECK_IN: Rule(
        PRODUCT_ROLES,
        answers_for,
        _(
            "Only its owner, or the team’s product manager, says where it stands. "
            "Tell one of them what you know."
        ),
    ),
    Act.IMPORT_PLANS: Rule(
        PRODUCT_ROLES,
        refusal=_(
            "Only the product teams import goals and roadmaps. "
            "Propose one item, or hand one of them the file."
        ),
    ),
    Act.DECIDE: Rule(
        PRODUCT_ROLES,
        own_team,
        _(
            "Only the team’s product manager, or their deputy, asks for its decisions and takes them. "
            "Bring them the evidence that you have."
        ),
    ),
    Act.SHARE_PRIVATE: Rule(
        PRODUCT_ROLES,
        own,
        _("Only who wrote a private item says who else reads it. Ask its author."),
    ),
    Act.COMMENT: Rule(
        PRODUCT_ROLES,
        refusal=_("Only the product teams comment. Tell one of them what you would have written."),
    ),
    Act.OPEN_EVIDENCE: Rule(
        RESEARCH,
        refusal=_(
            "You may not choose the words in which others read this: product managers, designers and "
            "Product Ops may. Suggest yours to one of them."
        ),
    ),
    Act.OPEN_CHOICE: Rule(
        PRODUCT_ROLES,
        own_team,
        _(
            "Only the team’s product manager, or their deputy, chooses the words in which others read this. "
            "Suggest yours to them."
        ),
    ),
    Act.SEE_ITEMS: Rule(
        PRODUCT_ROLES,
        refusal=_("Only the product teams read this. What was approved for you stands on your home page."),
    ),
    Act.EXPORT: Rule(
        PRODUCT_ROLES,
        refusal=_("Only the product teams export lists. Ask one of them for the file."),
    ),
    Act.TUNE_RULES: Rule(
        OPERATORS,
        refusal=_(
            "You may not switch or tune rules: Product Ops and administrators may. "
            "You can silence one on an item that is yours to mend."
        ),
    ),
    Act.RUN_JOBS: Rule(
        OPERATORS,
        refusal=_(
            "You may not see or restart background work: Product Ops and administrators may. "
            "Tell one of them what did not finish."
        ),
    ),
    Act.MANAGE_TEAMS: Rule(
        OPERATORS,
        refusal=_(
            "You may not change teams, product areas and sources: Product Ops and administrators may. "
            "Ask one of them."
        ),
    ),
    Act.MANAGE_PEOPLE: Rule(
        frozenset({Role.ADMIN}),
        refusal=_("Only administrators invite people and change their roles. Ask one of them."),
    ),
}


def may(by: User | None, act: Act, item: Owned | None = None) -> bool:
    if by is None or not by.is_authenticated or not by.is_active:
        return False
    rule = TABLE[act]
    return by.role in rule.roles and rule.where(by, item)


def refusal(act: Act) -> str:
    """The sentences that tell a person what they may not do, who may, and what to do instead."""
    return str(TABLE[act].refusal)
