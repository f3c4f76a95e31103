"""What the words that arrived bring to a home: those nobody has read, those that could not come in."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.desk.home import Advice, Row, Section, section
from filrouge.people.models import Role, User
from filrouge.voices.models import Words

from .models import Import, Rejected

SHOWN = 4
COUNTED = 1_000
READERS = {Role.PRODUCT_OPS, Role.DESIGN}


@section(READERS, order=10)
def unread(reader: User) -> Section:
    """The newest words that nobody has opened, and how many there are."""
    waiting = Words.objects.visible_to(reader).filter(read_at=None, erased_at=None)
    newest = waiting.annotate(begins=Left("text", 240)).order_by("-id")
    found = newest.values("pk", "title", "begins", "said_at", "language", "source__name")[:SHOWN]
    rows = [
        Row(
            " ".join(words["begins"].split()) or words["title"] or _("(no text)"),
            f"/words/{words['pk']}/",
            words["source__name"],
            at=words["said_at"],
            quoted=True,
            language=words["language"],
        )
        for words in found
    ]
    advice = Advice(_("Nothing waits to be read."), _("Import words"), reverse("imports"))
    lead = _how_many(waiting[: COUNTED + 1].count()) if rows else ""
    return Section(
        _("New words"), rows=rows, lead=lead, more=reverse("inbox"), more_label=_("Read them"), advice=advice
    )


def _how_many(count: int) -> str:
    if count > COUNTED:
        return _("More than 1,000 texts that nobody has read.")
    return ngettext("%(n)s text that nobody has read.", "%(n)s texts that nobody has read.", count) % {
        "n": count
    }


@section({Role.PRODUCT_OPS}, order=20)
def rejected(reader: User) -> Section:
    """Imports with rows that wait to be mended."""
    waits = Exists(Rejected.objects.visible_to(reader).waiting().filter(import_of=OuterRef("pk")))
    found = (
        Import.objects.filter(waits, dry_run=False, rejected__gt=0).select_related("source").order_by("-id")
    )
    rows = [
        Row(
            one.name,
            one.get_absolute_url(),
            one.source_name,
            ngettext("%(n)s row rejected", "%(n)s rows rejected", one.rejected) % {"n": one.rejected},
            "warn",
            one.finished_at,
        )
        for one in found[:SHOWN]
    ]
    advice = Advice(_("No import has rows that wait to be mended."))
    return Section(_("Rows that could not come in"), rows=rows, more=reverse("imports"), advice=advice)
