"""Comments: whoever reads the Item reads them; only their author takes one away."""

import pytest
from django.test import Client

from filrouge.desk.models import LONGEST_COMMENT, Comment
from filrouge.evidence.insights.models import Insight
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def item(cast: Cast) -> Insight:
    found: Insight = Insight.create(by=cast.design, title="Teachers want fewer buttons")
    return found


@pytest.fixture
def address(item: Insight) -> str:
    return f"/comments/{item.pk}/"


def test_a_comment_without_a_script(client: Client, cast: Cast, address: str) -> None:
    client.force_login(cast.maker)
    assert client.post(address, {"text": " Indeed.\n<b>All</b> of them. "})["Location"] == address
    html = client.get(address).content.decode()
    assert "<h1>Teachers want fewer buttons</h1>" in html
    assert "Indeed.<br>" in html and "&lt;b&gt;All&lt;/b&gt;" in html


def test_a_fragment_for_the_page_it_stands_on(client: Client, cast: Cast, address: str) -> None:
    client.force_login(cast.maker)
    html = client.post(address, {"text": "Indeed."}, headers=HTMX).content.decode()
    assert "Indeed." in html and "<html" not in html


@pytest.mark.parametrize("text", ["", "  \x00 ", "x" * (LONGEST_COMMENT + 1)])
def test_what_is_no_comment_is_said(client: Client, cast: Cast, address: str, text: str) -> None:
    client.force_login(cast.maker)
    response = client.post(address, {"text": text})
    assert response.status_code == 422
    assert "id_comment-error" in response.content.decode()
    assert not Comment.objects.exists()


def test_others_private_items_do_not_exist(client: Client, cast: Cast, item: Insight, address: str) -> None:
    Insight.objects.filter(pk=item.pk).update(circle="private")
    Comment.write(item, "Between us.", by=cast.design)
    client.force_login(cast.pm)
    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "x"}).status_code == 404
    assert not Comment.objects.visible_to(cast.pm).exists()


def test_outside_readers_neither_read_nor_write(client: Client, cast: Cast, address: str) -> None:
    for person in (cast.stakeholder, cast.guest):
        client.force_login(person)
        assert client.get(address).status_code == 403
        assert client.post(address, {"text": "x"}).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302


def test_only_the_author_removes_a_comment(client: Client, cast: Cast, item: Insight, address: str) -> None:
    comment = Comment.write(item, "Indeed.", by=cast.maker)
    client.force_login(cast.admin)
    client.post(f"/comments/{comment.pk}/remove/")
    assert Comment.objects.exists()
    client.force_login(cast.maker)
    html = client.post(f"/comments/{comment.pk}/remove/", headers=HTMX).content.decode()
    assert "Nobody has commented yet." in html
    assert not Comment.objects.exists()


def test_an_items_page_points_to_its_comments(
    client: Client, cast: Cast, item: Insight, address: str
) -> None:
    client.force_login(cast.pm)
    assert f'hx-get="{address}"' in client.get(item.get_absolute_url()).content.decode()
