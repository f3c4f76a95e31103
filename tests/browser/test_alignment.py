"""From a goal to a mended finding, by the people whose work each step is, through the pages alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from filrouge.coherence.tests.making import day
from tests.fixtures.browser import check_axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Person:
    """Somebody at their own browser: opens dialogs, answers them, and has axe look at all they see."""

    page: Page

    def go(self, path: str) -> None:
        self.page.goto(path)
        check_axe(self.page)

    def open(self, title: str) -> None:
        self.page.get_by_role("link", name=title, exact=True).first.click()
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()
        check_axe(self.page)

    def act(self, label: str, inside: Locator | None = None, **answers: str) -> None:
        opener = (inside or self.page.locator("main")).get_by_role("link", name=re.compile(f"^{label}")).last
        if not opener.is_visible():
            self.page.locator("main summary", has_text="More").click()
        opener.click()
        dialog = self.page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        check_axe(self.page)
        for name, value in answers.items():
            self.answer(dialog.locator(f"[name={name}]"), value)
        with self.page.expect_navigation():
            dialog.locator("form button.main").click()
        check_axe(self.page)

    def answer(self, field: Locator, value: str) -> None:
        if not field.is_visible():  # folded away
            field.locator("xpath=ancestor::details[1]/summary").click()
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def in_days(number: int) -> str:
    return day(number).isoformat()


def test_from_a_goal_to_a_mended_finding(cast, browse: Callable[..., Page]) -> None:
    head, pm, other, maker = (Person(browse(one)) for one in (cast.head, cast.pm, cast.other_pm, cast.maker))
    goals(head, pm)
    check_in(maker)
    plans(pm, other)
    dependency(pm, other)
    decision(pm)
    mended(pm, maker)


def goals(head: Person, pm: Person) -> None:
    """The group's goal, the team's under it, and how it is known that it is reached."""
    head.go("/goals/")
    head.act("Set a goal", title="Scientists come back", team="Editors")
    pm.go("/goals/")
    pm.act("Set a goal", title="Files in one place", parent="Scientists come back")
    pm.act("Add a key result", title="NPS", start="32", target="45", owner="Maker")
    pm.open("Files in one place")


def check_in(maker: Person) -> None:
    """Its owner, a developer, says where it stands by keyboard; the goal's score follows, exactly."""
    maker.go("/goals/check-ins/")
    maker.page.get_by_label("Value").first.fill("42")
    maker.page.keyboard.press("Enter")
    expect(maker.page.get_by_text("1 check-in noted")).to_be_visible()
    maker.go("/goals/")
    maker.open("Files in one place")
    expect(maker.page.locator("main")).to_contain_text("0.77")


def plans(pm: Person, other: Person) -> None:
    other.go("/roadmap/")
    other.act("Create a roadmap item", title="Shared drive", ends=in_days(80))
    pm.go("/roadmap/")
    title = "Files next to notebooks"
    pm.act("Create a roadmap item", title=title, starts=in_days(20), ends=in_days(90), horizon="Next")
    pm.act("Link…", to="Files in one place · goal", relation="contributes to")
    expect(pm.page.locator(".thread")).to_contain_text("2 goals")


def dependency(pm: Person, other: Person) -> None:
    """Asked by one product manager, found and accepted by the other on her home."""
    pm.act("Ask for a dependency…", needs="Shared drive")
    expect(pm.page.get_by_text("asked, not answered")).to_be_visible()
    other.go("/")
    other.open("Shared drive")
    other.act("Accept…", other.page.locator(".needs"))
    expect(other.page.get_by_text("accepted").first).to_be_visible()


def decision(pm: Person) -> None:
    """The move asks which decision it follows: one is written there and taken."""
    pm.go("/roadmap/")
    card = pm.page.locator(".card", has_text="Files next to notebooks")
    card.locator("summary").press("Enter")
    card.get_by_role("button", name="Move to Now").press("Enter")
    sheet = pm.page.locator(".which")
    expect(sheet).to_contain_text("now stands under Now")
    check_axe(pm.page)
    pm.act("Write a decision…", sheet, title="Files before sharing?")
    pm.act("Add an option", option_title="Files first", pros="Heard often")
    pm.act("Add an option", option_title="Sharing first", cons="Asked for by few")
    pm.act("Decide…", option="Files first", rationale="Heard in every interview")
    expect(pm.page.locator(".verdict")).to_contain_text("Files first")


def mended(pm: Person, maker: Person) -> None:
    """The rules find what the two plans do not hold: seen by all, mended by the product manager."""
    maker.go("/roadmap/")
    maker.open("Files next to notebooks")
    expect(maker.page.locator(".finding", has_text="R-06")).to_be_visible()
    expect(maker.page.locator(".finding", has_text="R-06").locator("a.button")).to_have_count(0)
    pm.go("/roadmap/")
    pm.open("Files next to notebooks")
    finding = pm.page.locator(".finding", has_text="R-06")
    expect(pm.page.locator(".finding", has_text="D-08")).to_have_count(0)
    pm.act("Schedule…", finding, starts=in_days(81), ends=in_days(120))
    expect(pm.page.locator(".findings-here")).to_be_visible()
    expect(finding).to_have_count(0)
    expect(pm.page.locator(".need-conflict")).to_have_count(0)
