"""The one access table: which role may do what, to what. Pages, REST and commands ask `may`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.db import models
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
    DECIDE = "decide", _("Ask for and take a decision")
    SHARE_PRIVATE = "share_private", _("Share one’s own private item, or name who reads it")
    COMMENT = "comment", _("Comment")
    OPEN_EVIDENCE = "open_evidence", _("Approve the wording of evidence for a wider circle")
    OPEN_CHOICE = "open_choice", _("Approve the wording of a choice for a wider circle")
    SEE_ITEMS = "see_items", _("Read Items themselves")
    EXPORT = "export", _("Export lists")
    RUN_JOBS = "run_jobs", _("See, retry and discard background work")
    MANAGE_TEAMS = "manage_teams", _("Manage teams, product areas and sources")
    MANAGE_PEOPLE = "manage_people", _("Invite people and change their roles")


Where = Callable[[User, "Owned | None"], bool]


def anywhere(by: User, item: Owned | None) -> bool:
    return True


def own_team(by: User, item: Owned | None) -> bool:
    """The product manager of the owning team, or the deputy; with no Item yet, of any team."""
    return by.manages(item.team_id) if item is not None else bool(by.managed_team_ids)


def own(by: User, item: Owned | None) -> bool:
    """Whoever wrote it."""
    return item is None or item.author_id == by.pk


@dataclass(frozen=True)
class Rule:
    roles: frozenset[str]
    where: Where = anywhere
    refusal: object = ""


EVERYONE = frozenset(Role)
COLLEAGUES = EVERYONE - {Role.GUEST}
RESEARCH = frozenset({Role.PRODUCT_OPS, Role.PRODUCT_MANAGER, Role.DESIGN})
OPERATORS = frozenset({Role.ADMIN, Role.PRODUCT_OPS})
ONLY_THE_AUTHOR = _("Only who wrote a private item says who else reads it.")
ONLY_THE_MANAGER = _(
    "Only the product manager of the owning team, or their deputy, may do this. You can propose it."
)

TABLE: dict[Act, Rule] = {
    Act.READ_WORDS: Rule(PRODUCT_ROLES),
    Act.READ_MASKED: Rule(COLLEAGUES),
    Act.CAPTURE: Rule(COLLEAGUES),
    Act.IMPORT: Rule(RESEARCH | OPERATORS),
    Act.SEE_PEOPLE: Rule(RESEARCH | OPERATORS),
    Act.ERASE: Rule(OPERATORS),
    Act.WRITE_EVIDENCE: Rule(PRODUCT_ROLES - {Role.ADMIN, Role.COACH}),
    Act.PROPOSE: Rule(COLLEAGUES),
    Act.FRAME: Rule(PRODUCT_ROLES, own_team, ONLY_THE_MANAGER),
    Act.PLAN: Rule(PRODUCT_ROLES, own_team, ONLY_THE_MANAGER),
    Act.DECIDE: Rule(PRODUCT_ROLES, own_team, ONLY_THE_MANAGER),
    Act.SHARE_PRIVATE: Rule(PRODUCT_ROLES, own, ONLY_THE_AUTHOR),
    Act.COMMENT: Rule(PRODUCT_ROLES),
    Act.OPEN_EVIDENCE: Rule(RESEARCH),
    Act.OPEN_CHOICE: Rule(PRODUCT_ROLES, own_team, ONLY_THE_MANAGER),
    Act.SEE_ITEMS: Rule(PRODUCT_ROLES),
    Act.EXPORT: Rule(PRODUCT_ROLES),
    Act.RUN_JOBS: Rule(OPERATORS),
    Act.MANAGE_TEAMS: Rule(OPERATORS),
    Act.MANAGE_PEOPLE: Rule(frozenset({Role.ADMIN})),
}


def may(by: User | None, act: Act, item: Owned | None = None) -> bool:
    if by is None or not by.is_authenticated or not by.is_active:
        return False
    rule = TABLE[act]
    return by.role in rule.roles and rule.where(by, item)


def refusal(act: Act) -> str:
    """The sentence that tells a person why they may not."""
    return str(TABLE[act].refusal or _("Your role does not allow this: %(act)s.") % {"act": Act(act).label})
