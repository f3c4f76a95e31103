"""Commands: the same acts, under the same access as pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from filrouge.cli import cli
from filrouge.evidence.insights.models import Insight
from tests.fixtures.cast import Cast


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output.splitlines()[-1])


def test_from_an_insight_to_a_decision(cast: Cast) -> None:
    me = ("--as", "pm@example.org", "--json")
    insight = said(
        run("insights", "create", "--title", "People lose their place", "--confidence", "high", *me)
    )
    opportunity = said(
        run("opportunities", "create", "--title", "Keep it", "--from-items", insight["id"], *me)
    )
    decision = said(run("decisions", "create", "--title", "Build?", "--from-items", opportunity["id"], *me))
    done = said(run("decisions", "decide", decision["id"], "--rationale", "Because", *me))
    assert (done["status"], done["rationale"]) == ("decided", "Because")
    thread = said(run("decisions", "thread", decision["id"], *me))
    assert [step["item"]["id"] for step in thread["before"]] == [opportunity["id"], insight["id"]]
    assert said(run("decisions", "history", decision["id"], *me))["items"][0]["verb"] == "decide"
    assert said(run("insights", "list", "--confidence", "high", "--limit", "1", *me))["count"] == 1
    assert said(run("insights", "show", insight["id"], *me))["title"] == "People lose their place"


@pytest.mark.parametrize("which", ["list", "show", "thread", "history"])
def test_people_read_answers_too(cast: Cast, which: str) -> None:
    insight = Insight.create(by=cast.pm, title="People lose their place")
    result = run(
        "insights", which, *([] if which == "list" else [str(insight.pk)]), "--as", "maker@example.org"
    )
    assert result.exit_code == 0 and result.output.strip()


def test_the_shell_is_no_way_around(cast: Cast) -> None:
    private = Insight.create(by=cast.design, title="Mine", circle="private")
    decision = said(run("decisions", "create", "--title", "Build?", "--as", "pm@example.org", "--json"))
    for words, sentence in (
        (("insights", "show", str(private.pk), "--as", "admin@example.org"), "nothing here"),
        (
            ("decisions", "decide", str(decision["id"]), "--rationale", "x", "--as", "admin@example.org"),
            "product manager",
        ),
        (
            ("decisions", "decide", str(decision["id"]), "--rationale", "x", "--as", "nobody@example.org"),
            "nobody active",
        ),
        (("export", "insights", "--as", "stakeholder@example.org"), "Only the product teams export"),
        (("insights", "list", "--sort", "rank", "--as", "pm@example.org"), "order"),
    ):
        result = run(*words)
        assert result.exit_code == 1 and sentence in result.output, result.output
    assert run("decisions", "decide", str(decision["id"]), "--as", "pm@example.org").exit_code == 2


def test_the_only_administrator_needs_no_name(cast: Cast) -> None:
    Insight.create(by=cast.pm, title="Seen")
    assert said(run("insights", "list", "--json"))["count"] == 1
    cast.ops.role = "admin"
    cast.ops.save()
    assert run("insights", "list").exit_code == 2


def test_a_field_can_be_emptied_and_a_change_be_seen(cast: Cast) -> None:
    me = ("--as", "pm@example.org", "--json")
    decision = said(run("decisions", "create", "--title", "Build?", "--due", "2027-01-31", *me))
    assert decision["due"] == "2027-01-31"
    assert said(run("decisions", "revise", decision["id"], "--due", "", *me))["due"] is None
    assert run("decisions", "revise", decision["id"], "--title", "x", "--revision", "1", *me).exit_code == 1


def test_exports_go_to_the_terminal_or_a_file(cast: Cast, tmp_path: Any) -> None:
    Insight.create(by=cast.pm, title="=1+1")
    me = ("--as", "maker@example.org")
    assert "'=1+1" in run("export", "insights", *me).output
    assert json.loads(run("export", "insights", "--format", "json", *me).output)[0]["title"] == "=1+1"
    run("export", "insights", "--output", str(tmp_path / "out.csv"), *me)
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfid,type,title")
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]
