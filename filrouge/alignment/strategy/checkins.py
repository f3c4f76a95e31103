"""Check-ins: all of one's key results on one screen; what was changed or confirmed is noted at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from filrouge.core.errors import Refused
from filrouge.core.fields import short
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import User

from .answering import own
from .marks import marks_of
from .models import KeyResult, Observation
from .pages import answer
from .scoping import frame
from .standing import Standing, stand

FIELDS = ("value", "confidence", "status", "note")
MOST = 60


@dataclass
class Row:
    """A key result with what is known of it; `given` is what the form holds, `error` why it was refused."""

    item: KeyResult
    stands: Standing
    latest: Observation | None
    given: dict[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def value(self) -> str:
        """What the field is filled with: the value of the latest value, as the reader writes numbers."""
        point = get_format("DECIMAL_SEPARATOR")
        return short(self.latest.value).replace(".", point) if self.latest else ""

    @property
    def due(self) -> bool:
        return self.item.is_due(timezone.now())

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The marks to choose from, for what is measured by marks."""
        if self.item.movement == "binary":
            return [("0", _("not done")), ("1", _("done"))]
        names = [name or str(place) for place, (_share, name) in enumerate(marks_of(self.item.marks), 1)]
        if self.item.movement == "milestone" and names:
            return [("", "–"), *((str(place), name) for place, name in enumerate(names, 1))]
        if self.item.movement == "ordinal":
            return list(enumerate_text(names or [_("failed"), _("committed"), _("target"), _("stretch")]))
        return []

    def take(self, form: Mapping[str, str]) -> bool:
        """Read this row of a sent form; whether anything in it is to be noted."""
        self.given = {name: form.get(f"{name}-{self.item.pk}", "").strip() for name in FIELDS}
        confirmed = f"same-{self.item.pk}" in form
        changed = self.given["value"] != form.get(f"was-{self.item.pk}", self.value)
        return confirmed or changed or any(self.given[name] for name in ("confidence", "status", "note"))

    def note(self, by: User) -> bool:
        given: dict[str, Any] = {"value": self.given["value"] or self.value, "note": self.given["note"]}
        given |= {name: self.given[name] for name in ("confidence", "status") if self.given[name]}
        try:
            self.item.check_in(by=by, source=_("check-in page"), **given)
            return True
        except Refused as refused:
            self.error = str(refused)
            return False


def enumerate_text(names: list[str]) -> list[tuple[str, str]]:
    return [(str(place), name) for place, name in enumerate(names)]


def shown(items: list[KeyResult], form: Mapping[str, str]) -> list[KeyResult]:
    """As many as one screen takes: where that is not all, what was sent, then what is due."""
    if len(items) <= MOST:
        return items
    now = timezone.now()
    return sorted(items, key=lambda item: (f"value-{item.pk}" not in form, not item.is_due(now)))[:MOST]


def rows_of(items: list[KeyResult]) -> list[Row]:
    standings = stand(items)
    of_one = Observation.objects.filter(key_result=OuterRef("pk")).order_by("-at", "-pk")
    last = KeyResult.objects.filter(pk__in=[item.pk for item in items]).values_list(
        Subquery(of_one.values("pk")[:1])
    )
    latest = {one.key_result_id: one for one in Observation.objects.filter(pk__in=last).select_related("by")}
    return [Row(item, standings[item.pk], latest.get(item.pk)) for item in items]


@access(Act.SEE_ITEMS)
@require_http_methods(["GET", "HEAD", "POST"])
def check_ins(request: HttpRequest) -> HttpResponse:
    """Fill in what changed, tick what is still true, send once."""
    reader = reader_of(request)
    items = list(own(reader))
    rows = rows_of(shown(items, request.POST))
    noted = 0
    if request.method == "POST":
        noted = sum(row.note(reader) for row in rows if row.take(request.POST))
        if noted:
            said = ngettext("%(n)s check-in noted.", "%(n)s check-ins noted.", noted) % {"n": noted}
            messages.success(request, said)
        refused = [row for row in rows if row.error]
        if not refused:
            if not noted:
                messages.info(request, _("Nothing was changed or ticked, so nothing was noted."))
            return HttpResponseRedirect(reverse("check-ins"))
        fresh = {row.item.pk: row for row in rows_of(list(own(reader)))}
        rows = [row if row.error else fresh.get(row.item.pk, row) for row in rows]
    errors = [(f"id_value-{row.item.pk}", f"{row.item.title}: {row.error}") for row in rows if row.error]
    context = frame(request, "check-ins") | {"rows": rows, "errors": errors, "sayable": Observation.SAID}
    context["all"] = len(items)
    response = answer(request, "strategy/check_ins.html", context)
    response.status_code = 422 if errors else response.status_code
    return response
