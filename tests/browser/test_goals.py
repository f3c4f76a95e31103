"""Goals in a real browser: a check-in by keyboard, the dialogs, and every screen through axe."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from filrouge.alignment.strategy.models import Cycle, Framework, Goal, KeyResult
from tests.fixtures.browser import View, check_axe, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(cast):
    """A goal of the group, one of the team under it, with key results in several states."""
    day, now = timezone.localdate(), timezone.now()
    cycle = Cycle.objects.create(
        name="This season", starts=day - timedelta(days=40), ends=day + timedelta(days=40)
    )
    top = Goal.create(by=cast.head, title="Scientists come back", cycle=cycle.pk)
    low = Goal.create(by=cast.pm, title="Files in one place", cycle=cycle.pk, parent=top.pk)
    nps = KeyResult.create(by=cast.pm, title="NPS", objective=low.pk, start=32, target=45, unit="points")
    quiet = KeyResult.create(by=cast.pm, title="Crashes", objective=low.pk, type="stay_below", target=100)
    for item, value, said in ((nps, 33, "on_track"), (quiet, 80, None)):
        item.check_in(by=cast.pm, value=value, at=now - timedelta(days=9), status=said, confidence=6)
    return nps


def test_check_ins_are_made_by_keyboard_alone(cast, told, browse):
    page = browse(cast.pm)
    page.goto("/goals/check-ins/")
    page.keyboard.press("j")
    page.keyboard.press("Tab")
    expect(page.locator(f"#id_value-{told.pk}")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("42")
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator(f"#id_value-{told.pk}").press("Enter")
    expect(page.get_by_text("2 check-ins noted")).to_be_visible()
    assert [one.value for one in KeyResult.objects.order_by("pk")] == [42, 80]


def test_a_key_result_is_added_and_checked_in_from_the_goal(cast, told, browse):
    page = browse(cast.pm)
    page.goto(Goal.objects.get(title="Files in one place").get_absolute_url())
    page.get_by_role("link", name="Add a key result").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Return rate")
    dialog.get_by_label("Start value").fill("0,5")
    dialog.get_by_label("Target value").fill("0,5")
    dialog.get_by_role("button", name="Add a key result").click()
    expect(dialog.get_by_text("It starts at its target, 0.5").first).to_be_visible()
    dialog.get_by_label("Target value").fill("0.9")
    dialog.get_by_role("button", name="Add a key result").click()
    expect(page.get_by_role("heading", name="Return rate")).to_be_visible()
    page.get_by_role("link", name="Check in").first.click()
    page.get_by_role("dialog").get_by_label("Value").fill("0.7")
    page.get_by_role("dialog").get_by_role("button", name="Check in").click()
    expect(page.locator(".three").get_by_text("0.50").first).to_be_visible()


def test_the_form_of_a_key_result_asks_only_for_what_its_type_reads(cast, told, browse):
    page = browse(cast.pm)
    page.goto("/key-results/new/create/")
    numbers = {
        name: page.get_by_label(name) for name in ("Start value", "Target value", "Not below", "Marks")
    }

    def asked(type):
        page.get_by_label("Type of measure").select_option(type)
        return [name for name, field in numbers.items() if field.is_visible()]

    assert asked("increase") == ["Start value", "Target value"]
    assert asked("stay_above") == ["Not below"]
    assert asked("ordinal") == ["Marks"]
    assert asked("binary") == []
    page.get_by_text("Cycle, dates, interim targets, team, who sees it").click()
    expect(page.get_by_label("Days between check-ins")).to_be_visible()


@pytest.mark.parametrize("look", [View(), View("fr", "dark", 390)], ids=str)
def test_the_screens_of_goals_pass_axe(cast, told, browse, look):
    page = browse(cast.pm, look)
    names = ["", "list/", "timeline/", "meeting/", "check-ins/", "settings/"]
    paths = [f"/goals/{name}" for name in names] + [f"/goals/as/{one}/" for one in Framework.values]
    paths += [told.get_absolute_url(), Goal.objects.get(title="Files in one place").get_absolute_url()]
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
        check_axe(page)
        shot(page, path.strip("/").replace("/", "-"), look)
