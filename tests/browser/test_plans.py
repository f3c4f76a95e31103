"""Plans in, dates out, in a real browser: a file from preview to receipt, and the calendar's address."""

import pytest
from playwright.sync_api import expect

from filrouge.alignment.exchange.tests import files
from filrouge.alignment.roadmap.models import Initiative
from filrouge.jobs.worker import drain
from tests.fixtures.browser import View, check_axe, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [View(), View("fr", "dark", 390)]


def upload(page, content, name="keps.csv"):
    page.goto("/plans/")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.locator(".plans-form button[type=submit]").click()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_from_the_file_to_the_receipt(cast, browse, look):
    page = browse(cast.pm, look)
    page.goto("/plans/")
    check_axe(page)
    upload(page, files.KEPS)
    expect(page.locator(".plans-rows")).to_contain_text("Fountain pen")
    check_axe(page)
    shot(page, f"plans-preview-{look}")
    page.locator("button[value=check]").press("Enter")
    drain(["long"])
    expect(page.locator(".plans-tried")).to_contain_text("0006-sand.md")
    check_axe(page)
    shot(page, f"plans-tried-{look}")
    page.locator(".plans-tried button").first.press("Enter")
    drain(["long"])
    expect(page.locator(".plans-receipt")).to_be_visible()
    page.goto(page.url)
    check_axe(page)
    shot(page, f"plans-receipt-{look}")
    assert Initiative.objects.count() == 5


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_table_and_the_calendar_pass_axe(cast, browse, look):
    page = browse(cast.stakeholder, look)
    page.goto("/calendar/")
    check_axe(page)
    page.locator("main form button").first.press("Enter")
    expect(page.locator(".calendar-address")).to_contain_text(".ics")
    check_axe(page)
    shot(page, f"calendar-{look}")
    page = browse(cast.maker, look)
    upload(page, b"id,what,when\n1,Write more,2027-01-31\n2,,\n", "plan.csv")
    expect(page.locator("#id_map_title")).to_be_visible()
    check_axe(page)
    shot(page, f"plans-table-{look}")
