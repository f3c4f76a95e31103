"""Phases: in their order, within the dates of their item."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from filrouge.alignment.roadmap.phases import Phase, phases_of
from filrouge.core.errors import BadInput, Conflict, Forbidden, NotFound

from .making import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast):
    return make(cast, starts=date(2027, 1, 1), ends=date(2027, 12, 31))


def test_phases_stand_in_their_order_whenever_they_were_said(cast, item):
    item.plan_phase(by=cast.pm, stage="general", starts=date(2027, 10, 1))
    item.plan_phase(
        by=cast.pm, stage="alpha", starts=date(2027, 2, 9), starts_precision="quarter", ends=date(2027, 6, 1),
        ends_precision="quarter",
    )  # fmt: skip
    assert [(phase.stage, phase.dates) for phase in phases_of(item)] == [
        ("alpha", "Q1 2027 – Q2 2027"),
        ("general", "1 Oct 2027"),
    ]


def test_only_the_product_manager_plans_them(cast, item):
    for person in (cast.other_pm, cast.ops, cast.maker):
        with pytest.raises(Forbidden):
            item.plan_phase(by=person, stage="beta", starts=date(2027, 3, 1))


@pytest.mark.parametrize(
    ("stage", "starts", "ends"),
    [
        ("beta", date(2026, 12, 31), None),
        ("beta", date(2027, 6, 1), date(2028, 1, 1)),
        ("beta", date(2027, 6, 2), date(2027, 6, 1)),
        ("beta", date(2027, 1, 1), None),
        ("build", date(2027, 5, 1), None),
    ],
)
def test_a_phase_outside_the_item_or_out_of_order_is_refused(cast, item, stage, starts, ends):
    item.plan_phase(by=cast.pm, stage="alpha", starts=date(2027, 3, 1))
    with pytest.raises(BadInput):
        item.plan_phase(by=cast.pm, stage=stage, starts=starts, ends=ends)
    assert Phase.objects.count() == 1


def test_a_phase_that_its_item_left_behind_says_so(cast, client, item):
    item.plan_phase(by=cast.pm, stage="alpha", starts=date(2027, 3, 1))
    item.schedule(by=cast.pm, horizon="later", starts=date(2027, 6, 1), ends=date(2027, 12, 31))
    client.force_login(cast.maker)
    assert "outside the item" in client.get(f"/initiatives/{item.pk}/").content.decode()


def test_the_page_marks_the_phase_of_today(cast, client):
    today = timezone.localdate()
    item = make(cast, starts=today - timedelta(days=10), ends=today + timedelta(days=10))
    item.plan_phase(by=cast.pm, stage="build", starts=today - timedelta(days=2))
    client.force_login(cast.maker)
    assert 'aria-current="step"' in client.get(f"/initiatives/{item.pk}/").content.decode()


def test_a_phase_is_changed_and_taken_away(cast, item):
    item.plan_phase(by=cast.pm, stage="alpha", starts=date(2027, 3, 1))
    item.plan_phase(by=cast.pm, stage="alpha", starts=date(2027, 4, 1))
    assert [phase.starts for phase in phases_of(item)] == [date(2027, 4, 1)]
    with pytest.raises(NotFound):
        item.drop_phase(by=cast.pm, stage="beta")
    item.drop_phase(by=cast.pm, stage="alpha")
    with pytest.raises(Conflict):
        item.drop_phase(by=cast.pm, stage="alpha")
