"""The parts in a real Chromium: no axe violation, no sideways scroll, keyboard, dialogs, quoting."""

import pytest
from playwright.sync_api import Page

from tests.fixtures.browser import Browse, View, check_axe, every_view
from tests.fixtures.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SELECT = """([start, end]) => {
  const text = document.querySelector("[data-words-id]").firstChild;
  const range = document.createRange();
  range.setStart(text, start);
  range.setEnd(text, end);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def gallery(browse: Browse, cast: Cast, look: View | None = None, query: str = "") -> Page:
    page = browse(cast.pm, look)
    page.goto(f"/ui/{query}")
    return page


@every_view
def test_every_part_is_accessible_and_fits(browse: Browse, cast: Cast, view: View) -> None:
    page = gallery(browse, cast)
    check_axe(page)
    assert page.evaluate(WIDER) == 0


@pytest.mark.parametrize("width", [320, 720])
def test_nothing_scrolls_sideways_when_narrow_or_zoomed(browse: Browse, cast: Cast, width: int) -> None:
    assert gallery(browse, cast, View(width=width), "?both=1").evaluate(WIDER) == 0


def test_the_help_lists_the_keys_of_the_page_and_gives_the_focus_back(browse: Browse, cast: Cast) -> None:
    page = gallery(browse, cast)
    page.locator("#buttons .button").first.focus()
    page.keyboard.press("?")
    help_dialog = page.locator("#keys-help")
    assert "Keep" in help_dialog.inner_text()
    check_axe(page)
    page.keyboard.press("Escape")
    assert not help_dialog.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Decide…"


def test_single_keys_can_be_switched_off_and_never_fire_while_typing(browse: Browse, cast: Cast) -> None:
    page = gallery(browse, cast)
    page.locator("#id_claim").focus()
    page.keyboard.type("?jk")
    assert page.locator("#id_claim").input_value() == "?jk"
    type(cast.pm).objects.filter(pk=cast.pm.pk).update(shortcuts=False)
    page.reload()
    page.keyboard.press("?")
    assert not page.locator("#keys-help").is_visible()


def test_rows_are_walked_and_ticked_by_keys(browse: Browse, cast: Cast) -> None:
    page = gallery(browse, cast)
    page.keyboard.press("j")
    current = page.locator("[data-key-row][aria-current]")
    assert "Export without code cells" in current.inner_text()
    assert current.locator("input").is_checked()
    page.keyboard.press("x")
    assert not current.locator("input").is_checked()
    page.keyboard.press("k")
    assert "Teachers want fewer buttons" in page.evaluate("document.activeElement.textContent")


def test_selected_words_are_counted_in_code_points(browse: Browse, cast: Cast) -> None:
    page = gallery(browse, cast)
    page.evaluate("document.querySelector('[data-words-id]').textContent = 'Ça 😀 marche bien, merci.'")
    page.evaluate(SELECT, [5, 17])
    page.locator("[data-quote-button]").wait_for(state="visible")
    page.keyboard.press("q")
    form = page.locator("[data-quote-dialog] form")
    sent = {name: form.locator(f"[name={name}]").input_value() for name in ("words", "start", "end")}
    assert sent == {"words": "1", "start": "5", "end": "16"}
    assert page.locator("[data-quote-text]").inner_text() == "marche bien"


def test_the_theme_changes_at_once_and_stays(browse: Browse, cast: Cast) -> None:
    page = gallery(browse, cast)
    page.locator(".me summary").click()
    with page.expect_response("**/preferences/theme"):
        page.locator(".me button[value=dark]").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_side_bar_opens_on_a_narrow_screen_without_a_script(browse: Browse, cast: Cast) -> None:
    page = gallery(browse, cast, View(width=390))
    assert not page.locator("#side").is_visible()
    page.locator(".side-opener").click()
    assert page.locator("#side .brand").is_visible()
    check_axe(page)
    page.keyboard.press("Escape")
    assert not page.locator("#side").is_visible()


def test_a_dropped_file_is_named(browse: Browse, cast: Cast) -> None:
    page = gallery(browse, cast)
    page.locator("#id_file").set_input_files(
        {"name": "survey.csv", "mimeType": "text/csv", "buffer": b"text\nhello\n" * 1000}
    )
    assert "survey.csv, 11" in page.locator("[data-drop-text]").inner_text()
