"""Home, settings and comments in a real Chromium: accessible, fitting, without reloading."""

import pytest

from filrouge.desk.models import Comment
from filrouge.evidence.insights.models import Insight
from filrouge.people.models import User
from tests.fixtures.browser import Browse, View, check_axe, every_view, shot
from tests.fixtures.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SETTINGS = ("", "tokens/", "deputies/", "teams/", "teams/new/", "access/", "people/", "records/")


@every_view
def test_every_home_is_accessible_and_fits(browse: Browse, cast: Cast, view: View) -> None:
    for role, person in cast.by_role.items():
        page = browse(person)
        page.goto("/")
        check_axe(page)
        assert page.evaluate(WIDER) == 0, role
        shot(page, f"home-{role}", view)


@every_view
def test_the_settings_are_accessible_and_fit(browse: Browse, cast: Cast, view: View) -> None:
    page = browse(cast.admin)
    for place in SETTINGS:
        page.goto(f"/settings/{place}")
        check_axe(page)
        assert page.evaluate(WIDER) == 0, place


@every_view
def test_the_sign_in_page_is_accessible_and_fits(browse: Browse, cast: Cast, view: View) -> None:
    User.objects.update(sample=True)
    page = browse()
    for place in ("sign-in/", "password/reset/", "sign-up/"):
        page.goto(f"/{place}")
        check_axe(page)
        assert page.evaluate(WIDER) == 0, place
    page.goto("/sign-in/")
    page.locator(".person-choice").first.click()
    page.wait_for_url("**/")
    assert page.locator(".home").is_visible()


def test_a_token_is_copied_from_beside_it(browse: Browse, cast: Cast) -> None:
    page = browse(cast.pm)
    page.goto("/settings/tokens/")
    page.fill("[name=name]", "report")
    page.get_by_role("button", name="Make the token").click()
    secret = page.locator(".secret-code").inner_text()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    check_axe(page)


def test_a_comment_appears_and_goes_without_a_reload(browse: Browse, cast: Cast) -> None:
    item = Insight.create(by=cast.design, title="Teachers want fewer buttons")
    page = browse(cast.pm)
    page.goto(item.get_absolute_url())
    page.evaluate("window.stayed = true; scrollTo(0, document.body.scrollHeight)")
    page.fill("#id_comment", "Two told me so.")
    page.get_by_role("button", name="Comment", exact=True).click()
    page.get_by_text("Two told me so.").wait_for()
    check_axe(page)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Remove").click()
    page.wait_for_timeout(500)
    assert Comment.objects.exists()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Nobody has commented yet.").wait_for()
    assert page.evaluate("window.stayed") and not Comment.objects.exists()


def test_a_refused_fragment_changes_nothing_of_the_page(browse: Browse, cast: Cast) -> None:
    item = Insight.create(by=cast.design, title="Teachers want fewer buttons")
    page = browse(cast.pm)
    page.goto(item.get_absolute_url())
    named = page.title()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.fill("#id_comment", "Two told me so.")
    Insight.objects.update(circle="private")
    page.get_by_role("button", name="Comment", exact=True).click()
    page.get_by_text("Nothing is at this address").wait_for()
    assert page.title() == named and page.input_value("#id_comment")


def test_capturing_needs_no_room_on_a_narrow_screen(browse: Browse, cast: Cast) -> None:
    for width, most in ((1440, 200), (390, 50)):
        page = browse(cast.pm, View(width=width))
        page.goto("/")
        box = page.get_by_role("link", name="Capture words").first.bounding_box()
        assert box and 24 <= box["width"] <= most, width
        check_axe(page)


def test_words_are_captured_without_leaving_the_keyboard(browse: Browse, cast: Cast) -> None:
    page = browse(cast.stakeholder)
    page.goto("/")
    page.keyboard.press("c")
    page.locator("#remote textarea:focus").wait_for()
    page.keyboard.type("I cannot find the export")
    page.keyboard.press("Control+Enter")
    page.locator("#remote").get_by_role("heading", name="Saved").wait_for()


def test_a_view_is_saved_from_a_dialog(browse: Browse, cast: Cast) -> None:
    Insight.create(by=cast.design, title="Files are far away")
    page = browse(cast.pm)
    page.goto("/insights/?q=files")
    page.get_by_role("link", name="Save this view").click()
    page.locator("#remote [name=name]").fill("Files")
    page.locator("#remote").get_by_role("button", name="Save").click()
    chip = page.get_by_role("navigation", name="Saved views").get_by_role("link", name="Files")
    chip.wait_for()
    assert chip.get_attribute("aria-current") == "true"
    check_axe(page)
