"""The settings pages: one's own, and those of who keeps the workspace."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from filrouge.desk.models import SavedView
from filrouge.jobs.models import Outbox
from filrouge.people.models import Deputy, Product, Record, Role, Team, User
from filrouge.people.tokens import Invitation, Scope, Token
from tests.fixtures.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

OWN = ["/settings/", "/settings/tokens/", "/settings/deputies/", "/settings/teams/", "/settings/access/"]
ADMINS = ["/settings/people/", "/settings/records/"]
OPERATORS = ["/settings/teams/new/", "/settings/areas/new/"]


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


@pytest.fixture
def pm(client: Client, cast: Cast) -> Client:
    client.force_login(cast.pm)
    return client


@pytest.mark.parametrize("address", [*OWN, *ADMINS, *OPERATORS])
def test_who_comes_in(client: Client, cast: Cast, address: str) -> None:
    allowed = (
        {Role.ADMIN}
        if address in ADMINS
        else {Role.ADMIN, Role.PRODUCT_OPS}
        if address in OPERATORS
        else set(Role)
    )
    for role, person in cast.by_role.items():
        client.force_login(person)
        assert client.get(address).status_code == (200 if role in allowed else 403), (role, address)
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", ["/settings/people/", "/settings/teams/", "/settings/records/"])
def test_a_longer_list_asks_no_more(
    admin: Client, cast: Cast, address: str, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        person = User.objects.create_user(f"p{n}@example.org", Role.MAKER)
        person.join(Team.objects.create(name=f"T{n}", parent=cast.group), by=cast.admin)
        Product.objects.create(name=f"A{n}", team=cast.team)
    admin.get(address)
    with django_assert_max_num_queries(14):
        admin.get(address)


def test_preferences_are_kept(pm: Client, cast: Cast) -> None:
    given = {"name": "Inès", "language": "fr", "timezone": "Europe/Paris", "theme": "dark"}
    assert pm.post("/settings/", given).status_code == 302
    cast.pm.refresh_from_db()
    assert (cast.pm.name, cast.pm.timezone, cast.pm.shortcuts) == ("Inès", "Europe/Paris", False)
    assert 'data-theme="dark"' in pm.get("/settings/").content.decode()
    assert pm.post("/settings/", given | {"timezone": "Mars/Olympus"}).status_code == 422


def test_a_password_is_changed_with_the_old_one(pm: Client, cast: Cast) -> None:
    cache.clear()
    new = "four plain words here"
    given = {"oldpassword": "wrong", "password1": new, "password2": new}
    pm.post("/password/change/", given)
    assert User.objects.get(pk=cast.pm.pk).check_password(PASSWORD)
    pm.post("/password/change/", given | {"oldpassword": PASSWORD})
    assert User.objects.get(pk=cast.pm.pk).check_password(new)


def test_a_token_is_shown_once_and_revoked_by_its_owner(pm: Client, cast: Cast) -> None:
    html = pm.post("/settings/tokens/", {"name": "report", "scope": "read", "days": "30"}).content.decode()
    secret = re.search(r"flr_[\w-]{40,}", html)
    assert secret and Token.of(secret.group(0))
    assert secret.group(0) not in pm.get("/settings/tokens/").content.decode()
    other, _secret = Token.create(cast.maker, Scope.READ, by=cast.maker)
    assert pm.post(f"/settings/tokens/{other.pk}/revoke/").status_code == 404
    pm.post(f"/settings/tokens/{cast.pm.tokens.get().pk}/revoke/")
    assert Token.of(secret.group(0)) is None


@pytest.mark.parametrize("days", ["0", "731", "x", ""])
def test_a_token_expires_within_two_years(pm: Client, days: str) -> None:
    assert pm.post("/settings/tokens/", {"name": "x", "scope": "read", "days": days}).status_code == 422


def days(first: int, last: int) -> dict[str, str]:
    today = timezone.localdate()
    return {"starts": str(today + timedelta(first)), "ends": str(today + timedelta(last))}


def test_a_deputy_is_named_and_ended(pm: Client, cast: Cast) -> None:
    assert pm.post("/settings/deputies/", {"deputy": cast.design.pk, **days(0, 3)}).status_code == 302
    assert "Design" in pm.get("/settings/deputies/").content.decode()
    assert User.objects.get(pk=cast.design.pk).manages(cast.team.pk)
    pm.post(f"/settings/deputies/{Deputy.objects.get().pk}/end/")
    assert not User.objects.get(pk=cast.design.pk).manages(cast.team.pk)


def test_no_deputy_backwards_nor_outside_the_teams(pm: Client, client: Client, cast: Cast) -> None:
    assert pm.post("/settings/deputies/", {"deputy": cast.design.pk, **days(3, 0)}).status_code == 422
    assert pm.post("/settings/deputies/", {"deputy": cast.guest.pk, **days(0, 3)}).status_code == 422
    client.force_login(cast.maker)
    assert client.post("/settings/deputies/", {"deputy": cast.design.pk, **days(0, 3)}).status_code == 422
    assert not Deputy.objects.exists()


def test_an_invitation_is_mailed_and_its_address_shown_once(admin: Client, cast: Cast) -> None:
    given = {"email": "Zoe@example.org", "role": "maker", "team": cast.team.pk}
    html = admin.post("/settings/people/", given).content.decode()
    link = re.search(r"http://[^<\s]+/invitations/[\w-]+/", html)
    assert link and Client().get(link.group(0)).status_code == 200
    assert Outbox.objects.get().payload["to"] == "zoe@example.org"
    again = admin.get("/settings/people/").content.decode()
    assert "zoe@example.org" in again and link.group(0) not in again
    admin.post(f"/settings/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert Client().get(link.group(0)).status_code == 404
    assert Record.objects.latest("pk").act == "withdraw_invitation"


def test_nobody_is_invited_twice(admin: Client, cast: Cast) -> None:
    given = {"email": "PM@example.org", "role": "maker", "team": ""}
    assert admin.post("/settings/people/", given).status_code == 422


def test_an_account_changes(admin: Client, cast: Cast) -> None:
    address = f"/settings/people/{cast.maker.pk}/"
    for change in (
        {"change": "role", "role": "coach"}, {"change": "join", "team": cast.other_team.pk},
        {"change": "leave", "team": cast.team.pk}, {"change": "close"},
    ):  # fmt: skip
        assert admin.post(address, change).status_code == 302
    maker = User.objects.get(pk=cast.maker.pk)
    assert (maker.role, maker.team_ids, maker.is_active) == ("coach", frozenset({cast.other_team.pk}), False)
    acts = set(Record.objects.values_list("act", flat=True))
    assert acts >= {"change_role", "join_team", "leave_team", "close_account"}
    assert "closed the account" in admin.get("/settings/records/").content.decode()


@pytest.mark.parametrize("change", [{}, {"change": "role", "role": "king"}, {"change": "x"}])
def test_a_change_that_is_none_is_refused(admin: Client, cast: Cast, change: dict[str, str]) -> None:
    html = admin.post(f"/settings/people/{cast.maker.pk}/", change, follow=True).content.decode()
    assert "Say what to change." in html
    assert User.objects.get(pk=cast.maker.pk).role == Role.MAKER


def test_the_last_administrator_is_told_why_not(admin: Client, cast: Cast) -> None:
    address = f"/settings/people/{cast.admin.pk}/"
    html = admin.post(address, {"change": "role", "role": "maker"}, follow=True).content.decode()
    assert "last administrator" in html
    assert "last administrator" in admin.post(address, {"change": "close"}, follow=True).content.decode()


def test_teams_and_areas_nest_without_loops(admin: Client, cast: Cast) -> None:
    admin.post("/settings/teams/new/", {"name": "Kernels", "parent": cast.team.pk, "country": ""})
    below = Team.objects.get(name="Kernels")
    assert Record.objects.latest("pk").detail == {"team": "Kernels", "changed": "name, parent"}
    refused = admin.post(
        f"/settings/teams/{cast.group.pk}/", {"name": "Editors", "parent": below.pk, "country": ""}
    )
    assert refused.status_code == 422 and "part of" in refused.content.decode()
    area = {"name": "Notebook", "parent": cast.area.pk, "team": cast.team.pk}
    assert admin.post(f"/settings/areas/{cast.product.pk}/", area).status_code == 422
    html = admin.get("/settings/teams/").content.decode()
    assert html.index("Editors") < html.index("Notebook") < html.index("Kernels")
    assert "depth-2" in html and "Product manager: Pm" in html and "no product manager" in html


def test_the_table_is_the_one_that_decides(pm: Client) -> None:
    html = pm.get("/settings/access/").content.decode()
    assert html.count(">own team<") == 6 and html.count(">as deputy<") == 6 * 5
    checks_in = html[html.index("Say where a goal or a key result stands") :]
    assert checks_in[: checks_in.index("</tr>")].count("or its owner") == html.count("or its owner") == 6


def test_a_view_is_kept_renamed_shared_and_forgotten(client: Client, cast: Cast) -> None:
    client.force_login(cast.pm)
    html = client.get("/insights/?q=files&cursor=x").content.decode()
    assert "/views/new/?path=/insights/&amp;query=q%3Dfiles" in html.replace("%2F", "/")
    kept = client.post("/views/new/", {"path": "/insights/", "query": "q=files", "name": "Files"})
    assert kept["Location"] == "/insights/?q=files"
    view = SavedView.objects.get()
    client.force_login(cast.maker)
    assert "Files" not in client.get("/insights/").content.decode()
    assert client.get(f"/views/{view.pk}/").status_code == 404
    assert client.post(f"/views/{view.pk}/forget/").status_code == 404
    client.force_login(cast.pm)
    client.post(f"/views/{view.pk}/", {"name": "Far files", "shared": "on"})
    client.force_login(cast.maker)
    assert "Far files" in client.get("/insights/").content.decode()
    client.force_login(cast.pm)
    assert client.post(f"/views/{view.pk}/forget/")["Location"] == "/insights/"
    assert not SavedView.objects.exists()


def test_a_view_of_the_same_name_takes_the_place_of_the_former(pm: Client) -> None:
    for query in ("q=a", "q=b"):
        pm.post("/views/new/", {"path": "/insights/", "query": query, "name": "Mine"})
    assert SavedView.objects.get().query == "q=b"


@pytest.mark.parametrize(
    "path",
    [
        *("https://example.org/", "//example.org/", "/nowhere/at/all/", "javascript:x", ""),
        *("/api/v1/" + "x" * 200, "/api/v1/\x00"),
    ],
)
def test_a_view_leads_to_a_page_of_ours_only(pm: Client, path: str) -> None:
    assert pm.post("/views/new/", {"path": path, "name": "x"}).status_code == 404
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused(pm: Client) -> None:
    assert pm.post("/views/new/", {"path": "/insights/", "name": "  "}).status_code == 422
