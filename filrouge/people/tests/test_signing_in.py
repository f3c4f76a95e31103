"""The ways in: password, reset by mail, invitation, first administrator, the sample's people."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from filrouge.jobs.models import Outbox
from filrouge.jobs.worker import drain
from filrouge.people.models import Record, Role, User
from filrouge.people.tokens import Invitation, SetupCode
from tests.fixtures.cast import PASSWORD, Cast
from tests.fixtures.mailbox import Mailbox

pytestmark = pytest.mark.django_db

NEW = "four plain words here"


@pytest.fixture(autouse=True)
def no_former_attempts() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def real_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "filrouge.jobs.outbox.OutboxBackend"


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens_the_home(client: Client, cast: Cast) -> None:
    response = sign_in(client, "PM@example.org", PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client)


@pytest.mark.parametrize("email", ["pm@example.org", "nobody@example.org"])
def test_a_wrong_password_says_nothing_of_who_exists(client: Client, cast: Cast, email: str) -> None:
    html = sign_in(client, email, "not the password").content.decode()
    assert not signed_in(client)
    assert "are not correct" in html


def test_a_closed_account_stays_out(client: Client, cast: Cast) -> None:
    cast.maker.set_active(False, by=cast.admin)
    sign_in(client, cast.maker.email, PASSWORD)
    assert not signed_in(client)


def test_a_session_ends_when_the_account_is_closed(client: Client, cast: Cast) -> None:
    client.force_login(cast.maker)
    cast.maker.set_active(False, by=cast.admin)
    assert client.get("/").status_code == 302


def test_guessing_is_slowed_down(client: Client, cast: Cast) -> None:
    answers = [sign_in(client, "pm@example.org", f"guess {n}") for n in range(12)]
    assert not signed_in(client)
    sign_in(client, "pm@example.org", PASSWORD)
    assert not signed_in(client)
    assert "Too many" in answers[-1].content.decode()
    assert (answers[-1].status_code, answers[-1]["Retry-After"]) == (429, "300")


def test_a_guesser_elsewhere_does_not_lock_the_owner_out(client: Client, cast: Cast) -> None:
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    for n in range(12):
        sign_in(elsewhere, "pm@example.org", f"guess {n}")
    sign_in(client, "pm@example.org", PASSWORD)
    assert signed_in(client) and not signed_in(elsewhere)


@pytest.mark.parametrize("language, said", [("en", "Too many attempts"), ("fr", "Trop d’essais")])
def test_a_mailbox_is_not_filled_by_a_stranger(cast: Cast, language: str, said: str) -> None:
    strangers = [Client(REMOTE_ADDR=f"192.0.2.{n}", headers={"accept-language": language}) for n in range(8)]
    answers = [one.post("/password/reset/", {"email": "pm@example.org"}) for one in strangers]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 3
    assert answers[-1]["Retry-After"] == "900" and said in answers[-1].content.decode()
    assert Outbox.objects.count() == 5


def test_a_foreign_host_is_refused_in_one_line(client: Client) -> None:
    handlers = logging.getLogger("django.security").handlers
    [terminal] = [one for one in handlers if type(one) is logging.StreamHandler]
    written = StringIO()
    before = terminal.setStream(written)
    try:
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    finally:
        terminal.setStream(before)
    assert len(written.getvalue().splitlines()) == 1 and "evil.example" in written.getvalue()
    assert "to FILROUGE_HOSTS" in written.getvalue()


def test_nobody_signs_up_alone(client: Client, cast: Cast) -> None:
    client.post("/sign-up/", {"email": "new@example.org", "password1": NEW, "password2": NEW})
    assert not User.objects.filter(email="new@example.org").exists()
    assert "By invitation" in client.get("/sign-up/").content.decode()


def mailed_link(mailbox: Mailbox, pattern: str) -> str:
    """The path of the link in the last mail that a real mail server received."""
    drain(["mail"])
    text = mailbox.messages[-1].get_payload(decode=True)
    assert isinstance(text, bytes)
    found = re.search(pattern, text.decode())
    assert found, text.decode()
    return found.group(0)


def test_a_forgotten_password_is_replaced_by_mail(client: Client, cast: Cast, mailbox: Mailbox) -> None:
    client.post("/password/reset/", {"email": "pm@example.org"})
    link = mailed_link(mailbox, r"/password/reset/key/\S+")
    assert mailbox.messages[0]["To"] == "pm@example.org"
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    sign_in(client, "pm@example.org", NEW)
    assert signed_in(client)
    assert "used already" in Client().get(link, follow=True).content.decode()


def test_asking_for_a_stranger_answers_the_same(client: Client, cast: Cast, mailbox: Mailbox) -> None:
    known = client.post("/password/reset/", {"email": "pm@example.org"}, follow=True)
    unknown = client.post("/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert "If we know this address" in unknown.content.decode()


@pytest.fixture
def invited(cast: Cast) -> str:
    _row, secret = Invitation.create("Zoe@example.org", Role.MAKER, cast.team, by=cast.admin)
    return f"/invitations/{secret}/"


def test_an_invitation_lets_one_person_in_once(client: Client, cast: Cast, invited: str) -> None:
    assert "zoe@example.org" in client.get(invited).content.decode()
    assert client.post(invited, {"name": "Zoé", "password": NEW})["Location"] == "/"
    zoe = User.objects.get(email="zoe@example.org")
    assert (zoe.role, zoe.team_ids, signed_in(client)) == ("maker", frozenset({cast.team.pk}), True)
    assert Record.objects.filter(act="accept_invitation", by=zoe).exists()
    again = Client().post(invited, {"name": "Eve", "password": NEW})
    assert again.status_code == 404
    assert "does not work any more" in again.content.decode()
    assert User.objects.filter(email__iexact="zoe@example.org").count() == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_account_keeps_the_language_that_it_was_made_in(
    client: Client, invited: str, language: str
) -> None:
    client.post(invited, {"name": "Zoé", "password": NEW}, headers={"accept-language": language})
    assert User.objects.get(email="zoe@example.org").language == language


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_administrator_keeps_the_language_of_the_page(db: None, code: str, language: str) -> None:
    welcome(Client(headers={"accept-language": language}), code)
    assert User.objects.get().language == language


def test_an_address_that_got_an_account_meanwhile_needs_no_invitation(client: Client, invited: str) -> None:
    User.objects.create_user("zoe@example.org", Role.GUEST)
    assert client.post(invited, {"name": "Zoé", "password": NEW})["Location"] == "/sign-in/"
    assert not signed_in(client)
    assert User.objects.get(email="zoe@example.org").role == Role.GUEST


def test_two_who_use_an_invitation_at_once_are_one(cast: Cast, invited: str) -> None:
    same = Invitation.objects.get(), Invitation.objects.get()
    same[0].accept("Zoé", NEW)
    with pytest.raises(ValueError, match="used already"):
        same[1].accept("Eve", NEW)


@pytest.mark.parametrize("password", ["short", "password12", ""])
def test_an_invitation_asks_for_a_real_password(client: Client, invited: str, password: str) -> None:
    assert client.post(invited, {"name": "Zoé", "password": password}).status_code == 422
    assert not User.objects.filter(email="zoe@example.org").exists()


def test_an_old_invitation_is_gone(client: Client, invited: str) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(invited).status_code == 404


def test_the_secret_of_an_invitation_is_not_stored(invited: str) -> None:
    assert Invitation.objects.get().digest not in invited


@pytest.fixture
def code(db: None) -> str:
    return SetupCode.issue()


def welcome(client: Client, code: str, **more: str) -> Any:
    return client.post(
        "/welcome/", {"code": code, "name": "Ada", "email": "ada@example.org", "password": NEW} | more
    )


def test_an_empty_house_leads_to_the_welcome_page(client: Client, db: None, capsys: Any) -> None:
    assert client.get("/")["Location"] == "/welcome/"
    assert client.get("/welcome/").status_code == 200
    assert "type the code" in capsys.readouterr().out


def test_the_terminals_code_makes_the_administrator_once(client: Client, code: str) -> None:
    assert welcome(client, code.upper())["Location"] == "/"
    assert (User.objects.get().role, signed_in(client)) == (Role.ADMIN, True)
    assert Client().get("/welcome/")["Location"] == "/sign-in/"
    assert SetupCode.claim(code, "eve@example.org", "Eve", NEW) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_it_at_once_one_does(code: str) -> None:
    def claim(number: int) -> User | None:
        try:
            return SetupCode.claim(code, f"a{number}@example.org", "Ada", NEW)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as hands:
        made = list(filter(None, hands.map(claim, range(6))))
    assert [user.pk for user in made] == [User.objects.get().pk]


@pytest.mark.parametrize("wrong", ["0000-0000-0000-0000", "", "x" * 41])
def test_another_code_makes_nobody(client: Client, code: str, wrong: str) -> None:
    assert welcome(client, wrong).status_code == 422
    assert not User.objects.exists()


HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}


@pytest.fixture
def sample(cast: Cast) -> User:
    User.objects.filter(pk=cast.pm.pk).update(sample=True)
    return cast.pm


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "localhost"])
def test_a_sample_person_is_chosen_on_this_machine(client: Client, sample: User, host: str) -> None:
    here: Any = HERE | {"HTTP_HOST": host}
    assert "people-choice" in client.get("/sign-in/", **here).content.decode()
    assert client.post(f"/sample/be/{sample.pk}/", **here)["Location"] == "/"
    assert signed_in(client)


ELSEWHERE = [
    {"REMOTE_ADDR": "192.0.2.7"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_CF_CONNECTING_IP": "192.0.2.7"},
    {"SERVER_PROTOCOL": "HTTP/1"},
    {"HTTP_HOST": "filrouge.example.org"},
]


@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
def test_nobody_elsewhere_can_be_a_sample_person(
    client: Client, sample: User, settings: Any, place: dict[str, str]
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    there: Any = HERE | place
    assert "people-choice" not in client.get("/sign-in/", **there).content.decode()
    assert client.post(f"/sample/be/{sample.pk}/", **there).status_code == 404
    assert not signed_in(client)


@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
def test_nor_with_a_password_that_was_set_here(
    client: Client, sample: User, settings: Any, place: dict[str, str]
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    there: Any = HERE | place
    wrong = client.post("/sign-in/", {"login": sample.email, "password": PASSWORD}, **there)
    assert "are not correct" in wrong.content.decode() and not signed_in(client)
    here: Any = HERE
    client.post("/sign-in/", {"login": sample.email, "password": PASSWORD}, **here)
    assert signed_in(client)


def test_behind_an_https_address_nobody_is_on_this_machine(
    client: Client, sample: User, settings: Any
) -> None:
    settings.HTTPS = True
    here: Any = HERE
    assert client.post(f"/sample/be/{sample.pk}/", **here).status_code == 404


def test_no_real_person_can_be_chosen(client: Client, cast: Cast) -> None:
    here: Any = HERE
    assert client.post(f"/sample/be/{cast.admin.pk}/", **here).status_code == 404
    assert client.get(f"/sample/be/{cast.admin.pk}/", **here).status_code == 405
