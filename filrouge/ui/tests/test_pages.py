"""The gallery, the two choices anybody may make, and what every answer carries."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from filrouge.people.models import Role, User
from filrouge.ui import errors
from filrouge.ui.middleware import ContentSecurityPolicy, Reader, ServerTiming, policy
from filrouge.ui.reader import Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("ines@example.org", Role.ADMIN, "a long enough password", name="Inès")


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


@pytest.mark.parametrize("address", ["/ui/", "/ui/?both=1"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_gallery_keeps_to_the_content_security_policy(
    signed_in: Client, reader: User, address: str, language: str
) -> None:
    User.objects.filter(pk=reader.pk).update(language=language)
    html = signed_in.get(address).content.decode()
    assert f'<html lang="{language}"' in html
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert "<style" not in html


def test_the_gallery_repeats_no_id(signed_in: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', signed_in.get("/ui/?both=1").content.decode())
    assert len(ids) == len(set(ids)) > 50


def test_every_label_and_description_points_to_something(signed_in: Client) -> None:
    html = signed_in.get("/ui/").content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    told = re.findall(
        r'\s(?:for|aria-describedby|aria-labelledby|aria-controls|popovertarget)="([^"]+)"', html
    )
    assert {name for names in told for name in names.split()} <= ids
    assert told


def test_users_words_are_shown_as_text(signed_in: Client) -> None:
    assert "&lt;b&gt;I don&#39;t want another desktop.&lt;/b&gt;" in signed_in.get("/ui/").content.decode()


def test_every_answer_says_what_it_cost_and_what_it_allows(signed_in: Client) -> None:
    response = signed_in.get("/ui/")
    assert re.fullmatch(r"app;dur=\d+\.\d", response["Server-Timing"])
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"


def test_language_is_kept_in_the_account(signed_in: Client, reader: User) -> None:
    response = signed_in.post("/preferences/language", {"language": "fr", "next": "/ui/"})
    assert response["Location"] == "/ui/"
    reader.refresh_from_db()
    assert reader.language == "fr"
    assert signed_in.get("/ui/")["Content-Language"] == "fr"


def test_choices_before_sign_in_are_kept_in_cookies(client: Client, reader: User) -> None:
    client.post("/preferences/language", {"language": "fr"})
    client.post("/preferences/theme", {"theme": "dark"})
    client.post("/preferences/density", {"density": "dense"})
    html = client.get("/sign-in/").content.decode()
    assert '<html lang="fr" data-theme="dark" data-density="dense"' in html


@pytest.mark.parametrize("answer", [{"language": "xx"}, {"language": "fr' onload"}, {}])
def test_an_unknown_language_changes_nothing(client: Client, answer: dict[str, str]) -> None:
    response = client.post("/preferences/language", answer)
    assert response.status_code == 302
    assert "language" not in response.cookies


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_a_choice_never_leads_to_another_site(client: Client, target: str) -> None:
    assert client.post("/preferences/theme", {"theme": "dark", "next": target})["Location"] == "/"


def test_the_browser_says_the_language_of_a_stranger(client: Client, reader: User) -> None:
    for accepted, spoken in (("fr-CH, en;q=0.8", "fr"), ("de, en;q=0.5", "en"), ("", "en")):
        response = client.get("/sign-in/", headers={"Accept-Language": accepted})
        assert response["Content-Language"] == spoken


def through(answer: HttpResponse, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/", headers=headers)
    return ServerTiming(ContentSecurityPolicy(Reader(lambda _request: answer)))(request)  # type: ignore[return-value]


def test_a_dialog_is_told_where_to_go() -> None:
    moved = HttpResponse(status=302, headers={"Location": "/insights/3/"})
    told = through(moved, **{"X-Dialog": "1"})
    assert (told.status_code, told["X-Location"]) == (204, "/insights/3/")
    assert through(moved).status_code == 302


def test_strangers_may_cache_and_an_own_policy_stands() -> None:
    answer = through(HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"}))
    assert "Cache-Control" not in answer
    assert answer["Content-Security-Policy"] == "default-src 'none'"


def test_a_policy_has_the_shape_of_django_6() -> None:
    shape: dict[str, list[str] | str | bool] = {
        "script-src": ["'self'", "data:"],
        "img-src": "'self'",
        "upgrade-insecure-requests": True,
        "x": False,
    }
    assert policy(shape) == "script-src 'self' data:; img-src 'self'; upgrade-insecure-requests"


def ask(language: str) -> HttpRequest:
    return RequestFactory().get("/", headers={"Accept-Language": language})


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("view", "status"),
    [
        (errors.bad_request, 400),
        (errors.forbidden, 403),
        (errors.not_found, 404),
        (errors.server_error, 500),
        (errors.csrf_failure, 403),
    ],
)
def test_errors_speak_the_readers_language_without_the_database(
    view: object, status: int, language: str, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = view(ask(language))  # type: ignore[operator]
    assert response.status_code == status
    assert f'<html lang="{language}"' in response.content.decode()
    assert "data-error" in response.content.decode()


def test_a_refusal_says_why() -> None:
    assert (
        "Only the product manager may."
        in errors.forbidden(ask("en"), Exception("Only the product manager may.")).content.decode()
    )


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere/", 404), ("/insights/new/create/", 403), ("/preferences/theme", 405)]
)
def test_an_error_keeps_the_navigation_and_leads_back(signed_in: Client, address: str, status: int) -> None:
    response = signed_in.get(address, headers={"Referer": "http://testserver/ui/?both"})
    html = response.content.decode()
    assert response.status_code == status and f'data-error-status="{status}"' in html
    assert 'id="side"' in html and 'href="http://testserver/ui/?both"' in html


def test_a_form_s_address_opened_as_a_page_says_so(signed_in: Client, client: Client) -> None:
    response = signed_in.get("/preferences/theme", headers={"Referer": "https://example.org/"})
    assert response["Allow"] == "POST" and "example.org" not in response.content.decode()
    assert Client().get("/preferences/theme").status_code == 405


def test_what_broke_the_page_may_break_its_frame(
    signed_in: Client, rf: RequestFactory, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = rf.get("/insights/")
    request.reader = reader  # type: ignore[attr-defined]
    request.look = Look()  # type: ignore[attr-defined]
    assert 'id="side"' in errors.server_error(request).content.decode()
    monkeypatch.setattr("filrouge.ui.navigation.reader_of", lambda request: 1 / 0)
    alone = errors.server_error(request)
    assert alone.status_code == 500 and 'id="side"' not in alone.content.decode()


def test_the_page_above_an_address() -> None:
    found = [errors.above(path) for path in ("/initiatives/4/move/", "/insights/12/", "/nowhere/", "/")]
    assert found == ["/initiatives/4/", "/insights/", "", ""]
