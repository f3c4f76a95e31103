"""The sample as it is loaded: counts, spots, figures, licences, who may do what."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap import asof, drift
from filrouge.alignment.roadmap.dependencies import Dependency
from filrouge.alignment.roadmap.models import Initiative
from filrouge.coherence.glance import pictures
from filrouge.coherence.running import check_everything
from filrouge.core.models import Face, History, Item
from filrouge.core.thread import thread
from filrouge.evidence.insights.brief import brief
from filrouge.evidence.insights.models import Opportunity, Quote
from filrouge.people.models import User
from filrouge.sample.files import HERE, licence, release_notes, rows, workspace
from filrouge.sample.load import load
from filrouge.sample.tests.conftest import one
from filrouge.voices.models import Person, Source, Words

KEYS = {
    "feedback_jupyter2015.csv": ("respondent", "text"),
    "feedback_minibar_huawei.csv": ("id", "text"),
    "usability_jupyterlab2018.csv": ("code_name", "notes"),
}


def test_it_is_loaded_once_and_whole(sample: None) -> None:
    before = (Words.objects.count(), Item.objects.count(), History.objects.count())
    assert load(progress=lambda said: None) is False
    assert (Words.objects.count(), Item.objects.count(), History.objects.count()) == before


def test_counts_are_those_of_the_files(sample: None) -> None:
    counts = dict(Source.objects.annotate(n=Count("words")).values_list("name", "n"))
    assert counts == {
        "Jupyter user survey, 2015": 3_970,
        "JupyterLab usability test, 2018": 268,
        "Health app reviews": 4_000,
    }
    assert Person.objects.filter(words__source__name__startswith="Jupyter user").distinct().count() == 956
    assert set(
        Words.objects.filter(source__name="Health app reviews").values_list("language", flat=True)
    ) == {"en", "fr"}
    assert not Words.objects.filter(sample=False).exists()
    assert not Item.objects.filter(sample=False).exists()


def test_the_inbox_opens_on_what_is_worth_reading(sample: None) -> None:
    first = list(Words.objects.order_by("-id")[:50])
    assert all(words.dated and words.person_id and words.title for words in first)
    assert first == sorted(first, key=lambda words: words.said_at, reverse=True)
    assert len({words.title for words in first}) > 3


def test_every_quote_stands_at_its_spot(sample: None) -> None:
    told = {(one["id"], one["words"]) for one in workspace()["quotes"]}
    quotes = Quote.objects.select_related("version__words")
    assert {(quote.version.words.external_id, quote.text) for quote in quotes} == told
    assert all(quote.version.words.text[quote.start : quote.end] == quote.text for quote in quotes)


def test_every_quote_is_evidence_on_one_side(sample: None) -> None:
    sides = Quote.objects.annotate(n=Count("links_out"))
    assert not [quote for quote in sides if not quote.n]
    assert all({"supports", "contradicts"} & one.keys() for one in workspace()["quotes"])


@pytest.mark.parametrize("figure", workspace()["figures"], ids=lambda figure: str(figure["said"]))
def test_figures_in_our_texts_are_counted_again(figure: dict[str, object]) -> None:
    who, text = KEYS[str(figure["file"])]
    found = [row for row in rows(str(figure["file"])) if re.search(str(figure["pattern"]), row[text], re.I)]
    assert figure["people" if "people" in figure else "texts"] == len({row[who] for row in found})
    assert str(figure["said"]) in (HERE / "workspace.toml").read_text().partition("[[figures]]")[0]


def test_releases_carry_the_words_of_the_change_log_and_no_made_up_day(sample: None) -> None:
    shipped = Initiative.objects.filter(status="shipped", team__name="Notebook")
    assert len(shipped) == 12
    for release in shipped:
        assert release.shipped_on is None
        assert release.notes == release_notes(release.version)
        assert release.notes


def test_dates_moved_over_the_year_and_drift_tells(sample: None) -> None:
    team = Initiative.objects.get(title="Afficher l'application en sombre").team_id
    items = Initiative.objects.filter(team=team)
    shipped = dict(items.filter(status="shipped").values_list("pk", "shipped_on"))
    found = drift.by_team(asof.every_date(items), shipped)[team]
    assert found.forecast and found.forecast.n == 6 and len(found.later) == 6
    history = Initiative.objects.get(title="Partager une activité par un lien").history.order_by("pk")
    days = [row.at for row in history]
    assert days == sorted(days) and (timezone.now() - days[0]).days == 290


def test_what_shipped_leads_back_to_who_asked(sample: None) -> None:
    release = Initiative.objects.get(version="7.3")
    types = {node.item.type for node in thread(release, one("maker")).before}
    assert types == {"insights.Opportunity", "insights.Insight", "insights.Quote"}


def test_one_decision_is_open_in_the_team_of_pm(sample: None) -> None:
    open_ = Decision.objects.get(status="open")
    assert one("pm").manages(open_.team_id)
    assert not one("lab").manages(open_.team_id)
    assert Decision.objects.filter(status="decided").count() == 2
    open_.decide(by=one("pm"), rationale="We watched five people.")
    assert open_.brief["items"]


def test_its_brief_is_rich_enough_to_decide_upon(sample: None) -> None:
    problem = Opportunity.objects.get(title="People cannot see what changed in a notebook")
    found = brief(problem, one("pm"))
    assert found is not None
    assert found.evidence.count_for >= 8
    assert found.evidence.count_against >= 5
    assert found.questions


def test_each_picture_of_alignment_has_something_to_show(sample: None) -> None:
    check_everything()
    for picture in pictures(one("ops")):
        assert (picture.rows or picture.pairs) and picture.entries, picture.name
    states = set(Dependency.objects.values_list("state", flat=True))
    assert states == {"accepted", "asked", "declined"}


def test_published_plans_stand_on_the_roadmaps_of_their_teams(sample: None) -> None:
    planned = Initiative.objects.filter(team__parent__name__startswith="Rust project")
    assert planned.count() == 13
    assert {item.team.name for item in planned} == {"Cargo", "Compiler", "Lang", "Types"}
    assert all(item.outcome and item.ends_label and item.status == "planned" for item in planned)


def test_history_is_of_the_people_who_did_it(sample: None) -> None:
    assert not History.objects.filter(by=None).exists()
    assert not History.objects.exclude(by__sample=True).exists()


def test_wider_circles_read_only_what_was_approved(sample: None) -> None:
    assert {face.circle for face in Face.objects.visible_to(one("sales"))} == {"company", "world"}
    assert {face.circle for face in Face.objects.visible_to(None)} == {"world"}
    assert not Item.objects.visible_to(one("sales")).exists()


def test_who_reads_approved_wordings_reads_the_latest_release_first(sample: None) -> None:
    told = (
        Face.objects.visible_to(one("sales"))
        .filter(language="en", circle="company")
        .order_by("-approved_at", "-pk")
    )
    shipped = [face.fields["version"] for face in told if face.fields.get("version")]
    assert shipped == ["7.3", "5.0.0", "4.1.0"]


def test_a_french_wording_has_its_date_in_french(sample: None) -> None:
    told = Face.objects.visible_to(one("sales")).exclude(shown_date="")
    assert {face.language for face in told} == {"en", "fr"}
    english, french = ({face.shown_date for face in told if face.language == code} for code in ("en", "fr"))
    assert not english & french


def real() -> list[dict[str, Any]]:
    told = workspace()
    return [*told["sources"], told["releases"], *told["published"]]


def test_every_source_says_its_licence_and_the_text_is_here(sample: None) -> None:
    for told in real():
        assert len(licence(told["licence_file"])) > 500
        assert told["about_fr"]
    assert set(Source.objects.values_list("licence", flat=True)) == {"CC0-1.0", "MIT"}
    assert {file.name for file in Path(HERE, "licences").iterdir()} == {
        told["licence_file"] for told in real()
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_about_it_lists_sources_and_licences(sample: None, client: Client, language: str) -> None:
    reader = one("sales")
    User.objects.filter(pk=reader.pk).update(language=language)
    client.force_login(reader)
    page = client.get("/sample/").content.decode()
    for told in real():
        assert told["name"] in page.replace("&#39;", "'")
        assert told["licence"] in page
    assert "Permission is hereby granted" in page
    assert "/sample/remove/" not in page


def test_everything_that_we_wrote_says_so(sample: None, client: Client) -> None:
    client.force_login(one("pm"))
    for item in Item.objects.order_by("type", "pk").distinct()[::9]:
        assert "sample-note" in client.get(item.get_absolute_url()).content.decode(), item.title


def test_the_list_of_sources_shows_the_licences(sample: None, client: Client) -> None:
    client.force_login(one("ops"))
    page = client.get("/sources/").content.decode()
    for source in Source.objects.all():
        assert source.name in page
        assert source.licence in page
