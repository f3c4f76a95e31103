"""A caller of the API, and the Items it talks about."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from filrouge.people.models import User
from filrouge.people.tokens import Scope, Token


@dataclass(frozen=True)
class Caller:
    """Somebody's token at the door."""

    client: Client
    secret: str

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", **more}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            f"/api/v1/{path}", raw, content_type="application/json", headers=self._headers(more)
        )


@pytest.fixture
def caller(db: None) -> Callable[..., Caller]:
    caches["process"].clear()

    def make(user: User, scope: str = Scope.WRITE) -> Caller:
        return Caller(Client(), Token.create(user, scope, by=None)[1])

    return make
