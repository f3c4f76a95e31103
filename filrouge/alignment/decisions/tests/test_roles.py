"""Who drives, who decides, who contributes, who is informed."""

import pytest

from filrouge.alignment.decisions.home import driving
from filrouge.alignment.decisions.models import Decision
from filrouge.core.errors import BadInput, Forbidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(cast):
    return Decision.create(by=cast.pm, title="Build it?", driver=cast.design.pk)


def test_the_approver_decides_for_the_team(cast, question):
    question.revise(by=cast.pm, approver=cast.pm.pk)
    for person in (cast.maker, cast.other_pm, cast.admin):
        with pytest.raises(BadInput, match="does not decide for this team"):
            question.revise(by=cast.pm, approver=person.pk)


def test_naming_an_approver_gives_nobody_a_right(cast, question):
    question.revise(by=cast.pm, driver=cast.maker.pk, approver=cast.pm.pk)
    with pytest.raises(Forbidden):
        question.decide(by=cast.maker, rationale="I drive it")


@pytest.mark.parametrize("name", ["driver", "approver"])
def test_somebody_who_does_not_exist(cast, question, name):
    with pytest.raises(BadInput):
        question.revise(by=cast.pm, **{name: 987_654})


def test_people_and_names_take_part(cast, question):
    question.involve(by=cast.pm, part="contributor", person=cast.maker.pk)
    question.involve(by=cast.pm, part="informed", by_name="Sales, France")
    question.involve(by=cast.pm, part="informed", by_name="Sales, France")
    assert [(one.part, one.who) for one in question.parts.all()] == [
        ("contributor", "Maker"),
        ("informed", "Sales, France"),
    ]


@pytest.mark.parametrize("given", [{}, {"person": 1, "by_name": "Both"}, {"person": 987_654}])
def test_a_part_is_for_one_person_or_one_name(cast, question, given):
    with pytest.raises(BadInput):
        question.involve(by=cast.pm, part="informed", **given)


def test_somebody_is_taken_off(cast, question):
    question.involve(by=cast.pm, part="informed", by_name="Support")
    question.release(by=cast.pm, part=question.parts.get().pk)
    assert not question.parts.exists()


def test_the_page_says_who_has_which_part(cast, question, client):
    question.involve(by=cast.pm, part="informed", by_name="Support, Lyon")
    client.force_login(cast.maker)
    page = client.get(f"/decisions/{question.pk}/").content.decode()
    for said in ("Drives it", "Design", "Support, Lyon", "Only they can decide"):
        assert said in page


def test_the_driver_finds_it_at_home(cast, question):
    mine = driving(cast.design)
    assert mine and [row.title for row in mine.rows] == ["Build it?"]
    question.decide(by=cast.pm, rationale="Yes")
    assert driving(cast.design) is None and driving(cast.pm) is None
