"""The edges of one file: what it leads to, and the evidence that leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from filrouge.alignment.strategy import aligning
from filrouge.alignment.strategy.models import Weight
from filrouge.core import clock
from filrouge.core.errors import BadInput, Forbidden
from filrouge.core.kinds import by_label, item_type
from filrouge.core.models import Item, Link
from filrouge.lib.numbers import whole
from filrouge.lib.reason import N_, Reason
from filrouge.people.access import may, refusal
from filrouge.people.models import User

from .cells import Names, meant
from .contents import Folder, grounds
from .lines import Said
from .opened import Sheet, as_list, noted

ALIGNED = (aligning.CONTRIBUTES, aligning.SUPPORTS)
WEIGHT, AT = Weight._meta.get_field("weight"), Link._meta.get_field("at")
SIDES = ("for", "against")

NOWHERE = N_("“%(name)s” is neither in this folder nor here: the link is left out.")
NOT_THAT_WAY = N_("It cannot lead to “%(name)s” as “%(relation)s”.")


@dataclass(frozen=True)
class Edges:
    """`trusted` where everybody's word is brought back as it was."""

    sheet: Sheet
    folder: Folder
    names: Names
    by: User
    trusted: bool
    say: Said

    def draw(self, item: Item) -> None:
        wanted = dict(self.wanted())
        held = {(one.target_id, one.relation): one for one in self.folder.out[item.pk]}
        for edge in held.keys() - wanted.keys():
            self._may_tie(item, *edge)
            held[edge].delete()
        for (target, relation), (note, weight, at) in wanted.items():
            link = held.get((target, relation)) or self._new(item, target, relation, at)
            Link.objects.filter(pk=link.pk).update(note=note)
            self._weight(link, weight)

    def wanted(self) -> Iterator[tuple[tuple[int, str], tuple[str, Decimal | None, datetime]]]:
        for edge in self.sheet.listed("leads_to"):
            name, relation = str(edge.get("to", ""))[:300], str(edge.get("as", ""))
            target, model = self.names.key(Item, name), item_type(name.partition("/")[0])
            if target is None or model is None:
                self.say(self.sheet, "leads_to", Reason(NOWHERE, {"name": name}))
                continue
            leads = self.sheet.model.kind.relation(relation, model.type_label())
            if leads is None or name == self.sheet.path:
                told = {"name": name, "relation": relation[:40]}
                raise BadInput(str(Reason(NOT_THAT_WAY, told)), "leads_to")
            weight = meant(WEIGHT, edge["weight"], self.names) if edge.get("weight") else None
            yield (target, relation), (noted(edge), weight, self._drawn(edge))

    def _drawn(self, edge: Mapping[str, Any]) -> datetime:
        """When an edge was drawn, where everybody's word is brought back as it was; else it is now."""
        if not edge.get("at") or not self.trusted:
            return clock.now()
        at: datetime = meant(AT, edge["at"], self.names)
        return at

    def _new(self, item: Item, target: int, relation: str, at: datetime) -> Link:
        other = self._may_tie(item, target, relation)
        if {item.type, other.type} <= {aligning.GOAL, aligning.KEY_RESULT} and relation in ALIGNED:
            aligning.check(item, other, relation)
        ends = {"source_id": item.pk, "target_id": target, "relation": relation}
        return Link.objects.create(**ends, by=self.by, at=at)

    def _may_tie(self, item: Item, target: int, relation: str) -> Any:
        """The other end, where whoever reads this may draw or take away that edge on its page."""
        other = self.folder.items[target]
        edge = item.kind.relation(relation, other.type)
        if edge and not self.trusted and not may(self.by, edge.may, other):
            raise Forbidden(refusal(edge.may), "leads_to")
        return other

    def _weight(self, link: Link, weight: Decimal | None) -> None:
        if not self.trusted:
            held = self.folder.weights.get(link.pk, Decimal(1))
            wanted = Decimal(1) if weight is None else weight
            aligning.check_weigher(self.folder.items[link.target_id], wanted, held, self.by)
        Weight.objects.filter(link=link).delete()
        if weight is not None:
            Weight.objects.create(link=link, weight=weight)

    def draw_evidence(self, item: Item) -> None:
        for source, relation, edge in self.evidence():
            told = {"by": self.by, "note": noted(edge), "at": self._drawn(edge)}
            link, _new = Link.objects.get_or_create(
                source_id=source, target_id=item.pk, relation=relation, defaults=told
            )
            self._weigh(item, link, edge)

    def evidence(self) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
        """Evidence that is here under that very id and title; what is not, is not in this house."""
        for edge in self.sheet.listed("because"):
            slug, _slash, number = str(edge.get("item", "")).partition("/")
            seen = Item.objects.visible_to(self.by).filter(pk=whole(number) or 0, title=edge.get("title"))
            source, relation = seen.first(), str(edge.get("as", ""))
            found = source is not None and source.slug == slug and by_label(source.type)
            if source and found and found.kind.relation(relation, self.sheet.model.type_label()):
                yield source.pk, relation, edge
            else:
                self.say(self.sheet, "because", Reason(NOWHERE, {"name": str(edge.get("item"))[:200]}))

    def _weigh(self, item: Item, link: Link, edge: Mapping[str, Any]) -> None:
        """For or against which of its options the evidence speaks."""
        options = {option.title: option for option in getattr(item, "options", Item.objects.none()).all()}
        said = {title: side for side in SIDES for title in as_list(edge.get(side)) if title in options}
        grounds().objects.filter(link=link).exclude(option__title__in=said).delete()
        for title, side in said.items():
            grounds().objects.update_or_create(link=link, option=options[title], defaults={"side": side})
