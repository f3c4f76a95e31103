"""What a process keeps of the goals never differs from what it would read anew."""

from copy import copy
from dataclasses import fields
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from filrouge.alignment.strategy.grove import GROVE, Grove
from filrouge.alignment.strategy.models import Goal, KeyResult
from filrouge.alignment.strategy.past import as_it_was
from filrouge.alignment.strategy.standing import grow, stand
from filrouge.alignment.strategy.ties import aligned
from filrouge.core.errors import Refused
from filrouge.core.models import Item, find_item
from filrouge.core.rows import column
from filrouge.core.traces import History, Link
from filrouge.people.models import Team

pytestmark = pytest.mark.django_db
NUMBERS = some.integers(0, 12)


def told(forest):
    """Every standing, by its values."""
    keys = [*forest.goals, *forest.key_results]
    return {pk: [getattr(forest[pk], one.name) for one in fields(forest[pk])] for pk in keys}


def same_as_read_anew(as_of=None):
    kept, new = told(GROVE.at(as_of)), told(Grove().at(as_of))
    assert kept == new
    grown = grow(Goal.objects.select_related("cycle"), as_of)
    assert told(grown) == {pk: new[pk] for pk in told(grown)}


def same_before(moment):
    """How the key results of now stood at a moment."""
    forest = GROVE.at()
    assert forest.at(moment, forest.key_results) == stand([*forest.key_results.values()], moment)


def replayed(item, moment):
    """Forward from its first row of History: what the kept way back must equal."""
    state: dict[str, Any] = {}
    for row in History.objects.filter(item_id=item.pk).order_by("pk"):
        state = state | row.after if not state or row.at <= moment else state
    found = copy(item)
    for one in (*type(item).own_fields(), column(Item, "title"), column(Item, "status")):
        if one.name in state:
            setattr(found, one.attname, one.to_python(state[one.name]))
    return shown(found)


def shown(item):
    """Its columns, moments to the second: History keeps less of them than a column does."""
    values = item.snapshot() | {"circle": "", "archived_at": None, "team": None}
    return {name: getattr(value, "ctime", lambda v=value: v)() for name, value in values.items()}


def counted(ties):
    """With the weight that counts where nobody said one."""
    return {(*tie[:3], Fraction(1) if tie.weight is None else Fraction(tie.weight), tie.at) for tie in ties}


def drawn():
    """What is aligned now, with the goals that are there: what must be read of this moment later."""
    return timezone.now(), set(Goal.objects.values_list("pk", flat=True)), counted(aligned())


def act(by, number, step):
    """One of the things people do to goals, by its number."""
    goals, measures = list(Goal.objects.order_by("pk")), list(KeyResult.objects.order_by("pk"))
    goal, measure = goals[number % len(goals)], measures[number % len(measures)]
    kind = step % 13
    if kind == 0:
        Goal.create(by=by, title="More", parent=goal.pk)
    elif kind == 1:
        made = {"start": 0, "target": 10, "type": ("increase", "stay_below")[number % 2]}
        KeyResult.create(by=by, title="Count", objective=goal.pk, **made)
    elif kind in (2, 3):
        at = timezone.now() - timedelta(days=number % 5)
        measure.check_in(by=by, value=number, at=at, confidence=number % 11)
    elif kind == 4:
        measure.revise(by=by, target=number + 20)
    elif kind == 5:
        goal.revise(by=by, ambition="committed" if number % 2 else "learning")
    elif kind == 6:
        goal.say(by=by, status=("on_track", "at_risk", "computed")[number % 3], reason="As seen")
    elif kind == 7:
        (measure.unarchive if measure.archived_at else measure.archive)(by=by)
    elif kind == 8:
        measure.declare(by=by, grade="0.5", reason="As seen")
    else:
        tie(by, number, step, goal, measure)


def tie(by, number, step, goal, measure):
    """What people do to the alignment."""
    kind, ties = step % 13, aligned()
    if kind == 9:
        measure.link(by=by, to=goal.pk, relation="contributes", weight=number % 4)
    elif kind == 10:
        other = Goal.objects.order_by("pk")[step % Goal.objects.count()]
        other.link(by=by, to=goal.pk, relation=("contributes", "supports")[number % 2])
    elif kind == 11 and ties:
        one = ties[number % len(ties)]
        find_item(one.source, by).unlink(by=by, to=one.target, relation=one.relation)
    elif kind == 12:
        goal.weigh(by=by, contribution=measure.pk, weight=number % 4)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=some.lists(some.tuples(NUMBERS, some.integers(0, 25)), min_size=1, max_size=6))
def test_what_is_kept_is_what_would_be_read_anew(cast, steps):
    goal = Goal.create(by=cast.pm, title="Calm")
    KeyResult.create(by=cast.pm, title="Waiting", objective=goal.pk, start=0, target=10)
    moment, drawings = timezone.now(), [drawn()]
    for number, step in steps:
        try:
            act(cast.pm, number, step)
        except Refused:
            continue
        same_as_read_anew()
        same_before(moment)
        same_before(moment - timedelta(days=2))
        drawings.append(drawn())
    same_as_read_anew(moment)
    same_as_read_anew(moment - timedelta(days=2))
    for at, goals, ties in drawings:
        same_as_read_anew(at)
        assert {tie for tie in counted(aligned(at)) if tie[1] in goals} == ties
    for item in (*Goal.objects.all(), *KeyResult.objects.all()):
        then = copy(item)
        as_it_was([then], moment)
        assert shown(then) == replayed(item, moment)


def test_while_nothing_changes_only_its_stamp_is_read(cast, django_assert_num_queries):
    goal = Goal.create(by=cast.pm, title="Calm")
    one = KeyResult.create(by=cast.pm, title="Waiting", objective=goal.pk, start=0, target=10)
    assert GROVE.at()[goal.pk].score == 0
    one.check_in(by=cast.pm, value=5)
    assert GROVE.at()[goal.pk].score == Fraction(1, 2)
    with django_assert_num_queries(1):  # the stamp alone
        assert GROVE.at()[goal.pk].status == "on_track"


def test_a_new_name_of_a_team_is_told_at_once(cast):
    goal = Goal.create(by=cast.pm, title="Calm")
    assert str(GROVE.at().goals[goal.pk].team) == cast.team.name
    Team.objects.filter(pk=goal.team_id).update(name="Renamed")
    assert str(GROVE.at().goals[goal.pk].team) == "Renamed"


def test_how_they_stood_is_asked_again_of_what_changed_alone(cast, django_assert_num_queries):
    goal, moment = Goal.create(by=cast.pm, title="Calm"), timezone.now()
    made = {"objective": goal.pk, "start": 0, "target": 10}
    other, one = (KeyResult.create(by=cast.pm, title=title, **made) for title in ("Calling", "Waiting"))
    GROVE.at().at(moment, [one.pk, other.pk])
    one.check_in(by=cast.pm, value=5, at=moment - timedelta(days=1))
    forest = GROVE.at()
    with django_assert_num_queries(0):
        assert forest.at(moment, [other.pk])[other.pk].value is None
    assert forest.at(moment, [one.pk])[one.pk].value == 5


def test_a_check_in_here_is_read_by_the_day_of_whoever_reads_it_elsewhere(cast):
    """Between these two places it is never the same day."""
    goal = Goal.create(by=cast.pm, title="Calm")
    one = KeyResult.create(by=cast.pm, title="Waiting", objective=goal.pk, start=0, target=10)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with timezone.override(zone):
            GROVE.at()
    one.check_in(by=cast.pm, value=1)
    with timezone.override("Pacific/Pago_Pago"):
        GROVE.at()
    with timezone.override("Pacific/Kiritimati"):
        assert told(GROVE.at()) == told(Grove().at())


def test_weights_that_change_places_are_seen(cast):
    goal = Goal.create(by=cast.pm, title="Calm")
    one, two = (
        KeyResult.create(by=cast.pm, title=title, objective=goal.pk, start=0, target=10) for title in "ab"
    )
    one.check_in(by=cast.pm, value=10)
    two.check_in(by=cast.pm, value=0)
    first, second = (Link.objects.get(source_id=item.pk).pk for item in (one, two))
    goal.refresh_from_db()
    for shares in ((second * 2, first), (second, first * 2)):
        for item, weight in zip((one, two), shares, strict=True):
            goal.weigh(by=cast.pm, contribution=item.pk, weight=weight)
        assert GROVE.at()[goal.pk].score == Grove().at()[goal.pk].score
