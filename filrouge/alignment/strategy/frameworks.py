"""The same goals in the words of a framework: OKR, North Star, 4DX and so on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from filrouge.core.kinds import status_in_words
from filrouge.core.models import Item
from filrouge.core.thread import Edge, near
from filrouge.lib.batches import batched
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User

from .grading import STAYING
from .models import Base, Framework
from .pace import Pace
from .pages import answer
from .scoping import frame
from .standing import Standing
from .tree import Measure, Node, Tree, tree

WIGS = 2
MOST_CELLS, MOST_IN_COLUMN, WALKED = 200, 40, 20


@dataclass(frozen=True)
class Cell:
    """A goal, a key result or another Item, with where it stands."""

    title: str
    url: str = ""
    stands: Standing | None = None
    measure: Measure | None = None
    note: str = ""

    @property
    def told(self) -> str:
        if self.measure is None:
            return self.note
        said = [self.measure.said] if self.measure.stands.value is not None else []
        return ", ".join([*said, self.measure.promise])

    @property
    def values(self) -> dict[str, Hashable]:
        return {"title": self.title, "url": self.url, "note": self.told, "stands": self.stands}


@dataclass(frozen=True)
class Column:
    label: str
    cells: list[Cell]
    advice: str = ""
    more: int = 0

    def shortened(self) -> Column:
        """The first of its cells, and how many more there are."""
        return replace(self, cells=self.cells[:MOST_IN_COLUMN], more=max(len(self.cells) - MOST_IN_COLUMN, 0))


@dataclass(frozen=True)
class Board:
    """One goal as a framework reads it."""

    role: str
    head: Cell
    team: str
    columns: list[Column]


def of_goal(node: Node) -> Cell:
    return Cell(node.item.title, node.item.get_absolute_url(), node.stands)


def of_measures(measures: Iterable[Measure]) -> list[Cell]:
    return [Cell(one.item.title, one.item.get_absolute_url(), one.stands, one) for one in measures]


def board(role: str, node: Node, *columns: Column) -> Board:
    return Board(role, of_goal(node), str(node.item.team or ""), list(columns))


def tops(nodes: list[Node]) -> list[Node]:
    """The first goals on the way down that have numbers of their own."""
    return [
        found
        for node in nodes
        for found in ([node] if node.measures or not node.children else tops(node.children))
    ]


def okr(grown: Tree) -> list[Board]:
    """Objectives, each with its key results and the objectives below."""
    return [
        board(
            node.item.type_of_goal,
            node,
            Column(
                _("Key results"),
                of_measures(node.measures),
                _("None yet: nobody will know when it is reached."),
            ),
            Column(_("Served by"), [of_goal(one) for one in node.children]),
        )
        for node in grown.nodes()
    ]


def north_star(grown: Tree) -> list[Board]:
    """The star at the top, the inputs that move it, and what must not suffer."""
    return [
        board(
            _("North Star"),
            root,
            Column(
                _("The one measure"),
                of_measures(one for one in root.measures if not _guards(one)),
                _("One measure of the value that customers get."),
            ),
            Column(
                _("Inputs"),
                [cell for child in root.children for cell in [of_goal(child), *of_measures(child.measures)]],
                _("Three to five goals that move it, aligned to it."),
            ),
            Column(
                _("Counter-measures"),
                of_measures(one for one in root.measures if _guards(one)),
                _("One or two limits that it must not cost: “stay above”, “stay below”."),
            ),
        )
        for root in tops(grown.roots)
    ]


def _guards(measure: Measure) -> bool:
    return measure.item.movement in STAYING


def four_dx(grown: Tree) -> list[Board]:
    """Wildly important goals: the lag measures that say so, the lead measures that a team can move."""
    return [
        board(
            _("Wildly important goal"),
            node,
            Column(
                _("Lag measures: from X to Y by when"),
                of_measures(node.measures),
                _("From which value, to which, by when?"),
            ),
            Column(
                _("Lead measures"),
                [cell for child in node.children for cell in of_measures(child.measures)],
                _("What the team can influence each week and that predicts the lag measure."),
            ),
        )
        for node in grown.nodes()
        if node.measures
    ]


def ogsm(grown: Tree) -> list[Board]:
    """Objective, goals, strategies, measures."""
    return [
        board(
            pgettext("OGSM", "Objective"),
            root,
            Column(
                pgettext("OGSM", "Goals"), of_measures(root.measures), _("What the objective is in numbers.")
            ),
            Column(
                _("Strategies"),
                [of_goal(child) for child in root.children],
                _("How it is reached: goals aligned to it."),
            ),
            Column(
                _("Measures"),
                [cell for child in root.children for cell in of_measures(child.measures)],
                _("How each strategy is known to work."),
            ),
        )
        for root in tops(grown.roots)
    ]


def v2mom(grown: Tree) -> list[Board]:
    """Vision, values, methods, obstacles, measures."""
    return [_v2mom(root) for root in grown.roots]


def _v2mom(root: Node) -> Board:
    below = [node for child in root.children for node in child.all()]
    values = [node for node in below if node.item.goal_type and node.item.goal_type.base == Base.PILLAR]
    measures = [one for node in [root, *below] for one in node.measures]
    troubled = [one for one in measures if one.stands.status in (Pace.BEHIND, Pace.AT_RISK)]
    return board(
        _("Vision"),
        root,
        Column(_("Values"), [of_goal(node) for node in values], _("Goals of the type “pillar” stand here.")),
        Column(
            _("Methods"),
            [of_goal(node) for node in below if node not in values],
            _("Goals aligned to the vision."),
        ),
        Column(
            _("Obstacles"),
            [_obstacle(one) for one in troubled],
            _("Nothing is behind: what the last check-ins say of trouble stands here."),
        ),
        Column(_("Measures"), of_measures(measures), _("Key results of these goals.")),
    )


def _obstacle(one: Measure) -> Cell:
    """What the last check-in says of trouble, in its own words where it has any."""
    title, said, address = one.item.title, one.stands.note, one.item.get_absolute_url()
    return Cell(said, address, note=title) if said else Cell(title, address)


BOARDS: dict[str, Callable[[Tree], list[Board]]] = {
    Framework.OKR: okr,
    Framework.NORTH_STAR: north_star,
    Framework.FOUR_DX: four_dx,
    Framework.OGSM: ogsm,
    Framework.V2MOM: v2mom,
}


def opportunity_tree(grown: Tree, reader: User) -> Iterator[Board]:
    """One outcome a tree; the opportunities and solutions that lead to it, by the red thread.

    A walk for a few at a time: a page shows the first of them.
    """
    seen = Item.objects.visible_to(reader).active()
    for nodes in batched((node for node in grown.nodes() if node.measures), WALKED):
        keys = [pk for node in nodes for pk in (node.item.pk, *(one.item.pk for one in node.measures))]
        behind = near(keys, seen, back=True, depth=2)
        yield from (_tree_of(node, behind) for node in nodes)


def _tree_of(node: Node, behind: dict[int, list[Edge]]) -> Board:
    own = [node.item.pk, *(one.item.pk for one in node.measures)]
    found = {edge.far: edge for pk in own for edge in behind.get(pk, [])}
    by_slug: dict[str, list[Cell]] = {}
    for edge in found.values():
        cell = Cell(edge.title, edge.url, note=status_in_words(edge.type, edge.status))
        by_slug.setdefault(edge.slug, []).append(cell)
    return board(
        _("Outcome"),
        node,
        Column(_("How it is known"), of_measures(node.measures)),
        Column(
            _("Opportunities"),
            by_slug.get("opportunities", []),
            _("None leads here: link one to a roadmap item that contributes."),
        ),
        Column(_("Solutions"), by_slug.get("initiatives", []), _("No roadmap item contributes to it yet.")),
        Column(_("Experiments"), by_slug.get("experiments", []), _("None yet.")),
    )


@access(Act.SEE_ITEMS)
@require_safe
def framework(request: HttpRequest, name: str) -> HttpResponse:
    """The goals in scope in the words of one framework."""
    if name not in Framework.values:
        raise Http404
    context: dict[str, Any] = frame(request, name)
    reader = reader_of(request)
    grown = tree(reader, context["asked"].scope)
    tree_of = name == Framework.TREE
    every = [] if tree_of else BOARDS[name](grown)
    boards, short = fitting(opportunity_tree(grown, reader) if tree_of else every)
    mine = {str(node.item.team) for node in grown.nodes() if node.item.team_id in reader.team_ids}
    boards.sort(key=lambda board: board.team not in mine)
    context |= {
        "boards": boards,
        "name": Framework(name).label,
        "cut": short or grown.cut,
        "crowded": crowded(name, every),
    }
    return answer(request, "strategy/framework.html", context)


def fitting(boards: Iterable[Board]) -> tuple[list[Board], bool]:
    """As many boards as make a page, and whether more is left; a column tells so many and counts the rest."""
    left, found = MOST_CELLS, list[Board]()
    for one in boards:
        short = replace(one, columns=[column.shortened() for column in one.columns])
        left -= 1 + sum(len(column.cells) for column in short.columns)
        if left < 0 and found:
            return found, True
        found.append(short)
    return found, False


def crowded(name: str, boards: list[Board]) -> list[str]:
    """Teams with more goals than 4DX holds sensible: one or two."""
    if name != Framework.FOUR_DX:
        return []
    teams = [one.team for one in boards]
    return sorted({team for team in teams if teams.count(team) > WIGS})
