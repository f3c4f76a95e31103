"""Where in the sample a tour leads."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from filrouge.core.kinds import by_label
from filrouge.core.models import Item
from filrouge.people.models import User
from filrouge.ui.writing import number
from filrouge.voices.models import Words

from .files import workspace

SEARCHED, ANSWER = "version control", "jnb15-263-hinderances"
RELEASE, TOLD, PROBLEM, OPEN = "7.3", "once", "versions", "readable"
WAY = ("unreadable", PROBLEM, "diff", OPEN)
Places = Mapping[str, tuple[int, str]]


def title_of(key: str) -> str:
    """The title under which we wrote an Item of the sample."""
    told = workspace()
    kinds = ("opportunities", "insights", "initiatives", "decisions")
    return next(str(one["title"]) for kind in kinds for one in told[kind] if one["key"] == key)


def addresses() -> dict[str, str]:
    """Where each step begins; the list of its kind where somebody renamed or archived what it was about."""
    place = _places()
    answer = (
        Words.objects.filter(source__sample=True, external_id=ANSWER).values_list("pk", flat=True).first()
    )
    words = f"/words/{answer}/" if answer else "/inbox/"
    decision = _page(place, OPEN, "/decisions/")
    return {
        "search": f"/search/?{urlencode({'q': SEARCHED})}",
        "read": words,
        "quote": words,
        "brief": _page(place, PROBLEM, "/opportunities/", "brief/"),
        "decide": decision,
        "insight": "/insights/new/create/",
        "thread": _page(place, RELEASE, "/initiatives/", "thread/"),
        "comment": decision,
        "propose": "/opportunities/new/propose/",
        "about": "/sample/",
        "news": _page(place, RELEASE, "/initiatives/"),
        "told": _page(place, TOLD, "/decisions/"),
        "capture": "/words/new/",
    }


def _places() -> Places:
    titles = {title_of(key): key for key in (RELEASE, TOLD, PROBLEM, OPEN)}
    found = Item.objects.filter(author__sample=True, sample=True, archived_at=None, title__in=titles)
    rows = found.values_list("title", "pk", "type")
    return {titles[title]: (pk, by_label(label).kind.slug) for title, pk, label in rows}


def _page(place: Places, key: str, other: str, more: str = "") -> str:
    return f"/{place[key][1]}/{place[key][0]}/{more}" if key in place else other


def way(reader: User) -> list[dict[str, str]]:
    """The thread that this sample hangs on, as stops: from users' words to the open decision."""
    wanted = [title_of(key) for key in WAY]
    seen = Item.objects.visible_to(reader).filter(author__sample=True, sample=True, title__in=wanted)
    found = {item.title: item for item in seen}
    said = Words.objects.filter(source__sample=True).count()
    first = {"title": _("%(n)s texts") % {"n": number(said)}, "note": _("what users said"), "url": "/inbox/"}
    return [first, *(_stop(found[title]) for title in wanted if title in found)]


def _stop(item: Item) -> dict[str, str]:
    state = f"{item.type_name}, {item.status_label.lower()}" if item.status else item.type_name
    shape = "open" if item.status in ("planned", "open") and item.slug != "opportunities" else "done"
    return {"title": item.title, "note": state, "url": item.get_absolute_url(), "state": shape}
