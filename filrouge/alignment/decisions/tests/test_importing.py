"""Decisions come in from files: once, by whoever may decide, and what is wrong with them is told."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from filrouge.alignment.decisions import logbook
from filrouge.alignment.decisions.importing import Importing, entries
from filrouge.alignment.decisions.memo import took_its_place
from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.cli import cli
from filrouge.core.origins import Origin

pytestmark = pytest.mark.django_db


def adr(title, status="accepted", more="", body="## Decision Outcome\n\nBecause.\n"):
    return f"---\nstatus: {status}\ndate: 2024-05-06\n{more}---\n\n# {title}\n\n{body}"


FTP = ("0004-use-ftp.md", adr("Use FTP", "superseded by 9"))
HTTPS = ("0009-use-https.md", adr("Use HTTPS", more="supersedes: [ADR-0004]\n"))


def bring(by, *files, format="madr", **more):
    return Importing("adr", by, **more).go(entries(files, format))


def counts(receipt):
    return tuple(receipt[name] for name in ("read", "new", "updated", "unchanged", "rejected"))


def test_the_same_files_twice_change_nothing(cast):
    assert counts(bring(cast.pm, FTP, HTTPS)) == (2, 2, 0, 0, 0)
    before = list(Decision.objects.order_by("pk").values_list("revision", "changed_at"))
    assert counts(bring(cast.pm, FTP, HTTPS)) == (2, 0, 0, 2, 0)
    assert list(Decision.objects.order_by("pk").values_list("revision", "changed_at")) == before


def test_what_supersedes_what_is_tied(cast):
    receipt = bring(cast.pm, FTP, HTTPS)
    former, later = Decision.objects.get(title="Use FTP"), Decision.objects.get(title="Use HTTPS")
    assert receipt["errors"] == [] and former.status == "superseded"
    assert [one.pk for one in took_its_place(former, cast.maker)] == [later.pk]


def test_a_changed_file_updates_its_decision(cast):
    bring(cast.pm, HTTPS)
    changed = (HTTPS[0], HTTPS[1].replace("Because.", "It is safe."))
    assert counts(bring(cast.pm, changed)) == (1, 0, 1, 0, 0)
    assert Decision.objects.get().rationale == "It is safe."


def test_a_dry_run_changes_nothing_and_counts_the_same(cast):
    tried = bring(cast.pm, FTP, ("0007-x.md", adr("X", "whatever")), dry_run=True)
    assert not Decision.objects.exists() and not Origin.objects.exists()
    assert tried == bring(cast.pm, FTP, ("0007-x.md", adr("X", "whatever")))


def test_whoever_may_not_decide_is_refused_with_the_reason(cast):
    mine = bring(cast.pm, ("1.md", adr("Theirs", more=f"team: {cast.other_team.name}\n")))
    assert counts(mine) == (1, 0, 0, 0, 1) and "product manager" in mine["errors"][0]["reason"]
    for person in (cast.maker, cast.admin, cast.ops):
        receipt = bring(person, HTTPS, team=cast.team)
        assert counts(receipt) == (1, 0, 0, 0, 1), person
    assert not Decision.objects.exists()


def test_an_id_that_stands_for_something_else_is_told(cast):
    item = Initiative.create(by=cast.pm, title="Tunnel")
    Origin.objects.create(source="adr", external_id="0009-use-https", item=item, known={"status": "planned"})
    receipt = bring(cast.pm, FTP, HTTPS)
    assert counts(receipt) == (2, 1, 0, 0, 1) and "something else" in receipt["errors"][0]["reason"]


def test_another_manager_does_not_change_what_came_in(cast):
    bring(cast.pm, HTTPS)
    changed = (HTTPS[0], HTTPS[1].replace("Because.", "Mine."))
    receipt = bring(cast.other_pm, changed, team=cast.other_team)
    assert counts(receipt) == (1, 0, 0, 0, 1) and Decision.objects.get().rationale == "Because."


@pytest.mark.parametrize(
    ("status", "means", "outcome", "told"),
    [
        ("accepted", "decided", "", 0),
        ("rejected", "decided", "Rejected", 0),
        ("proposed", "open", "", 0),
        ("Acceptée", "decided", "", 0),
        ("Accepted (2020, by mail)", "decided", "", 1),
        ("April Fool!", "open", "", 1),
        ("deprecated", "decided", "", 1),
        ("", "decided", "", 1),
    ],
)
def test_dirty_statuses_are_told_and_not_dropped(cast, status, means, outcome, told):
    receipt = bring(cast.pm, ("1.md", adr("One", json.dumps(status))))
    made = Decision.objects.get()
    assert (made.status, made.outcome, len(receipt["errors"])) == (means, outcome, told)
    assert counts(receipt)[1] == 1


def test_dangling_ambiguous_and_unmirrored_references_are_told(cast):
    receipt = bring(
        cast.pm,
        ("0001-a.md", adr("A", "superseded by 99")),
        ("0002-b.md", adr("B", "superseded by 3")),
        ("0003-c.md", adr("C")),
        ("0003-d.md", adr("D")),
        ("0005-e.md", adr("E", more="supersedes: [0006]\n")),
        ("0006-f.md", adr("F")),
    )
    said = {error["file"]: error["reason"] for error in receipt["errors"]}
    assert "99" in said["0001-a.md"] and "neither" in said["0001-a.md"]
    assert "0003-c, 0003-d" in said["0002-b.md"]
    assert "does not say the same" in said["0005-e.md"]
    found = dict(Decision.objects.values_list("title", "status"))
    assert found["F"] == "superseded" and found["A"] == "decided"


def test_a_reference_to_what_came_in_before(cast):
    bring(cast.pm, HTTPS)
    assert [error["column"] for error in bring(cast.pm, FTP)["errors"]] == []
    assert Decision.objects.get(title="Use FTP").status == "superseded"


def test_options_people_and_dates_come_along(cast):
    body = (
        "## Considered Options\n\n* A\n* B\n\n## Decision Outcome\n\nChosen option: \"B\", because cheap\n\n"
        "## Pros and Cons of the Options\n\n### A\n\n* Good, because known\n* Bad, because slow\n"
    )  # fmt: skip
    more = "decision-makers: The board\nconsulted: [Maker, Ada]\ndriver: Design\nreview: 2999-01-01\n"
    assert bring(cast.pm, ("1.md", adr("One", more=more, body=body)))["errors"] == []
    made = Decision.objects.get()
    first, second = made.options.all()
    assert (first.pros, first.cons, second.chosen, made.outcome) == ("known", "slow", True, "B")
    assert (made.taken_by, made.driver, made.rationale) == ("The board", cast.design, "cheap")
    assert [(one.who, one.person) for one in made.parts.all()] == [("Maker", cast.maker), ("Ada", None)]
    assert made.review_on == date(2999, 1, 1) and made.decided_by is None


def test_an_open_question_that_was_decided_elsewhere(cast):
    bring(cast.pm, ("1.md", adr("One", "proposed", body="")))
    assert Decision.objects.get().status == "open"
    assert counts(bring(cast.pm, ("1.md", adr("One"))))[2] == 1
    made = Decision.objects.get()
    assert (made.status, made.rationale) == ("decided", "Because.")
    bring(cast.pm, ("1.md", adr("One", "proposed")))
    made.refresh_from_db()
    assert made.status == "open"


def test_what_was_decided_here_is_not_overwritten(cast):
    bring(cast.pm, ("1.md", adr("One", "proposed", body="")))
    Decision.objects.get().decide(by=cast.pm, rationale="Ours")
    receipt = bring(cast.pm, ("1.md", adr("One")))
    assert counts(receipt)[4] == 1 and Decision.objects.get().rationale == "Ours"


@pytest.mark.parametrize(
    ("text", "column"),
    [("", "title"), ("no title", "title"), (adr("a" * 400), "title"), (adr("N\x00L"), "title")],
)
def test_bad_files_are_told_and_stop_no_other(cast, text, column):
    receipt = bring(cast.pm, ("1.md", text), HTTPS)
    assert receipt["read"] == 2 and receipt["new"] >= 1
    assert column in [error["column"] for error in receipt["errors"]]
    assert receipt["read"] == sum(receipt[name] for name in ("new", "updated", "unchanged", "rejected"))


def test_one_id_twice_and_the_last_stands(cast):
    receipt = bring(cast.pm, ("a/1.md", adr("Former")), ("b/1.md", adr("Later")))
    assert counts(receipt) == (2, 1, 0, 1, 0) and Decision.objects.get().title == "Later"
    assert "the last one stands" in receipt["errors"][0]["reason"]


def test_peps_come_in_by_their_headers(cast):
    receipt = bring(
        cast.pm,
        ("pep-0004.rst", "PEP: 4\nTitle: Old\nStatus: Superseded\nCreated: 01-Oct-2000\nSuperseded-By: 9\n"),
        ("pep-0009.rst", "PEP: 9\nTitle: New\nStatus: Final\nCreated: 02-Oct-2001\nReplaces: 4\n"),
        format="pep",
    )
    assert receipt["errors"] == [] and dict(Decision.objects.values_list("title", "status")) == {
        "Old": "superseded",
        "New": "decided",
    }


def test_out_and_in_again_is_the_same_log(cast):
    body = '## Considered Options\n\n* A\n* B\n\n## Decision Outcome\n\nChosen option: "A", because it is\n'
    bring(
        cast.pm,
        FTP,
        HTTPS,
        ("1.md", adr("One", "rejected", body=body)),
        ("2.md", adr("Two", "draft", body="")),
    )
    out = dict(logbook.written(Decision.objects.all(), cast.pm))
    elsewhere = {name: text.replace("home: ", "home: x") for name, text in out.items()}
    receipt = Importing("copy", cast.pm).go(entries(elsewhere.items(), "madr"))
    assert counts(receipt) == (4, 4, 0, 0, 0) and receipt["errors"] == []
    copies = {one.item_id: one.external_id for one in Origin.objects.filter(source="copy")}
    rows = Decision.objects.filter(pk__in=copies)
    again = [plain(text, copies) for _name, text in logbook.written(rows, cast.pm)]
    assert again == [plain(text, {}) for text in out.values()]


def plain(text, ids):
    """A file whose numbers are those of the first log, without the mark of the workspace."""
    for new, old in ids.items():
        text = text.replace(f"id: '{new}'", f"id: '{old}'").replace(f"by {new}\n", f"by {old}\n")
        text = text.replace(f"- '{new}'", f"- '{old}'")
    return "\n".join(line for line in text.splitlines() if not line.startswith("home:"))


def test_the_workspaces_own_files_make_nothing_twice(cast):
    bring(cast.pm, FTP, HTTPS)
    files = list(logbook.written(Decision.objects.all(), cast.pm))
    assert counts(Importing("again", cast.pm).go(entries(files, "madr"))) == (2, 0, 0, 2, 0)
    edited = [(name, text.replace("Use FTP", "Use SFTP")) for name, text in files]
    receipt = Importing("again", cast.pm).go(entries(edited, "madr"))
    assert counts(receipt) == (2, 0, 0, 1, 1) and "lives here" in receipt["errors"][0]["reason"]


def test_with_pep_headers_they_make_nothing_twice(cast):
    bring(cast.pm, FTP, HTTPS, ("1.md", adr("Où\u00a0?", "rejected")), ("2.md", adr("Two", "draft", body="")))
    item = Decision.objects.get(title="Two")
    item.add_option(by=cast.pm, option_title="---", about="* Good, because", pros="a\nb")
    item.involve(by=cast.pm, part="contributor", by_name="Support, Lyon")
    files = list(logbook.written(Decision.objects.all(), cast.pm, "pep"))
    assert counts(Importing("again", cast.pm).go(entries(files, "pep"))) == (4, 0, 0, 4, 0)
    edited = [(name, text.replace("Use FTP", "Use SFTP")) for name, text in files]
    receipt = Importing("again", cast.pm).go(entries(edited, "pep"))
    assert counts(receipt) == (4, 0, 0, 3, 1) and "lives here" in receipt["errors"][0]["reason"]


def test_with_pep_headers_they_come_in_elsewhere(cast):
    bring(cast.pm, FTP, HTTPS, ("1.md", adr("One", "rejected")), ("2.md", adr("Two", "draft", body="")))
    Decision.objects.get(title="Two").add_option(by=cast.pm, option_title="A", about="B", pros="c", cons="d")
    before = dict(logbook.written(Decision.objects.all(), cast.pm, "pep"))
    elsewhere = [(name, text.replace("X-Home: ", "X-Home: x")) for name, text in before.items()]
    receipt = Importing("copy", cast.pm).go(entries(elsewhere, "pep"))
    assert counts(receipt) == (4, 4, 0, 0, 0) and receipt["errors"] == []
    copies = Decision.objects.filter(origins__source="copy").order_by("title")
    assert [one.status for one in copies] == ["decided", "open", "superseded", "decided"]
    assert copies[1].options.get().about == "B" and copies[0].outcome == "Rejected"
    assert [one.pk for one in took_its_place(copies[2], cast.pm)] == [copies[3].pk]


def test_a_word_that_says_more_stays_with_pep_headers(cast):
    for status in ("Final", "Deferred"):
        bring(
            cast.pm,
            (f"{status}.rst", f"Title: {status}\nStatus: {status}\nCreated: 01-Oct-2000\n"),
            format="pep",
        )
    texts = [text for _name, text in logbook.written(Decision.objects.all(), cast.pm, "pep")]
    assert "Status: Final\n" in texts[0] and "Status: Deferred\n" in texts[1]
    assert "Resolution: 01-Oct-2000" in texts[0] and "Created: 01-Oct-2000" in texts[0]


def run(*words):
    return CliRunner().invoke(cli, [*map(str, words)])


def test_the_commands(cast, tmp_path):
    folder = tmp_path / "adr"
    folder.mkdir()
    for name, text in (FTP, HTTPS, ("README.md", "# Our decisions"), ("notes.txt", "x")):
        (folder / name).write_text(text)
    words = ("import", "decisions", folder, "--as", "pm@example.org", "--json")
    tried = run(*words, "--dry-run")
    assert json.loads(tried.output)["new"] == 2 and not Decision.objects.exists()
    done = run(*words)
    assert done.exit_code == 0 and counts(json.loads(done.output.splitlines()[-1])) == (2, 2, 0, 0, 0)
    assert Origin.objects.values_list("source", flat=True).distinct().get() == "adr"
    refused = run(*words, "--source", "folder")
    assert refused.exit_code == 1 and "own name" in refused.output
    out = tmp_path / "out"
    out.mkdir()
    pk = Decision.objects.get(title="Use FTP").pk
    (out / f"{pk:04d}-ours.md").write_text("written by hand")
    told = json.loads(run("export", "decision-log", out, "--as", "maker@example.org", "--json").output)
    assert told["written"] == 2 and (out / f"{pk:04d}-ours.md").exists()
    Decision.objects.filter(pk=pk).update(title="Use SFTP")
    run("export", "decision-log", out, "--as", "maker@example.org")
    assert sorted(one.name for one in out.glob(f"{pk:04d}-*")) == [
        f"{pk:04d}-ours.md",
        f"{pk:04d}-use-sftp.md",
    ]
    run("export", "decision-log", out, "--format", "pep", "--as", "maker@example.org")
    assert "Title: Use SFTP" in (out / f"pep-{pk:04d}.rst").read_text()


def test_the_command_tells_peps_from_markdown_by_itself(cast, tmp_path):
    pep = tmp_path / "pep-0008.rst"
    pep.write_text(
        "PEP: 8\nTitle: Style\nStatus: Active\nCreated: 05-Jul-2001\n\nAbstract\n========\n\nIt is.\n"
    )
    for path in (pep, tmp_path):
        run("import", "decisions", path, "--as", "pm@example.org")
    assert Decision.objects.filter(title="Style", status="decided").count() == 2, "a source for each path"
    (tmp_path / "0001-x.md").write_text(adr("X"))
    (tmp_path / "0002-y.md").write_text(adr("Y"))
    told = run("import", "decisions", tmp_path, "--as", "pm@example.org", "--json")
    assert counts(json.loads(told.output.splitlines()[-1])) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("words", [("nowhere",), (".", "--team", "No such team"), (".", "--format", "doc")])
def test_commands_that_cannot_be(cast, tmp_path, words):
    place = tmp_path / words[0]
    done = run("import", "decisions", place, *words[1:], "--as", "pm@example.org")
    assert done.exit_code in (1, 2) and "Traceback" not in done.output


@pytest.mark.parametrize("email", ["maker", "stakeholder", "admin", "guest"])
def test_commands_of_those_who_may_not(cast, tmp_path, email):
    done = run("import", "decisions", tmp_path, "--as", f"{email}@example.org")
    assert done.exit_code == 1 and "product manager" in done.output
