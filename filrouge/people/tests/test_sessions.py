"""A session knows its person: read with them, ended with their account, forgotten when it is over."""

from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone

from filrouge.people.models import Role, User
from filrouge.people.sessions import Session, SessionStore, forget_ended

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def admin() -> User:
    return User.objects.create_user("ada@example.org", Role.ADMIN, PASSWORD)


@pytest.fixture
def maker(client: Client, admin: User) -> User:
    user = User.objects.create_user("mo@example.org", Role.MAKER, PASSWORD)
    client.force_login(user)
    return user


def signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_a_session_is_its_persons(client: Client, maker: User) -> None:
    assert [row.user for row in Session.objects.all()] == [maker]
    assert signed_in(client)
    assert client.get("/").wsgi_request.user == maker


def test_reading_a_session_brings_the_person_as_a_query_would(client: Client, maker: User) -> None:
    read = client.get("/").wsgi_request.user
    fields = [field.attname for field in User._meta.concrete_fields]
    found = User.objects.get(pk=maker.pk)
    assert {name: getattr(read, name) for name in fields} == {name: getattr(found, name) for name in fields}


def test_closing_an_account_ends_its_sessions_for_good(client: Client, maker: User, admin: User) -> None:
    maker.set_active(False, by=admin)
    assert not Session.objects.exists()
    maker.set_active(True, by=admin)
    assert not signed_in(client)


def test_an_account_closed_behind_our_back_opens_nothing(client: Client, maker: User) -> None:
    User.objects.filter(pk=maker.pk).update(is_active=False)
    assert not signed_in(client)


def test_a_new_password_ends_the_sessions_of_the_old_one(client: Client, maker: User) -> None:
    maker.set_password("another long password")
    maker.save()
    assert not signed_in(client)


def test_a_session_whose_hash_is_not_its_persons_opens_nothing(client: Client, maker: User) -> None:
    session = client.session
    session[HASH_SESSION_KEY] = "0" * 64
    session.save()
    assert not signed_in(client)


def test_signing_out_ends_the_session(client: Client, maker: User) -> None:
    client.logout()
    assert not Session.objects.exists()
    assert not signed_in(client)


def test_a_session_that_ended_opens_nothing_and_is_forgotten(client: Client, maker: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not signed_in(client)
    assert forget_ended.call() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_went_while_signing_in_is_nobody(client: Client) -> None:
    session = SessionStore()
    session[SESSION_KEY] = "987654"
    session.create()
    client.cookies["sessionid"] = str(session.session_key)
    assert not signed_in(client)


@pytest.mark.parametrize(
    "key", ["x" * 32, "'; DROP TABLE people_session; --", "", "\x00", "é" * 40, "\x00" * 32]
)
def test_a_key_that_is_not_one_opens_nothing(client: Client, maker: User, key: str) -> None:
    client.cookies["sessionid"] = key
    assert not signed_in(client)
    assert Session.objects.count() == 1
