from collections.abc import Iterator

import pytest

from filrouge.jobs.tests import trials
from filrouge.jobs.tests.processes import end_all


@pytest.fixture
def calls() -> Iterator[list[object]]:
    """What the trial tasks were called with."""
    trials.CALLS.clear()
    yield trials.CALLS
    trials.CALLS.clear()


@pytest.fixture(autouse=True)
def nobody_left() -> Iterator[None]:
    yield
    end_all()
