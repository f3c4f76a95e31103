"""The pages of coherence and its command: who sees what, what one click does, what a program reads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.cli import cli
from filrouge.coherence import running
from filrouge.coherence.glance import pictures, worked_on
from filrouge.coherence.models import Found, Tuning, Waiver
from filrouge.core.models import Link
from filrouge.jobs.models import Job
from filrouge.people.models import Team
from tests.fixtures.cast import Cast

from .making import DECISION, GOAL, ITEM, KEY_RESULT, OPPORTUNITY, day, link, make

pytestmark = pytest.mark.django_db
PAGES = ("/coherence/", "/coherence/glance/", "/coherence/rules/", "/coherence/rules/D-12/")


@pytest.fixture
def late(cast: Cast) -> Any:
    item = make(DECISION, cast, title="Build it?", due=day(-1))
    running.check_everything()
    return item


def client(person: Any) -> Client:
    found = Client()
    found.force_login(person)
    return found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pages_answer(path: str, language: str, cast: Cast, late: Any) -> None:
    cast.pm.language = language
    cast.pm.save()
    page = client(cast.pm).get(path)
    assert page.status_code == 200
    assert client(cast.stakeholder).get(path).status_code == 403


def test_the_organisation_and_the_team_tell_the_same(cast: Cast, late: Any) -> None:
    for path in ("/coherence/", f"/coherence/teams/{cast.team.pk}/", f"/coherence/teams/{cast.group.pk}/"):
        said = client(cast.ops).get(path).content.decode()
        assert "D-12" in said and "Build it?" in said, path
    assert "D-12" not in client(cast.ops).get(f"/coherence/teams/{cast.other_team.pk}/").content.decode()


def test_many_findings_come_page_by_page(cast: Cast) -> None:
    for number in range(60):
        make(DECISION, cast, title=f"Question {number:02}?", due=day(-1))
    make(DECISION, cast, title="Theirs?", team=cast.other_team, due=day(-1))
    running.check_everything()
    page = client(cast.pm)
    first, second = (page.get(f"/coherence/rules/D-12/?page={n}").content.decode() for n in (1, 2))
    assert "Question 49?" in first and "Question 50?" not in first and "?page=2" in first
    assert "Question 50?" in second and "Theirs?" in second and "?page=1" in second
    mine = page.get(f"/coherence/rules/D-12/?page=2&team={cast.team.pk}").content.decode()
    assert "Question 59?" in mine and "Theirs?" not in mine
    of_team = f"/coherence/teams/{cast.team.pk}/"
    assert f"/coherence/rules/D-12/?team={cast.team.pk}" in page.get(of_team).content.decode()
    assert page.get(f"{of_team}?page=99999").status_code == 200


def test_a_finding_stands_on_the_item_with_the_way_to_mend_it(cast: Cast, late: Any) -> None:
    frame = client(cast.pm).get(late.get_absolute_url()).content.decode()
    assert f'hx-get="/coherence/items/{late.pk}/"' in frame
    said = (
        client(cast.pm).get(f"/coherence/items/{late.pk}/", headers={"HX-Request": "true"}).content.decode()
    )
    assert f'href="/decisions/{late.pk}/decide/"' in said and "Silence" in said
    others = client(cast.maker).get(f"/coherence/items/{late.pk}/").content.decode()
    assert "Open this decision" in others
    assert "decide/" not in others and "Silence" not in others and "Pm, product manager of Notebook" in others


def test_mended_is_mended_at_once(cast: Cast, late: Any) -> None:
    late.revise(by=cast.pm, due=day(9))
    said = client(cast.pm).get(f"/coherence/items/{late.pk}/").content.decode()
    assert "D-12" not in said


def test_a_private_item_has_no_page_of_findings(cast: Cast) -> None:
    hidden = make(DECISION, cast, due=day(-1), circle="private", author=cast.other_pm)
    assert client(cast.pm).get(f"/coherence/items/{hidden.pk}/").status_code == 404
    assert client(cast.pm).get(f"/coherence/items/{hidden.pk}/waive/D-12/").status_code == 404


def test_a_rule_is_silenced_on_an_item(cast: Cast, late: Any) -> None:
    path = f"/coherence/items/{late.pk}/waive/D-12/"
    page = client(cast.pm)
    assert page.get(path).status_code == 200
    assert page.post(path, {"reason": "", "until": day(9).isoformat()}).status_code == 422
    assert page.post(path, {"reason": "Why", "until": "tomorrow"}).status_code == 422
    assert (
        page.post(path, {"reason": "The board meets in May.", "until": day(9).isoformat()}).status_code == 302
    )
    assert "D-12" not in page.get(f"/coherence/teams/{cast.team.pk}/").content.decode()
    assert "The board meets in May." in page.get("/coherence/rules/").content.decode()
    assert "The board meets in May." in page.get(f"/coherence/items/{late.pk}/").content.decode()
    waiver = Waiver.objects.get()
    assert client(cast.maker).post(f"/coherence/waivers/{waiver.pk}/end/").status_code == 403
    assert page.post(f"/coherence/waivers/{waiver.pk}/end/").status_code == 302
    assert page.post(f"/coherence/waivers/{waiver.pk}/end/").status_code == 302
    assert "D-12" in page.get(f"/coherence/teams/{cast.team.pk}/").content.decode()


def test_others_do_not_silence(cast: Cast, late: Any) -> None:
    for person in (cast.maker, cast.ops, cast.other_pm):
        answer = client(person).post(
            f"/coherence/items/{late.pk}/waive/D-12/", {"reason": "x", "until": "2999-01-01"}
        )
        assert answer.status_code == 403


def test_what_leads_to_an_item_is_linked_from_there(cast: Cast, late: Any) -> None:
    problem = make(OPPORTUNITY, cast, title="Files live apart")
    path = f"/coherence/items/{late.pk}/bring/opportunities/"
    page = client(cast.pm)
    assert "Files live apart" in page.get(path).content.decode()
    assert page.post(path, {"source": "0"}).status_code == 404
    assert page.post(path, {"source": "x"}).status_code == 404
    assert page.post(path, {"source": problem.pk}).status_code == 302
    assert Link.objects.filter(source_id=problem.pk, target_id=late.pk, relation="decided_in").exists()
    assert client(cast.maker).post(path, {"source": problem.pk}).status_code == 403
    assert page.get(f"/coherence/items/{late.pk}/bring/decisions-of-others/").status_code == 404


def test_product_ops_sets_a_rule(cast: Cast) -> None:
    path, page = "/coherence/rules/D-11/", client(cast.ops)
    assert page.post(path, {"on": "on", "severity": "error", "days": "9"}).status_code == 302
    assert Tuning.objects.get().limits == {"days": 9}
    assert page.post(path, {"severity": "error", "days": "many"}).status_code == 422
    assert page.post(path, {"severity": "loud", "days": "9"}).status_code == 422
    assert client(cast.pm).post(path, {"on": "on", "severity": "error", "days": "9"}).status_code == 403
    assert page.get("/coherence/rules/Z-99/").status_code == 404


def test_a_check_is_asked_for_once(cast: Cast) -> None:
    for _time in range(2):
        assert client(cast.pm).post("/coherence/run/").status_code == 302
    assert Job.objects.filter(task__endswith="check_everything").count() == 1


def test_the_homes_tell_what_is_new(cast: Cast, late: Any) -> None:
    assert "Build it?" in client(cast.ops).get("/").content.decode()
    assert "What does not hold together" in client(cast.pm).get("/").content.decode()


def run(*words: str) -> Any:
    return CliRunner().invoke(cli, ["check", "--as", "ops@example.org", *words])


def test_the_command_answers_a_program(cast: Cast, late: Any) -> None:
    answer = json.loads(run("--format", "json").output)
    assert {"id": "D-12", "severity": "error", "title": "Its day has passed, and nobody decided"} in answer[
        "rules"
    ]
    found = next(one for one in answer["findings"] if one["rule"] == "D-12")
    assert found["item"] == late.pk and found["who"] == "Pm, product manager of Notebook"
    assert found["message"].startswith("It was due on")


def test_the_command_speaks_sarif(cast: Cast, late: Any) -> None:
    (said,) = json.loads(run("--format", "sarif").output)["runs"]
    rules = {rule["id"] for rule in said["tool"]["driver"]["rules"]}
    assert {one["ruleId"] for one in said["results"]} <= rules
    assert any(one["level"] == "error" for one in said["results"])


def test_the_sarif_holds_what_its_schema_asks_for(cast: Cast, late: Any) -> None:
    """Version 2.1.0, as far as this output goes."""
    log = json.loads(run("--format", "sarif").output)
    assert log["version"] == "2.1.0" and log["$schema"].startswith("https://")
    (said,) = log["runs"]
    rules = said["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) and said["tool"]["driver"]["name"] == "Filrouge"
    assert all(rule[name]["text"] for rule in rules for name in ("shortDescription", "fullDescription"))
    base = said["originalUriBaseIds"]["SITE"]["uri"]
    assert base.startswith("http") and base.endswith("/")
    for one in said["results"]:
        assert one["level"] in ("error", "warning", "note") and one["message"]["text"]
        assert all(isinstance(value, str) for value in one["partialFingerprints"].values())
        (where,) = one["locations"]
        place = where["physicalLocation"]["artifactLocation"]
        assert place["uriBaseId"] == "SITE" and not place["uri"].startswith("/")


def test_the_command_fails_where_it_is_told_to(cast: Cast, late: Any) -> None:
    assert run().exit_code == 0 and "D-12 error" in run().output
    assert run("--fail-on", "error").exit_code == 1
    for rule in ("D-01", "D-02", "D-12"):
        Waiver.objects.create(rule=rule, item_id=late.pk, reason="x", until=day(3), author=cast.pm)
    assert run("--fail-on", "error").exit_code == 0
    assert Found.objects.filter(rule="D-12", gone_at=None).exists()


def test_the_command_keeps_to_a_team(cast: Cast, late: Any) -> None:
    assert "D-12" in run("--team", "notebook").output and "D-12" in run("--team", "Editors").output
    assert "D-12" not in run("--team", "Terminal").output
    assert run("--team", "Nobody").exit_code == 1
    assert Team.objects.count() == 3


def test_the_command_is_not_for_outsiders(cast: Cast, late: Any) -> None:
    answer = CliRunner().invoke(cli, ["check", "--as", "stakeholder@example.org"])
    assert answer.exit_code == 1 and "Build it?" not in answer.output


@pytest.mark.django_db
def test_a_house_without_people_says_so() -> None:
    answer = CliRunner().invoke(cli, ["check", "--format", "json"])
    assert answer.exit_code == 1 and "nobody has an account here yet" in answer.output


def test_the_pictures_show_what_is_tied_to_what(cast: Cast) -> None:
    idle, worked = make(GOAL, cast, title="Idle goal"), make(GOAL, cast, title="Worked goal")
    lost, aimed = (make(ITEM, cast, title=title, horizon="now") for title in ("Lost item", "Aimed item"))
    link(aimed, worked, "contributes")
    Dependency.objects.create(item=aimed, needs=make(ITEM, cast, title="A brick", team=cast.other_team))
    for movement, team in (("increase", cast.team), ("decrease", cast.other_team)):
        make(KEY_RESULT, cast, title="Mails a week", movement=movement, team=team)
    running.check_everything()
    on_goals, on_items, counting, _teams, opposite = pictures(cast.pm)
    assert [one.title for one in on_goals.entries] == [idle.title]
    assert [one.title for one in on_items.entries] == [lost.title]
    assert counting.pairs and counting.pairs.lines[0].dashed and "A brick" in counting.entries[0].title
    assert opposite.pairs and len(opposite.entries) == 1
    said = client(cast.maker).get("/coherence/glance/").content.decode()
    assert said.count("Idle goal") == 3 and "glance-square full" in said


@pytest.mark.parametrize("gone", [{"circle": "private"}, {"archived_at": timezone.now()}])
def test_the_picture_names_no_key_result_that_was_taken_away_since(cast: Cast, gone: dict[str, Any]) -> None:
    ends = [
        make(KEY_RESULT, cast, title="Mails a week", movement=movement, team=team)
        for movement, team in (("increase", cast.team), ("decrease", cast.other_team))
    ]
    running.check_everything()
    assert pictures(cast.pm)[-1].entries
    for end in ends:
        before = {name: getattr(end, name) for name in gone}
        type(end).objects.filter(pk=end.pk).update(**gone)
        assert not pictures(cast.pm)[-1].entries and not pictures(cast.other_pm)[-1].pairs
        type(end).objects.filter(pk=end.pk).update(**before)


def test_work_on_a_key_result_is_work_on_each_of_its_goals(cast: Cast) -> None:
    measure, worker = make(KEY_RESULT, cast), make(ITEM, cast)
    for title in ("One goal", "Another goal"):
        link(measure, make(GOAL, cast, title=title), "contributes")
    link(worker, measure, "contributes")
    make(GOAL, cast, title="Idle goal")
    assert [one.title for one in worked_on(cast.pm, Team.objects.in_bulk()).entries] == ["Idle goal"]


def test_the_picture_shows_two_teams(cast: Cast) -> None:
    problem = make(OPPORTUNITY, cast, title="Files live apart")
    for team in (cast.team, cast.other_team):
        link(problem, make(ITEM, cast, team=team), "answered_by")
    said = client(cast.maker).get("/coherence/glance/").content.decode()
    assert said.count("Files live apart") >= 2 and 'class="weave-box"' in said
