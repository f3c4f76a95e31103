"""What REST tells around one roadmap item is what its page tells, to the same reader."""

from datetime import date

import pytest
from click.testing import CliRunner

from filrouge.alignment.roadmap.scenarios import Scenario
from filrouge.cli import cli

from .making import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast):
    return make(cast, "Ours", starts=date(2027, 3, 1), ends=date(2027, 5, 31))


def test_dependencies_are_told_from_both_ends(cast, caller, item):
    theirs = make(cast, "Theirs", by=cast.other_pm, starts=date(2027, 1, 1), ends=date(2027, 4, 30))
    item.depend(by=cast.pm, needs=theirs.pk, note="We build upon it")
    (need,) = caller(cast.maker).get(f"initiatives/{item.pk}").json()["needs"]
    assert (need["kind"], need["state"], need["note"], need["strain"]) == (
        "FS", "asked", "We build upon it", "conflict",
    )  # fmt: skip
    assert need["item"]["id"] == theirs.pk and need["item"]["team"]["name"] == "Terminal"
    assert need["item"]["title"] == "Theirs" and need["problem"].startswith("It ends")
    far = caller(cast.maker).get(f"initiatives/{theirs.pk}").json()
    assert [one["item"]["title"] for one in far["needed_by"]] == ["Ours"] and far["needs"] == []


def test_a_private_end_is_not_told(cast, caller, item):
    hidden = make(cast, "Hidden", circle="private")
    item.depend(by=cast.pm, needs=hidden.pk)
    hidden.depend(by=cast.pm, needs=make(cast, "Third").pk)
    assert len(caller(cast.pm).get(f"initiatives/{item.pk}").json()["needs"]) == 1
    answer = caller(cast.maker).get(f"initiatives/{item.pk}")
    assert answer.json()["needs"] == [] and "Hidden" not in answer.content.decode()
    assert caller(cast.maker).get("initiatives?q=Third").json()["items"][0].get("needed_by") is None


def test_phases_worksheets_and_scenarios(cast, caller, item):
    item.plan_phase(by=cast.pm, stage="build", starts=date(2027, 3, 1), ends=date(2027, 3, 31))
    item.fill_value_effort(by=cast.pm, value="8", effort="2")
    scenario = Scenario.copy_plan(cast.team, "If we wait", "", by=cast.pm)
    thought = scenario.thoughts.get()
    thought.think({"horizon": "later"}, by=cast.pm)
    told = caller(cast.maker).get(f"initiatives/{item.pk}").json()
    (phase,), (sheet,), (stands,) = told["phases"], told["worksheets"], told["scenarios"]
    assert (phase["stage"], phase["ends"], phase["outside"]) == ("build", "2027-03-31", False)
    assert (sheet["method"], sheet["inputs"], sheet["result"]) == (
        "value_effort", {"value": "8", "effort": "2"}, 4.0,
    )  # fmt: skip
    assert (stands["id"], stands["name"], stands["differs"], stands["ends"]) == (
        scenario.pk, "If we wait", True, None,
    )  # fmt: skip


def test_wider_circles_read_none_of_it(cast, caller, item):
    item.open_as_written(by=cast.pm)
    told = caller(cast.stakeholder).get(f"initiatives/{item.pk}").json()
    assert not set(item.kind.surroundings) & set(told)


def test_the_command_writes_a_line_for_each(cast, item):
    item.depend(by=cast.pm, needs=make(cast, "Also ours").pk)
    words = ["initiatives", "show", str(item.pk), "--as", "maker@example.org"]
    said = CliRunner().invoke(cli, words).output
    assert "needs: \n  - item: Also ours, kind: FS, state: accepted" in said and "{" not in said
