"""Every route says who may come in; a contract test refuses a route that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from .access import Act, may, refusal

View = Callable[..., Any]
Gate = Act | Literal["public", "signed_in"]


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
    return request.user if request.user.is_authenticated else None
