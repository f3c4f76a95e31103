"""Who reads words: one as they were said, one masked."""

import pytest

from filrouge.people.models import User


@pytest.fixture
def ops() -> User:
    return User.objects.create_user("ops@example.org", "product_ops")


@pytest.fixture
def sales() -> User:
    return User.objects.create_user("sales@example.org", "stakeholder")
