"""The roadmap of those who read approved wordings: what comes, when, and whether customers may hear it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy

from filrouge.core import lists
from filrouge.core.traces import Face
from filrouge.people.models import User
from filrouge.ui.generic import filter_of, makers

from .models import Initiative

MOST = 200
STATUS, HORIZON = Initiative.Status, Initiative.Horizon
ENDED, ENDED_LABEL = "ended", gettext_lazy("No longer planned")
SHIPPED = pgettext_lazy("heading", "Shipped")


@dataclass(frozen=True)
class Said:
    """A wording as it was approved, and the one that customers read, where there is one."""

    face: Face
    outside: Face | None = None

    @property
    def status(self) -> str:
        return str(self.face.fields.get("status") or "")

    @property
    def started(self) -> bool:
        return self.status == STATUS.STARTED

    @property
    def part(self) -> str:
        """What it stands under: a horizon, or how it ended."""
        if self.status == STATUS.SHIPPED:
            return STATUS.SHIPPED
        if self.status in (STATUS.DROPPED, STATUS.DECLINED):
            return ENDED
        return HORIZON(self.face.fields.get("horizon") or HORIZON.LATER)

    @property
    def version(self) -> str:
        return str(self.face.fields.get("version") or "")

    @property
    def shipped_on(self) -> date | None:
        day = self.face.fields.get("shipped_on")
        return date.fromisoformat(day) if day else None


def parts(faces: Collection[Face]) -> list[tuple[str, list[Said]]]:
    """Wordings under now, next, later, shipped and no longer planned; headings without any are left out."""
    customers = lists.outside(faces)
    said = [Said(face, customers.get(face.item_id)) for face in faces]
    found: dict[str, list[Said]] = {part: [] for part in (*HORIZON.values, STATUS.SHIPPED, ENDED)}
    for one in said:
        found[one.part].append(one)
    headings = (*HORIZON.labels, SHIPPED, ENDED_LABEL)
    named = zip(headings, found.values(), strict=True)
    return [(str(heading), ones) for heading, ones in named if ones]


def told(request: HttpRequest, reader: User) -> HttpResponse:
    """What is approved to be read, found by words or read by horizon."""
    chosen, problem = filter_of(request, lists.face_filter)
    rows = lists.face_rows(Initiative, chosen, reader).order_by("-approved_at", "-pk")[: MOST + 1]
    faces = list(rows)
    context = {
        "filter": chosen, "problem": problem, "parts": parts(faces[:MOST]),
        "cut": len(faces) > MOST, "makers": makers(Initiative, reader),
    }  # fmt: skip
    return render(request, "roadmap/told.html", context, status=422 if problem else 200)
