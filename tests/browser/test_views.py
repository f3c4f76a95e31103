"""A reader gets the pages in their language, theme and width, and nobody else's session."""

import pytest
from playwright.sync_api import Page

from tests.fixtures.browser import Browse, View, check_axe, every_view, shot
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.browser


@every_view
def test_the_gallery_follows_its_reader(browse: Browse, cast: Cast, view: View) -> None:
    page = browse(cast.pm)
    page.goto("/ui/")
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("data-theme")) == (view.language, view.theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= view.width
    check_axe(page)
    shot(page, "gallery", view)


def test_what_the_page_refuses_is_noticed(page: Page, complaints: list[str]) -> None:
    page.goto("/ui/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"https://elsewhere.example/a.png\">')"
    )
    page.wait_for_timeout(200)
    assert len(complaints) == 1 and "elsewhere.example" in complaints[0]
    complaints.clear()
