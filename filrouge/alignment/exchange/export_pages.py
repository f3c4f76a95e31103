"""Everything out: the folder as a zip, as whoever asks may read it."""

from __future__ import annotations

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of

from .folder import wordings
from .folder.outside import zipped
from .jobs import write_folder


def file_name() -> str:
    return f"filrouge-{timezone.localdate():%Y-%m-%d}.zip"


@access("signed_in")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A job writes the folder for the product teams; others get the wordings approved for them at once."""
    reader = reader_of(request)
    if may(reader, Act.EXPORT):
        return redirect("export_progress", write_folder.enqueue(reader=reader.pk).id)
    out = BytesIO()
    zipped(wordings.files(reader), out)
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{file_name()}"'
    return answer
