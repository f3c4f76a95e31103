"""The screens of an import: drop the log, see what it says, try it, bring it in; and the log as files."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from filrouge.core import lists
from filrouge.core.errors import BadInput, Refused
from filrouge.core.origins import source_called, stem_of
from filrouge.jobs.models import Job
from filrouge.lib.numbers import whole
from filrouge.lib.spreadsheet import write_csv
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import Team
from filrouge.ui.generic import filter_of
from filrouge.ui.itempage import item_of

from .files import MOST_ALTOGETHER, from_upload
from .importing import entries, preview
from .jobs import bring_in
from .logbook import TYPES, file_name, text_of, zipped
from .models import Decision, Log
from .pages import parse

SHOWN, PAST = 20, 30
TOO_LARGE = gettext_lazy("This file is too large. Split it, or use “filrouge import decisions”.")


@csrf_exempt  # checked in `_upload`, once access and size are: a large body is not read to find its token
@require_http_methods(["GET", "HEAD", "POST"])
@access(Act.DECIDE)
def imports(request: HttpRequest) -> HttpResponse:
    """Drop a file or a zip of a folder; what came in before."""
    if request.method != "POST":
        return _drop(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_ALTOGETHER + 10_000:
        return _drop(request, str(TOO_LARGE), 413)
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    answer: HttpResponse = _upload(request)
    return answer


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    try:
        return redirect(_kept(request))
    except Refused as refused:
        return _drop(request, str(refused), 422)


def _kept(request: HttpRequest) -> Log:
    file, format = request.FILES.get("file"), request.POST.get("format", "")
    if format not in Log.Format.values:
        raise BadInput(_("Choose what kind of files these are."), "format")
    if file is None:
        raise BadInput(_("Choose a file first."), "file")
    if (file.size or 0) > MOST_ALTOGETHER:
        raise BadInput(TOO_LARGE, "file")
    name = (file.name or "decisions")[:255]
    files = from_upload(name, file.read(), format)
    made: Log = Log.objects.create(
        name=name, format=format, files=files, source=stem_of(name)[:120], by=reader_of(request)
    )
    return made


def _drop(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    past = Log.objects.filter(by=reader_of(request)).defer("files")[:PAST]
    context = {"past": past, "error": error, "formats": Log.Format.choices, "most": MOST_ALTOGETHER}
    return render(request, "decisions/imports.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Act.DECIDE)
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """One import of one's own, wherever it stands."""
    log = get_object_or_404(Log.objects.select_related("team", "job"), pk=pk, by=reader_of(request))
    if request.method != "POST":
        return _show(request, log)
    return _forget(log) if request.POST.get("act") == "forget" else _begin(request, log)


def _begin(request: HttpRequest, log: Log) -> HttpResponse:
    try:
        source = source_called(request.POST.get("source", ""))
    except BadInput as refused:
        return _show(request, log, str(refused), 422)
    with transaction.atomic():
        mine = Log.objects.select_for_update().filter(pk=log.pk)
        held = mine.filter(state=Log.State.WAITING).first() or (mine.first() if log.stuck else None)
        if held is None:  # sent twice at once, it comes in once
            return redirect(log)
        held.source, held.team, held.state = source, _team(request), Log.State.RUNNING
        result = bring_in.enqueue(held.pk, request.POST.get("act") != "run")
        held.job = Job.objects.get(pk=result.id)
        held.save()
    return redirect(log)


def _team(request: HttpRequest) -> Team | None:
    number = whole(request.POST.get("team", ""))
    own = reader_of(request).managed_team_ids
    return Team.objects.get(pk=number) if number and number in own else None


def _forget(log: Log) -> HttpResponse:
    if log.state == Log.State.WAITING:
        log.delete()
    return redirect("decision-imports")


def _show(request: HttpRequest, log: Log, error: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"it": log, "error": error}
    if log.state == Log.State.WAITING:
        own = Team.objects.filter(pk__in=reader_of(request).managed_team_ids)
        context |= {
            "rows": preview(entries(log.files[:SHOWN], log.format)), "count": len(log.files),
            "teams": [(str(team.pk), team.name) for team in own],
        }  # fmt: skip
    return render(request, "decisions/import.html", context, status=status)


@require_GET
@access(Act.DECIDE)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part, asked for every second; the whole page once it has ended."""
    log = get_object_or_404(Log.objects.select_related("job").defer("files"), pk=pk, by=reader_of(request))
    if log.state != Log.State.RUNNING:
        return HttpResponse(headers={"HX-Redirect": log.get_absolute_url()})
    return render(request, "decisions/progress.html", {"it": log})


@require_safe
@access(Act.DECIDE)
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The files that need a look, each with why: the whole list, to go through in a spreadsheet."""
    log = get_object_or_404(Log.objects.defer("files"), pk=pk, by=reader_of(request))
    told = (log.receipt or log.tried or {}).get("errors", [])
    columns = ("line", "file", "column", "reason")
    lines = write_csv(([one[name] for name in columns] for one in told), columns, bom=True)
    return _file(b"".join(lines), "text/csv; charset=utf-8", f"rejected-{log.pk}.csv")


@require_safe
@access(Act.SEE_ITEMS)
def memo(request: HttpRequest, pk: int, format: str = "madr") -> HttpResponse:
    """`/decisions/42/memo.md`, `.rst`: one decision as Markdown, or with PEP headers."""
    reader = reader_of(request)
    item = item_of(Decision, pk, reader)
    return _file(text_of(item, reader, format).encode(), TYPES[format], file_name(item, format))


@require_safe
@access(Act.EXPORT)
def log(request: HttpRequest, format: str = "madr") -> HttpResponse:
    """`/decisions/log.zip`, `peps.zip`: the log as its page is filtered, one file each."""
    reader = reader_of(request)
    filter, problem = filter_of(request, parse)
    if problem:
        return redirect(f"{reverse('decisions')}?{request.GET.urlencode()}")  # which says what is wrong
    name = f"decisions-{timezone.localdate():%Y-%m-%d}.zip"
    content = zipped(lists.rows(Decision, filter, reader), reader, format)
    return _file(content, "application/zip", name)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
