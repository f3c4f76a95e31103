"""Files as people have them: taken as they are meant, rejected row by row, or refused whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from filrouge.cli import cli
from filrouge.evidence.feedback.models import Import, Rejected
from filrouge.voices.models import Source, Version, Words
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
Run = Callable[..., dict[str, Any]]


def call(*words: str) -> Any:
    return CliRunner().invoke(cli, ["import", "feedback", *words], catch_exceptions=False)


@pytest.fixture
def run(tmp_path: Path, cast: Cast) -> Run:
    """Imports what it is given as the file's content, and answers the receipt."""

    def import_(content: bytes | str, *words: str, name: str = "words.csv") -> dict[str, Any]:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        done = call(str(file), "--source", "Survey", "--as", "ops@example.org", "--json", *words)
        assert done.exit_code == 0, done.output
        receipt: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert receipt["read"] == sum(receipt[name] for name in ("new", "updated", "unchanged", "rejected"))
        return receipt

    return import_


def texts() -> list[str]:
    return list(Words.objects.order_by("external_id").values_list("text", flat=True))


TEXT = 'id{s}text{s}rating\r\n1{s}Très cassé, hélas{s}2\r\n2{s}"Deux\nlignes"{s}4\r\n'
AS_MEANT = {
    "a byte order mark": TEXT.format(s=";").encode("utf-8-sig"),
    "UTF-16": TEXT.format(s="\t").encode("utf-16"),
    "UTF-16 without a mark": TEXT.format(s="\t").encode("utf-16-le"),
    "Latin-1": TEXT.format(s=";").encode("latin-1"),
    "semicolons": TEXT.format(s=";").encode(),
    "tabs": TEXT.format(s="\t").encode(),
}


@pytest.mark.parametrize("content", AS_MEANT.values(), ids=AS_MEANT.keys())
def test_taken_as_it_is_meant(run: Run, content: bytes) -> None:
    receipt = run(content)
    assert (receipt["new"], receipt["rejected"], receipt["errors"]) == (2, 0, [])
    assert texts() == ["Très cassé, hélas", "Deux\nlignes"]
    assert set(Words.objects.values_list("rating", flat=True)) == {2, 4}


def test_a_colleague_in_another_time_zone_changes_nothing(run: Run, cast: Cast) -> None:
    for by, zone in ((cast.ops, "Europe/Paris"), (cast.pm, "America/Montreal")):
        by.timezone = zone
        by.save()
    file = "text,created_at\nSlow,2026-01-05\nLate,2026-01-05 23:30\n"
    assert run(file)["new"] == 2
    assert run(file, "--as", "pm@example.org")["unchanged"] == 2
    assert {words.said_at.date().isoformat() for words in Words.objects.all()} == {"2026-01-05"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("w.json", '[{"id": 1, "text": "Hello"}, {"id": 2, "text": "You"}]'),
        ("w.json", '{"items": [{"id": 1, "text": "Hello"}, {"id": 2, "text": "You"}]}'),
        ("w.jsonl", '{"id": 1, "text": "Hello"}\n{"id": 2, "text": "You"}\n'),
        ("w.tsv", "id\ttext\n1\tHello\n2\tYou\n"),
    ],
)
def test_every_format(run: Run, name: str, content: str) -> None:
    assert run(content, name=name)["new"] == 2
    assert texts() == ["Hello", "You"]


def test_html_and_script_are_kept_as_text(run: Run) -> None:
    run('id,text\n1,"<script>alert(1)</script><b>bold</b>"\n')
    assert texts() == ["<script>alert(1)</script><b>bold</b>"]


BROKEN = [
    ("2,too,many\n", "cells"), ("2\n", "cells"), ("2,a\0b\n", "NUL"), ("2,\n", "empty"),
    (f"2,{'x' * 1_000_001}\n", "1 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "why"), BROKEN, ids=["many", "few", "nul", "empty", "large"])
def test_a_broken_row_is_rejected_and_the_others_come_in(run: Run, line: str, why: str) -> None:
    receipt = run(f"id,text\n1,Hello\n{line}3,You\n")
    assert (receipt["new"], receipt["rejected"]) == (2, 1)
    (error,) = receipt["errors"]
    assert error["line"] == 3 and error["column"] and why in error["reason"]
    assert texts() == ["Hello", "You"]
    assert Rejected.objects.get().line == 3


def test_undecodable_bytes_cost_their_row_only(run: Run) -> None:
    rows = "".join(f"{n},Très bien numéro {n}\n" for n in range(50)).encode()
    receipt = run(b"id,text\n" + rows + b"99,broken \xff\xfe here\n")
    assert (receipt["new"], receipt["rejected"]) == (50, 1)
    assert (receipt["errors"][0]["line"], receipt["errors"][0]["column"]) == (52, "text")


@pytest.mark.parametrize("day", ["1601-01-01", "2999-01-01", "tomorrow-ish"])
def test_an_impossible_date_is_rejected(run: Run, day: str) -> None:
    receipt = run(f"id,text,created_at\n1,Hello,2024-02-03\n2,You,{day}\n")
    assert (receipt["new"], receipt["rejected"]) == (1, 1)
    assert (receipt["errors"][0]["line"], receipt["errors"][0]["column"]) == (3, "created_at")
    assert (day if day[0].isdigit() else "not a date") in receipt["errors"][0]["reason"]


def test_the_same_id_far_apart_in_a_file(run: Run) -> None:
    middle = "".join(f"m{n},Text number {n}\n" for n in range(1200))
    content = f"id,text\na,first\n{middle}a,last\n"
    receipt = run(content)
    assert (receipt["new"], receipt["unchanged"]) == (1201, 1)
    assert receipt["errors"][0]["line"] == 2 and "1,203" in receipt["errors"][0]["reason"].replace(
        "1203", "1,203"
    )
    again = run(content)
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 1202)
    assert Words.objects.get(external_id="a").text == "last" and not Version.objects.exists()


def test_a_long_file_goes_through_the_process_beside(run: Run) -> None:
    content = (
        "id,text,role\n" + "".join(f"{n},Text number {n} is here,r{n % 3}\n" for n in range(5200)) + "bad\n"
    )
    receipt = run(content)
    assert (receipt["new"], receipt["rejected"]) == (5200, 1)
    assert run(content)["unchanged"] == 5200


def test_a_changed_text_updates_and_keeps_the_former(run: Run) -> None:
    run("id,text\n1,Hello\n2,You\n")
    receipt = run("id,text\n1,Hello again\n2,You\n")
    assert (receipt["updated"], receipt["unchanged"]) == (1, 1)
    assert Version.objects.get().text == "Hello"


def test_a_dry_run_says_the_same_and_changes_nothing(run: Run) -> None:
    content = "id,text\n1,Hello\n2,\n3,You\n"
    dry = run(content, "--dry-run")
    assert not Words.objects.exists() and not Source.objects.exists() and not Rejected.objects.exists()
    assert dry == run(content)


def test_a_mapping_names_fields_and_segments(run: Run) -> None:
    run(
        "k,what,x,notes\n7,Hello,teacher,private\n",
        "--map",
        "text=what",
        "--map",
        "external_id=k",
        "--map",
        "role=x",
    )
    words = Words.objects.get()
    assert (words.text, words.external_id, len(words.segment_ids)) == ("Hello", "7", 1)


@pytest.mark.parametrize(
    ("name", "content", "options", "said"),
    [
        ("w.csv", b"", [], "empty"),
        ("w.csv", b" \n \n", [], "empty"),
        ("w.csv", b"id,text\n", [], "no rows"),
        ("w.xlsx", b"PK\x03\x04 whatever", [], "format"),
        ("w.csv", b"id,text\n1,a\n", ["--format", "xml"], "format"),
        ("w.csv", b"id,text\n1,a\n", ["--map", "text="], "text"),
        ("w.csv", b"id,text\n1,a\n", ["--map", "text=nowhere"], "nowhere"),
    ],
)
def test_refused_whole_with_a_sentence(
    cast: Cast, tmp_path: Path, name: str, content: bytes, options: list[str], said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    done = call(str(file), "--source", "Survey", "--as", "ops@example.org", *options)
    assert done.exit_code == 1 and said in done.output and "Traceback" not in done.output
    assert not Words.objects.exists() and file.exists()


def test_without_a_name_the_first_administrator_acts_and_others_are_refused(
    cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "w.csv"
    file.write_text("id,text\n1,Hello\n")
    refused = call(str(file), "--source", "Survey", "--as", "maker@example.org")
    assert refused.exit_code == 1 and not Words.objects.exists()
    assert call(str(file), "--source", "Survey").exit_code == 0
    assert Import.objects.get().by == cast.admin


@pytest.mark.sqlite
def test_a_full_disk_keeps_what_was_committed_and_the_rest_follows(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "none", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here: it takes root")
    try:
        file = tmp_path / "w.csv"
        file.write_text("id,text\n" + "".join(f"{n},{'word ' * 60}{n}\n" for n in range(12_000)))
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL",)}
        env |= {"FILROUGE_DATA": str(place), "DJANGO_SETTINGS_MODULE": "filrouge.settings"}
        env.pop("FILROUGE_TEST_DATABASE", None)

        def filrouge(*words: str) -> subprocess.CompletedProcess[str]:
            program = Path(sys.executable).with_name("filrouge")
            return subprocess.run([program, *words], env=env, capture_output=True, text=True)

        assert filrouge("migrate").returncode == 0
        assert filrouge("user", "create", "--email", "a@example.org", "--role", "admin").returncode == 0
        full = filrouge("import", "feedback", str(file), "--source", "Survey", "--json")
        assert full.returncode == 1 and "disk" in full.stderr and "Traceback" not in full.stderr
        subprocess.run(["mount", "-o", "remount,size=200m", place], check=True)
        done = filrouge("import", "feedback", str(file), "--source", "Survey", "--json")
        receipt = json.loads(done.stdout.splitlines()[-1])
        assert receipt["read"] == 12_000 == receipt["new"] + receipt["unchanged"]
        assert receipt["unchanged"] >= 500 and receipt["new"] > 0
    finally:
        subprocess.run(["umount", place], check=True)
