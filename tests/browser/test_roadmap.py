"""The roadmap in a real browser: a card moves by pointer and by its menu; the pages pass axe."""

import pytest
from playwright.sync_api import expect

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.evidence.insights.tests.saying import story
from tests.fixtures.browser import View, check_axe, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(cast):
    told = story(cast.pm, cast.design)
    because = [{"item": told.opportunity.pk}]
    Initiative.create(by=cast.pm, title="Files next to notebooks", horizon="next", from_items=because)
    Decision.create(by=cast.pm, title="Build it?", from_items=because)
    return told


def card_in(page, horizon):
    return page.locator(f'[data-horizon="{horizon}"] .card', has_text="Files next to notebooks")


def test_a_card_moves_by_pointer(cast, told, browse):
    page = browse(cast.pm)
    page.goto("/roadmap/")
    card_in(page, "next").drag_to(page.locator('[data-horizon="now"]'))
    expect(card_in(page, "now")).to_be_visible()
    assert Initiative.objects.get().horizon == "now"


def test_a_card_moves_by_keyboard(cast, told, browse):
    page = browse(cast.pm)
    page.goto("/roadmap/")
    menu = card_in(page, "next").locator("summary")
    menu.focus()
    menu.press("Enter")
    page.get_by_role("button", name="Move to Later").press("Enter")
    expect(card_in(page, "later")).to_be_visible()


def test_others_find_nothing_to_drag(cast, told, browse):
    page = browse(cast.maker)
    page.goto("/roadmap/")
    expect(card_in(page, "next")).to_be_visible()
    expect(page.locator("[draggable='true'], .card-menu")).to_have_count(0)


@pytest.mark.parametrize("look", [View(), View("fr", "dark", 390)], ids=str)
def test_the_screens_of_evidence_and_alignment_pass_axe(cast, told, browse, look):
    page = browse(cast.pm, look)
    pk, decision = told.opportunity.pk, Decision.objects.get()
    item = Initiative.objects.get()
    for name, path in {
        "opportunities": "/opportunities/",
        "opportunity": f"/opportunities/{pk}/",
        "brief": f"/opportunities/{pk}/brief/",
        "insights": "/insights/",
        "insight": f"/insights/{told.lost.pk}/",
        "quote": f"/quotes/{told.quotes[0].pk}/",
        "heard": f"/heard/{pk}/",
        "tray": "/tray/",
        "roadmap": "/roadmap/",
        "timeline": "/roadmap/timeline/",
        "shipped": "/roadmap/shipped/",
        "initiative": f"/initiatives/{item.pk}/",
        "decisions": "/decisions/",
        "decision": f"/decisions/{decision.pk}/",
    }.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
        check_axe(page)
        shot(page, name, look)
