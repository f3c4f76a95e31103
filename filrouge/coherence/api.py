"""Findings and rules through REST, as the pages show them: of Items that the token's person sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_
from ninja import Router, Schema

from filrouge.api.door import answer, by_of
from filrouge.api.routes import PREFIX
from filrouge.api.shapes import ERRORS
from filrouge.core.checks import Severity
from filrouge.core.errors import Forbidden
from filrouge.core.filters import EXACT, Facet, Filter, Sort, count, whole_number
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import Team, User

from . import reading
from .plain import finding_json, rule_json
from .rules import rule_named
from .telling import Teller, Told

findings, rules = Router(tags=[N_("Coherence")]), Router(tags=[N_("Coherence")])


class Mending(Schema):
    label: str
    url: str


class FindingOut(Schema):
    id: int
    rule: str
    severity: str
    item: int
    title: str
    message: str
    who: str
    url: str
    other: int | None
    since: datetime
    new: bool
    mend: list[Mending]


class FindingList(Schema):
    items: list[FindingOut]
    count: int
    next: str | None
    more: bool | None = None


class RuleOut(Schema):
    id: str
    severity: str
    title: str
    about: str
    on: bool
    limits: dict[str, int]
    findings: int


class RuleList(Schema):
    items: list[RuleOut]
    count: int
    next: str | None


def _rule(text: str) -> str:
    if rule_named(text) is None:
        raise ValueError(text)
    return text


def _teams(text: str) -> frozenset[int]:
    """A team and the teams in it."""
    teams = Team.within(whole_number(text))
    if not teams:
        raise ValueError(text)
    return teams


def _since(text: str) -> datetime:
    if text != "true":
        raise ValueError(text)
    return timezone.now() - reading.NEW


FACETS = (
    Facet("rule", _("rule"), "rule", _rule),
    Facet("severity", _("severity"), "severity", Severity),
    Facet("team", _("team"), "item__team_id__in", _teams),
    Facet("item", _("item"), "item_id", whole_number),
    Facet("new", _("new"), "first_seen__gte", _since),
)
SORTS = (Sort("newest", _("Newest"), "first_seen"),)
ABOUT = {
    "rule": "R-07, for example; several may be given.",
    "team": "The id of a team: its Items, and those of the teams in it.",
    "new": "true: found within the last seven days.",
    "limit": "From 1 to 1000; 50 if left out.",
}
QUERY = [
    {
        "in": "query",
        "name": name,
        "required": False,
        "schema": {"type": "string"},
        "description": ABOUT.get(name, ""),
    }
    for name in (*(facet.name for facet in FACETS), "limit", "cursor")
]


def _reader(request: HttpRequest) -> User:
    reader = by_of(request)
    if not may(reader, Act.SEE_ITEMS):
        raise Forbidden(refusal(Act.SEE_ITEMS))
    return reader


@findings.get(
    "", response={200: FindingList, **ERRORS}, operation_id="list_findings",
    summary=N_("List what does not hold together"),
    description=N_("What the last check left open, without what is silenced; the newest first."),
    openapi_extra={"parameters": QUERY},
)  # fmt: skip
def list_findings(request: HttpRequest) -> HttpResponse:
    reader = _reader(request)
    chosen = Filter.parse(request.GET, FACETS, SORTS, strict=True)
    rows = reading.open_findings(reader).filter(chosen.where())
    page, (number, more) = chosen.page(rows), count(rows, EXACT)
    query = "" if page.next is None else page.next.query_string()
    found: dict[str, Any] = {
        "items": [_finding(one) for one in Teller(reader).tell(page.rows)],
        "count": number,
        "next": f"{settings.SITE_URL}{PREFIX}/findings?{query}" if query else None,
    }
    return answer({**found, "more": True} if more else found)


def _finding(one: Told) -> dict[str, Any]:
    mend = [{"label": way.label, "url": f"{settings.SITE_URL}{way.url}"} for way in one.ways]
    since = one.found.first_seen
    return {
        "id": one.found.pk,
        **finding_json(one),
        "other": one.other.pk if one.other else None,
        "since": since,
        "new": since >= timezone.now() - reading.NEW,
        "mend": mend,
    }


@rules.get(
    "", response={200: RuleList, **ERRORS}, operation_id="list_rules",
    summary=N_("List the rules, as they are set here"),
)  # fmt: skip
def list_rules(request: HttpRequest) -> HttpResponse:
    reader = _reader(request)
    known, totals = reading.counted(reader)
    told = [
        rule_json(rule)
        | {"about": rule.about, "on": rule.on, "limits": rule.numbers, "findings": totals.get(rule.id, 0)}
        for rule in known
    ]
    return answer({"items": told, "count": len(told), "next": None})
