"""What the gallery shows: one reader, in every mood."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

LONG = (
    "Having to set up a server in a particular folder before opening a file is the one thing that stops "
    "my colleagues. We tried a shared folder, then a shared machine, then instructions that nobody read, "
    "and Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft never came back."
)
SURVEY = "I wish I could navigate my computer just as I do with a file explorer, with search and previews."

TOKENS = ["paper", "raised", "sunk", "hover", "ink", "quiet", "faint", "line", "edge"]
TOKENS += ["thread", "thread-text", "thread-wash", "good", "warn"]


def examples() -> dict[str, Any]:
    """Values for each part of the gallery."""
    now = timezone.now()
    return {
        "survey": SURVEY,
        "survey_span": (SURVEY.index("navigate"), SURVEY.index(", with")),
        "long": LONG,
        "now": now,
        "moments": [now - dt.timedelta(minutes=2), now - dt.timedelta(hours=7), now - dt.timedelta(days=40)],
        "stops": stops(),
        "rows": rows(now),
        "columns": columns(),
        "trend": [6, 8, 7, 12, 11, 16, 15, 22, 20, 25, 24, 31],
        "months": [str(month) for month in range(1, 13)],
        "lanes": lanes(),
        "periods": [
            {"label": label, "at": at} for at, label in ((1, "Q4 2026"), (4, "Q1 2027"), (7, "Q2 2027"))
        ]
        + [{"label": _("Later"), "at": 10}],
        "tokens": TOKENS,
    }


def stops() -> list[dict[str, str]]:
    return [
        {"title": _("212 people"), "note": _("said it, 5 sources"), "url": "#thread"},
        {"title": _("3 insights"), "note": _("2 for, 1 against"), "url": "#thread"},
        {"title": _("Opportunity"), "note": _("this page"), "state": "current"},
        {"title": _("Files next to notebooks"), "note": _("roadmap, next"), "url": "#thread"},
        {"title": _("Decision"), "note": _("due 3 December"), "state": "yet"},
        {"title": _("Told"), "note": _("nobody yet"), "state": "yet"},
    ]


def columns() -> list[dict[str, Any]]:
    return [
        {"name": "title", "label": _("Insight"), "sort": "title"},
        {"name": "status", "label": _("Status")},
        {"name": "people", "label": _("People"), "sort": "people", "num": True},
        {"name": "changed", "label": _("Changed"), "sort": "changed", "num": True},
    ]


def rows(now: dt.datetime) -> list[dict[str, Any]]:
    titles = [
        (_("People lose their place when files and notebooks live apart"), _("Open"), "red", 212),
        (_("Teachers want fewer buttons, not more"), _("Doubtful"), "warn", 25),
        (_("Export without code cells is asked for by readers, not by writers"), _("Settled"), "good", 1204),
    ]
    return [
        {
            "title": title,
            "status": status,
            "tone": tone,
            "people": people,
            "changed": now - dt.timedelta(days=3 * at),
        }
        for at, (title, status, tone, people) in enumerate(titles)
    ]


def lanes() -> list[tuple[str, list[dict[str, Any]]]]:
    notebook = [
        _bar(_("Files next to notebooks"), 3, 4, "sel"),
        _bar(_("Export without code cells"), 1, 3, note=_("on time")),
        _bar(_("Merge-friendly format"), 7, 4, "soft"),
    ]
    health = [_bar(_("Sync that never loses a session"), 1, 4, "late", _("late"))]
    return [(_("Notebook"), notebook), (_("Health"), health), (_("Platform"), [])]


def _bar(title: str, at: int, span: int, state: str = "", note: str = "") -> dict[str, Any]:
    return {"title": title, "url": "#timeline", "at": at, "span": span, "state": state, "note": note}
