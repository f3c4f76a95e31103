"""What every test of the project shares. The fixtures themselves live in tests/fixtures/."""

from collections.abc import Sequence

import pytest

pytest_plugins = ["tests.fixtures.shell", "tests.fixtures.mailbox", "tests.fixtures.live", "tests.fixtures.browser"]

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Marks what touches the database: that half runs a second time, on PostgreSQL."""
    for item in items:
        wants = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if wants or item.get_closest_marker("django_db"):
            item.add_marker("database")
