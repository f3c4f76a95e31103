"""Coherence: the organisation's findings, a team's, a rule's, and those of one Item."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filrouge.core.checks import Severity
from filrouge.core.errors import BadInput, Forbidden
from filrouge.core.models import Item
from filrouge.jobs.models import Job, State
from filrouge.lib.numbers import whole
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import Team

from . import reading
from .glance import pictures
from .models import GRAVEST, Run, Tuning, Waiver
from .own import own_rules
from .rules import LIMITS, WAITING, all_rules, rule_named
from .telling import Teller

FEW, SHOWN, MOST_PAGES = 6, 50, 100_000


def _frame(request: HttpRequest, here: str, team: Team | None = None) -> dict[str, Any]:
    """What the pages of findings share."""
    reader = reader_of(request)
    teams = Team.within(team.pk) if team else None
    rows = reading.open_findings(reader, teams)
    rules = all_rules()
    tallied = reading.tallies(reader, teams)
    found = reading.by_rule(tallied, rules)
    teller = Teller(reader, rules)
    new = [] if team else reading.newest(rows, tallied, FEW)
    return {
        "here": here, "team": team, "rows": rows, "tallied": tallied, "found": found,
        "severities": reading.by_severity(found), "trend": reading.trend(tallied),
        "new": teller.tell(new), "teller": teller,
        "new_total": sum(one.new for one in found), "last": Run.objects.first(),
        "rules_on": sum(rule.on for rule in rules),
    }  # fmt: skip


def _paged(request: HttpRequest, rows: Any, teller: Teller, query: str = "") -> dict[str, Any]:
    """Fifty findings in words, and where the fifty before and after them stand."""
    number = whole(request.GET.get("page", ""), below=MOST_PAGES) or 1
    found = list(rows[(number - 1) * SHOWN : number * SHOWN + 1])
    before = f"?page={number - 1}{query}" if number > 1 else ""
    after = f"?page={number + 1}{query}" if len(found) > SHOWN else ""
    told = teller.tell(found[:SHOWN])
    return {"told": told, "page_number": number, "before": before, "after": after}


@access(Act.SEE_ITEMS)
@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    """Findings by rule and by team, what is new, and how it went."""
    context = _frame(request, "all")
    return render(
        request, "coherence/findings.html", context | {"by_team": reading.by_team(context["tallied"])}
    )


@access(Act.SEE_ITEMS)
@require_safe
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """The findings of one team, and of the teams in it, each with the way to mend it."""
    found = get_object_or_404(Team, pk=pk)
    context = _frame(request, "team", found)
    rows = context["rows"].order_by(GRAVEST, "rule", "item_id", "pk")
    return render(request, "coherence/findings.html", context | _paged(request, rows, context["teller"]))


@access(Act.SEE_ITEMS)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Check everything now: a job, once however many ask."""
    from .jobs import check_everything

    waiting = Job.objects.filter(task=check_everything.module_path, state__in=(State.READY, State.RUNNING))
    if not waiting.exists():
        check_everything.enqueue()
    messages.info(request, _("Everything is being checked. Reload in a few seconds."))
    return redirect("coherence")


@access(Act.SEE_ITEMS)
@require_safe
def glance(request: HttpRequest) -> HttpResponse:
    """One picture for each question of alignment, and the same as a list."""
    context = {"here": "glance", "pictures": pictures(reader_of(request))}
    return render(request, "coherence/glance.html", context)


@access(Act.SEE_ITEMS)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule, whether it is on, how many findings it has; and what is silenced."""
    reader = reader_of(request)
    known, totals = reading.counted(reader)
    waivers = Waiver.objects.in_force().filter(item__in=Item.objects.visible_to(reader).active().values("pk"))
    families: dict[str, list[Any]] = {}
    for one in known:
        families.setdefault(one.family, []).append((one, totals.get(one.id, 0)))
    context = {
        "here": "rules", "families": families, "waivers": waivers.select_related("item", "author")[:SHOWN],
        "problems": own_rules().problems, "waiting": WAITING,
    }  # fmt: skip
    return render(request, "coherence/rules.html", context)


@access(Act.SEE_ITEMS)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, id: str) -> HttpResponse:
    """What a rule looks for, what it found, how to silence it; who may, sets it here."""
    known, error = rule_named(id), None
    if known is None:
        raise Http404
    if request.method == "POST":
        try:
            _tune(request, known)
            messages.success(request, _("The rule is set. The next check goes by it."))
            return redirect("coherence-rule", id)
        except Forbidden as refused:
            raise PermissionDenied(refused.sentence) from None
        except BadInput as refused:
            error = refused
    return _rule_page(request, known, error)


def _tune(request: HttpRequest, known: Any) -> None:
    limits = {name: -1 if (n := whole(request.POST.get(name, ""))) is None else n for name in known.numbers}
    on = "on" in request.POST
    Tuning.set(known.id, on, request.POST.get("severity", ""), limits, by=reader_of(request))


def _rule_page(request: HttpRequest, known: Any, error: BadInput | None) -> HttpResponse:
    reader = reader_of(request)
    team = Team.objects.filter(pk=whole(request.GET.get("team", "")) or 0).first()
    rows = reading.open_findings(reader, Team.within(team.pk) if team else None)
    rows = rows.filter(rule=known.id).order_by("item_id", "pk")
    silenced = reading.silenced(reader, known.id)
    context = {
        "here": "rules", "rule": known, "team": team, "total": rows.count(), "waivers": silenced[:SHOWN],
        **_paged(request, rows, Teller(reader, [known]), f"&team={team.pk}" if team else ""),
        "may_tune": may(reader, Act.TUNE_RULES), "severities": Severity.choices, "labels": LIMITS,
        "error": error, "given": request.POST,
    }  # fmt: skip
    return render(request, "coherence/rule.html", context, status=422 if error else 200)


@access(Act.SEE_ITEMS)
@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules find of one Item now: a fragment for its page, a page of its own without JavaScript."""
    reader = reader_of(request)
    found = Item.objects.visible_to(reader).filter(pk=pk).first()
    if found is None:
        raise Http404
    told = reading.of_item(found.specific, reader)
    context = {
        "item": found, "told": [one for one in told if one.waiver is None],
        "silenced": [one for one in told if one.waiver is not None],
    }  # fmt: skip
    template = "coherence/of_item.html" if request.headers.get("HX-Request") else "coherence/item.html"
    return render(request, template, context)
