"""What is exported comes back as it was."""

import json

import pytest
from click.testing import CliRunner

from filrouge.cli import cli
from filrouge.evidence.feedback.intake import receive_json
from filrouge.voices.models import Words

pytestmark = pytest.mark.django_db(transaction=True)

ITEMS = [
    {
        "external_id": "1",
        "text": "=1+1 is not a formula\nand has two lines",
        "author": "Bob",
        "role": "analyst",
    },
    {"external_id": "2", "text": "La synchronisation est lente", "created_at": "2026-03-01", "rating": 2},
]


def run(*words):
    done = CliRunner().invoke(cli, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_file_that_was_exported_changes_nothing_when_it_comes_back(cast, tmp_path):
    receive_json({"source": "Support", "items": ITEMS}, cast.ops)
    file = tmp_path / "words.jsonl"
    run("export", "feedback", "--format", "jsonl", "--output", str(file), "--as", cast.ops.email)
    before = list(Words.objects.order_by("pk").values("text", "said_at", "facets", "version"))
    same = [
        part
        for name in ("text", "external_id", "created_at", "author", "rating", "role")
        for part in ("--map", f"{name}={name}")
    ]
    told = run(
        "import", "feedback", str(file), "--source", "Support", "--as", cast.ops.email, "--json", *same
    )
    receipt = json.loads(told.strip().splitlines()[-1])
    assert receipt["unchanged"] == 2
    assert list(Words.objects.order_by("pk").values("text", "said_at", "facets", "version")) == before
    assert receipt["rejected"] == receipt["new"] == receipt["updated"] == 0


def test_a_cell_that_a_spreadsheet_would_run_is_defused(cast):
    receive_json({"source": "Support", "items": ITEMS}, cast.ops)
    assert "'=1+1" in run("export", "feedback", "--as", cast.ops.email)


@pytest.mark.parametrize("who", ["stakeholder", "guest"])
def test_only_who_reads_words_as_they_were_said_exports_them(cast, who):
    done = CliRunner().invoke(cli, ["export", "feedback", "--as", getattr(cast, who).email])
    assert done.exit_code == 1 and "Bob" not in done.output
