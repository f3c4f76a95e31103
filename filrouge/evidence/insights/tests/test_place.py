"""Where a quote stands: offsets, or the words themselves."""

import pytest

from filrouge.core.errors import BadInput
from filrouge.evidence.insights.models import place

WHOLE = "I wish I could navigate, navigate again"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(15, 23, ""), (None, None, "navigate"), (15, 23, "navigate"), (14, 24, "navigate,")],
)
def test_it_is_found(start, end, text):
    first, last = place(WHOLE, start, end, text)
    assert "navigate" in WHOLE[first:last]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (None, None, ""),
        (None, None, "never said"),
        (5, 5, ""),
        (0, 400, ""),
        (1, 2, ""),
        (3, None, ""),
        (0, 6, "navigate"),
    ],
)
def test_words_that_are_not_there_are_refused(start, end, text):
    with pytest.raises(BadInput):
        place(WHOLE, start, end, text)
