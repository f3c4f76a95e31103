"""Plans in: drop a file, see its rows as they would come in, try it, run it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import BadInput
from filrouge.core.origins import source_called
from filrouge.jobs.models import Job, NotPossible
from filrouge.lib.formats import FORMATS
from filrouge.lib.numbers import whole
from filrouge.lib.spreadsheet import write_csv
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import Team

from . import aims
from .importing import columns_of, end, settle
from .jobs import run_import
from .models import PlanImport
from .receiving import Preview, check_mapping, opened
from .shapes import KNOWN, shaped
from .tables import FIELDS, Table

PAST, SHOWN = 50, 50
LABELS: dict[str, Any] = {
    "title": gettext_lazy("Title"), "external_id": gettext_lazy("Id at the source"),
    "outcome": gettext_lazy("What will be better, and for whom"), "status": gettext_lazy("Status"),
    "horizon": gettext_lazy("Horizon"), "starts": gettext_lazy("Starts"), "ends": gettext_lazy("Ends"),
    "shipped_on": gettext_lazy("Shipped on"), "version": gettext_lazy("Version"),
    "team": gettext_lazy("Team"), "address": gettext_lazy("Link"),
}  # fmt: skip


@csrf_exempt  # checked below, after access and size
@require_http_methods(["GET", "POST"])
@access(Act.IMPORT_PLANS)
def plans(request: HttpRequest) -> HttpResponse:
    """Drop a file of plans; what came in before."""
    if request.method == "GET":
        return _drop(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.PLANS_MAX_BYTES:
        return _drop(request, _("This file is too large. Split it, then send the parts one by one."), 413)
    request.upload_handlers = [MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
    answer: HttpResponse = _received(request)
    return answer


@csrf_protect
def _received(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return _drop(request, _("Choose a file first."), 422)
    try:
        made = opened(file.name or "file", file.read(), by=reader_of(request))
    except BadInput as refused:
        return _drop(request, str(refused), 422)
    made.save()
    return redirect(made)


def _drop(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    rows = PlanImport.objects.visible_to(reader_of(request)).select_related("by", "job").defer("content")
    past = list(rows[:PAST])
    for one in past:
        settle(one)
    context = {
        "past": past,
        "error": error,
        "known": [*(shape.label for shape in KNOWN), *(label for label, _aims in aims.SHAPES.values())],
        "accept": ",".join([".md", *(suffix for one in FORMATS.values() for suffix in one.suffixes)]),
        "most": settings.PLANS_MAX_BYTES,
    }
    return render(request, "exchange/plans.html", context, status=status)


def _found(request: HttpRequest, pk: int) -> PlanImport:
    rows = PlanImport.objects.visible_to(reader_of(request)).select_related("by", "job", "team")
    found: PlanImport = get_object_or_404(rows, pk=pk)
    settle(found)
    return found


@require_http_methods(["GET", "POST"])
@access(Act.IMPORT_PLANS)
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """One import, wherever it stands."""
    found = _found(request, pk)
    acts = {"check": _begin, "run": _begin, "cancel": _cancel, "retry": _retry}
    act = acts.get(request.POST.get("act", "")) if request.method == "POST" else None
    return act(request, found) if act else _show(request, found)


def _begin(request: HttpRequest, found: PlanImport) -> HttpResponse:
    if found.state not in PlanImport.WAITING:
        return redirect(found)
    try:
        _read_form(request, found)
    except BadInput as refused:
        return _show(request, found, refused)
    with transaction.atomic():
        # Sent twice at once, the file comes in once; and as the person who said so.
        waiting = PlanImport.objects.select_for_update().filter(pk=found.pk, state__in=PlanImport.WAITING)
        if not waiting.exists():
            return redirect(found)
        found.by = reader_of(request)
        found.restart(dry_run=request.POST["act"] == "check")
        found.job = Job.objects.get(pk=run_import.enqueue(found.pk).id)
        found.save()
    return redirect(found)


def _read_form(request: HttpRequest, found: PlanImport) -> None:
    if "source" not in request.POST:
        return
    found.source = source_called(request.POST["source"])
    found.team = Team.objects.filter(pk=whole(request.POST.get("team", "")) or 0).first()
    if found.shape == Table.name:
        found.mapping = {name: request.POST.get(f"map_{name}", "") for name in FIELDS}
        check_mapping(found.mapping, columns_of(found))


def _cancel(request: HttpRequest, found: PlanImport) -> HttpResponse:
    if found.going and found.job:
        with suppress(NotPossible):  # it has just ended
            found.job.cancel(by=reader_of(request))
    elif found.state not in PlanImport.OVER:
        end(found, PlanImport.State.CANCELLED)
    return redirect(found)


def _retry(request: HttpRequest, found: PlanImport) -> HttpResponse:
    if found.stuck and found.job:
        try:
            found.job.retry(by=reader_of(request))
        except NotPossible as error:
            messages.error(request, str(error))
    return redirect(found)


def _show(request: HttpRequest, found: PlanImport, refused: BadInput | None = None) -> HttpResponse:
    context: dict[str, Any] = {"it": found, "refused": refused, "labels": LABELS, "receipt": found.receipt()}
    context["goals"] = found.shape in aims.SHAPES
    if found.state in PlanImport.WAITING:
        context |= {
            "preview": Preview.of(found),
            "columns": columns_of(found) if found.shape == Table.name else [],
            "fields": FIELDS if found.shape == Table.name else (),
            "format": label_of(found.shape),
            "words": {
                "status": dict(Initiative.Status.choices),
                "horizon": dict(Initiative.Horizon.choices),
            },
            "teams": Team.objects.values_list("pk", "name"),
        }
    return render(request, "exchange/import.html", context, status=422 if refused else 200)


def label_of(shape: str) -> str:
    """What a file was recognised as."""
    return aims.SHAPES[shape][0] if shape in aims.SHAPES else shaped(shape, {}).label or _("A table")


@require_GET
@access(Act.IMPORT_PLANS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of an import's page, asked for every second; the whole page when it has ended."""
    found = _found(request, pk)
    if not found.going:
        return HttpResponse(headers={"HX-Redirect": found.get_absolute_url()})
    return render(request, "exchange/progress.html", {"it": found, "receipt": found.receipt()})


@require_GET
@access(Act.IMPORT_PLANS)
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rows that could not come in, as a file: mend it in a spreadsheet, import it again."""
    found = _found(request, pk)
    rows = list(found.set_aside.all())
    columns = list(dict.fromkeys(name for row in rows for name in row.raw))
    lines = _lines(rows, columns)
    answer = StreamingHttpResponse(
        write_csv(lines, ["line", "column", "reason", *columns], bom=True),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="rejected-{found.pk}.csv"'
    return answer


def _lines(rows: list[Any], columns: list[str]) -> Iterator[list[Any]]:
    for row in rows:
        raw = row.raw
        yield [row.line, row.column, row.why, *(raw.get(name, "") for name in columns)]
