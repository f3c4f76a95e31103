"""What goals bring to a home: the check-ins that wait for this person."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.desk.home import Row, Section, section
from filrouge.people.models import PRODUCT_ROLES, User

from .jobs import due_of
from .models import KeyResult
from .wording import promise_said, value_said

SHOWN = 5


@section(PRODUCT_ROLES, order=25)
def to_check_in(reader: User) -> Section | None:
    """Key results that this person answers for and that nobody has said anything of lately."""
    due = due_of(reader, timezone.now())
    if not due:
        return None
    return Section(
        _("Check-ins"),
        rows=[_row(one) for one in due[:SHOWN]],
        lead=_("Your key results that wait for a word: all on one page."),
        more=reverse("check-ins"),
        more_label=_("Check in"),
    )


def _row(one: KeyResult) -> Row:
    note = f"{value_said(one, one.value)}, {promise_said(one)}"
    fact = _("last said") if one.checked_at else _("never checked in")
    return Row(one.title, one.get_absolute_url(), note, fact, at=one.checked_at)
