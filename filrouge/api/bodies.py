"""What a request carries: a JSON body read with care, and the key under which it may be sent twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput, Conflict, Refused
from filrouge.people.tokens import Token

from .models import Idempotency

KEPT = timedelta(hours=24)
LONGEST_KEY = 200


def body_of(request: HttpRequest) -> Any:
    """The JSON of a request; none at all is an empty object."""
    raw = request.body
    if not raw.strip():
        return {}
    try:
        found = json.loads(raw, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refused(_("The body is not JSON.")) from None
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


@dataclass(frozen=True)
class Done:
    """What an act came to: an Item, told as it is when asked, or a receipt."""

    status: int
    item: int | None = None
    receipt: Any = None


def once(request: HttpRequest, act: Callable[[], Done]) -> tuple[Done, bool]:
    """With an Idempotency-Key the act is done once: (what it came to, whether it had been done before)."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act(), False
    if len(key) > LONGEST_KEY or not key.isascii():
        most = _("An Idempotency-Key has at most %(most)s ASCII characters.")
        raise BadInput(most % {"most": LONGEST_KEY}, "Idempotency-Key")
    token, digest = request.auth, _digest(request)  # type: ignore[attr-defined]
    Idempotency.objects.filter(token=token, key=key, at__lt=timezone.now() - KEPT).delete()
    known = Idempotency.objects.filter(token=token, key=key).first()
    return (_again(known, digest), True) if known else _first(token, key, digest, act)


def _first(token: Token, key: str, digest: str, act: Callable[[], Done]) -> tuple[Done, bool]:
    try:
        # One transaction: the answer is kept exactly if the act was done; who comes second waits.
        with transaction.atomic():
            kept = Idempotency.objects.create(token=token, key=key, digest=digest)
            done = act()
            kept.status, kept.item_id, kept.receipt = done.status, done.item, done.receipt
            kept.save(update_fields=["status", "item", "receipt"])
        return done, False
    except IntegrityError:
        known = Idempotency.objects.filter(token=token, key=key).first()
        if known is None:
            raise
        return _again(known, digest), True


def _again(kept: Idempotency, digest: str) -> Done:
    if kept.digest != digest:
        raise Conflict(_("This Idempotency-Key was used for another request."), "Idempotency-Key")
    return Done(kept.status, kept.item_id, kept.receipt)


def _digest(request: HttpRequest) -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
