"""Cycles, types of goals, how teams read, scenarios: files of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from filrouge.alignment.exchange.folder import sheets
from filrouge.alignment.exchange.folder.outside import export
from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.roadmap.scenarios import Scenario
from filrouge.alignment.strategy.models import Cycle, GoalType, Steering
from tests.fixtures.cast import Cast

from .house import edit, emptied, read, there_and_back, why

pytestmark = pytest.mark.django_db


@pytest.fixture
def imagined(told: Cast) -> Scenario:
    made = Scenario.copy_plan(told.team, "Two people leave", "What then?", by=told.maker)
    made.thoughts.get().think({"horizon": "later", "ends": date(2027, 9, 30)}, by=told.maker)
    return made


def test_a_scenario_comes_back_with_what_it_imagines(told: Cast, imagined: Scenario, tmp_path: Path) -> None:
    assert there_and_back(tmp_path, told.pm) == ""
    made = Scenario.objects.get()
    assert (made.name, made.note, made.team, made.by) == (
        "Two people leave", "What then?", told.team, told.maker,
    )  # fmt: skip
    thought = made.thoughts.get()
    assert (thought.item.title, thought.horizon, str(thought.ends)) == ("Offline mode", "later", "2027-09-30")


def test_a_scenario_names_nothing_private(told: Cast, imagined: Scenario, tmp_path: Path) -> None:
    Initiative.objects.filter(title="Offline mode").update(circle="private")
    export(tmp_path, told.pm)
    (row,) = sheets.loaded((tmp_path / "scenarios.yaml").read_text())
    assert "items" not in row
    Scenario.objects.all().delete()
    export(tmp_path, told.pm)
    assert not (tmp_path / "scenarios.yaml").exists()


@pytest.mark.parametrize(("name", "comes"), [("pm", 1), ("maker", 1), ("admin", 1), ("other_pm", 0)])
def test_its_author_its_team_and_an_administrator_bring_a_scenario_back(
    told: Cast, imagined: Scenario, tmp_path: Path, name: str, comes: int
) -> None:
    export(tmp_path, told.pm)
    Scenario.objects.all().delete()
    said = why(read(tmp_path, getattr(told, name)))
    assert Scenario.objects.count() == comes and ("left as it is" in said) is not bool(comes)


@pytest.mark.parametrize(
    ("old", "new"), [("+00:00", "Z"), ("name: Two people leave", "name: 'Two people leave '")]
)
def test_nobody_takes_anothers_scenario_by_writing_its_name_otherwise(
    told: Cast, imagined: Scenario, tmp_path: Path, old: str, new: str
) -> None:
    imagined.thoughts.all().delete()
    export(tmp_path, told.pm)
    edit(tmp_path / "scenarios.yaml", old, new)
    edit(tmp_path / "scenarios.yaml", "by: maker@example.org", "by: design@example.org")
    assert "cannot be read" in why(read(tmp_path, told.design))
    assert Scenario.objects.get().by == told.maker


def test_a_scenario_that_is_here_is_changed_on_its_page(
    told: Cast, imagined: Scenario, tmp_path: Path
) -> None:
    export(tmp_path, told.pm)
    edit(tmp_path / "scenarios.yaml", "horizon: later", "horizon: now")
    assert "“Two people leave” is left as it is" in why(read(tmp_path, told.pm))
    assert imagined.thoughts.get().horizon == "later"


def test_cycles_types_and_readings_of_an_organisation(told: Cast, tmp_path: Path) -> None:
    Cycle.objects.create(name="2030", starts=date(2030, 1, 1), ends=date(2030, 12, 31))
    bet = GoalType.objects.create(name="Bet", base="objective", measured=False)
    bet.under.add(GoalType.objects.get(name="objective"))
    Steering.objects.create(team=told.team, framework="4dx")
    Steering.objects.create(framework="ogsm")
    export(tmp_path, told.pm)
    emptied()
    for model in (Cycle, GoalType, Steering):
        model.objects.all().delete()
    assert why(read(tmp_path, told.admin)) == ""
    assert Cycle.objects.get().ends == date(2030, 12, 31)
    assert [one.name for one in GoalType.objects.get(name="Bet").under.all()] == ["objective"]
    assert {one.team: one.framework for one in Steering.objects.all()} == {told.team: "4dx", None: "ogsm"}


def test_only_who_sets_types_changes_one_by_its_file(told: Cast, tmp_path: Path) -> None:
    export(tmp_path, told.pm)
    edit(tmp_path / "goal-types.yaml", "name: objective\n  base: objective\n  measured: true",
         "name: objective\n  base: objective\n  measured: false")  # fmt: skip
    assert "“objective” is left as it is" in why(read(tmp_path, told.pm))
    assert GoalType.objects.get(name="objective").measured
    assert read(tmp_path, told.ops, dry_run=True) and GoalType.objects.get(name="objective").measured
    read(tmp_path, told.ops)
    assert not GoalType.objects.get(name="objective").measured


@pytest.mark.parametrize(("name", "changes"), [("pm", False), ("ops", True)])
def test_only_who_sets_cycles_moves_one_by_its_file(
    told: Cast, tmp_path: Path, name: str, changes: bool
) -> None:
    """New ones come in with a product manager's goals, as in every import of goals."""
    Cycle.objects.create(name="2030", starts=date(2030, 1, 1), ends=date(2030, 12, 31))
    export(tmp_path, told.pm)
    edit(tmp_path / "cycles.yaml", "ends: 2030-12-31", "ends: 2031-12-31")
    (tmp_path / "cycles.yaml").open("a").write("- name: '2032'\n  starts: 2032-01-01\n  ends: 2032-12-31\n")
    said = why(read(tmp_path, getattr(told, name)))
    assert ("“2030” is left as it is" in said) is not changes
    assert (Cycle.objects.get(name="2030").ends.year == 2031) is changes
    assert Cycle.objects.filter(name="2032").exists() is (name == "pm" or changes)


@pytest.mark.parametrize(
    "text", ["- x\n", "a: b\n", "[", "- name: ''\n", "- name: 2031\n  starts: someday\n", "- {name: [a]}\n"]
)
def test_an_odd_file_is_said_and_costs_nothing_else(told: Cast, tmp_path: Path, text: str) -> None:
    export(tmp_path, told.pm)
    before = list(Cycle.objects.values())
    (tmp_path / "cycles.yaml").write_text(text)
    assert "cycles.yaml: This file cannot be read" in why(read(tmp_path, told.pm))
    assert list(Cycle.objects.values()) == before
