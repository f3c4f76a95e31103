"""The main job, walked by the sample's people: from a file of users' words to a decision, and out again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import pytest
from playwright.sync_api import Page, expect

from filrouge.alignment.strategy.models import Framework
from tests.fixtures.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
CODE = re.compile(r"\b[0-9a-f]{4}(?:-[0-9a-f]{4}){3}\b")


@dataclass(frozen=True)
class Story:
    """What the people of this story say and write, in their language."""

    rows: tuple[str, ...]
    asked: str
    mended: str
    heard: str
    kept: str
    insight: str
    problem: str
    planned: str
    question: str
    answer: str
    wording: str


STORIES = {
    "en": Story(
        (
            "1,I teach in a lighthouse; notebooks do not open offline.,Ada Vale,ada@l.example,guide",
            "2,\"Our lighthouse <script>alert('x')</script> lost all cells.\",Ben Moor,ben@l.example,pilot",
            "3,The lighthouse has fibre now. Please spend no time on this.,Cleo Sand,cleo@l.example,guide",
            "4,,Dan Reed,dan@l.example,pilot",
        ),
        "lighthouses",
        "In my lighthouse nobody can save.",
        "notebooks do not open offline",
        "Please spend no time on this.",
        "Notebooks stop where the network stops",
        "People far from a network cannot work",
        "Open and save without a network",
        "Do we build saving without a network?",
        "Yes, saving first",
        "We will make saving work without a network.",
    ),
    "fr": Story(
        (
            "1;J'enseigne dans un phare : les carnets ne s'ouvrent pas hors ligne.;Ada V;ada@p.example;guide",
            "2;\"Notre phare <script>alert('x')</script> a perdu ses cellules.\";Ben Mer;ben@p.example;marin",
            "3;Le phare a la fibre. Merci de ne pas y passer de temps.;Cléo Sable;cleo@p.example;guide",
            "4;;Dan Roc;dan@p.example;marin",
        ),
        "phares",
        "Dans mon phare personne ne peut enregistrer.",
        "les carnets ne s'ouvrent pas hors ligne",
        "Merci de ne pas y passer de temps.",
        "Les carnets s'arrêtent où s'arrête le réseau",
        "Loin du réseau, on ne peut pas travailler",
        "Ouvrir et enregistrer sans réseau",
        "Faut-il enregistrer sans réseau ?",
        "Oui, l'enregistrement d'abord",
        "L'enregistrement marchera sans réseau.",
    ),
}
DROP = """(zone, text) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "light.csv", { type: "text/csv" }));
  zone.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}"""
# Where the words begin and end on the screen, whatever is marked in them.
ENDS = """(element, text) => {
  const at = (offset) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    for (; offset > node.length; node = walker.nextNode()) offset -= node.length;
    return [node, offset];
  };
  const range = document.createRange();
  const start = element.textContent.indexOf(text);
  range.setStart(...at(start));
  range.setEnd(...at(start + text.length));
  const lines = [...range.getClientRects()].filter((line) => line.width > 1);
  const [first, last] = [lines[0], lines.at(-1)];
  return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_from_a_file_of_words_to_a_decision_and_out_again(walk: Callable[[str], Walk], language: str) -> None:
    me, story = walk(language), STORIES[language]
    me.be("ops@example.org")
    bring_in(me, story)
    mend(me, story)
    read_by_keyboard(me, story)
    ask(me, story)
    quote_by_mouse(me, story)
    quote_by_keyboard(me, story)
    me.be("pm@example.org")
    frame(me, story)
    brief = read_the_brief(me, story)
    decision = decide(me, story)
    put_on_paper(me, decision)
    frozen = f"{brief}?decision={decision.strip('/').split('/')[1]}"
    open_the_wording(me, story, decision)
    only_the_wording(me, story, decision, brief)
    me.be("ops@example.org")
    erase(me, story, brief, frozen)
    leave_the_sample(me)


def bring_in(me: Walk, story: Story) -> None:
    """Drop a file, look at the mapping, try, import, read the receipt."""
    expect(me.page.locator(".tour-steps > li")).to_have_count(5)
    me.go("/tour/")
    me.go("/import/")
    comma = story.rows[0][1]
    head = comma.join(["id", "comment", "name", "email", "role"])
    me.page.locator("[data-drop]").evaluate(DROP, "\n".join([head, *story.rows]))
    expect(me.page.locator("[data-drop-text]")).to_contain_text("light.csv")
    me.button("Preview the file").click()
    expect(me.page.locator("#id_map_text")).to_have_value("comment")
    expect(me.page.locator(".first-rows tbody tr")).to_have_count(4)
    me.look()
    me.page.locator("#id_source").fill("Light")
    me.button("Try it, change nothing").click()
    numbers = me.page.locator(".tried .receipt dd")
    expect(numbers).to_have_text(["4", "3", "0", "0", "1"])
    me.look()
    me.button("Import now").first.click()
    expect(me.page.locator("section[aria-labelledby=receipt] dd")).to_have_text(["4", "3", "0", "0", "1"])
    me.look()


def mend(me: Walk, story: Story) -> None:
    """The row that came without words gets some, and is sent again."""
    me.page.locator("a[href$='/rejected/']").first.click()
    me.page.locator("details > summary.reject-line").click()
    me.look()
    me.page.locator("textarea[name=value_text]").fill(story.mended)
    me.page.locator("form.mend button[type=submit], form.mend button").last.click()
    expect(me.page.locator(".rejects .chip")).to_have_text(me.say("Mended"))


def read_by_keyboard(me: Walk, story: Story) -> None:
    """G then I opens the inbox; its search and its rows answer to keys."""
    page = me.page
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox/")
    me.look()
    page.keyboard.press("/")
    page.keyboard.type(story.asked)
    page.keyboard.press("Enter")
    expect(page.locator(".words-list > li")).to_have_count(4)
    keys = [row.get_attribute("data-words") or "" for row in page.locator(".words-list > li").all()]
    for key, row in (("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(page.locator("#pane [data-pane]")).to_have_attribute("data-pane", keys[row])
    assert "<script>" in "".join(page.locator(".words-list > li").all_inner_texts())


def ask(me: Walk, story: Story) -> None:
    """Has anyone asked users about it? Four people, in four texts."""
    page = me.page
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/search/")
    me.look()
    page.keyboard.press("/")
    page.keyboard.type(story.asked)
    page.keyboard.press("Enter")
    expect(page.locator(".answer-number strong")).to_have_text("4")
    expect(page.locator(".words-list > li")).to_have_count(4)
    me.seen.discard("/search/")
    me.look()


def open_words(me: Walk, text: str) -> None:
    me.page.goto(f"{me.house.url}/search/?q={text.split()[-1]}")
    me.page.locator(".words-list [data-row-link]").filter(has_text=text).first.click()
    me.page.wait_for_url("**/words/**")
    me.look()


def quote_by_mouse(me: Walk, story: Story) -> None:
    """Drag over some words; the button that appears makes them speak for a new insight."""
    open_words(me, story.heard)
    page = me.page
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")  # a font that comes late moves the words
    left, above, right, below = page.locator(".reading").evaluate(ENDS, story.heard)
    page.mouse.move(left, above)
    page.mouse.down()
    page.mouse.move(right, below, steps=5)
    page.mouse.up()
    page.locator("[data-quote-button]").click()
    expect(me.dialog.locator("[data-quote-text]")).to_have_text(story.heard)
    me.axe()
    me.dialog.locator("[name=insight]").fill(story.insight)
    me.button("Quote", me.dialog).click()
    page.wait_for_url("**?start=*")
    expect(page.locator(".reading mark").first).to_have_text(story.heard)


def quote_by_keyboard(me: Walk, story: Story) -> None:
    """Without a mouse: Tab to the form, keep some of the words, against the insight."""
    open_words(me, story.kept)
    me.tab_to("Quote without selecting")
    me.page.keyboard.press("Enter")
    expect(me.dialog.locator("textarea")).to_be_focused()
    me.page.keyboard.press("Control+A")
    me.page.keyboard.type(story.kept)
    me.page.keyboard.press("Tab")
    me.page.keyboard.type(story.insight)
    me.page.keyboard.press("Tab")
    me.page.keyboard.press("ArrowDown")
    expect(me.dialog.locator("[value=contradicts]")).to_be_checked()
    me.axe()
    me.tab_to("Quote")
    me.page.keyboard.press("Enter")
    me.page.wait_for_url("**?start=*")
    expect(me.page.locator(".reading mark").first).to_have_text(story.kept)


def frame(me: Walk, story: Story) -> None:
    """The product manager opens the insight, and frames a problem because of it."""
    me.go("/insights/")
    me.page.get_by_role("link", name=story.insight).first.click()
    expect(me.page.locator(".voices blockquote mark")).to_have_text([story.heard, story.kept])
    me.look()
    me.go("/opportunities/")
    me.act("Frame an opportunity", title=story.problem, audience="Light", from_items=story.insight)
    expect(me.page.locator("h1")).to_have_text(story.problem)


def read_the_brief(me: Walk, story: Story) -> str:
    """On screen, as it would be printed, and as Markdown."""
    page = me.page
    page.keyboard.press("b")
    page.wait_for_url("**/brief/")
    me.look()
    expect(page.locator(".voices blockquote mark")).to_have_text([story.heard, story.kept])
    page.emulate_media(media="print")
    expect(page.locator("nav.side")).to_be_hidden()
    expect(page.locator(".voices blockquote").first).to_be_visible()
    page.emulate_media(media="screen")
    brief = page.url.removeprefix(me.house.url)
    told = page.request.get(page.url.rstrip("/") + ".md").text()
    assert story.heard in told and story.kept in told and story.problem in told
    return brief


def decide(me: Walk, story: Story) -> str:
    """A plan for the problem, a question about both, an answer; what was known stays with it."""
    page = me.page
    me.go("/roadmap/")
    me.act("Create a roadmap item", title=story.planned, from_items=story.problem)
    me.go("/decisions/")
    me.act("Ask for a decision", title=story.question, due="2030-01-31", from_items=story.problem)
    me.act("Decide…", rationale=story.heard, outcome=story.answer)
    decision = page.url.removeprefix(me.house.url)
    expect(page.locator(".verdict")).to_contain_text(story.answer)
    page.locator(".briefs .button").click()
    page.wait_for_url("**/brief/?decision=*")
    expect(page.locator(".voices blockquote mark")).to_have_text([story.heard, story.kept])
    me.look()
    me.go(f"/heard/{decision.strip('/').split('/')[1]}/")
    expect(page.locator(".heard-list > li")).to_have_count(2)
    me.go(decision)
    return decision


def put_on_paper(me: Walk, decision: str) -> None:
    """What people bring to a meeting is one sheet; all teams in the words of a framework may be two."""
    page = me.page
    me.go("/goals/")
    team = page.locator(".goal-filters a", has_text="Error Tracking").get_attribute("href") or ""
    goal = page.locator(".goal-tree .goal-title").first.get_attribute("href") or ""
    boards = [f"/goals/as/{name}/" for name in Framework.values]
    alone = ["/goals/", goal, decision, *(path + team for path in boards)]
    sheets = {path: me.sheets(path) for path in alone + boards}
    assert [path for path in alone if sheets[path] != 1] == []
    assert [path for path in boards if sheets[path] > 2] == []
    me.go(decision)


def open_the_wording(me: Walk, story: Story, decision: str) -> None:
    me.act(
        "Open to a circle…", title=story.wording, text=story.wording, language=me.language, circle="company"
    )
    expect(me.page.locator("main")).to_contain_text(story.question)


def only_the_wording(me: Walk, story: Story, decision: str, brief: str) -> None:
    """A stakeholder reads the approved words and nothing behind them."""
    me.be("sales@example.org")
    me.go(decision)
    expect(me.page.locator("h1")).to_have_text(story.wording)
    shown = me.page.locator("body").inner_text()
    for hidden in (story.question, story.heard, story.kept, "Ada"):
        assert hidden not in shown
    me.page.goto(me.house.url + brief)
    expect(me.page.locator("body")).not_to_contain_text(story.heard)
    me.axe()


def erase(me: Walk, story: Story, brief: str, frozen: str) -> None:
    """Who asked for it is gone from the words, from the brief and from the frozen one."""
    open_words(me, story.heard)
    me.page.locator("aside .facts a[href*='/people/']").click()
    me.look()
    me.act("Erase this person…", "Erase for good")
    for place in (brief, frozen):
        me.go(place)
        expect(me.page.locator(".voices blockquote mark")).to_have_text([story.kept])
        expect(me.page.locator("main")).not_to_contain_text(story.heard)
        expect(me.page.locator(".voices .erased")).to_have_count(1)


def leave_the_sample(me: Walk) -> None:
    """One click removes it; the code in the terminal makes the first administrator of an empty workspace."""
    page = me.page
    me.be("admin@example.org")
    me.go("/sample/")
    page.on("dialog", lambda question: question.accept())
    me.button("Remove the sample").click()
    page.wait_for_url("**/welcome/")
    me.look()
    assert me.house.process and me.house.process.stdout
    _claim(page, code_in(me.house.process.stdout))
    page.wait_for_url(f"{me.house.url}/")
    expect(page.locator("main")).not_to_contain_text("Jupyter")
    me.seen.clear()
    me.look()


def _claim(page: Page, code: str) -> None:
    for name, value in {"code": code, "name": "Zoé", "email": "zoe@light.example"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=password]").fill("three calm lighthouses")
    page.locator("main form button").last.click()


def code_in(terminal: IO[str]) -> str:
    """What the terminal says goes on until the code comes; without one the test runs into its time limit."""
    for line in terminal:
        if found := CODE.search(line):
            return found[0]
    raise AssertionError("the terminal printed no code")
