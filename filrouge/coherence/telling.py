"""A finding in the reader's words: its sentence, who can mend it, and the ways that this reader has."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filrouge.core.kinds import Label, by_label
from filrouge.core.models import Item
from filrouge.core.verbs import verbs_of
from filrouge.people.access import may
from filrouge.people.models import Team, User
from filrouge.ui import writing

from .models import Found, Waiver
from .rules import FROM, MAKE, Menders, Rule, all_rules

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LANGUAGES = ("there", "missing")
TEAMS = ("team", "teams")
WORDS: dict[str, Label] = {
    "solution": gettext_lazy("what is to be made"),
    "nobody": gettext_lazy("neither why nor for whom"),
    "goals": gettext_lazy("Open goals of this team in this cycle"),
    "key_results": gettext_lazy("Open key results under it"),
    "outcome": gettext_lazy("what will be better, and for whom"),
    "owner": gettext_lazy("who answers for it"),
    "driver": gettext_lazy("who drives it"),
    "approver": gettext_lazy("who approves it"),
    "on_track": gettext_lazy("on track"),
    "behind": gettext_lazy("behind"),
    "at_risk": gettext_lazy("at risk"),
    "later": gettext_lazy("planned for later"),
    "dropped": gettext_lazy("dropped"),
    "declined": gettext_lazy("declined"),
    "asked": gettext_lazy("not answered yet"),
    "archived": gettext_lazy("something that was archived, which nobody finds any more"),
    "elsewhere": gettext_lazy("something that its source names, and that nobody finds here"),
    "below": gettext_lazy("below"),
    "above": gettext_lazy("above"),
}
NAMED = ("what", "said")
SHOWN = (
    "type", "title", "status", "circle", "author", "archived_at", "decided_by", "team__name", "owner__name",
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A dialog that may remove a finding."""

    label: str
    url: str


@dataclass(frozen=True)
class Told:
    """A finding as one reader sees it."""

    rule: Rule
    item: Item
    other: Item | None
    message: str
    found: Found
    ways: list[Way]
    may_waive: bool
    menders: Callable[[Rule, Item], str]
    waiver: Waiver | None = None

    @property
    def who(self) -> str:
        """Who can mend it, in words."""
        return self.menders(self.rule, self.item)

    @property
    def waive_url(self) -> str:
        return reverse("coherence-waive", args=[self.item.pk, self.rule.id])

    @property
    def values(self) -> dict[str, Hashable]:
        """What its line in a list shows, and nothing else."""
        named = self.other and "%(other)s" in str(self.rule.check.says)
        return {
            "item": _shown(self.item), "team": self.item.team.name if self.item.team else "",
            "message": self.message, "other": _shown(self.other) if self.other and not named else None,
            "grave": (self.rule.severity.value, str(self.rule.severity.label)),
            "rule": (self.rule.id, self.rule.title), "since": self.found.first_seen, "who": self.who,
            "waiver": self.waiver and _silenced(self.waiver),
            "ways": tuple((way.label, way.url) for way in self.ways[:2]),
            "waive": self.waive_url if self.may_waive else "",
        }  # fmt: skip


def _shown(item: Item) -> tuple[str, str, str]:
    return item.title, item.get_absolute_url(), item.type_name


def _silenced(waiver: Waiver) -> tuple[date, str, str]:
    return waiver.until, waiver.author.name if waiver.author else "–", waiver.reason


def _items(seen: QuerySet[Item]) -> dict[int, Item]:
    """Each as its own type with who answers for it: what a line and the ways to mend need of it."""
    types: dict[str, list[int]] = defaultdict(list)
    for pk, label in seen.values_list("pk", "type"):
        types[label].append(pk)
    found: dict[int, Item] = {}
    for label, keys in types.items():
        model = by_label(label)
        own = {one.name for one in model._meta.fields}
        shown = [name for name in SHOWN if name.partition("__")[0] in own]
        beside = [name.partition("__")[0] for name in shown if "__" in name]
        rows = model.objects.prefetch_related(None).select_related(*beside).only(*shown)
        found |= rows.in_bulk(keys)
    return found


class Teller:
    """Tells findings to one reader: what they need is looked up once for all of them."""

    def __init__(self, reader: User | None, rules: Iterable[Rule] | None = None) -> None:
        self.reader = reader
        self.rules = {rule.id: rule for rule in (all_rules() if rules is None else rules)}

    @cached_property
    def menders(self) -> Menders:
        return Menders()

    @cached_property
    def teams(self) -> dict[int, str]:
        return dict(Team.objects.values_list("pk", "name"))

    def tell(self, rows: Iterable[Found], ways: bool = True) -> list[Told]:
        """Each in words; none of an Item that this reader does not see, none of a rule that is gone."""
        held = [row for row in rows if row.rule in self.rules]
        keys = {row.item_id for row in held}
        seen = Item.objects.visible_to(self.reader)
        items = _items(seen.filter(pk__in=keys))
        others = seen.only("type", "title", "team").in_bulk({row.other_id for row in held if row.other_id})
        return [
            self._told(row, items[row.item_id], others.get(row.other_id), ways)
            for row in held
            if row.item_id in items
        ]

    def _told(self, row: Found, item: Item, other: Item | None, ways: bool) -> Told:
        rule = self.rules[row.rule]
        mends = rule.may_mend(self.reader, item)
        return Told(
            rule, item, other, self.message(rule, row, item, other), row,
            self.ways(rule, item, other, row.values) if ways else [], mends,
            lambda rule, item: self.menders.of(rule, item),
        )  # fmt: skip

    def message(self, rule: Rule, row: Found, item: Item, other: Item | None) -> str:
        named = _("“%(title)s”") % {"title": other.title} if other else _("something else")
        values = {name: self._in_words(name, value, item) for name, value in row.values.items()}
        says = rule.check.also if "also" in row.values else rule.check.says
        return str(says) % {"other": named, **values}

    def _in_words(self, name: str, value: Any, item: Item) -> str:
        if isinstance(value, list):
            return ", ".join(self._in_words(name, one, item) for one in value)
        if name in TEAMS:
            return self.teams.get(value, _("(gone)"))
        if name in NAMED:
            return str(WORDS.get(value, value))
        if name in LANGUAGES:
            return writing.language(value)
        if isinstance(value, str) and DAY.fullmatch(value):
            return writing.date(date.fromisoformat(value))
        return writing.number(value) if isinstance(value, int | float) else str(value)

    def ways(self, rule: Rule, item: Item, other: Item | None, values: Mapping[str, Any]) -> list[Way]:
        """The dialogs that this reader may open now, the likeliest first; some mend only what says so."""
        said = {f"{name}={value}" for name, value in values.items()}
        ways = [name.partition("&") for name in rule.check.mend]
        found = [self._way(name, item, other) for name, _and, only in ways if not only or only in said]
        return [way for way in found if way]

    def _way(self, name: str, item: Item, other: Item | None) -> Way | None:
        if name.startswith(FROM):
            return self._bring(by_label(name.removeprefix(FROM)), item)
        if name.startswith(MAKE):
            return self._make(name.removeprefix(MAKE), item)
        verb, _mark, parameter = name.partition("?")
        act = verbs_of(by_label(item.type)).get(verb)
        if act is None or not act.allowed(self.reader, item) or not act.possible(item):
            return None
        if parameter and other is None:
            return None
        query = f"?{parameter}={other.pk}" if parameter and other else ""
        return Way(str(act.label), f"/{item.slug}/{item.pk}/{verb}/{query}")

    def _bring(self, model: type[Item], item: Item) -> Way | None:
        edge = model.kind.relation("", item.type)
        if edge is None or not may(self.reader, edge.may, item):
            return None
        label = _("Link %(what)s…") % {"what": model._meta.verbose_name}
        return Way(label, reverse("coherence-bring", args=[item.pk, model.kind.slug]))

    def _make(self, way: str, item: Item) -> Way | None:
        label, _colon, parameter = way.partition(":")
        model = by_label(label)
        create = verbs_of(model)["create"]
        if not may(self.reader, create.act, item):
            return None
        address = reverse("item_make", args=[model.kind.slug, "create"])
        return Way(f"{create.label}…", f"{address}?{parameter}={item.pk}")
