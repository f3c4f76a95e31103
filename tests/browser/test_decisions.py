"""A decision in a real browser: options, evidence, the answer; and a log that comes in."""

import pytest
from playwright.sync_api import expect

from filrouge.alignment.decisions.models import Decision
from filrouge.evidence.insights.tests.saying import story
from filrouge.jobs.worker import drain
from tests.fixtures.browser import View, check_axe, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEMO = "---\nstatus: accepted\ndate: 2024-05-06\n---\n\n# Send files by HTTPS\n\n## Decision\n\nIt is safe.\n"


@pytest.fixture
def question(cast):
    told = story(cast.pm, cast.design)
    made = Decision.create(by=cast.pm, title="Build it?", from_items=[{"item": told.opportunity.pk}])
    made.add_option(by=cast.pm, option_title="Beside notebooks", pros="Asked for", cons="Two months")
    return made


def test_options_evidence_and_the_answer_by_keyboard(cast, question, browse):
    page = browse(cast.pm)
    page.goto(f"/decisions/{question.pk}/")
    page.get_by_role("link", name="Add an option", exact=True).press("Enter")
    page.get_by_label("Option", exact=True).fill("Do nothing")
    page.get_by_role("button", name="Add an option").press("Enter")
    expect(page.get_by_role("heading", name="2. Do nothing")).to_be_visible()
    page.get_by_role("link", name="Bring evidence: Beside notebooks").press("Enter")
    page.locator("#id_from_items").select_option(index=0)
    page.get_by_role("button", name="Bring evidence").press("Enter")
    expect(page.get_by_text("Evidence for it")).to_be_visible()
    page.get_by_role("link", name="Decide…").press("Enter")
    page.locator("#id_option").select_option(label="Beside notebooks")
    page.get_by_label("Rationale").fill("Heard often")
    page.get_by_role("button", name="Decide", exact=True).press("Enter")
    expect(page.locator(".verdict-outcome")).to_have_text("Beside notebooks")
    expect(page.locator(".option.chosen")).to_have_count(1)


def bring_in(page, title):
    """From a chosen file to its receipt."""
    page.get_by_role("button", name="Preview the file").click()
    expect(page.get_by_role("cell", name=title)).to_be_visible()
    page.get_by_role("button", name="Import now").click()
    expect(page.locator("#import-live")).to_be_visible()
    drain(["long"])
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()


def test_a_log_comes_in(cast, browse):
    page = browse(cast.pm)
    page.goto("/decisions/import/")
    page.set_input_files(
        "#id_file", {"name": "0001-https.md", "mimeType": "text/markdown", "buffer": MEMO.encode()}
    )
    bring_in(page, "Send files by HTTPS")
    page.get_by_role("link", name="Read the decisions").click()
    expect(page.get_by_role("link", name="Send files by HTTPS")).to_be_visible()


def test_a_file_with_pep_headers_goes_out_and_comes_back(cast, question, browse):
    page = browse(cast.pm)
    page.goto(f"/decisions/{question.pk}/")
    page.get_by_text("Export", exact=True).press("Enter")
    shot(page, "decision-export")
    with page.expect_download() as download:
        page.get_by_role("link", name="PEP headers").press("Enter")
    page.goto("/decisions/import/")
    page.set_input_files("#id_file", download.value.path())
    page.get_by_label("Kind of files").select_option("pep")
    bring_in(page, "Build it?")
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("look", [View(), View("fr", "dark", 390)], ids=str)
def test_the_screens_pass_axe(cast, question, browse, look):
    former = Decision.record(
        by=cast.pm, title="Files in a dashboard", decided_on="2024-01-02", taken_by="The board"
    )
    question.decide(by=cast.pm, option=question.options.get().pk, rationale="Heard often")
    former.supersede(by=cast.pm, successor=question.pk)
    page = browse(cast.pm, look)
    for name, path in {
        "memo": f"/decisions/{question.pk}/",
        "superseded": f"/decisions/{former.pk}/",
        "log": "/decisions/?year=2024&status=superseded",
        "review": f"/decisions/{question.pk}/review/",
        "imports": "/decisions/import/",
    }.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
        check_axe(page)
        shot(page, f"decision-{name}", look)
