"""When a person is erased: the quotes taken from their words."""

from __future__ import annotations

from filrouge.core.circles import Circle
from filrouge.core.models import Face
from filrouge.people.models import User
from filrouge.voices.erasure import ERASED, Trace

from .models import Quote


def forget_quotes(trace: Trace, by: User | None) -> dict[str, int]:
    """A quote of erased words stays on its thread and says no more; what wider circles read of it is gone."""
    quotes = Quote.objects.filter(version__words__in=trace.words).select_for_update(of=("self",))
    faces = 0
    for quote in quotes:
        before = quote.snapshot()
        faces += Face.objects.filter(item_id=quote.pk).delete()[0]
        quote.title = ERASED
        if quote.circle in (Circle.COMPANY, Circle.WORLD):
            quote.circle = Circle.TEAM
        quote.remember("erase", by=by, before=before)
    return {"quotes": len(quotes), "faces": faces}
