"""The inbox by keyboard: walk, read, mark, quote into an insight; then the search and its answer."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from filrouge.evidence.insights.models import Insight, Quote
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Source, Words
from filrouge.voices.rules import Arrival
from tests.fixtures.browser import Browse, View, check_axe, every_view, shot
from tests.fixtures.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
TEXTS = (
    "Setting up a server in a folder is what stops my colleagues 🙂. We gave up twice.",
    "L'application ne se synchronise plus avec ma montre depuis la mise à jour.",
    "Best thing that happened to my teaching. Never break the keyboard shortcuts.",
)


@pytest.fixture
def said(transactional_db: None, cast: Cast) -> list[Words]:
    source = Source.objects.create(name="Survey")
    for at, text in enumerate(TEXTS):
        traits = (("role", "teacher"),)
        receive(
            source,
            [Arrival(at + 1, text, str(at), author=f"Ann {at}", rating=at + 2, segments=traits)],
            by=cast.ops,
        )
    return list(Words.objects.order_by("-id"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_words_are_walked_read_and_quoted_by_keyboard(browse: Browse, cast: Cast, said: list[Words]) -> None:
    page = browse(cast.pm)
    page.goto("/inbox/")
    pane = page.locator("#pane .reading")
    expect(pane).to_have_text(said[0].text)
    press(page, "j")
    expect(pane).to_have_text(said[1].text)
    press(page, "j")
    expect(pane).to_have_text(TEXTS[0])
    page.evaluate(
        """() => {
          const text = document.querySelector("#pane .reading").firstChild;
          const range = document.createRange();
          range.setStart(text, text.data.indexOf("We gave up"));
          range.setEnd(text, text.data.length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    press(page, "q")
    dialog = page.locator("#quote-dialog")
    expect(dialog.locator("[data-quote-text]")).to_have_text("We gave up twice.")
    dialog.get_by_label("Insight").fill("Setting up stops people")
    dialog.get_by_label("Against it").check()
    dialog.get_by_role("button", name="Quote", exact=True).click()
    expect(page.locator("#pane .reading mark.quoted")).to_have_text("We gave up twice.")
    quote = Quote.objects.select_related("version").get()
    assert quote.text == "We gave up twice."
    [edge] = quote.links_out.all()
    assert (edge.relation, edge.target.title) == ("contradicts", "Setting up stops people")
    assert Insight.objects.count() == 1


def test_reading_marks_and_a_key_takes_the_mark_away(browse: Browse, cast: Cast, said: list[Words]) -> None:
    page = browse(cast.pm)
    page.goto("/inbox/")
    row = page.locator(f'[data-words="{said[0].pk}"]')
    expect(row).not_to_have_class("unread")
    press(page, "u")
    expect(row).to_have_class("unread")
    assert Words.objects.get(pk=said[0].pk).read_at is None
    press(page, "j", "x")
    expect(page.locator("#marking")).to_contain_text("1 selected")


def test_slash_searches_and_enter_opens(browse: Browse, cast: Cast, said: list[Words]) -> None:
    page = browse(cast.pm)
    page.goto("/inbox/")
    press(page, "/")
    page.keyboard.type("montres")
    press(page, "Enter")
    expect(page.locator(".words-list > li")).to_have_count(1)
    expect(page.locator(".words-list mark")).to_have_text("montre")
    press(page, "j")
    press(page, "Enter")
    page.wait_for_url("**/words/*/*")
    expect(page.locator(".reading mark.hit")).to_have_text("montre")


def test_q_quotes_a_whole_text_from_its_page_but_never_a_long_one(
    browse: Browse, cast: Cast, said: list[Words]
) -> None:
    source = Source.objects.get()
    receive(source, [Arrival(1, "A long story. " * 100, "long")], by=cast.ops)
    page = browse(cast.pm)
    page.goto(said[0].get_absolute_url())
    press(page, "q")
    expect(page.locator("#quote-dialog [data-quote-text]")).to_have_text(said[0].text)
    page.goto(Words.objects.get(external_id="long").get_absolute_url())
    press(page, "q")
    expect(page.locator("#toasts")).to_contain_text("select words first")
    expect(page.locator("#quote-dialog")).not_to_be_visible()


@every_view
def test_every_screen_of_words_is_sound(view: View, browse: Browse, cast: Cast, said: list[Words]) -> None:
    page = browse(cast.ops)
    person = said[0].person
    assert person is not None
    places: dict[str, Any] = {
        "inbox": "/inbox/", "words": f"/words/{said[0].pk}/?start=0&end=4",
        "search": "/search/?q=application",
        "nothing": "/search/?q=montrre", "people": "/voices/people/", "person": person.get_absolute_url(),
        "segments": "/voices/segments/", "sources": "/sources/", "quote": f"/words/{said[0].pk}/quote/",
    }  # fmt: skip
    for name, place in places.items():
        page.goto(place)
        if name == "search":
            expect(page.locator(".answer-number")).to_contain_text("1")
        check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        shot(page, f"words-{name}", view)
