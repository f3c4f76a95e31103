from collections.abc import Iterator

import pytest

from filrouge.jobs.tests import trials


@pytest.fixture
def calls() -> Iterator[list[object]]:
    """What the trial tasks were called with."""
    trials.CALLS.clear()
    yield trials.CALLS
    trials.CALLS.clear()
