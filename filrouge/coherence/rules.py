"""The rules in force: those that are built and those of one's own, as this organisation has set them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from filrouge.core.checks import Check, Severity, all_checks, place
from filrouge.core.kinds import Label, by_label
from filrouge.core.models import Item
from filrouge.core.verbs import Verb, verbs_of
from filrouge.people.access import TABLE, Act, anywhere, may, own_team, refusal
from filrouge.people.leading import managers
from filrouge.people.models import Role, User

from .models import Tuning

FROM, MAKE = "from:", "make:"
FAMILIES: dict[str, Label] = {
    "S": gettext_lazy("Strategy and objectives"),
    "KR": gettext_lazy("Key results and metrics"),
    "R": gettext_lazy("Roadmap"),
    "D": gettext_lazy("Experiments and decisions"),
    "C": gettext_lazy("Communication"),
}
LIMITS: dict[str, Label] = {
    "days": gettext_lazy("days"),
    "weeks": gettext_lazy("weeks"),
    "months": gettext_lazy("months"),
    "times": gettext_lazy("times"),
    "people": gettext_lazy("people"),
    "percent": gettext_lazy("percent"),
    "most": gettext_lazy("at most"),
}
WAITING: dict[str, tuple[Label, Label]] = {
    "R-19": (
        gettext_lazy("The delivery tool says otherwise"),
        gettext_lazy("the state of the work in a delivery tool: none can be connected yet"),
    ),
    "R-20": (
        gettext_lazy("Time goes elsewhere than was meant"),
        gettext_lazy("how much of a team's time each goal is meant to get, and gets"),
    ),
    "D-09": (
        gettext_lazy("An experiment without hypothesis, metric or stop rule"),
        gettext_lazy("experiments: they are not built yet"),
    ),
    "D-10": (
        gettext_lazy("An experiment is over, and nobody decided"),
        gettext_lazy("experiments: they are not built yet"),
    ),
    "C-07": (
        gettext_lazy("Who asked for it was never told"),
        gettext_lazy("whom one told what, and when"),
    ),
}
"""Rules that we know of and cannot run: what each would find, and which data it waits for."""


@dataclass(frozen=True)
class Rule:
    """A check as it is set here."""

    check: Check
    on: bool = True
    severity: Severity = Severity.WARNING
    limits: dict[str, int] | None = None
    file: str = ""

    @property
    def id(self) -> str:
        return self.check.id

    @property
    def title(self) -> str:
        return str(self.check.title)

    @property
    def family(self) -> str:
        return str(FAMILIES.get(place(self.id)[0], _("Rules of your own")))

    @property
    def about(self) -> str:
        return _(self.check.about) if not self.file and self.check.about else self.check.about

    @property
    def numbers(self) -> dict[str, int]:
        """Its limits as they are in force."""
        return self.check.limits | (self.limits or {})

    def act(self, item: Item) -> Act:
        """The line of the access table that says who may mend: of an act of the Item, a team's own first."""
        return _act(self.check.mend, item.type)

    def may_mend(self, by: User | None, item: Item) -> bool:
        return may(by, self.act(item), item)

    def refusal(self, item: Item) -> str:
        return refusal(self.act(item))


def _verbs(mend: tuple[str, ...], label: str) -> list[Verb]:
    known = verbs_of(by_label(label))
    return [known[name] for way in mend if (name := way.partition("?")[0]) in known]


@cache
def _act(mend: tuple[str, ...], label: str) -> Act:
    """Asked of every row of a list; it is the same for all of a type."""
    if acts := [verb.act for verb in _verbs(mend, label)]:
        return next((act for act in acts if TABLE[act].where is not anywhere), acts[0])
    kind, _colon, rest = next(iter(mend), "").partition(":")
    if f"{kind}:" == MAKE:
        return verbs_of(by_label(rest.partition(":")[0]))["create"].act
    edge = by_label(rest).kind.relation("", label) if rest else None
    return edge.may if edge else Act.WRITE_EVIDENCE


def all_rules() -> list[Rule]:
    """Every rule by its id, as it is set; those that are off too."""
    from .own import own_rules

    set_here = {one.rule: one for one in Tuning.objects.all()}
    rules = [Rule(check, severity=check.severity) for check in all_checks()]
    rules += own_rules().rules
    return [_as_set(rule, set_here.get(rule.id)) for rule in rules]


def _as_set(rule: Rule, tuning: Tuning | None) -> Rule:
    if tuning is None:
        return rule
    severity = Severity(tuning.severity) if tuning.severity else rule.severity
    return replace(rule, on=tuning.on, severity=severity, limits=tuning.limits)


def rule_named(id: str) -> Rule | None:
    return next((rule for rule in all_rules() if rule.id == id), None)


ROLES: dict[str, Label] = {role.value: role.label for role in Role}


class Menders:
    """Who can mend, in words; the product managers of all teams are asked for once."""

    def __init__(self) -> None:
        self.managers = managers()

    def of(self, rule: Rule, item: Item) -> str:
        line = TABLE[rule.act(item)]
        if line.where is own_team:
            return self._of_team(item)
        if line.where is not anywhere:
            owner = str(getattr(item, "owner", None) or "")
            led = owner in self.managers.get(item.team_id or 0, [])
            return "; ".join([*([owner] if owner and not led else []), self._of_team(item)])
        return ", ".join(str(ROLES[role]) for role in Role.values if role in line.roles)

    def _of_team(self, item: Item) -> str:
        names = self.managers.get(item.team_id or 0, [])
        team = item.team.name if item.team else ""
        if not names:
            return _("nobody: %(team)s has no product manager") % {"team": team or _("no team")}
        said = ngettext(
            "%(names)s, product manager of %(team)s", "%(names)s, product managers of %(team)s", len(names)
        )
        return said % {"names": ", ".join(names), "team": team}
