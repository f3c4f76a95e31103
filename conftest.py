"""What every test of the project shares. The fixtures themselves live in tests/fixtures/."""

import hypothesis
import pytest

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

pytest_plugins = [
    "tests.fixtures.shell",
    "tests.fixtures.mailbox",
    "tests.fixtures.cast",
    "tests.fixtures.caller",
    "tests.fixtures.live",
    "tests.fixtures.browser",
    "tests.fixtures.walk",
]

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def _other_engine() -> str:
    from django.db import connection

    return "sqlite" if connection.vendor == "postgresql" else "postgresql"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what touches the database, which runs again on PostgreSQL; drops the other engine's tests."""
    elsewhere = [item for item in items if item.get_closest_marker(_other_engine())]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        wants = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if wants or item.get_closest_marker("django_db"):
            item.add_marker("database")
