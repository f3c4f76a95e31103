"""Coherence in a real browser: a finding is mended from the Item in two clicks; the pages pass axe."""

import pytest
from playwright.sync_api import expect

from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.coherence import running
from filrouge.coherence.tests.making import DECISION, GOAL, ITEM, KEY_RESULT, day, link, make, told
from filrouge.evidence.insights.tests.saying import story
from tests.fixtures.browser import View, check_axe, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def untidy(cast):
    """A workspace in which some things do not hold together."""
    told_story = story(cast.pm, cast.design)
    for number, team in enumerate((cast.team, cast.other_team)):
        item = make(ITEM, cast, team=team, title=f"Answer number {number}", ends=day(-3), horizon="now")
        link(told_story.opportunity, item, "answered_by")
    item = make(ITEM, cast, title="Files next to notebooks", ends=day(-3), horizon="now", outcome="Calm.")
    told(item, shown_date="Q1 2026", text="Write to ada@example.org.")
    make(DECISION, cast, title="Build it?", due=day(-8))
    brick = make(ITEM, cast, team=cast.other_team, title="A brick that others need", horizon="now")
    Dependency.objects.create(item=item, needs=brick)
    dates = {"starts": day(-20), "ends": day(40)}
    goals = [make(GOAL, cast, title=f"Goal {number}", owner=cast.pm, **dates) for number in range(7)]
    link(item, goals[0], "contributes")
    for movement, team in (("increase", cast.team), ("decrease", cast.other_team)):
        one = make(KEY_RESULT, cast, title="Mails a week", movement=movement, team=team, ends=day(40))
        link(one, goals[1], "contributes")
    running.check_everything()
    return item


def test_a_finding_is_mended_from_the_item(cast, untidy, browse):
    page = browse(cast.pm)
    page.goto(untidy.get_absolute_url())
    here = page.locator(".findings-here")
    late = here.locator(".finding", has_text="It was to end on")
    expect(late).to_be_visible()
    late.get_by_role("link", name="Schedule…").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Ends").fill(day(30).isoformat())
    dialog.get_by_role("button", name="Schedule").click()
    expect(page.locator(".findings-here .finding").first).to_be_visible()
    expect(page.locator(".findings-here .finding", has_text="It was to end on")).to_have_count(0)


def test_what_leads_to_an_item_is_linked_from_its_finding(cast, untidy, browse):
    page = browse(cast.pm)
    page.goto(untidy.get_absolute_url())
    page.locator(".findings-here summary", has_text="more").click()
    missing = page.locator(".findings-here .finding", has_text="No word of a user")
    missing.get_by_role("link", name="Link opportunity").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Opportunity", exact=True).select_option(label="Files live apart")
    dialog.get_by_role("button", name="Link", exact=True).click()
    expect(page.locator(".findings-here .finding").first).to_be_visible()
    expect(page.locator(".findings-here .finding", has_text="No word of a user")).to_have_count(0)


def test_a_rule_is_silenced_by_keyboard(cast, untidy, browse):
    page = browse(cast.pm)
    page.goto(untidy.get_absolute_url())
    late = page.locator(".findings-here .finding", has_text="It was to end on")
    silence = late.get_by_role("link", name="Silence")
    silence.focus()
    silence.press("Enter")
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Why it does not apply").fill("The law moved its own day.")
    dialog.get_by_role("button", name="Silence").press("Enter")
    expect(page.get_by_text("1 is silenced")).to_be_visible()


@pytest.mark.parametrize("look", [View(), View("fr", "dark", 390)], ids=str)
def test_the_screens_of_coherence_pass_axe(cast, untidy, browse, look):
    page = browse(cast.pm, look)
    for name, path in {
        "coherence": "/coherence/",
        "coherence-team": f"/coherence/teams/{cast.team.pk}/",
        "coherence-glance": "/coherence/glance/",
        "coherence-rules": "/coherence/rules/",
        "coherence-rule": "/coherence/rules/R-11/",
        "coherence-item": untidy.get_absolute_url(),
        "coherence-on-its-own": f"/coherence/items/{untidy.pk}/",
        "coherence-waive": f"/coherence/items/{untidy.pk}/waive/R-11/",
        "coherence-bring": f"/coherence/items/{untidy.pk}/bring/opportunities/",
    }.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        shot(page, f"{name}-{look}")
        check_axe(page)
    ops = browse(cast.ops, look)
    ops.goto("/coherence/rules/R-14/")
    shot(ops, f"coherence-tune-{look}")
    check_axe(ops)
