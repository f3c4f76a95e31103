"""What decisions bring to a home: those that are yours to take, those taken lately."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.desk.home import Advice, Row, Section, section
from filrouge.people.models import PRODUCT_ROLES, Role, User

from .models import Decision, due_first
from .question import Reopened

SHOWN = 5
WAITING = ("pk", "title", "due", "reopened_at", "reopened_for", "team__name")
TAKEN = ("pk", "title", "outcome", "rationale", "decided_at", "decided_by__name")


@section({Role.PRODUCT_MANAGER}, order=20)
def to_decide(reader: User) -> Section:
    """Open decisions of the teams this person decides for, by their date."""
    rows = _waiting(_open(reader).filter(team__in=reader.managed_team_ids))
    advice = Advice(
        _("Nothing waits for you. Ask for a decision when the evidence is there."),
        _("Ask for a decision"), reverse("item_make", args=["decisions", "create"]), True,
    )  # fmt: skip
    return Section(
        _("Yours to decide"),
        rows=rows,
        lead=_("By the day they are due."),
        more=reverse("decisions"),
        advice=advice,
    )


def _open(reader: User) -> Any:
    """Open decisions, by the day they are due."""
    return due_first(Decision.objects.visible_to(reader).active())


@section({Role.MAKER, Role.COACH}, order=15)
def undecided(reader: User) -> Section | None:
    """What this person's teams wait for: a product manager decides, whoever knows something says it."""
    around = reader.around_team_ids
    rows = _waiting(_open(reader).filter(team__in=around) if around else _open(reader))
    if not rows:
        return None
    lead = _("The team’s product manager decides. Say what you know before the day.")
    return Section(_("To be decided"), rows=rows, lead=lead, more=reverse("decisions"))


@section(PRODUCT_ROLES - {Role.ADMIN}, order=25)
def driving(reader: User) -> Section | None:
    """Open decisions that this person drives and another takes."""
    rows = _waiting(_open(reader).filter(driver=reader).exclude(team__in=reader.managed_team_ids))
    lead = _("You bring it to a decision; the team’s product manager takes it.")
    return Section(_("You drive"), rows=rows, lead=lead, more=reverse("decisions")) if rows else None


def _waiting(rows: Any) -> list[Row]:
    return [_row(one) for one in rows.values_list(*WAITING, named=True)[:SHOWN]]


def _row(one: Any) -> Row:
    late = one.due is not None and one.due < timezone.localdate()
    fact = _("overdue since") if late else _("due") if one.due else _("no date")
    reopened = Reopened(one.reopened_for).label if one.reopened_for else ""
    why = _("Reopened: %(why)s.") % {"why": reopened} if one.reopened_at else ""
    return Row(
        one.title,
        f"/decisions/{one.pk}/",
        " · ".join(part for part in (one.team__name, why) if part),
        fact,
        "red" if late else "",
        one.due,
    )


@section({Role.MAKER, Role.COACH}, order=20)
def decided(reader: User) -> Section:
    """What was decided lately in this person's teams, in the words of who decided."""
    taken = Decision.objects.visible_to(reader).active().filter(status=Decision.Status.DECIDED)
    taken = taken.filter(team__in=reader.around_team_ids) if reader.around_team_ids else taken
    newest = taken.order_by("-decided_at", "-pk").values_list(*TAKEN, named=True)[:SHOWN]
    rows = [
        Row(
            one.title,
            f"/decisions/{one.pk}/",
            " ".join((one.outcome or one.rationale).split())[:200],
            one.decided_by__name or "",
            at=one.decided_at,
        )
        for one in newest
    ]
    advice = Advice(_("Nothing was decided in your teams yet. A decision keeps its reason and its evidence."))
    return Section(_("Decided lately"), rows=rows, more=reverse("decisions"), advice=advice)
