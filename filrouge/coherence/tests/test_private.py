"""What is private is told to nobody else: not by a score, a colour, a picture, nor by what is refused."""

from datetime import date

import pytest

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.decisions.pages import years
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.strategy.models import Goal, KeyResult
from filrouge.alignment.strategy.standing import stand, stand_goals
from filrouge.coherence.glance import worked_on
from filrouge.core.errors import BadInput
from filrouge.people.models import Team

pytestmark = pytest.mark.django_db
HIDDEN = "Hidden aim"


YEAR = {"starts": date(2026, 1, 1), "ends": date(2026, 12, 31)}


@pytest.fixture
def goal(cast):
    def make(by=None, **fields):
        return Goal.create(by=by or cast.pm, title="People stay", **(YEAR | fields))

    return make


@pytest.fixture
def measure(cast):
    def make(objective, **fields):
        given = {"title": "Weekly return", "start": 0, "target": 10} | YEAR | fields
        return KeyResult.create(by=cast.pm, objective=objective.pk, **given)

    return make


@pytest.fixture
def hidden(measure, cast):
    """`hidden(goal)`: a private key result under it, half done."""

    def make(objective, **fields):
        made = measure(objective, title=HIDDEN, circle="private", **fields)
        made.check_in(by=cast.pm, value=5)
        return made

    return make


def test_whoever_is_shown_a_goal_is_not_shown_what_is_under_it(cast, client, goal, hidden):
    aim = goal(circle="private")
    result = hidden(aim)
    assert stand_goals([aim])[aim.pk].score is not None
    aim.show_to(by=cast.pm, person=cast.maker.pk)
    client.force_login(cast.maker)
    pages = (
        f"/objectives/{aim.pk}/",
        "/goals/?cycle=all",
        "/goals/list/?cycle=all",
        "/goals/meeting/?cycle=all",
    )
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200 and HIDDEN not in answer.content.decode()
    assert stand_goals([aim])[aim.pk].score is None
    result.show_to(by=cast.pm, person=cast.maker.pk)
    assert stand_goals([aim])[aim.pk].score is not None
    assert HIDDEN in client.get(f"/objectives/{aim.pk}/").content.decode()


def test_a_private_goal_colours_nobody_elses_key_result(cast, goal, measure):
    result = measure(goal(circle="private", ambition="committed"))
    result.check_in(by=cast.pm, value=8)
    assert stand([result])[result.pk].band == "green"


def test_a_private_key_result_holds_up_nobody(cast, goal, hidden):
    aim = goal(by=cast.other_pm)
    hidden(aim, ends=date(2026, 12, 1))
    aim.revise(by=cast.other_pm, ends=date(2026, 6, 30))
    assert aim.ends == date(2026, 6, 30)


def test_a_picture_is_as_if_it_were_not_there(cast, goal):
    aim = goal(by=cast.other_pm)
    item = Initiative.create(by=cast.pm, title=HIDDEN, circle="private")
    item.link(by=cast.pm, to=aim.pk)
    (row,) = worked_on(cast.other_pm, Team.objects.in_bulk()).rows
    assert [square.full for square in row.squares] == [False]


def test_nobody_is_asked_to_accept_what_they_do_not_see(cast, client):
    item = Initiative.create(by=cast.pm, title=HIDDEN, circle="private")
    needed = Initiative.create(by=cast.other_pm, title="Open item")
    item.depend(by=cast.pm, needs=needed.pk)
    client.force_login(cast.other_pm)
    assert b"accept_dependency" not in client.get(f"/initiatives/{needed.pk}/").content
    item.show_to(by=cast.pm, person=cast.other_pm.pk)
    needed.accept_dependency(by=cast.other_pm, dependant=item.pk)


def test_the_years_of_the_log_tell_of_no_private_decision(cast):
    made = Decision.record(by=cast.pm, title="Elsewhere", decided_on=date(1999, 1, 1))
    Decision.objects.filter(pk=made.pk).update(circle="private")
    assert years() == []


def test_own_private_measures_still_hold_their_own_goal(goal, measure, cast):
    aim = goal(circle="private")
    measure(aim, circle="private", ends=date(2026, 12, 1))
    with pytest.raises(BadInput, match="not within"):
        aim.revise(by=cast.pm, ends=date(2026, 6, 30))
    assert KeyResult.objects.count() == 1
