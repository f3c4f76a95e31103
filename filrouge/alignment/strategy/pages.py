"""The pages of goals: tree, list, timeline; one goal and one key result, each as of any day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from filrouge.core.circles import reads_items
from filrouge.core.models import Item
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.ui.generic import face_page, faces_page
from filrouge.ui.itempage import item_context, item_of

from . import aligning, wording
from .chart import draw
from .grove import GROVE, named
from .models import Goal, KeyResult, Observation
from .past import archived, as_it_was
from .scoping import asked_of, frame
from .standing import stood
from .ties import KINDS, Tie, ties_of
from .timeline import lanes, periods, today_in, year_of
from .tree import Node, by_team, measures, tree

WORDS = {"promise": wording.promise_said, "said": wording.value_said}
LOG = 100
TOLD = ("type", "title", "status", "archived_at")
"""Of what stands beside a goal, all that its page tells."""


def answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context | WORDS, status=422 if context.get("problem") else 200)


@access("signed_in")
@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """The tree, from the company to the teams; where the reader's own team has a part comes first."""
    reader = reader_of(request)
    if not reads_items(reader):
        return faces_page(request, Goal, reader)
    context = frame(request, "goals")
    return answer(request, "strategy/tree.html", context | {"tree": tree(reader, context["asked"].scope)})


@access(Act.SEE_ITEMS)
@require_safe
def goals_list(request: HttpRequest) -> HttpResponse:
    """Every key result of the cycle in one table, by team; the reader's own first."""
    context, mine = frame(request, "goals-list"), reader_of(request).team_ids
    grown = tree(reader_of(request), context["asked"].scope)
    rows = sorted(grown.measures().values(), key=lambda row: by_team(row[0].item, mine))
    return answer(request, "strategy/list.html", context | {"rows": rows, "cut": grown.cut})


@access(Act.SEE_ITEMS)
@require_safe
def goals_timeline(request: HttpRequest) -> HttpResponse:
    """Cycles, and the goals of each team, over twelve months."""
    context = frame(request, "goals-timeline")
    asked = context["asked"]
    start = year_of(request.GET.get("from", ""), asked.scope.cycle)
    reader = reader_of(request)
    nodes = list(tree(reader, asked.scope).nodes())
    context |= {
        "start": start, "periods": periods(start), "marked": today_in(start),
        "lanes": lanes(nodes, start, reader.team_ids),
        "undated": [node for node in nodes if not all(node.item.period)],
    }  # fmt: skip
    return answer(request, "strategy/timeline.html", context)


@access("public")
@require_safe
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal: what is wanted, how it stands, what serves it and what it serves."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, Goal, pk)
    item = item_of(Goal, pk, reader)
    asked = asked_of(request)
    context = item_context(item, reader)
    if then := asked.scope.as_of:
        as_it_was([item], then)
    forest = GROVE.at(then)
    rows, children = measures(pk, forest), [Node(one, forest, weight) for one, weight in forest.children(pk)]
    named([*(one.item for one in rows), *(one.item for one in children)])
    context |= {
        "stands": forest[pk], "measures": rows, "children": children,
        "weightless": bool(forest.edges[pk]) and not any(weight for _pk, weight in forest.edges[pk]),
        **beside(item, reader, ties_of(item, then), then),
        "asked": asked, "on": asked.scope.on, "today": timezone.localdate(),
        "problem": asked.problem, "may_edit": may(reader, Act.SET_GOALS, item),
    }  # fmt: skip
    return answer(request, "strategy/goal.html", context)


@access("public")
@require_safe
def key_result(request: HttpRequest, pk: int) -> HttpResponse:
    """One key result: its promise, where it stands, every observation of its log."""
    reader = reader_of(request)
    if not reads_items(reader):
        return face_page(request, KeyResult, pk)
    item = item_of(KeyResult, pk, reader)
    asked = asked_of(request)
    context = item_context(item, reader)
    if then := asked.scope.as_of:
        as_it_was([item], then)
    ties, log = ties_of(item, then), log_of(item, then)
    stands = stood(item, then, ties) if then else GROVE.at()[pk]
    context |= {
        "stands": stands, "log": log[:LOG], "more": len(log) > LOG, "chart": draw(item, log),
        "interim": item.promise.interim,
        **beside(item, reader, ties, then),
        "asked": asked, "on": asked.scope.on, "today": timezone.localdate(), "problem": asked.problem,
        "may_check": may(reader, Act.CHECK_IN, item) and not asked.scope.on,
    }  # fmt: skip
    return answer(request, "strategy/key_result.html", context)


def log_of(item: KeyResult, until: Any) -> list[Observation]:
    """The log, newest first, as far as the page draws it."""
    rows = item.observations.select_related("by").order_by("-at", "-pk")
    return list((rows.filter(at__lte=until) if until else rows)[: LOG + 1])


def beside(item: Item, reader: User, ties: list[Tie], then: datetime | None = None) -> dict[str, list[Item]]:
    """What it contributes to and what it supports; what works on it and is no goal that counts in its score:
    roadmap items, experiments."""
    out = {(tie.target, tie.relation) for tie in ties if tie.source == item.pk}
    into = {(tie.source, tie.relation) for tie in ties if tie.target == item.pk}
    found = Item.objects.visible_to(reader).only(*TOLD).in_bulk({pk for pk, _relation in out | into})
    seen, working = [found[pk] for pk in sorted(found)], {pk for pk, _relation in into}
    return {
        "parents": [one for one in seen if (one.pk, aligning.CONTRIBUTES) in out],
        "backed": [one for one in seen if (one.pk, aligning.SUPPORTS) in out],
        "workers": [
            one for one in seen if one.pk in working and not archived(one, then)
            and not (one.type in KINDS and (one.pk, aligning.CONTRIBUTES) in into)
        ],
    }  # fmt: skip
