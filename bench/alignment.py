"""Every page of alignment and coherence in a workspace of 5,000 Items: its time, its rows, its weight."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.fixtures.browser import CHROMIUM, OPTIONS
from tests.fixtures.scrolling import LONG_TASKS, long_tasks

from .figures import Report, median, percentile
from .server import get, running

MOST_MS, MOST_ROWS, MOST_KB, LONGEST_TASK = 25, 300, 200, 50
PROBED, BARS = 15, 1_000
ROW = re.compile(rb"<(?:tr|li)[ >]")
PAGES = (
    "/", "/goals/", "/goals/?cycle=all", "/goals/list/", "/goals/list/?cycle=all", "/goals/timeline/",
    "/goals/meeting/", "/goals/check-ins/", "/goals/as/okr/", "/goals/as/north-star/", "/goals/as/4dx/",
    "/goals/as/ogsm/", "/goals/as/v2mom/", "/goals/as/opportunity-tree/", "/roadmap/", "/roadmap/board/",
    "/roadmap/timeline/", "/roadmap/list/", "/roadmap/list/?sort=ends", "/roadmap/shipped/",
    "/roadmap/drift/", "/roadmap/scenarios/", "/tray/", "/decisions/", "/decisions/?all=1", "/coherence/",
    "/coherence/glance/", "/coherence/rules/", "/objectives/", "/key-results/", "/initiatives/",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What one role was sent: milliseconds in the server of each answer, rows and kilobytes of one."""

    role: str
    spent: list[float]
    rows: int
    kilobytes: float

    @property
    def p95(self) -> float:
        return percentile(self.spent, 0.95)


def rows_of(body: bytes) -> int:
    """Table rows and list entries of a page, without its navigation."""
    start = body.find(b"<main")
    return len(ROW.findall(body, start, body.find(b"</main>", start)))


def ask(port: int, path: str, role: str, cookie: str, times: int) -> Asked | None:
    """None where this role does not see the page. The first answers are left out."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answers = [get(connection, path, cookie) for _time in range(times + 2)]
    if answers[0][0] in (403, 404, 422):
        return None
    if wrong := [status for status, _spent, _body in answers if status != 200]:
        raise RuntimeError(f"{path} for {role}: {wrong[0]}")
    body = answers[-1][2]
    return Asked(role, [spent for _status, spent, _body in answers[2:]], rows_of(body), len(body) / 1024)


def worst(port: int, path: str, cookies: dict[str, str], times: int) -> Asked:
    """The role for which it is slowest, by a few answers each; then as many as the goal asks for."""
    probed = [ask(port, path, role, cookie, min(PROBED, times)) for role, cookie in cookies.items()]
    seen = [one for one in probed if one is not None]
    slowest = max(seen, key=lambda one: median(one.spent))
    found = ask(port, path, slowest.role, cookies[slowest.role], times)
    assert found is not None
    rows, weight = max(one.rows for one in seen), max(one.kilobytes for one in seen)
    return Asked(found.role, found.spent, rows, weight)


def measure(report: Report, work: Path, filled: dict[str, Any], url: str, number: int, times: int) -> None:
    """All pages, then the timeline in a browser, over the workspace that `bench.workspace` filled."""
    what = f"{number:,} Items of alignment, PostgreSQL"
    with running(work, url) as (port, _pid):
        for path in (*PAGES, *filled["addresses"]):
            one = worst(port, path, filled["cookies"], times)
            fits = one.rows <= MOST_ROWS and one.kilobytes <= MOST_KB
            report.add(
                f"{what}: {_named(path)}, p95",
                f"{one.p95:.1f} ms, {one.rows} rows, {one.kilobytes:.0f} KB",
                f"<= {MOST_MS} ms, {MOST_ROWS} rows, {MOST_KB} KB",
                one.p95 <= MOST_MS and fits,
                f"{times} requests, worst role: {one.role}; median {median(one.spent):.1f} ms, "
                f"slowest {max(one.spent):.1f}",
            )
        scrolling(report, port, filled["cookies"]["maker"], BARS * number // 5_000)


def _named(path: str) -> str:
    """The same page of another workspace has another number in its address."""
    return re.sub(r"/\d+/", "/N/", path)


def scrolling(report: Report, port: int, cookie: str, bars: int) -> None:
    """The longest task of the browser while so many bars scroll from end to end."""
    if not CHROMIUM:
        report.add(
            "timeline in a browser", "not run", note="needs Chromium (Debian: apt-get install chromium)"
        )
        return
    name, value = next(iter(SimpleCookie(cookie).items()))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value.value, "url": f"http://localhost:{port}"}])
        page = context.new_page()
        page.add_init_script(LONG_TASKS)
        page.goto(f"http://localhost:{port}/roadmap/timeline/")
        found = long_tasks(page, bars)
        shown = page.locator(".plan-row").count()
        browser.close()
    report.add(
        f"timeline of {shown:,} bars scrolls, longest task",
        f"{max(found):.0f} ms" if found else "none long",
        f"<= {LONGEST_TASK} ms",
        not found,
        "Chromium, PerformanceObserver, which tells of tasks over 50 ms; 60 turns of the wheel, down and up",
    )
