"""Two product managers who would close a circle at the same instant: the second is told, nothing hangs."""

import threading

import pytest
from django.db import connection, transaction

from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Goal
from filrouge.core.errors import BadInput
from filrouge.core.models import Link

# SQLite lets one write at a time.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def at_once(first, second):
    """Both acts, the first held open until the second has had its time; what the second was told."""
    told: list[Exception] = []

    def act():
        try:
            with transaction.atomic():
                second()
        except Exception as error:
            told.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=act)
    with transaction.atomic():
        first()
        other.start()
        other.join(0.5)
        assert other.is_alive(), "the second did not wait for the first"
    other.join(10)
    assert not other.is_alive()
    return told


@pytest.mark.parametrize("between", [0, 1], ids=["two", "four"])
def test_a_circle_of_dependencies(cast, between):
    """The circle of two, and one of four whose other half stands already."""
    a, b, c, d = (Initiative.create(by=cast.pm, title=name) for name in "abcd")
    if between:
        b.depend(by=cast.pm, needs=c.pk)
        d.depend(by=cast.pm, needs=a.pk)
    low, high = (c, d) if between else (b, a)
    (error,) = at_once(
        lambda: a.depend(by=cast.pm, needs=b.pk), lambda: low.depend(by=cast.pm, needs=high.pk)
    )
    assert isinstance(error, BadInput) and "circle" in str(error)
    assert Dependency.objects.count() == 1 + 2 * between


def test_a_circle_of_goals(cast):
    low, high = (Goal.create(by=cast.pm, title=name) for name in ("Low", "High"))
    (error,) = at_once(lambda: low.link(by=cast.pm, to=high.pk), lambda: high.link(by=cast.pm, to=low.pk))
    assert isinstance(error, BadInput) and "already" in str(error)
    assert Link.objects.filter(relation="contributes").count() == 1
