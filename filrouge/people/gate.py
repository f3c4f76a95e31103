"""Every route says who may come in; a contract test refuses a route that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse

from .access import Act, may, refusal

View = Callable[..., Any]
Gate = Act | Literal["public", "signed_in"]
LOOPBACK = {"127.0.0.1", "::1"}
OLD = {"HTTP/1", "HTTP/1.0"}  # as Granian writes it, and as others do
LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
PROXIED = (
    "HTTP_X_FORWARDED",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
    "HTTP_CF_",
    "HTTP_TRUE_CLIENT_IP",
)


class NoFiles(FileUploadHandler):
    """A page takes files only if it says so: a stranger's would be on the disk before anybody asks whose."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def access(gate: Gate) -> Callable[[View], View]:
    """Declare a view's access: an Act of the table, anyone signed in, or anyone at all."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if gate != "public":
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                if isinstance(gate, Act) and not may(request.user, gate):
                    raise PermissionDenied(refusal(gate))
            answer: HttpResponse = view(request, *args, **kwargs)
            return answer

        guarded.gate = gate  # type: ignore[attr-defined]
        return guarded

    return guard


def reader_of(request: HttpRequest) -> Any:
    """The person reading, or None for an anonymous one."""
    # An error may be answered before anybody was looked for.
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def on_this_machine(request: HttpRequest) -> bool:
    """Whether the browser runs where the server does: no proxy between, a local name, a loopback address.

    Behind an https address stands a proxy, and some say nothing of it in their headers. What still speaks
    HTTP/1.0 is no browser: nginx does so to what stands behind it, under a local name if not told another.
    """
    host = request.get_host().rpartition(":")[0] or request.get_host()
    local = request.META.get("REMOTE_ADDR") in LOOPBACK and host in LOCAL_NAMES
    said = any(header.startswith(PROXIED) for header in request.META)
    proxied = settings.HTTPS or said or request.META.get("SERVER_PROTOCOL") in OLD
    return local and not proxied
