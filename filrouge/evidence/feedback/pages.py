"""The screens of an import: drop a file, map its columns, try it, run it, mend what was rejected."""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from filrouge.core.errors import Refused
from filrouge.jobs.models import Job, NotPossible
from filrouge.lib.formats import FORMATS, CannotRead
from filrouge.lib.mapping import FIELDS
from filrouge.lib.numbers import whole
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.voices.models import Source

from . import mending, uploads
from .importing import Refusal, check_mapping, check_source_name, end, forget, settle
from .jobs import run_import
from .models import Import, Rejected

PAST = 50
FULL = {errno.ENOSPC, errno.EDQUOT}
LABELS: dict[str, Any] = {
    "text": gettext_lazy("Text"), "external_id": gettext_lazy("Id at the source"),
    "created_at": gettext_lazy("Said on"), "title": gettext_lazy("Title"), "author": gettext_lazy("Author"),
    "email": gettext_lazy("E-mail of the author"), "company": gettext_lazy("Company"),
    "url": gettext_lazy("Link"), "language": gettext_lazy("Language"), "rating": gettext_lazy("Rating"),
}  # fmt: skip
HINTS: dict[str, Any] = {
    "text": gettext_lazy("What the user said."),
    "external_id": gettext_lazy(
        "The same id never comes in twice. Without one, it is made from the content."
    ),
    "email": gettext_lazy("Sealed; only those who may see people read it."),
}


@csrf_exempt  # checked below, after access and size: a body of gigabytes is not read to find its token
@require_http_methods(["GET", "POST"])
@access(Act.IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """Drop a file; what came in before."""
    if request.method == "POST":
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.IMPORT_MAX_BYTES:
            return _drop(
                request, _("This file is too large. Split it, or use “filrouge import feedback”."), 413
            )
        return _received(request)
    return _drop(request)


def _received(request: HttpRequest) -> HttpResponse:
    taking = TemporaryFileUploadHandler(request)
    request.upload_handlers = [taking]
    try:
        answer: HttpResponse = _upload(request)
    except OSError as error:
        if error.errno not in FULL:
            raise
        with suppress(OSError):
            taking.upload_interrupted()
        full = _("The disk of Filrouge is full. Make room on it, then send it again.")
        return _drop(request, full, 507)
    return answer


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return _drop(request, _("Choose a file first."), 422)
    try:
        made = uploads.keep(file, reader_of(request))
    except CannotRead as refused:
        return _drop(request, str(refused), 422)
    return redirect(made)


def _drop(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    past = list(Import.objects.select_related("by", "job")[:PAST])
    for one in past:
        settle(one)
    waiting = Rejected.objects.waiting().filter(import_of=None).count()
    accept = ",".join(suffix for one in FORMATS.values() for suffix in one.suffixes)
    context = {
        "past": past,
        "error": error,
        "accept": accept,
        "by_api": waiting,
        "most": settings.IMPORT_MAX_BYTES,
    }
    return render(request, "feedback/imports.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access(Act.IMPORT)
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """One import, wherever it stands."""
    found = get_object_or_404(Import.objects.select_related("by", "job", "source"), pk=pk)
    settle(found)
    if request.method == "POST":
        return _act(request, found)
    return _show(request, found)


def _act(request: HttpRequest, found: Import) -> HttpResponse:
    acts = {"check": _begin, "run": _begin, "cancel": _cancel, "retry": _retry, "remap": _remap}
    act = acts.get(request.POST.get("act", ""))
    return act(request, found) if act else redirect(found)


def _begin(request: HttpRequest, found: Import) -> HttpResponse:
    if found.state not in Import.WAITING:
        return redirect(found)
    preview = uploads.Preview.of(found)
    if "source" in request.POST:
        found.source_name = request.POST["source"].strip()
        found.mapping = uploads.mapping_from(request.POST, preview.columns)
    try:
        check_source_name(found.source_name)
        check_mapping(found.mapping, preview.columns)
    except Refusal as refused:
        return _show(request, found, str(refused), 422)
    with transaction.atomic():
        # Sent twice at once, the file comes in once.
        if not Import.objects.select_for_update().filter(pk=found.pk, state__in=Import.WAITING).exists():
            return redirect(found)
        found.restart(dry_run=request.POST["act"] == "check")
        result = run_import.enqueue(found.pk)
        found.job = Job.objects.get(pk=result.id)
        found.save()
    return redirect(found)


def _cancel(request: HttpRequest, found: Import) -> HttpResponse:
    if found.going and found.job:
        with suppress(NotPossible):  # it has just ended
            found.job.cancel(by=reader_of(request))
        settle(found)
    elif found.state not in Import.OVER:
        end(found, Import.State.CANCELLED)
        forget(found)
    return redirect(found)


def _retry(request: HttpRequest, found: Import) -> HttpResponse:
    if found.stuck and found.job:
        try:
            found.job.retry(by=reader_of(request))
        except NotPossible as error:
            messages.error(request, str(error))
    return redirect(found)


def _remap(request: HttpRequest, found: Import) -> HttpResponse:
    if found.state == Import.State.CHECKED:
        found.state = Import.State.UPLOADED
        found.save()
    return redirect(found)


def _show(request: HttpRequest, found: Import, error: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "it": found,
        "error": error,
        "receipt": found.receipt() if not found.going else None,
        "labels": LABELS,
    }
    if found.state in Import.WAITING:
        preview = uploads.Preview.of(found)
        context |= {
            "preview": preview, "fields": FIELDS, "hints": HINTS,
            "sources": Source.objects.values_list("name", flat=True)[:200], "is_segment": uploads.is_segment,
        }  # fmt: skip
    return render(request, "feedback/import.html", context, status=status)


@require_GET
@access(Act.IMPORT)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of an import's page, asked for every second; the whole page when it has ended."""
    found = get_object_or_404(Import.objects.select_related("by", "job"), pk=pk)
    settle(found)
    if not found.going:
        return HttpResponse(headers={"HX-Redirect": found.get_absolute_url()})
    return render(request, "feedback/progress.html", {"it": found})


@require_http_methods(["GET", "POST"])
@access(Act.IMPORT)
def rejected(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The rows that could not come in; each can be mended and sent again."""
    found = get_object_or_404(Import, pk=pk) if pk is not None else None
    if request.method == "POST":
        return _mend(request, found)
    return _rejected(request, found)


def _mend(request: HttpRequest, found: Import | None) -> HttpResponse:
    rows = Rejected.objects.visible_to(reader_of(request)).waiting().filter(import_of=found)
    row = get_object_or_404(rows, pk=whole(request.POST.get("row", "")))
    names = [cell.name for cell in mending.cells_of(row)]
    values = {name: request.POST.get(f"value_{name}", "") for name in names}
    try:
        mending.mend(row, values, reader_of(request))
    except Refused as refused:
        return _rejected(
            request, found, row.pk, {"values": values, "field": refused.field, "error": str(refused)}
        )
    messages.success(request, _("Line %(line)d is in.") % {"line": row.line})
    return redirect(request.get_full_path())


def _rejected(
    request: HttpRequest, found: Import | None, open_row: int = 0, again: dict[str, Any] | None = None
) -> HttpResponse:
    """One page of rows, after the line and id that `after` names."""
    rows = Rejected.objects.visible_to(reader_of(request)).filter(import_of=found).select_related("import_of")
    line, pk = (whole(part) for part in request.GET.get("after", "").partition(".")[::2])
    if line is not None and pk is not None:
        rows = rows.filter(Q(line__gt=line) | Q(line=line, pk__gt=pk))
    page = list(rows[: mending.PAGE + 1])
    last = page[mending.PAGE - 1] if len(page) > mending.PAGE else None
    listed = [
        {"row": row, "cells": mending.cells_of(row) if not row.mended_at else [], "raw": mending.line_of(row)}
        for row in page[: mending.PAGE]
    ]
    context = {
        "it": found, "rows": listed, "labels": LABELS, "open_row": open_row, "again": again or {},
        "older": f"?after={last.line}.{last.pk}" if last else "",
    }  # fmt: skip
    return render(request, "feedback/rejected.html", context, status=422 if again else 200)


@require_GET
@access(Act.IMPORT)
def rejected_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rejected rows as a file: mend it in a spreadsheet, import it again."""
    found = get_object_or_404(Import, pk=pk)
    answer = StreamingHttpResponse(mending.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejected-{found.pk}.csv"'
    return answer
