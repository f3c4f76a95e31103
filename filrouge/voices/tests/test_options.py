"""What a filter offers to choose from."""

import pytest
from django.core.cache import caches

from filrouge.people.models import User
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Source
from filrouge.voices.reading import rating_options
from filrouge.voices.rules import Arrival

pytestmark = pytest.mark.django_db


def test_only_ratings_that_were_given_are_offered() -> None:
    caches["process"].clear()
    by = User.objects.create_user("ops@example.org", "product_ops")
    given = [Arrival(at, f"Text {at}", str(at), rating=rating) for at, rating in enumerate((80, 3, 3, None))]
    receive(Source.objects.create(name="Survey"), given, by=by)
    assert rating_options() == [("3", "3"), ("80", "80")]
