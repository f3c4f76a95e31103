"""The sample, loaded once a module: each test changes it in a transaction of its own, which is undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from filrouge.people.models import User
from filrouge.sample.load import load


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        assert load(progress=lambda said: None)
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def sample(loaded: None, db: None) -> None:
    """The whole sample workspace."""


def one(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")
