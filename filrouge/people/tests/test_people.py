"""Accounts, teams that nest, deputies: what may change, who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from filrouge.people.access import Act, may
from filrouge.people.leading import leading, managers
from filrouge.people.models import Deputy, Product, Record, Role, Team, User
from filrouge.people.tokens import Scope, Token
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db


def again(person: User) -> User:
    """As the next request sees them."""
    return User.objects.get(pk=person.pk)


def test_the_last_administrator_stays_one(cast: Cast) -> None:
    with pytest.raises(ValueError, match="last administrator"):
        cast.admin.change_role(Role.MAKER, by=cast.admin)
    with pytest.raises(ValueError, match="last administrator"):
        cast.admin.set_active(False, by=cast.admin)
    cast.maker.change_role(Role.ADMIN, by=cast.admin)
    cast.admin.change_role(Role.MAKER, by=cast.maker)
    assert again(cast.admin).role == Role.MAKER


def test_a_change_of_role_is_recorded(cast: Cast) -> None:
    cast.maker.change_role(Role.COACH, by=cast.admin)
    record = Record.objects.get(act="change_role")
    assert (record.by, record.about, record.detail) == (
        cast.admin, cast.maker, {"from": "maker", "to": "coach"},
    )  # fmt: skip


def test_teams_make_no_loop(cast: Cast) -> None:
    below = Team.objects.create(name="Kernels", parent=cast.team)
    for parent in (cast.group, cast.team, below):
        cast.group.parent = parent
        with pytest.raises(ValidationError, match="part of"):
            cast.group.clean()
    below = Team.objects.get(pk=below.pk)
    assert Team.within(cast.team.pk) == {cast.team.pk, below.pk} < Team.within(cast.group.pk)
    assert Team.within(below.pk) == {below.pk} and Team.within(0) == frozenset()
    assert below.upwards() == [cast.team, cast.group]
    below.clean()


def test_areas_make_no_loop(cast: Cast) -> None:
    area = Product.objects.create(name="Notebook", team=cast.team)
    area.parent = Product.objects.create(name="Cells", team=cast.team, parent=area)
    with pytest.raises(ValidationError, match="part of"):
        area.clean()


def name_designer(cast: Cast, first: int, last: int) -> Deputy:
    today = timezone.localdate()
    return Deputy.name_for(
        cast.pm, cast.design, today + timedelta(first), today + timedelta(last), by=cast.pm
    )


@pytest.mark.parametrize(
    ("first", "last", "stands_in"), [(0, 0, True), (-3, 3, True), (1, 3, False), (-3, -1, False)]
)
def test_a_deputy_decides_between_the_two_days_only(
    cast: Cast, first: int, last: int, stands_in: bool
) -> None:
    name_designer(cast, first, last)
    assert may(again(cast.design), Act.DECIDE) is stands_in
    assert again(cast.design).manages(cast.team.pk) is stands_in
    assert not again(cast.design).manages(cast.other_team.pk)


@pytest.mark.parametrize(("first", "last"), [(-2, -1), (-1, 0), (0, 0), (0, 1), (1, 2), (-1, 1)])
def test_whoever_asks_who_stands_in_today_finds_the_same(cast: Cast, first: int, last: int) -> None:
    named = name_designer(cast, first, last)
    assert (
        any(one.stands_in for one in leading()) is named.current is again(cast.design).manages(cast.team.pk)
    )
    assert named.current is (first <= 0 <= last)


@pytest.mark.parametrize("then", ["nothing", "a stakeholder", "closed", "the manager closed", "again"])
def test_a_team_and_a_person_say_the_same_of_who_leads(cast: Cast, then: str) -> None:
    name_designer(cast, 0, 3)
    if then == "a stakeholder":
        cast.design.change_role(Role.STAKEHOLDER, by=cast.admin)
    elif then == "again":
        name_designer(cast, -1, 0)
    elif then != "nothing":
        (cast.pm if then == "the manager closed" else cast.design).set_active(False, by=cast.admin)
    said = {(team.pk, one.id) for team in Team.objects.all() for one in leading(team=team.pk)}
    assert said == {(one.team, one.id) for one in leading()}
    assert said == {(team, one.pk) for one in User.objects.all() for team in one.managed_team_ids}
    assert ((cast.team.pk, cast.design.pk) in said) is (then in ("nothing", "again"))


def test_product_managers_come_before_their_deputies(cast: Cast) -> None:
    User.objects.filter(pk=cast.design.pk).update(name="Aaron")
    for first in (0, -1):
        name_designer(cast, first, 0)
    cast.other_pm.join(cast.team, by=cast.admin)
    told = [(one.name, one.manager_name) for one in leading(team=cast.team.pk)]
    assert told == [("Other Pm", "Other Pm"), ("Pm", "Pm"), ("Aaron", "Pm")]
    assert managers()[cast.team.pk] == ["Other Pm", "Pm"]


@pytest.mark.parametrize(("zone", "first", "last"), [("Pacific/Kiritimati", 1, 1), ("Etc/GMT+12", -1, -1)])
def test_a_deputy_gains_no_day_by_another_time_zone(cast: Cast, zone: str, first: int, last: int) -> None:
    name_designer(cast, first, last)
    with timezone.override(zone):
        assert not again(cast.design).manages(cast.team.pk)


def test_a_deputys_time_can_end_early(cast: Cast) -> None:
    named = name_designer(cast, -3, 3)
    named.end(by=cast.pm)
    assert not again(cast.design).manages(cast.team.pk)
    assert Deputy.objects.get().ends == timezone.localdate() - timedelta(1)
    assert list(Record.objects.values_list("act", flat=True)) == ["end_deputy", "name_deputy"]


def test_what_no_deputy_may_be(cast: Cast) -> None:
    today = timezone.localdate()
    for manager, deputy, by in (
        (cast.maker, cast.design, cast.maker),
        (cast.pm, cast.pm, cast.pm),
        (cast.pm, cast.stakeholder, cast.pm),
        (cast.pm, cast.design, cast.other_pm),
    ):
        with pytest.raises(ValueError, match=r"."):
            Deputy.name_for(manager, deputy, today, today, by=by)
    with pytest.raises(ValueError, match="before the first"):
        Deputy.name_for(cast.pm, cast.design, today, today - timedelta(1), by=cast.pm)
    assert not Deputy.objects.exists()


def test_a_deputy_of_nobody_when_the_manager_leaves(cast: Cast) -> None:
    name_designer(cast, 0, 3)
    cast.pm.set_active(False, by=cast.admin)
    assert not again(cast.design).manages(cast.team.pk)


def test_a_deputy_hands_nothing_on(cast: Cast) -> None:
    name_designer(cast, 0, 3)
    today = timezone.localdate()
    with pytest.raises(ValueError, match="Only a product manager"):
        Deputy.name_for(cast.design, cast.maker, today, today, by=cast.design)
    with pytest.raises(ValueError, match="names the deputy"):
        Deputy.name_for(cast.pm, cast.maker, today, today, by=cast.design)
    Deputy.name_for(cast.other_pm, cast.pm, today, today, by=cast.other_pm)
    assert again(cast.pm).manages(cast.other_team.pk)
    assert not again(cast.design).manages(cast.other_team.pk)


def test_a_token_works_until_it_expires_or_is_revoked(cast: Cast) -> None:
    token, secret = Token.create(cast.pm, Scope.READ, "report", 1, by=cast.pm)
    assert Token.of(secret) == token
    assert secret not in str(Token.objects.values().get())
    Token.objects.update(expires_at=timezone.now())
    assert Token.of(secret) is None
    Token.objects.update(expires_at=timezone.now() + timedelta(1))
    cast.pm.set_active(False, by=cast.admin)
    assert Token.of(secret) is None
    cast.pm.set_active(True, by=cast.admin)
    token.revoke(by=cast.pm)
    assert Token.of(secret) is None


def test_a_token_notes_its_last_use_once_a_minute(cast: Cast) -> None:
    _token, secret = Token.create(cast.pm, Scope.READ, by=cast.pm)
    Token.of(secret)
    first = Token.objects.get().last_used_at
    Token.of(secret)
    assert Token.objects.get().last_used_at == first is not None
