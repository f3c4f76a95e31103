"""One Item of each Kind, in each situation that access looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from filrouge.core.kinds import all_kinds
from filrouge.core.models import Item
from filrouge.people.models import Team, User
from filrouge.voices.models import Source, Words
from tests.fixtures.cast import Cast

Make = Callable[..., Any]


def words() -> Words:
    source = Source.objects.get_or_create(name="Survey")[0]
    number = Words.objects.count()
    return Words.objects.create(
        source=source, external_id=str(number), text="I lose my place in the notebook.", language="en",
        said_at="2026-01-02T03:04:05Z",
    )  # fmt: skip


@pytest.fixture
def item(cast: Cast) -> Make:
    """`item(model, team=..., author=..., circle=...)`: one of any Kind, made past the Verbs' access."""

    def make(model: type[Item], team: Team | None = None, author: User | None = None, **fields: Any) -> Item:
        required = {"version": words().frozen(), "start": 2, "end": 6} if model.__name__ == "Quote" else {}
        made = model(
            type=model.type_label(), title=f"One of {model.kind.slug}", author=author or cast.pm,
            team=team or cast.team, status=model.starts_as, **required, **fields,
        )  # fmt: skip
        made.remember("create", by=made.author, before={})
        return made

    return make


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        kinds = all_kinds()
        metafunc.parametrize("kind", kinds, ids=[model.kind.slug for model in kinds])
