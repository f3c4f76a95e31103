"""What may stand under what: types, dates, weights, and no goal that serves itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from filrouge.core.circles import Circle
from filrouge.core.errors import BadInput, Forbidden
from filrouge.core.kinds import Leads
from filrouge.core.models import Item, Link, Tied, find_item
from filrouge.core.thread import Edge, walk
from filrouge.core.turns import take_turn
from filrouge.people.access import Act, may
from filrouge.people.models import User
from filrouge.ui import writing

from .tables import Weight

GOAL, KEY_RESULT = "strategy.Goal", "strategy.KeyResult"
CONTRIBUTES, SUPPORTS = "contributes", "supports"
DEEPEST = 30
Period = tuple[date | None, date | None]


def leads(*edges: tuple[str, str]) -> tuple[Leads, ...]:
    """The edges of a goal's Kind: these, and the decision that it was part of."""
    words = {
        CONTRIBUTES: (gettext_lazy("contributes to"), gettext_lazy("served by")),
        SUPPORTS: (gettext_lazy("supports"), gettext_lazy("supported by")),
    }
    drawn = tuple(Leads(relation, to, *words[relation], Act.SEE_ITEMS) for relation, to in edges)
    words_of_decision = (gettext_lazy("decided in"), gettext_lazy("decides on"))
    return (*drawn, Leads("decided_in", "decisions.Decision", *words_of_decision, Act.DECIDE))


def link(item: Any, by: User, to: int, relation: str, weight: Decimal | None, note: str) -> Tied:
    """Item's own Link, with what may stand under what and how much it counts."""
    target: Item = find_item(to, by, field="to")
    edge = item.kind.relation(relation, target.type)
    if edge is not None and edge.relation in (CONTRIBUTES, SUPPORTS):
        take_turn("goals")
        check(item, target, edge.relation)
    between = Link.objects.filter(source_id=item.pk, target_id=target.pk)
    before = edges(between)
    Item.link.method(item, by=by, to=to, relation=relation, note=note)
    if edge.relation == CONTRIBUTES and weight is not None:
        check_weigher(target, weight, weight_of(item.pk, target), by)
        weigh(item.pk, target, weight)
    return Tied(target, before, edges(between))


def unlink(item: Any, by: User, to: int, relation: str) -> Tied:
    """Item's own Unlink, with how much it counted."""
    found = edges(Link.objects.filter(source_id=item.pk, target_id=to))
    tied: Tied = Item.unlink.method(item, by=by, to=to, relation=relation)
    gone = [one["relation"] for one in tied.found]
    return Tied(tied.other, [one for one in found if one["relation"] in gone])


def edges(links: QuerySet[Link]) -> list[dict[str, Any]]:
    """Each with its weight, as History keeps them."""
    rows = links.select_related("weight").order_by("pk")
    return [row.edge | ({"weight": str(row.weight.weight)} if hasattr(row, "weight") else {}) for row in rows]


def check(child: Any, parent: Any, relation: str) -> None:
    """Whether one may be aligned to the other; says what stands in the way."""
    if _serves(parent.pk, child.pk):
        raise BadInput(
            _(
                "“%(parent)s” serves “%(child)s” already: aligned both ways, neither would stand above. "
                "Take that alignment away first, or choose another goal."
            )
            % {"parent": parent.title, "child": child.title},
            "to",
        )
    check_depth(child, parent)
    if relation == CONTRIBUTES and parent.type == GOAL:
        check_types(child, parent)
        check_within(child, parent)


def _serves(low: int, high: int) -> bool:
    """Whether a goal or key result serves another, on any way up."""
    return any(edge.far == high for edges in _steps(low, back=False) for edge in edges)


def _steps(pk: int, back: bool) -> Iterator[list[Edge]]:
    """The ways up from a goal or key result, or down from it (`back`), step by step."""
    return walk([pk], Item.objects.filter(type__in=(GOAL, KEY_RESULT)), back=back)


def check_depth(child: Any, parent: Any) -> None:
    """A score is counted from below, a tree drawn from above: neither is without end."""
    ways = chain(_steps(parent.pk, back=False), _steps(child.pk, back=True))
    if 2 + sum(bool(edges) for edges in islice(ways, 2 * DEEPEST)) > DEEPEST:
        raise BadInput(_("Goals stand at most %(most)s deep under one another.") % {"most": DEEPEST}, "to")


def check_types(child: Any, parent: Any) -> None:
    above = parent.goal_type
    if child.type == KEY_RESULT:
        if above is not None and not above.measured:
            raise BadInput(_("No key result stands under a “%(type)s”.") % {"type": above}, "to")
        return
    below = child.goal_type
    if above is None or below is None or below.under.filter(pk=above.pk).exists():
        return
    allowed = ", ".join(str(one) for one in below.under.all()) or _("nothing")
    raise BadInput(
        _("A “%(child)s” does not stand under a “%(parent)s”. It may stand under: %(allowed)s.")
        % {"child": below, "parent": above, "allowed": allowed},
        "to",
    )


def check_within(child: Any, parent: Any) -> None:
    """A child's dates lie within its parent's; what has no dates is not asked."""
    inner, outer = child.period, parent.period
    if not all((*inner, *outer)) or (inner[0] >= outer[0] and inner[1] <= outer[1]):
        return
    raise BadInput(
        _(
            "“%(child)s”, %(starts)s to %(ends)s, is not within the dates of “%(parent)s”, "
            "%(from)s to %(until)s. Change the dates of one of them."
        )
        % {
            "child": child.title, "starts": writing.date(inner[0]), "ends": writing.date(inner[1]),
            "parent": parent.title, "from": writing.date(outer[0]), "until": writing.date(outer[1]),
        },
        "starts",
    )  # fmt: skip


def check_dates(item: Any) -> None:
    """That the dates of an aligned item still fit those above and below it; what is private holds up nobody
    but its author."""
    for other in above(item):
        check_within(item, other)
    for other in below(item):
        check_within(other, item)


def above(item: Any) -> Iterator[Any]:
    """The goals that it contributes to."""
    from .models import Goal

    contributed = Q(links_in__source_id=item.pk, links_in__relation=CONTRIBUTES)
    yield from told(Goal.objects.filter(contributed), item).select_related("cycle", "goal_type")


def below(item: Any) -> Iterator[Any]:
    """What contributes to it."""
    from .models import Goal, KeyResult

    if item.type == GOAL:
        contributed = Q(links_out__target_id=item.pk, links_out__relation=CONTRIBUTES)
        for model in (Goal, KeyResult):
            yield from told(model.objects.filter(contributed), item).select_related("cycle")


def told(rows: Any, item: Any) -> Any:
    """Those that whoever changes an item may be told of: none private but its author's own."""
    own = Q(author_id=item.author_id) if item.circle == Circle.PRIVATE else Q(pk=None)
    return rows.filter(~Q(circle=Circle.PRIVATE) | own)


def weight_of(child: int, parent: Item) -> Decimal:
    """What a contribution counts now; BadInput where there is none."""
    if (found := weights_into(parent).get(child)) is None:
        raise BadInput(
            _("This does not contribute to “%(title)s”.") % {"title": parent.title}, "contribution"
        )
    return found


def check_weigher(parent: Item, weight: Decimal, held: Decimal, by: User) -> None:
    """What counts in a team's goal is for its own product manager to say, not for whoever aligns to it."""
    if weight != held and not may(by, Act.SET_GOALS, parent):
        raise Forbidden(
            _(
                "How much it counts in “%(title)s” is said there, by the product manager of its team. "
                "Align it without a weight."
            )
            % {"title": parent.title},
            "weight",
        )


def weigh(child: int, parent: Item, weight: Decimal) -> None:
    """Keep how much a contribution counts; weights that add up to nothing would grade nothing."""
    link = Link.objects.get(source_id=child, target_id=parent.pk, relation=CONTRIBUTES)
    Weight.objects.update_or_create(link=link, defaults={"weight": weight})
    if not weight and not any(weights_into(parent).values()):
        raise BadInput(
            _(
                "The weights into “%(title)s” would add up to zero. Give one of them a weight, "
                "or use “supports”."
            )
            % {"title": parent.title},
            "weight",
        )


def weights_into(parent: Item) -> dict[int, Decimal]:
    """The weight of each contribution that counts in the score, by what contributes."""
    links = Link.objects.filter(
        target_id=parent.pk, relation=CONTRIBUTES, source__type__in=(GOAL, KEY_RESULT)
    )
    rows = links.values_list("source_id", "weight__weight")
    return {pk: Decimal(1) if weight is None else weight for pk, weight in rows}
