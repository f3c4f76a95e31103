"""About the sample, its tour, and the way out of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filrouge.core.kinds import all_kinds, by_label
from filrouge.core.models import Item
from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User
from filrouge.people.tokens import SetupCode
from filrouge.ui.writing import number
from filrouge.voices.models import Source

from .files import licence, workspace
from .places import way
from .remove import remove
from .tour import has_sample, tour_of


@require_safe
@access("signed_in")
def about(request: HttpRequest) -> HttpResponse:
    """What of the sample is real, under which licence, and what we wrote."""
    reader: User = reader_of(request)
    loaded = has_sample()
    context = {
        "loaded": loaded,
        "origins": origins() if loaded else [],
        "written": written() if loaded else [],
        "may_remove": may(reader, Act.MANAGE_PEOPLE),
        "real_admin": not SetupCode.wanted() and User.objects.filter(role="admin", sample=False).exists(),
    }
    return render(request, "sample/sample.html", context)


def origins() -> list[dict[str, Any]]:
    """Whatever is real in it (words, releases, goals): name, licence with its text, address, what it is."""
    counts = dict(Source.objects.filter(sample=True).annotate(n=Count("words")).values_list("name", "n"))
    told = workspace()
    carried = (*told["sources"], told["releases"], *told["published"])
    return [_origin(one, counts.get(one["name"])) for one in carried]


def _origin(one: dict[str, Any], texts: int | None) -> dict[str, Any]:
    language = "about_fr" if get_language() == "fr" else "about"
    text = licence(one["licence_file"])
    return {**one, "about": one[language].strip(), "licence_text": text, "texts": texts}


def written() -> list[tuple[str, int, str]]:
    """What we wrote, by type: its name, how many, where they are listed."""
    rows = Item.objects.filter(author__sample=True, sample=True).order_by().values_list("type")
    found = [(by_label(label), many) for label, many in rows.annotate(Count("pk"))]
    found.sort(key=lambda row: all_kinds().index(row[0]))
    return [(str(model._meta.verbose_name_plural), many, f"/{model.kind.slug}/") for model, many in found]


@require_safe
@access("signed_in")
def tour(request: HttpRequest) -> HttpResponse:
    """The steps of this person's role, also after they were put away."""
    reader: User = reader_of(request)
    loaded = has_sample()
    context = {
        "loaded": loaded,
        "tour": tour_of(reader) if loaded else None,
        "way": way(reader) if loaded and reader.reads_items else [],
    }
    return render(request, "sample/tour.html", context)


@require_POST
@access("signed_in")
def dismiss(request: HttpRequest) -> HttpResponse:
    """Take the tour off this person's home."""
    User.objects.filter(pk=reader_of(request).pk).update(toured_at=timezone.now())
    messages.success(request, _("The tour is off your home. You find it again under “About the sample”."))
    return redirect("home")


@require_POST
@access(Act.MANAGE_PEOPLE)
def remove_sample(request: HttpRequest) -> HttpResponse:
    """An empty workspace; whoever was one of the sample's people is signed out."""
    reader: User = reader_of(request)
    counts = remove(by=reader)
    if reader.sample:
        logout(request)
        return redirect("welcome")
    texts = ngettext("%(n)s text", "%(n)s texts", counts["words"]) % {"n": number(counts["words"])}
    messages.success(
        request, _("The sample is gone: %(texts)s and everything made of them.") % {"texts": texts}
    )
    return redirect("home")
