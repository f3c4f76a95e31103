"""Pages of scenarios: make one, compare it with the plan, change it, adopt from it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filrouge.core.errors import BadInput, Forbidden, Refused
from filrouge.core.verbs import verbs_of
from filrouge.lib.numbers import whole
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import Team
from filrouge.ui.asking import answers, inputs, with_errors

from .board import parse
from .models import Initiative
from .scenarios import Scenario, Thought, compared, plan_of

MOST = 200

FOLLOWED = ("decision", "no_decision")
"""What is only thought of follows no decision; what is adopted may."""
BESIDE = 3
"""So many other scenarios fit beside one."""


def back_to(scenario: Scenario) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("roadmap-scenario", args=[scenario.pk]))


@access(Act.SEE_ITEMS)
@require_http_methods(["GET", "HEAD", "POST"])
def scenarios(request: HttpRequest) -> HttpResponse:
    """All scenarios by team, and the form that makes one from the plan."""
    reader, problem = reader_of(request), None
    if request.method == "POST":
        try:
            return back_to(_make(request, reader))
        except BadInput as error:
            problem = error
    chosen = request.POST.get("team") or next(iter(sorted(reader.managed_team_ids or reader.team_ids)), "")
    context = {
        "here": "scenarios", "filter": parse({}), "query": "", "problem": problem,
        "scenarios": Scenario.objects.select_related("team", "by").order_by("team__name", "-pk")[:MOST],
        "teams": list(Team.objects.values_list("pk", "name")), "chosen": str(chosen), "given": request.POST,
    }  # fmt: skip
    return render(request, "roadmap/scenarios.html", context, status=422 if problem else 200)


def _make(request: HttpRequest, reader: Any) -> Scenario:
    team = Team.objects.filter(pk=whole(request.POST.get("team", "")) or 0).first()
    if team is None:
        raise BadInput(_("Choose the team whose plan you copy."), "team")
    return Scenario.copy_plan(team, request.POST.get("name", ""), request.POST.get("note", ""), by=reader)


@access(Act.SEE_ITEMS)
@require_safe
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """One scenario beside the plan, and beside other scenarios of the team that the reader chooses."""
    reader = reader_of(request)
    found = get_object_or_404(Scenario.objects.select_related("team", "by"), pk=pk)
    rows = compared(found, reader)
    others = list(Scenario.objects.filter(team=found.team_id).exclude(pk=pk).order_by("-pk")[:MOST])
    beside = [one for one in others if str(one.pk) in request.GET.getlist("with")][:BESIDE]
    plans = [{row.item.pk: row.when for row in compared(one, reader)} for one in beside]
    asked = inputs(verbs_of(Initiative)["schedule"], Initiative, None, reader, {})
    context = {
        "here": "scenarios", "filter": parse({}), "query": "", "scenario": found,
        "rows": [row.values | {"beside": _beside(row.item.pk, beside, plans)} for row in rows],
        "others": others, "beside": beside, "asked": {one.name: one for one in asked if one.name in FOLLOWED},
        "changed": [row for row in rows if row.differs],
        "editable": found.editable_by(reader), "adopts": reader.manages(found.team_id),
    }  # fmt: skip
    return render(request, "roadmap/scenario.html", context)


def _beside(pk: int, scenarios: list[Scenario], plans: list[dict[int, Any]]) -> tuple[tuple[str, Any], ...]:
    """What each of the other scenarios makes of an item, under its name; none where it has no such item."""
    return tuple((one.name, plan.get(pk)) for one, plan in zip(scenarios, plans, strict=True))


@access(Act.SEE_ITEMS)
@require_http_methods(["GET", "HEAD", "POST"])
def think(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Another horizon or other dates for an item in the scenario: the form of Schedule, without the plan."""
    reader = reader_of(request)
    thought = _thought(pk, item, reader)
    verb, error = verbs_of(Initiative)["schedule"], None
    if not thought.scenario.editable_by(reader):
        raise PermissionDenied(_("Only who made this scenario and the team's product manager change it."))
    if request.method == "POST":
        try:
            meant = verb.clean(Initiative, answers(request.POST, verb, Initiative))
            thought.think({name: meant[name] for name in meant if name not in FOLLOWED}, by=reader)
            return back_to(thought.scenario)
        except BadInput as refused:
            error = refused
    given = request.POST if error else {name: value or "" for name, value in plan_of(thought).items()}
    asked = inputs(verb, Initiative, thought.item, reader, {name: str(given[name]) for name in given})
    asked = [one for one in asked if one.name not in FOLLOWED]
    asked, problems = with_errors(asked, error.every if error else ())
    return render(request, "ui/act.html", {
        "heading": _("In “%(name)s” only") % {"name": thought.scenario.name},
        "verb": verb, "owner": Initiative, "item": thought.item, "inputs": asked, "problems": problems,
        "changed": False, "impossible": False, "revision": "", "action": request.path,
        "back": reverse("roadmap-scenario", args=[pk]),
    }, status=422 if error else 200)  # fmt: skip


def _thought(pk: int, item: int, reader: Any) -> Thought:
    seen = Initiative.objects.visible_to(reader)
    rows = Thought.objects.select_related("scenario", "item").filter(
        scenario_id=pk, item_id=item, item__in=seen
    )
    if (found := rows.first()) is None:
        raise Http404
    return found


@access(Act.SEE_ITEMS)
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt what was chosen, begin some anew from the plan, or throw the scenario away."""
    reader = reader_of(request)
    found = get_object_or_404(Scenario, pk=pk)
    keys = {key for text in request.POST.getlist("item")[:MOST] if (key := whole(text))}
    try:
        return _done(request, found, keys, reader)
    except Forbidden as error:
        raise PermissionDenied(str(error)) from None
    except Refused as error:
        messages.error(request, str(error))
        return back_to(found)


def _done(request: HttpRequest, found: Scenario, keys: set[int], reader: Any) -> HttpResponse:
    if "delete" in request.POST:
        found.check_editable(reader)
        found.delete()
        return HttpResponseRedirect(reverse("roadmap-scenarios"))
    if "again" in request.POST:
        _thought(found.pk, whole(request.POST["again"]) or 0, reader).again(by=reader)
        return back_to(found)
    seen = Initiative.objects.visible_to(reader).filter(pk__in=keys)
    verb = verbs_of(Initiative)["follow"]
    follows = verb.clean(Initiative, answers(request.POST, verb, Initiative))
    follows = {name: follows[name] for name in FOLLOWED if name in follows}
    number = found.adopt(list(seen.values_list("pk", flat=True)), by=reader, **follows)
    said = ngettext("%(n)s item was scheduled.", "%(n)s items were scheduled.", number) % {"n": number}
    messages.success(request, said if number else _("Nothing was chosen that differs from the plan."))
    return back_to(found)
