"""The roadmap in a real browser: a card moves by pointer and by its menu; the pages pass axe."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.deciding import followed
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.roadmap.moves import acts_of, undecided
from filrouge.alignment.roadmap.scenarios import Scenario
from filrouge.evidence.insights.tests.saying import story
from tests.fixtures.browser import View, check_axe, shot
from tests.fixtures.scrolling import LONG_TASKS, long_tasks

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


def test_a_drag_asks_which_decision_and_stops_nothing(cast, told, browse):
    page = browse(cast.pm)
    page.goto("/roadmap/")
    card_in(page, "next").drag_to(page.locator('[data-horizon="later"]'))
    sheet = page.get_by_role("region", name="Which decision does this follow?")
    expect(sheet).to_be_visible()
    check_axe(page)
    card_in(page, "later").drag_to(page.locator('[data-horizon="now"]'))
    expect(sheet).to_contain_text("now stands under Now")
    sheet.get_by_role("button", name="Note it").click()
    expect(page.locator(".toast.error")).to_contain_text("Choose a decision, or say why")
    sheet.get_by_role("combobox").select_option(label="Build it?")
    sheet.get_by_role("button", name="Note it").click()
    expect(sheet).to_have_count(0)
    assert followed(Initiative.objects.get(), cast.pm)[0].title == "Build it?"


@pytest.mark.parametrize("look", [View(), View("fr", "dark", 390)], ids=str)
def test_the_menu_asks_by_keyboard(cast, told, browse, look):
    page = browse(cast.pm, look)
    page.goto("/roadmap/")
    card_in(page, "next").locator("summary").press("Enter")
    card_in(page, "next").locator("button[value=now]").press("Enter")
    expect(page.locator(".which h2")).to_be_focused()
    check_axe(page)
    shot(page, f"which-decision-{look}")
    page.locator("[name=no_decision]").fill("Put right")
    page.keyboard.press("Enter")
    expect(page.locator(".which")).to_have_count(0)
    assert undecided(acts_of(Initiative.objects.get())) == "Put right"
    assert "asks" not in page.url


def test_escape_puts_the_question_off(cast, told, browse):
    page = browse(cast.pm)
    page.goto(f"/roadmap/?asks={Initiative.objects.get().pk}")
    page.keyboard.press("Escape")
    expect(page.locator(".which")).to_have_count(0)
    expect(page.locator(".card-menu > summary").first).to_be_focused()


def test_a_card_dropped_on_a_stage_opens_its_act(cast, told, browse):
    page = browse(cast.pm)
    page.goto("/roadmap/board/")
    card = page.locator(".card", has_text="Files next to notebooks")
    card.drag_to(page.locator('[data-act="start"]'))
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    expect(page.get_by_text("said that work has begun").first).to_be_visible()
    assert Initiative.objects.get().status == "started"


@pytest.fixture
def three(cast, told):
    """The item of the story, and two more of its team, in this order."""
    for title in ("Second", "Third"):
        Initiative.create(by=cast.pm, title=title, starts=date(2027, 1, 1), ends=date(2027, 3, 31))


def titles(page):
    return page.locator("[data-order] [data-row-link]").all_inner_texts()


def test_the_list_is_ordered_by_the_arrow_keys(cast, three, browse):
    page = browse(cast.pm)
    page.goto("/roadmap/list/")
    handle = page.get_by_role("button", name="Move with the arrow keys: Third")
    handle.press("ArrowUp")
    expect(page.locator("[data-order] [data-row-link]").nth(1)).to_have_text("Third")
    expect(handle).to_be_focused()
    handle.press("ArrowUp")
    expect(page.locator("[data-order] [data-row-link]").first).to_have_text("Third")
    handle.press("ArrowDown")
    expect(page.locator("[data-order] [data-row-link]").nth(1)).to_have_text("Third")
    page.reload()
    assert titles(page) == ["Files next to notebooks", "Third", "Second"]


def test_the_list_is_ordered_by_pointer_and_by_menu(cast, three, browse):
    page = browse(cast.pm)
    page.goto("/roadmap/list/")
    row = page.locator("tr", has_text="Third")
    row.locator(".handle").drag_to(page.locator("tr", has_text="Files next"))
    expect(page.locator("[data-order] [data-row-link]").first).to_have_text("Third")
    menu = page.locator("tr", has_text="Third").locator("summary")
    menu.press("Enter")
    page.get_by_role("button", name="Move to the end").press("Enter")
    expect(page.locator("[data-order] [data-row-link]").last).to_have_text("Third")


def test_two_people_at_once_are_told_and_nothing_is_overwritten(cast, three, browse):
    page = browse(cast.pm)
    item = Initiative.objects.get(title="Third")
    page.goto(f"/initiatives/{item.pk}/schedule/")
    item.schedule(by=cast.pm, horizon="now", ends=date(2028, 1, 1))
    page.get_by_label("Ends").fill("2029-01-01")
    page.locator("form.form").get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("Somebody changed this in the meantime")).to_be_visible()
    item.refresh_from_db()
    assert item.ends == date(2028, 1, 1)


def test_a_dependency_is_asked_and_answered_in_dialogs(cast, three, browse):
    foreign = Initiative.create(by=cast.other_pm, title="Shared drive", ends=date(2027, 2, 1))
    item = Initiative.objects.get(title="Second")
    page = browse(cast.pm)
    page.goto(f"/initiatives/{item.pk}/")
    page.get_by_role("link", name="Ask for a dependency…").last.click()
    page.locator("dialog[open] select[name=needs]").select_option(str(foreign.pk))
    page.locator("dialog[open]").get_by_role("button", name="Ask for a dependency").click()
    expect(page.get_by_text("asked, not answered")).to_be_visible()
    expect(page.get_by_text("It ends 1 Feb 2027; this starts 1 Jan 2027.")).to_be_visible()
    theirs = browse(cast.other_pm)
    theirs.goto("/")
    theirs.get_by_role("link", name="Shared drive").first.click()
    theirs.get_by_role("link", name="Accept…").click()
    theirs.locator("dialog[open]").get_by_role("button", name="Accept a dependency").click()
    expect(theirs.get_by_text("accepted").first).to_be_visible()


def test_a_thousand_bars_scroll_without_a_long_task(cast, browse):
    now = timezone.now()
    rows = [
        Initiative(
            type="roadmap.Initiative", title=f"Item {number}", status="planned", author=cast.pm,
            team=cast.team, starts=date(2026, 10, 1), ends=date(2027, 3, 31), position=number, created_at=now,
        )
        for number in range(1_000)
    ]  # fmt: skip
    for row in rows:
        row.save()
    page = browse(cast.maker)
    page.add_init_script(LONG_TASKS)
    page.goto("/roadmap/timeline/?from=2026-10")
    assert long_tasks(page, 1_000) == []


def test_others_find_nothing_to_drag(cast, told, browse):
    page = browse(cast.maker)
    page.goto("/roadmap/")
    expect(card_in(page, "next")).to_be_visible()
    expect(page.locator("[draggable='true'], .card-menu")).to_have_count(0)


def busy(cast):
    """The item of the story with a dependency that does not fit, phases, a worksheet; and a scenario."""
    item = Initiative.objects.get()
    item.schedule(by=cast.pm, horizon="next", starts=date(2027, 1, 1), ends=date(2027, 5, 1))
    item.schedule(by=cast.pm, horizon="next", starts=date(2027, 1, 1), ends=date(2027, 9, 30))
    needed = Initiative.create(by=cast.other_pm, title="Shared drive", ends=date(2027, 6, 1))
    item.depend(by=cast.pm, needs=needed.pk)
    item.plan_phase(by=cast.pm, stage="beta", starts=date(2027, 2, 1), starts_precision="quarter")
    item.fill_scorecard(by=cast.pm, lines="Retention: 4 x 2")
    scenario = Scenario.copy_plan(cast.team, "Sooner", "", by=cast.pm)
    scenario.thoughts.get().think({"horizon": "now", "ends": date(2027, 7, 1)}, by=cast.pm)
    return item, scenario


@pytest.mark.parametrize("look", [View(), View("fr", "dark", 390)], ids=str)
def test_the_screens_of_evidence_and_alignment_pass_axe(cast, told, browse, look):
    page = browse(cast.pm, look)
    pk, decision = told.opportunity.pk, Decision.objects.get()
    item, scenario = busy(cast)
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
        "board": "/roadmap/board/",
        "timeline": "/roadmap/timeline/",
        "shipped": "/roadmap/shipped/",
        "list": "/roadmap/list/",
        "stood": f"/roadmap/?as_of={timezone.localdate()}",
        "drift": "/roadmap/drift/",
        "scenarios": "/roadmap/scenarios/",
        "scenario": f"/roadmap/scenarios/{scenario.pk}/",
        "initiative": f"/initiatives/{item.pk}/",
        "decisions": "/decisions/",
        "decision": f"/decisions/{decision.pk}/",
    }.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
        check_axe(page)
        shot(page, name, look)


def test_several_teams_are_chosen_by_keyboard(cast, told, browse):
    Initiative.create(by=cast.other_pm, title="Shared drive", horizon="now")
    page = browse(cast.pm)
    page.goto("/roadmap/")
    page.locator(".board-filters summary").press("Enter")
    check_axe(page)
    page.get_by_role("checkbox", name=cast.other_team.name).press("Space")
    page.get_by_role("checkbox", name=cast.other_team.name).press("Enter")
    expect(page.locator(".card", has_text="Files next to notebooks")).to_have_count(0)
    expect(page.locator(".card", has_text="Shared drive")).to_be_visible()
    page.locator(".board-filters summary").press("Enter")
    page.get_by_role("checkbox", name=cast.team.name).check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".card")).to_have_count(2)
    page.locator(".board-filters summary").press("Enter")
    page.get_by_role("link", name="My teams").press("Enter")
    expect(page.locator(".card")).to_have_count(1)


def test_on_a_phone_the_current_view_and_today_are_in_sight(cast, told, browse):
    Initiative.create(by=cast.pm, title="Dated", starts=timezone.localdate(), ends=timezone.localdate())
    page = browse(cast.pm, View("fr", "dark", 390))
    for path, mark in (
        ("/roadmap/drift/", ".tabs [aria-current]"),
        ("/roadmap/timeline/", ".timeline-today path"),
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        box = page.locator(mark).bounding_box()
        assert box and 0 <= box["x"] <= 390, path
    beside = page.evaluate("""() => {
      const edge = document.querySelector('.timeline-head > :first-child').getBoundingClientRect().right;
      const starts = [...document.querySelectorAll('.timeline-head > div > span')];
      return Math.min(...starts.map((one) => Math.abs(one.getBoundingClientRect().left - edge)));
    }""")
    assert beside <= 1.5, "a period begins beside the names of the teams"
