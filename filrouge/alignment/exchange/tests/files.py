"""Small files in the shapes of real ones, written for the tests."""

import csv
import io
import json
from typing import Any

KEP_COLUMNS = (
    "number", "title", "owning_sig", "participating_sigs", "status", "stage", "created", "last_updated",
    "latest_milestone", "alpha", "beta", "stable", "see_also", "replaces", "superseded_by",
    "feature_gates", "path",
)  # fmt: skip


def kep(number: str, title: str, **cells: str) -> dict[str, str]:
    path = f"keps/sig-ink/{number}-{title.lower().replace(' ', '-')}/kep.yaml"
    return {
        "number": number,
        "title": title,
        "owning_sig": "sig-ink",
        "status": "provisional",
        "path": path,
        **cells,
    }


def table(rows: list[dict[str, str]], columns: tuple[str, ...] = ()) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or tuple(rows[0]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def keps(*rows: dict[str, str]) -> bytes:
    return table(list(rows), KEP_COLUMNS)


PEN = kep("12", "Fountain pen", status="implementable", stage="beta", latest_milestone="v1.4", beta="v1.4")
NIB = kep(
    "13",
    "Gold nib",
    status="implemented",
    stage="stable",
    stable="v1.5",
    see_also="KEP-12|keps/sig-ink/12-fountain-pen",
)
BLOT = kep(
    "14",
    "Blotting",
    status="imlpemented",
    stage="stable",
    see_also="/keps/sig-ink/0006-sand.md|n/a|https://ink.example/why",
)
QUILL = kep("15", "Quill", status="withdrawn", replaces="KEP-12", superseded_by="keps/sig-ink/13-gold-nib/")
DRAFT = kep("0", "Draft", status="provisional|implementable", stage="alpha|beta|stable", created="yyyy-mm-dd")
KEPS = keps(PEN, NIB, BLOT, QUILL, DRAFT)


def jsonl(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def product(id: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "title": id.replace("-", " ").title(), "mission": "Aider à écrire", "incubator": "plume",
        "sponsors": ["académie"], "current_phase": "investigation", "link": "https://plume.example",
        "phases": [{"name": "investigation", "start": "2025-01-20", "end": "2025-03-01"}],
        "body": "## Contexte",
    } | more  # fmt: skip


MOVED = product(
    "encre-verte",
    phases=[
        {"name": "construction", "start": "2024-05-02", "end": ""},
        {"name": "transfere", "start": "2025-09-19", "end": ""},
    ],
    current_phase="transfere",
)
LEFT = product("encre-noire", current_phase="abandon-investigation", link="plume.example", phases=[])
PRODUCTS = jsonl(product("encre-bleue"), MOVED, LEFT)

JIRA = (
    b"Summary,Issue key,Issue Type,Status,Priority,Resolution,Project name,Fix versions,Due date,Resolved,"
    b"Description,Outward issue link (Blocks),Inward issue link (Blocks)\n"
    b"Write by hand,INK-1,Epic,In Progress,High,,Terminal,,15/Jan/27 12:00 AM,,For people who write,INK-2,\n"
    b"Erase by hand,INK-2,Epic,To Do,Low,,Terminal,,,,,,INK-1\n"
    b"Paper boat,INK-3,Epic,Done,Low,Won't Do,Terminal,,,,,,\n"
    b"Pencil,INK-4,Epic,Done,Low,Done,Terminal,2.1,,03/Feb/26 4:12 PM,,,INK-99\n"
    b"Odd,INK-5,Epic,Waiting for the moon,Low,,Nobody,,someday,,,,\n"
)

HUB = "https://github.com/ink/pen"
ISSUES = json.dumps([
    {"number": 1, "title": "Refill", "state": "open", "body": "It runs dry", "html_url": f"{HUB}/issues/1",
     "milestone": {"title": "3.0", "due_on": "2027-03-31T07:00:00Z"}, "closed_at": None},
    {"number": 2, "title": "Cap", "state": "closed", "state_reason": "completed", "body": None,
     "html_url": f"{HUB}/issues/2", "milestone": None, "closed_at": "2026-02-03T10:00:00Z"},
    {"number": 3, "title": "Feather", "state": "closed", "state_reason": "not_planned", "body": "",
     "html_url": f"{HUB}/issues/3", "milestone": None, "closed_at": "2026-02-03T10:00:00Z"},
    {"number": 4, "title": "Fix the cap", "state": "open", "body": "", "html_url": f"{HUB}/pull/4",
     "pull_request": {"url": f"{HUB}/pull/4"}},
]).encode()  # fmt: skip
GH = json.dumps([{
    "number": 7, "title": "Clip", "state": "CLOSED", "stateReason": "COMPLETED", "body": "",
    "url": f"{HUB}/issues/7", "milestone": {"title": "2.0", "dueOn": "2026-01-31T00:00:00Z"},
    "closedAt": "2026-01-30T00:00:00Z",
}]).encode()  # fmt: skip
MILESTONES = json.dumps([
    {"number": 3, "title": "3.0", "description": "Writes further", "state": "open", "open_issues": 4,
     "closed_issues": 2, "due_on": "2027-03-31T07:00:00Z", "closed_at": None,
     "html_url": f"{HUB}/milestone/3"},
    {"number": 2, "title": "2.0", "description": None, "state": "closed", "open_issues": 0,
     "closed_issues": 9, "due_on": None, "closed_at": "2026-01-31T10:00:00Z",
     "html_url": f"{HUB}/milestone/2"},
]).encode()  # fmt: skip
