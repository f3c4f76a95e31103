"""Lists as files: small ones at once, larger ones written by a job for the person who asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from filrouge.core import lists
from filrouge.core.errors import BadInput
from filrouge.core.filters import count
from filrouge.core.kinds import item_type
from filrouge.core.models import Item
from filrouge.core.plain import DIRECT, FORMATS, rows_for_export, written
from filrouge.jobs.models import Job, State
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.ui.jobs import write_export


@require_safe
@access(Act.EXPORT)
def export(request: HttpRequest, model: type[Item]) -> HttpResponse:
    """`/insights/export/?format=csv`: the list as its filter shows it."""
    params = request.GET.copy()
    format = (params.pop("format", None) or ["csv"])[-1]
    if format not in FORMATS:
        return _refused(request, model, _("Exports are CSV or JSON."))
    try:
        rows = rows_for_export(model, lists.parse(model, params), reader_of(request))
    except BadInput as error:
        return _refused(request, model, str(error))
    return _answer(request, model, params, rows, format)


def _answer(
    request: HttpRequest, model: type[Item], params: QueryDict, rows: Any, format: str
) -> HttpResponse:
    if count(rows, DIRECT)[1]:
        query = params.urlencode()
        job = write_export.enqueue(
            slug=model.kind.slug, query=query, format=format, reader=reader_of(request).pk
        )
        return HttpResponseRedirect(reverse("export_progress", args=[job.id]))
    answer = HttpResponse(b"".join(written(model, rows, format)), content_type=FORMATS[format])
    answer["Content-Disposition"] = f'attachment; filename="{file_name(model.kind.slug, format)}"'
    return answer


def file_name(slug: str, format: str) -> str:
    return f"{slug}-{timezone.localdate():%Y-%m-%d}.{format}"


def _refused(request: HttpRequest, model: type[Item], why: str) -> HttpResponse:
    context = {"problem": why, "job": None, "name": "", **way_back(model)}
    return render(request, "ui/export.html", context, status=422)


def way_back(model: Any, query: str = "") -> dict[str, str]:
    """The list that the file is of, as it was filtered."""
    return {"listed": str(model._meta.verbose_name_plural), "list_url": f"/{model.kind.slug}/?{query}"}


@require_safe
@access(Act.EXPORT)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the file is; asks again by itself until it is there."""
    job = mine(request, pk)
    part = "ui/export_progress.html" if request.headers.get("HX-Request") else "ui/export.html"
    context = {
        "job": job, "done": job.state == State.DONE, "problem": "",
        **described(job),
    }  # fmt: skip
    return render(request, part, context)


@require_safe
@access(Act.EXPORT)
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for the person who asked for it."""
    job = mine(request, pk)
    name = described(job)["name"]
    file = path_of(job.pk, name.rpartition(".")[2])
    if job.state != State.DONE or not file.exists():
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)


def _list(asked: dict[str, Any]) -> dict[str, str]:
    name = file_name(asked["slug"], asked["format"])
    return {"name": name, **way_back(item_type(asked["slug"]), asked["query"])}


WRITERS: dict[str, Callable[[dict[str, Any]], dict[str, str]]] = {write_export.module_path: _list}
"""Tasks that write a file for whoever asked -> its name, and where they asked for it."""


def described(job: Job) -> dict[str, str]:
    return WRITERS[job.task](job.payload["kwargs"])


def mine(request: HttpRequest, pk: int) -> Job:
    """The export job that this person started; no other is to be found."""
    job = Job.objects.filter(pk=pk, task__in=WRITERS).first()
    if job is None or job.payload["kwargs"]["reader"] != reader_of(request).pk:
        raise Http404
    return job


def path_of(pk: int, format: str) -> Path:
    return Path(settings.EXPORTS) / f"{pk}.{format}"
