"""What the sample shows on everybody's home: what this is, and a way through it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from filrouge.desk.home import Section, section
from filrouge.people.models import Role, User

from .places import way
from .tour import has_sample, tour_of

FIRST, LAST = -10, 900


@section(frozenset(Role), FIRST)
def tour(reader: User) -> Section | None:
    """Five steps, until the person puts them away."""
    if reader.toured_at or not has_sample():
        return None
    context = {"tour": tour_of(reader), "way": way(reader) if reader.reads_items else []}
    lead = _("Real users' words, real releases. What the people here made of them is our example.")
    return Section(_("Filrouge in five minutes"), "sample/home_tour.html", context, lead)


@section(frozenset({Role.ADMIN}), LAST)
def keeping(reader: User) -> Section | None:
    """Where an administrator finds the way to an empty workspace."""
    return Section(_("The sample"), "sample/home_keeping.html") if has_sample() else None
