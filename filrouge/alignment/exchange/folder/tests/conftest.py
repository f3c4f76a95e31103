"""A small roadmap, and a few goals."""

from __future__ import annotations

from datetime import date

import pytest

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Goal, KeyResult
from tests.fixtures.cast import Cast


@pytest.fixture
def told(cast: Cast) -> Cast:
    item = Initiative.create(
        by=cast.pm, title="Offline mode", outcome="One\n\nTwo: three", ends=date(2027, 1, 31)
    )
    item.start(by=cast.pm)
    decision = Decision.create(
        by=cast.pm, title="Build it?", from_items=[{"item": item.pk, "note": "Now or never"}]
    )
    decision.decide(by=cast.pm, rationale="Trains have tunnels", outcome="Yes")
    item.revise(by=cast.pm, product=cast.area.pk)
    Initiative.propose(by=cast.ops, title="Émojis & co: “yes”?", team=cast.team.pk)
    return cast


@pytest.fixture
def aimed(cast: Cast) -> Cast:
    goal = Goal.create(by=cast.pm, title="People write everywhere", description="Trains, too")
    low = Goal.create(by=cast.pm, title="Less waiting", parent=goal.pk)
    measured = {"type": "decrease", "start": "8", "target": "2"}
    result = KeyResult.create(by=cast.pm, title="Saves lost", objective=low.pk, **measured)
    result.link(by=cast.pm, to=goal.pk, relation="contributes", weight="0.25", note="A quarter of it")
    result.check_in(by=cast.pm, value="6.5", confidence=7, note="After the new release")
    return cast
