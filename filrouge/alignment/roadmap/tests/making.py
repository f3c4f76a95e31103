"""What the tests of the roadmap make."""

from filrouge.alignment.roadmap.models import Initiative


def make(cast, title="Files", by=None, **fields):
    return Initiative.create(by=by or cast.pm, title=title, **fields)
