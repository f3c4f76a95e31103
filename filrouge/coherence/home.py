"""What coherence brings to a home: what appeared this week, for whoever can mend it or watches over it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from filrouge.desk.home import Advice, Row, Section, section
from filrouge.people.models import Role, User

from .models import GRAVEST
from .reading import new_rows, open_findings
from .telling import Teller

SHOWN = 5


@section({Role.PRODUCT_OPS}, order=20)
def in_the_organisation(reader: User) -> Section:
    """What does not hold together since this week, in any team."""
    return _section(reader, None)


@section({Role.PRODUCT_MANAGER}, order=40)
def in_my_teams(reader: User) -> Section:
    """The same, in the teams that this person decides for."""
    return _section(reader, reader.managed_team_ids)


def _section(reader: User, teams: frozenset[int] | None) -> Section:
    found = list(new_rows(open_findings(reader, teams)).order_by(GRAVEST, "-first_seen", "pk")[:SHOWN])
    told = Teller(reader).tell(found, ways=False) if found else []
    rows = [
        Row(
            one.item.title,
            one.item.get_absolute_url(),
            one.message,
            one.rule.severity.label,
            {"error": "red", "warning": "warn"}.get(one.rule.severity.value, ""),
        )
        for one in told
    ]
    said = _("Nothing new this week. Each change is checked as it is made.")
    return Section(
        _("What does not hold together"), rows=rows, lead=_("New this week."), more=reverse("coherence"),
        more_label=_("All findings"),
        advice=Advice(said, _("See what is looked for"), reverse("coherence-rules")),
    )  # fmt: skip
