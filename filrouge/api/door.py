"""The door of the API: whose token it is, how often it knocks, and how every refusal is said."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from filrouge.core.errors import BadInput, Forbidden, Refused
from filrouge.core.plain import dumps
from filrouge.lib.dates import zone
from filrouge.people.models import User
from filrouge.people.tokens import Scope, Token

log = logging.getLogger(__name__)
WINDOW = 60
READING = ("GET", "HEAD")


class TooMany(Refused):
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(_("Too many requests. Wait %(seconds)s seconds.") % {"seconds": seconds})
        self.seconds = seconds


class Bearer(HttpBearer):
    """`Authorization: Bearer flr_...`: the request acts as the token's person, in their language."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        held = Token.of(token.strip())
        if held is None:
            return None
        translation.activate(held.user.language)
        timezone.activate(zone(held.user.timezone))
        knock(held)
        scope = Scope.READ if request.method in READING else Scope.WRITE
        if not held.covers(scope):
            raise Forbidden(_("This token may only read. Make one with the scope “write”."))
        return held


def knock(token: Token) -> None:
    """Count the token's requests of this minute, in this process."""
    now = time.time()
    key = f"api:{token.pk}:{int(now // WINDOW)}"
    cache = caches["process"]
    cache.add(key, 0, WINDOW * 2)
    if cache.incr(key) > settings.API_PER_MINUTE:
        raise TooMany(math.ceil(WINDOW - now % WINDOW))


def by_of(request: HttpRequest) -> User:
    """The person that the token acts as."""
    user: User = request.auth.user  # type: ignore[attr-defined]
    return user


def answer(value: object, status: int = 200, **headers: str) -> HttpResponse:
    kept = {"Cache-Control": "no-store", "Content-Language": translation.get_language() or "en"}
    return HttpResponse(dumps(value), content_type="application/json", status=status, headers=kept | headers)


def refused(error: Refused) -> HttpResponse:
    said: dict[str, Any] = {"error": str(error)}
    if error.field:
        said["field"] = error.field
    if isinstance(error, BadInput) and len(error.every) > 1:
        said["errors"] = [{"field": field, "error": sentence} for field, sentence in error.every]
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooMany) else {}
    return answer(said, error.status, **headers)


TOO_LARGE = gettext_lazy("The request is too large, or broke off.")
REFUSALS: dict[type[Exception], tuple[int, Promise]] = {
    AuthenticationError: (401, gettext_lazy("A token is needed: Authorization: Bearer …")),
    Http404: (404, gettext_lazy("There is nothing here, or you may not see it.")),
    IntegrityError: (409, gettext_lazy("Something else changed at the same moment. Send it again.")),
    RequestDataTooBig: (400, TOO_LARGE),
    UnreadablePostError: (400, TOO_LARGE),
    SuspiciousOperation: (400, TOO_LARGE),
}


def hang(api: NinjaAPI) -> None:
    """Say every refusal in the one shape."""
    api.add_exception_handler(Exception, _broken)
    api.add_exception_handler(Refused, _refused)
    for trouble in REFUSALS:
        api.add_exception_handler(trouble, partial(_refusing, trouble))


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return refused(error)


def _refusing(trouble: type[Exception], request: HttpRequest, error: Any) -> HttpResponse:
    status, sentence = REFUSALS[trouble]
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return answer({"error": str(sentence)}, status, **headers)


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("The API failed at %s %s", request.method, request.path, exc_info=error)
    return answer({"error": _("Something broke on our side. Nothing of this request was kept.")}, 500)


def guarded(view: Callable[..., Any], gate: str = "token") -> Callable[..., Any]:
    """A route that declares its gate, and says a wrong method in JSON too."""

    @wraps(view)
    def behind_the_door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = ", ".join(sorted(response["Allow"].split(", ")))
            return answer(
                {"error": _("This address takes %(methods)s.") % {"methods": allowed}}, 405, Allow=allowed
            )
        return response

    behind_the_door.gate = gate  # type: ignore[attr-defined]
    return behind_the_door
