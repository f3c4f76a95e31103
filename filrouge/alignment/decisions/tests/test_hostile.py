"""Files of decisions from anywhere: what no database or page takes costs only its own file, or its head."""

import os
from pathlib import Path

import pytest

from filrouge.alignment.decisions.files import decoded, from_path
from filrouge.alignment.decisions.importing import Importing, entries, preview
from filrouge.alignment.decisions.logbook import file_name, write_into
from filrouge.alignment.decisions.models import Decision

pytestmark = pytest.mark.django_db

GOOD = ("good.md", "# Good\n\n## Decision Outcome\n\nYes.\n")
HEADS = [
    'id: "a\\0b"', f"id: {'9' * 400}", "id: null", "id: [1]", "id: ''", "id: true", 'id: "\\e[31m"',
    'team: "\\0"', 'driver: "\\0"', f"driver: {'é' * 500}", 'consulted: ["\\0"]', "consulted: [[1], {a: b}]",
    f"informed: [{'y' * 900}]", 'decision-makers: "\\0"', f"decision-makers: {'x' * 5000}",
    'key-result: "\\0"', "threshold: 1e999\nkey-result: x\nbreaks: below", "breaks: up\nthreshold: 5",
    'status: "superseded by \\0"', f"status: {'x' * 5000}", 'supersedes: ["\\0"]',
    f"supersedes: {list(range(500))}", 'outcome: "\\0"', 'address: "javascript:alert(1)"',
    'address: "https://x\\0"', f"address: https://{'a' * 600}", "date: 0001-01-01", "date: 9999-12-31",
    "date: 2026-02-30", "date: 2026-01-01T00:00:00Z", "due: 0001-01-01", "review: 9999-12-31",
    "id: 99999999999999999999\nhome: x",
]  # fmt: skip
TITLES = [
    "x" * 999, "\x1b[31m", "a\tb", "<script>alert(1)</script>", "[x](javascript:alert(1))", "=1+1",
    '"onmouseover="alert(1)', "{{ 7*7 }}",
]  # fmt: skip
WHOLE = """# {0}

## Considered Options

* {0}
* {0} too

## Decision Outcome

Chosen option: "{0}", because {0}

## Pros and Cons of the Options

### {0}

* Good, because {0}
"""


def brought(cast, files):
    found = entries(files, "madr")
    preview(found)
    return Importing("adr", cast.pm, cast.team).go(found)


def counted(receipt):
    return receipt["read"], receipt["new"], receipt["unchanged"]


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head[:20])
def test_what_stands_in_a_head_breaks_nothing(cast, client, head):
    odd = ("odd.md", f"---\n{head}\n---\n# Odd\n\n## Context and Problem Statement\n\nx\n")
    assert brought(cast, [odd, GOOD])["read"] == 2 and Decision.objects.filter(title="Good").exists()
    assert counted(brought(cast, [odd, GOOD]))[:2] == (2, 0)
    client.force_login(cast.pm)
    for item in Decision.objects.all():
        assert "javascript:" not in client.get(item.get_absolute_url()).content.decode()


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_only_a_title(cast, client, title):
    assert brought(cast, [("odd.md", WHOLE.format(title))])["new"] == 1
    client.force_login(cast.pm)
    item = Decision.objects.get()
    for address in (item.get_absolute_url(), "/decisions/", "/"):
        page = client.get(address).content.decode()
        assert not any(
            one in page for one in ("<script>alert", 'href="javascript:', '"onmouseover', "49 too")
        )
    assert client.get(f"/decisions/{item.pk}/memo.md").status_code == 200


@pytest.mark.parametrize(
    "head",
    ['X-Home: x\nX-Team: \0', "X-Home: x\nX-Due: 9999-99-99", "X-Home: x\nX-Chosen: nothing",
     f"PEP: {'9' * 400}", f"X-Home: x\nX-Informed: {'y' * 900}",
     "X-Home:\nX-Threshold: 1e999\nX-Key-Result: x", "Resolution: ftp://x",
     "X-Home: x\n\nOptions\n=======\n\n\u00a0\n----\n"],
    ids=ascii,
)  # fmt: skip
def test_what_stands_in_pep_headers_breaks_nothing(cast, head):
    files = [
        ("odd.rst", f"Title: Odd\nStatus: Final\n{head}\n"),
        ("good.rst", "Title: Good\nStatus: Final\n"),
    ]
    found = entries([(name, decoded(text.encode(), name)) for name, text in files], "pep")
    preview(found)
    assert Importing("peps", cast.pm, cast.team).go(found)["read"] == 2
    assert Decision.objects.filter(title="Good").exists()


def test_a_file_whose_name_is_no_text(cast, tmp_path):
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff.md")).write_text("# Odd\n")
    (tmp_path / GOOD[0]).write_text(GOOD[1])
    assert counted(brought(cast, from_path(tmp_path, "madr"))) == (2, 2, 0)
    assert counted(brought(cast, from_path(tmp_path, "madr"))) == (2, 0, 2)


def test_the_log_is_not_written_through_a_link(cast, tmp_path):
    (tmp_path / "mine").write_text("Mine")
    item = Decision.create(by=cast.pm, title="Ours")
    link = tmp_path / "log" / file_name(item)
    link.parent.mkdir()
    link.symlink_to(tmp_path / "mine")
    assert write_into(link.parent, Decision.objects.all(), cast.pm) == 1
    assert (tmp_path / "mine").read_text() == "Mine" and "# Ours" in link.read_text()


def test_a_link_in_the_folder_is_not_followed_out_of_it(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.md").write_text("# Secret\n")
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "x.md").symlink_to(tmp_path / "secret" / "key.md")
    (ours / "sub").symlink_to(tmp_path / "secret")
    (ours / "good.md").write_text("# Good\n")
    assert from_path(ours, "madr") == [("good.md", "# Good\n")]
