"""The sections of a home that belong to no capability: upkeep, what may be told, one's own proposals."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from textwrap import shorten
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.core.lists import faces, outside
from filrouge.core.models import Face, Item
from filrouge.jobs.models import Job, state
from filrouge.people.access import TABLE, Act
from filrouge.people.models import Role, User
from filrouge.people.tokens import Invitation
from filrouge.voices.models import Source

from .home import Advice, Row, Section, section
from .proposals import PROPOSED, proposed_by, waiting_for
from .upkeep import USE_DAYS, last_backup, use_by_team

SHOWN = 6
OLD_BACKUP = timedelta(days=7)
PROPOSAL = ("type", "title", "created_at", "author__name", "author__email", "team__name")
OUTSIDE = (Role.STAKEHOLDER, Role.GUEST)
PROPOSERS = TABLE[Act.PROPOSE].roles - {Role.PRODUCT_MANAGER}


@section({Role.ADMIN}, order=10)
def set_up(reader: User) -> Section:
    """What is set up, what is not, and where to do it."""
    facts = [_people(), _sources(), _mail(), _backup(), _jobs()]
    return Section(
        _("The installation"),
        "desk/home_setup.html",
        {"facts": facts},
        lead=_("Red is what to do next."),
    )


Fact = dict[str, Any]


def _people() -> Fact:
    count = User.objects.filter(is_active=True).count()
    text = ngettext("%(n)s person signs in", "%(n)s people sign in", count) % {"n": count}
    return {
        "name": _("People"),
        "text": text,
        "todo": count < 2,
        "do": _("Invite somebody"),
        "url": reverse("people"),
    }


def _sources() -> Fact:
    count = Source.objects.count()
    text = ngettext("%(n)s source", "%(n)s sources", count) % {"n": count} if count else _("none yet")
    return {
        "name": _("Users' words"),
        "text": text,
        "todo": not count,
        "do": _("Import a file"),
        "url": reverse("imports"),
    }


def _mail() -> Fact:
    ready = bool(settings.EMAIL_HOST)
    text = (
        _("sent through %(host)s") % {"host": settings.EMAIL_HOST}
        if ready
        else _("no mail server: invitations and new passwords stay in the data folder; set EMAIL_HOST")
    )
    return {"name": _("Mail"), "text": text, "todo": not ready}


def _backup() -> Fact:
    at = last_backup()
    late = at is None or timezone.now() - at > OLD_BACKUP
    text = "" if at else _("never; run “filrouge backup FILE”")
    return {"name": _("Last backup"), "text": text, "at": at, "todo": late}


def _jobs() -> Fact:
    found = state()
    running = found["worker"] == "ok"
    text = _("the worker runs") if running else _("no worker runs: start it with “filrouge worker”")
    if dead := int(found["dead"]):
        text = ngettext("%(n)s job failed for good", "%(n)s jobs failed for good", dead) % {"n": dead}
    board = {"do": _("Look at them"), "url": reverse("jobs:board")} if dead else {}
    return {"name": _("Background work"), "text": text, "todo": bool(dead) or not running, **board}


@section({Role.ADMIN}, order=20)
def invitations(reader: User) -> Section:
    """Who was invited and has not come yet."""
    waiting = Invitation.objects.open().select_related("team").order_by("expires_at")[:SHOWN]
    rows = [
        Row(
            invited.email,
            note=" · ".join([invited.get_role_display(), *([invited.team.name] if invited.team else [])]),
            fact=_("expires"),
            at=invited.expires_at.date(),
        )
        for invited in waiting
    ]
    advice = Advice(_("Nobody is waiting to come in."), _("Invite somebody"), reverse("people"))
    return Section(_("Invited, not here yet"), rows=rows, advice=advice, more=reverse("people"))


@section({Role.PRODUCT_OPS}, order=30)
def failed_jobs(reader: User) -> Section:
    """Background work that nobody will try again unless a person asks."""
    rows = [
        Row(job.title, reverse("jobs:board"), note=job.reason, at=job.finished_at)
        for job in Job.objects.dead()[:SHOWN]
    ]
    advice = Advice(_("No background work has failed."))
    return Section(_("Failed background work"), rows=rows, advice=advice, more=reverse("jobs:board"))


@section({Role.PRODUCT_OPS}, order=40)
def teams_that_use_it(reader: User) -> Section:
    """Teams with the people who wrote something lately; in the order of their names, never as a ranking."""
    found = use_by_team()
    advice = Advice(
        _("No team yet. Make the first one, then invite its people."), _("New team"), reverse("new_team")
    )
    return Section(
        _("Teams that use it"),
        "desk/home_use.html",
        {"teams": found},
        lead=_("Who wrote something in the last %(days)s days, of those in the team. Reading is not counted.")
        % {"days": USE_DAYS},
        empty=not found,
        advice=advice,
        more=reverse("teams"),
    )


@section(OUTSIDE, order=10)
def to_tell(reader: User) -> Section:
    """The newest approved wordings, and a search over all of them."""
    newest = list(faces(None, reader).order_by("-approved_at", "-pk")[:SHOWN])
    customers = outside(newest)
    rows = [_told(face, customers) for face in newest]
    advice = Advice(
        _("Nothing has been approved for you yet. Product managers choose the words; propose what you miss."),
        _("Propose a roadmap item"), reverse("item_make", args=["initiatives", "propose"]), True,
    ) if reader.role == Role.STAKEHOLDER else Advice(_("Nothing has been approved for you yet."))  # fmt: skip
    return Section(
        _("What you may tell"),
        "desk/home_told.html" if rows else "desk/home_rows.html",
        {"rows": rows},
        lead=_("In these words: somebody approved them for you."),
        empty=not rows,
        advice=advice,
        more=reverse("told"),
    )


def _told(face: Face, customers: Collection[int]) -> Row:
    return Row(
        face.title,
        reverse("told") + f"#told-{face.item_id}",
        note=shorten(face.text, 180, placeholder="…"),
        fact=_who_may_hear(face, face.item_id in customers),
        language=face.language,
    )


def _who_may_hear(face: Face, customers: bool) -> str:
    """Said beside the words: what is approved for colleagues only is not for a customer's ears."""
    whom = _("customers too") if customers else _("inside the company")
    return f"{whom} · {face.shown_date}" if face.shown_date else whom


@section({Role.PRODUCT_MANAGER}, order=30)
def proposed_to_me(reader: User) -> Section:
    """What waits in the tray of this person's teams, the oldest first."""
    waiting = waiting_for(reader).select_related("author", "team").only(*PROPOSAL)[:SHOWN]
    rows = [
        Row(one.title, one.get_absolute_url(), _from(one), one.type_name.capitalize(), at=one.created_at)
        for one in waiting
    ]
    return Section(
        _("Proposed to you"), rows=rows, lead=_("The oldest first."), more=reverse("tray"),
        more_label=_("The tray"), advice=Advice(_("Nobody waits for an answer from you.")),
    )  # fmt: skip


def _from(item: Item) -> str:
    return " · ".join(str(one) for one in (item.author, item.team) if one)


@section(PROPOSERS, order=60)
def own_proposals(reader: User) -> Section | None:
    """What this person proposed, and what became of it; they wrote it, so they may read the answer."""
    rows = [_proposal(item, reader) for item in proposed_by(reader, SHOWN)]
    if not rows and reader.role != Role.STAKEHOLDER:
        return None
    advice = Advice(
        _("You have proposed nothing yet. A proposal goes to a team's tray; its product manager answers."),
        _("Propose a roadmap item"), reverse("item_make", args=["initiatives", "propose"]), True,
    )  # fmt: skip
    return Section(_("What became of your proposals"), rows=rows, advice=advice)


def _proposal(item: Any, reader: User) -> Row:
    where = [f"{item.type_name.capitalize()}, {item.team.name}" if item.team else item.type_name.capitalize()]
    note = " · ".join(where + ([item.reason] if item.reason else []))
    url = item.get_absolute_url() if reader.reads_items else ""
    tone = "warn" if item.status == PROPOSED else ""
    return Row(item.shown, url, note, item.status_label, tone, item.changed_at)


@section({Role.STAKEHOLDER}, order=50)
def capture(reader: User) -> Section:
    """The shortest way to leave what a customer said."""
    advice = Advice(
        _("Did a customer say something? Write it down as they said it; the product teams read it today."),
        _("Write it down"), reverse("capture"), True,
    )  # fmt: skip
    return Section(_("What you heard"), rows=[], advice=advice)
