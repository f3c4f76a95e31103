"""Every address declares who may come in, and keeps to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from filrouge.people.access import TABLE, Act
from tests.fixtures.cast import Cast

SIGN_IN = reverse("account_login")
OTHERS = ("account_", "static")
"""Sign-in itself, which allauth guards."""


def patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one


ROUTES = list(patterns(get_resolver()))
OURS: list[tuple[str, Any]] = [
    (path, one) for path, one in ROUTES if not str(one.name or "").startswith(OTHERS)
]


def test_every_route_declares_its_gate() -> None:
    undeclared = [path for path, one in OURS if not hasattr(one.callback, "gate")]
    assert not undeclared, f"no @access on: {', '.join(undeclared)}"
    known = {*Act, "public", "signed_in", "token"}
    assert {one.callback.gate for _path, one in OURS} <= known
    assert len(OURS) > 20


def plain() -> list[tuple[str, Any]]:
    """Routes without an argument, which can be asked for as they are."""
    return [
        (f"/{path}", one.callback.gate)
        for path, one in OURS
        if "<" not in path and not path.startswith("api/") and hasattr(one.callback, "gate")
    ]


@pytest.mark.parametrize("path, gate", plain(), ids=[path for path, _gate in plain()])
def test_a_gate_opens_for_whom_it_says(path: str, gate: Any, cast: Cast) -> None:
    anonymous = Client().get(path)
    if gate == "public":
        assert anonymous.status_code < 500
    else:
        assert anonymous.status_code == 405 or (
            anonymous.status_code == 302 and anonymous["Location"].startswith(SIGN_IN)
        ), path
    for person in cast.everyone:
        client = Client()
        client.force_login(person)
        status = client.get(path).status_code
        assert status < 500, (path, person)
        if isinstance(gate, Act) and person.role not in TABLE[gate].roles:
            assert status in (403, 405), (path, person)


def test_addresses_with_odd_arguments_are_not_failures(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.pm)
    for path, _one in OURS:
        for odd in ("0", "9" * 30, "%00", "x" * 300):
            start, mark, _rest = f"/{path}".partition("<")
            if mark:
                assert client.get(f"{start}{odd}/").status_code < 500, (path, odd)
