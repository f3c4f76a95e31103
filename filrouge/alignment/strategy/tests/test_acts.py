"""Each act on goals and key results: who may, what it does, and what it refuses in words."""

from datetime import UTC, date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from filrouge.alignment.strategy import aligning
from filrouge.alignment.strategy.models import Cycle, Goal, GoalType, KeyResult, Observation, Weight
from filrouge.alignment.strategy.standing import stand, stand_goals
from filrouge.core.errors import BadInput, Conflict, Forbidden
from filrouge.core.kinds import by_label
from filrouge.core.models import Link

from .conftest import on

pytestmark = pytest.mark.django_db


def typed(name, base="objective", under=(), **fields):
    made = GoalType.objects.get_or_create(name=name, defaults={"base": base, **fields})[0]
    made.under.set([typed(one) for one in under])
    return made


def refused(act, *words, **given):
    with pytest.raises(BadInput) as caught:
        act(**given)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_goal_is_of_ones_own_team_and_of_the_current_cycle(cast):
    goal = Goal.create(by=cast.pm, title="People stay")
    today = timezone.localdate()
    assert goal.team == cast.team and goal.cycle.starts <= today <= goal.cycle.ends
    key_result = KeyResult.create(by=cast.pm, title="Return", objective=goal.pk, start=0, target=10)
    assert key_result.cycle == goal.cycle and key_result.team == cast.team


def test_the_current_cycle_is_the_shortest_that_holds_the_day(quarter):
    Cycle.objects.create(name="The year", starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    assert Cycle.current(date(2026, 2, 1)) == quarter
    assert str(Cycle.current(date(2026, 6, 1))) == "The year"
    assert Cycle.current(date(2027, 6, 1)) is None


def test_a_vision_has_no_cycle(cast):
    goal = Goal.create(by=cast.pm, title="Everybody computes", goal_type=typed("vision", "vision").pk)
    assert goal.cycle is None and goal.period == (None, None)


def test_only_the_product_manager_of_the_team_sets_goals(cast, goal, measure):
    made = goal()
    for person in (cast.other_pm, cast.head, cast.ops, cast.admin, cast.maker, cast.stakeholder):
        with pytest.raises(Forbidden):
            made.revise(by=person, title="Mine")
        with pytest.raises(Forbidden):
            measure(by=person, team=cast.team.pk)


def test_the_owner_checks_in_and_nobody_else(cast, measure):
    key_result = measure(owner=cast.maker.pk)
    key_result.check_in(by=cast.maker, value=3)
    key_result.check_in(by=cast.pm, value=4)
    for person in (cast.design, cast.other_pm, cast.ops):
        with pytest.raises(Forbidden):
            key_result.check_in(by=person, value=5)
    assert key_result.value == 4


def test_a_check_in_is_added_and_nothing_is_overwritten(cast, measure):
    key_result = measure()
    key_result.check_in(by=cast.pm, value="2,5", confidence=7, note="Two teams", at=on(1, 5))
    key_result.check_in(by=cast.pm, value=4, status="at_risk", at=on(1, 12))
    key_result.check_in(by=cast.pm, value=3, at=on(1, 8))
    assert [o.value for o in key_result.observations.all()] == [Decimal("2.5"), 3, 4]
    assert (key_result.value, key_result.said, key_result.confidence) == (4, "at_risk", 7)
    assert key_result.checked_at == on(1, 12) and Observation.objects.count() == 3


@pytest.mark.parametrize(
    ("fields", "value", "words"),
    [
        ({"type": "binary", "start": None, "target": None}, 2, "done"),
        ({"type": "ordinal", "start": None, "target": None}, 4, "mark"),
        ({"type": "milestone", "marks": "20 Draft\n100 Live"}, 3, "mark"),
        ({}, "many", "number"),
        ({}, "1,234", "not clear"),
        ({}, "NaN", "number"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(cast, measure, fields, value, words):
    refused(measure(**fields).check_in, words, by=cast.pm, value=value)


def test_what_is_to_come_is_not_noted(cast, measure):
    refused(measure().check_in, "known", by=cast.pm, value=1, at=timezone.now() + timedelta(days=1))


def test_what_is_closed_takes_no_check_in_until_it_is_reopened(cast, measure):
    key_result = measure()
    key_result.close(by=cast.pm)
    with pytest.raises(Conflict):
        key_result.check_in(by=cast.pm, value=1)
    key_result.reopen(by=cast.pm, reason="Too early")
    key_result.check_in(by=cast.pm, value=1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"start": 5, "target": 5}, "starts at its target, 5"),
        ({"start": 5, "target": 4}, "other way"),
        ({"type": "decrease", "start": 5, "target": 6}, "other way"),
        ({"type": "reach", "start": 5, "target": 6}, "zero"),
        ({"type": "range", "low": 3, "high": 2}, "below"),
        ({"type": "milestone", "marks": "40 Half\n20 Start"}, "20 Start"),
        ({"type": "milestone", "marks": "half"}, "half"),
        ({"cadence": 0}, "366"),
        ({"type": "sideways"}, "increase"),
        ({"cycle": 987654}, "cycle"),
        ({"owner": 987654}, "owner"),
        ({"starts": date(2026, 3, 1), "ends": date(2026, 2, 1)}, "ends before"),
    ],
)
def test_a_key_result_that_cannot_be(measure, fields, words):
    refused(measure, words, **fields)


def test_an_owner_who_left_is_named_as_the_problem(cast, measure):
    key_result = measure(owner=cast.maker.pk)
    cast.maker.is_active = False
    cast.maker.save()
    refused(key_result.revise, "owner is not in the product teams", by=cast.pm, title="Again")


def test_goals_do_not_serve_one_another_in_a_circle(cast, goal):
    top, middle, low = goal("Top"), goal("Middle"), goal("Low")
    low.link(by=cast.pm, to=middle.pk)
    middle.link(by=cast.pm, to=top.pk)
    refused(top.link, "Top", "Low", "serves", by=cast.pm, to=low.pk)
    refused(top.link, "serves", by=cast.pm, to=middle.pk, relation="supports")


def test_a_child_stays_within_the_dates_of_its_parent(cast, goal, quarter):
    parent = goal("Quarter")
    outside = goal("Year", cycle=None, starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    refused(outside.link, "31 Dec 2026", "Quarter", "31 Mar 2026", by=cast.pm, to=parent.pk)
    parent.link(by=cast.pm, to=outside.pk)
    refused(parent.revise, "Year", by=cast.pm, starts=date(2025, 12, 1))
    refused(outside.revise, "Quarter", by=cast.pm, ends=date(2026, 2, 1))
    outside.link(by=cast.pm, to=goal("Other").pk, relation="supports")


def test_a_type_stands_only_under_those_that_it_names(cast, goal):
    wish, theme = typed("Wish", under=()), typed("Theme", "pillar")
    typed("Wish").under.set([theme])
    low, high = goal("Low", goal_type=wish.pk), goal("High", goal_type=typed("Bet").pk)
    refused(low.link, "Wish", "Bet", "Theme", by=cast.pm, to=high.pk)
    low.link(by=cast.pm, to=goal("Pillar", goal_type=theme.pk).pk)


def test_no_key_result_under_a_type_that_takes_none(cast, goal, measure):
    vision = goal("Vision", goal_type=typed("Dream", "vision", measured=False).pk)
    refused(measure, "Dream", objective=vision)
    assert not KeyResult.objects.exists(), "nothing is half made"


def test_weights_that_add_up_to_zero_are_refused(cast, goal, measure):
    objective, other = goal(), measure()
    refused(other.link, "zero", "People stay", by=cast.pm, to=objective.pk, weight=0)
    assert not Link.objects.exists(), "nothing is half made"
    measure(objective)
    other.link(by=cast.pm, to=objective.pk, weight=0)
    refused(other.link, "0", by=cast.pm, to=objective.pk, weight=-1)


def test_weights_count_in_the_score_and_support_does_not(cast, goal, measure):
    objective = goal()
    one, two, three = (measure(title=name) for name in ("One", "Two", "Three"))
    one.link(by=cast.pm, to=objective.pk, weight=3)
    two.link(by=cast.pm, to=objective.pk)
    three.link(by=cast.pm, to=objective.pk, relation="supports")
    for key_result, value in ((one, 10), (two, 0), (three, 10)):
        key_result.check_in(by=cast.pm, value=value)
    assert stand_goals([objective])[objective.pk].score == Fraction(3, 4)
    one.link(by=cast.pm, to=objective.pk, weight=1)
    assert stand_goals([objective])[objective.pk].score == Fraction(1, 2)
    one.unlink(by=cast.pm, to=objective.pk)
    assert stand_goals([objective])[objective.pk].score == 0


def test_a_goal_without_key_results_takes_its_score_from_the_goals_below(cast, goal, measure):
    top, low, empty = goal("Top"), goal("Low"), goal("Empty")
    for one in (low, empty):
        one.link(by=cast.pm, to=top.pk)
    measure(low).check_in(by=cast.pm, value=5)
    found = stand_goals([top, empty])
    assert found[top.pk].score == Fraction(1, 2) and found[empty.pk].score is None


def test_a_grade_stands_beside_the_score_and_counts_once_closed(cast, goal, measure):
    objective = goal()
    key_result = measure(objective)
    key_result.check_in(by=cast.pm, value=5)
    refused(key_result.declare, "0.1", by=cast.pm, grade="0.7")
    key_result.declare(by=cast.pm, grade="0.6")
    key_result.declare(by=cast.pm, grade="0.9", reason="What mattered was done")
    standing = stand([key_result])[key_result.pk]
    assert (standing.score, standing.grade) == (Fraction(1, 2), Fraction(9, 10))
    assert stand_goals([objective])[objective.pk].score == Fraction(1, 2)
    key_result.close(by=cast.pm)
    assert stand_goals([objective])[objective.pk].score == Fraction(9, 10)


def test_what_is_given_up_counts_no_more(cast, goal, measure):
    objective = goal()
    measure(objective).check_in(by=cast.pm, value=10)
    other = measure(objective, title="Other")
    assert stand_goals([objective])[objective.pk].score == Fraction(1, 2)
    with pytest.raises(BadInput):
        other.drop(by=cast.pm, reason=" ")
    other.drop(by=cast.pm, reason="No data")
    assert stand_goals([objective])[objective.pk].score == 1


def test_a_score_is_told_as_of_any_day_with_the_target_of_that_day(cast, goal, measure):
    objective = goal()
    key_result = measure(objective)
    for day, value in ((5, 2), (12, 4), (19, 8)):
        key_result.check_in(by=cast.pm, value=value, at=on(1, day))
    found = [stand_goals([objective], on(1, day, 13))[objective.pk].score for day in (4, 5, 18, 20)]
    assert found == [0, Fraction(1, 5), Fraction(2, 5), Fraction(4, 5)]
    before = timezone.now()
    key_result.revise(by=cast.pm, target=8)
    assert stand_goals([objective])[objective.pk].score == 1
    assert stand_goals([objective], before)[objective.pk].score == Fraction(4, 5)


def test_what_a_person_says_stands_until_the_next_check_in(cast, measure, quarter):
    key_result = measure(cycle=quarter.pk)
    key_result.check_in(by=cast.pm, value=0, status="on_track", at=on(3, 1))
    standing = stand([key_result], on(3, 2))[key_result.pk]
    assert (standing.status, standing.computed, standing.contradicts) == ("on_track", "at_risk", True)
    key_result.check_in(by=cast.pm, value=1, at=on(3, 8))
    standing = stand([key_result], on(3, 9))[key_result.pk]
    assert standing.status == "at_risk" and not standing.contradicts


def test_confidence_is_told_and_never_averaged_into_progress(cast, goal, measure):
    objective = goal()
    for number, sure in enumerate((2, 6, 9)):
        measure(objective, title=f"Number {number}").check_in(by=cast.pm, value=10, confidence=sure)
    found = stand_goals([objective])[objective.pk]
    assert (found.score, found.confidence, found.median) == (Fraction(1), 2, 6)


def test_private_key_results_of_others_do_not_count(cast, goal, measure):
    objective = goal()
    measure(objective).check_in(by=cast.pm, value=10)
    measure(objective, title="Mine", circle="private")
    assert stand_goals([objective])[objective.pk].score == 1


def test_standing_costs_the_same_for_many(cast, goal, measure, django_assert_num_queries):
    objective = goal()
    for number in range(12):
        measure(objective, title=f"Number {number}").check_in(by=cast.pm, value=number)
    with django_assert_num_queries(4):
        stand_goals([objective])


def test_goals_stand_only_so_deep_under_one_another(cast, goal):
    above = goal()
    for _level in range(aligning.DEEPEST - 1):
        above = goal(parent=above.pk)
    with pytest.raises(BadInput, match="30 deep"):
        goal(parent=above.pk)
    top = goal()
    first = Goal.objects.order_by("pk").first()
    with pytest.raises(BadInput, match="30 deep"):
        first.link(by=cast.pm, to=top.pk)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Montreal"])
def test_a_day_is_the_same_day_for_everybody(cast, measure, zone):
    one = measure()
    with timezone.override(zone):
        one.check_in(by=cast.pm, value=4, at="2026-02-02")
        one.check_in(by=cast.pm, value=5, at="2026-02-03T18:00")
    days = [row.at.astimezone(UTC) for row in one.observations.all()]
    hour = {"Asia/Tokyo": 9, "America/Montreal": 23}[zone]
    assert days == [on(2, 2), on(2, 3, hour)]


def test_a_day_to_come_is_refused_and_today_is_not(cast, measure):
    one, today = measure(), timezone.localdate()
    one.check_in(by=cast.pm, value=4, at=today.isoformat())
    assert one.observations.get().at <= timezone.now()
    with pytest.raises(BadInput):
        one.check_in(by=cast.pm, value=4, at=(today + timedelta(days=1)).isoformat())


def test_how_much_counts_is_for_the_goals_own_product_manager_to_say(cast, goal, measure):
    theirs, ours = goal("Theirs", by=cast.other_pm, team=cast.other_team.pk), goal("Ours")
    measure(theirs, by=cast.other_pm, team=cast.other_team.pk)
    with pytest.raises(Forbidden, match="“Theirs” is said there"):
        ours.link(by=cast.pm, to=theirs.pk, weight=100)
    assert not Link.objects.filter(source_id=ours.pk).exists(), "nothing is half made"
    ours.link(by=cast.pm, to=theirs.pk, weight=1)
    with pytest.raises(Forbidden):
        theirs.weigh(by=cast.pm, contribution=ours.pk, weight=100)
    theirs.weigh(by=cast.other_pm, contribution=ours.pk, weight="0.5")
    assert Weight.objects.get(link__source_id=ours.pk).weight == Decimal("0.5")
    ours.link(by=cast.pm, to=theirs.pk, note="Said again, the weight as it is", weight="0.5")
    with pytest.raises(Forbidden):
        ours.link(by=cast.pm, to=theirs.pk, weight=1)


def test_what_works_on_a_goal_weighs_nothing_in_it(cast, goal, measure, client):
    """A roadmap item does not count in the score: it keeps no sum of weights from being zero."""
    objective = goal()
    one = measure(objective)
    item = by_label("roadmap.Initiative").create(by=cast.pm, title="Faster")
    item.link(by=cast.pm, to=objective.pk, relation="contributes")
    refused(objective.weigh, "zero", by=cast.pm, contribution=one.pk, weight=0)
    refused(objective.weigh, "does not contribute", by=cast.pm, contribution=item.pk, weight=2)
    client.force_login(cast.pm)
    page = client.get(f"/objectives/{objective.pk}/weigh/").content.decode()
    assert "Weekly return" in page and "What contributes" in page


def test_only_what_contributes_is_weighed(cast, goal, measure):
    top, beside, helping = goal("Top"), goal("Beside"), goal("Helping")
    helping.link(by=cast.pm, to=top.pk, relation="supports")
    for other in (beside, helping):
        refused(top.weigh, "does not contribute to “Top”", by=cast.pm, contribution=other.pk, weight=2)
    beside.link(by=cast.pm, to=top.pk)
    refused(top.weigh, "zero", by=cast.pm, contribution=beside.pk, weight=0)
    top.weigh(by=cast.pm, contribution=beside.pk, weight=2)
    assert stand_goals([top])[top.pk].score is None
    assert [row.verb for row in top.history.order_by("pk")] == ["create", "weigh"]
