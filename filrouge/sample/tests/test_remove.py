"""One click takes the sample away, and only the sample."""

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from filrouge.core.errors import Forbidden
from filrouge.core.models import Item
from filrouge.desk.models import SavedView
from filrouge.evidence.insights.models import Insight, Opportunity, Quote
from filrouge.people.models import Team, User
from filrouge.people.sessions import Session
from filrouge.people.tokens import Scope, SetupCode, Token
from filrouge.sample.load import load
from filrouge.sample.remove import remove
from filrouge.sample.tests.conftest import one
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Person, Segment, Source, Words
from filrouge.voices.rules import Arrival

KEPT = {"auth.Permission", "contenttypes.ContentType", "people.SetupCode", "strategy.GoalType"}


def counts() -> dict[str, int]:
    found = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    return {label: number for label, number in found.items() if number and label not in KEPT}


def words(
    source: Source, by: User, external_id: str = "1", text: str = "I would like a quieter keyboard."
) -> Words:
    rows = [
        Arrival(
            1,
            text,
            external_id,
            author="Zoe",
            company="Acme",
            segments=(("role", "student"), ("plan", "free")),
        )
    ]
    receive(source, rows, by=by)
    return Words.objects.get(source=source, external_id=external_id)


def test_nothing_of_it_remains(sample: None) -> None:
    remove(by=one("admin"))
    assert counts() == {}


def test_what_its_people_did_goes_too(sample: None, client: Client) -> None:
    pm, ops = one("pm"), one("ops")
    client.force_login(pm)
    Insight.create(by=pm, title="Tried out")
    Token.create(pm, Scope.READ, by=pm)
    SavedView.objects.create(owner=pm, name="Mine", path="/inbox/")
    by_hand = Source.objects.create(name="By hand")
    receive(by_hand, [Arrival(1, "Said on the phone.", "p", author="Ann")], by=ops, captured=True)
    remove_as_admin = remove(by=one("admin"))
    assert remove_as_admin["items"] == 263
    assert not Session.objects.exists()
    assert set(counts()) <= {"voices.Words", "voices.Source", "voices.Person", "jobs.Job"}
    assert counts()["voices.Source"] == 1


def test_what_somebody_brought_stays(sample: None) -> None:
    real = User.objects.create_user("zora@company.test", "product_manager", "a long enough password")
    team = Team.objects.create(name="Keyboards")
    real.memberships.create(team=team)
    said = words(Source.objects.create(name="Our forum"), real)
    quote = Quote.create(by=real, words=said.pk, start=0, end=7)
    problem = Opportunity.create(by=real, title="Keyboards are loud", team=team.pk, from_items=[])
    quote.link(by=real, to=problem.pk, relation="supports")
    borrowed = Quote.create(
        by=real,
        words=Words.objects.filter(source__sample=True, text__contains="notebook").earliest("pk").pk,
        start=0,
        end=3,
    )
    remove(by=one("admin"))
    assert set(Item.objects.values_list("pk", flat=True)) == {quote.pk, problem.pk}
    assert not Quote.objects.filter(pk=borrowed.pk).exists()
    assert Words.objects.get().text == said.text
    assert Person.objects.count() == 1
    assert set(Segment.objects.values_list("name", "value")) == {("role", "student"), ("plan", "free")}
    assert list(User.objects.all()) == [real]
    assert list(Team.objects.all()) == [team]


def test_a_team_of_the_sample_that_somebody_works_in_is_theirs_now(sample: None) -> None:
    real = User.objects.create_user("zora@company.test", "product_manager", "a long enough password")
    real.memberships.create(team=Team.objects.get(name="Notebook"))
    mine = Opportunity.create(by=real, title="Mine")
    remove(by=one("admin"))
    assert {(team.name, team.sample) for team in Team.objects.all()} == {
        ("Notebook", False),
        ("Notebook group", False),
    }
    mine.refresh_from_db()
    assert mine.team is not None
    assert mine.team.name == "Notebook"


def test_search_finds_nothing_of_it_and_the_index_holds(sample: None) -> None:
    remove(by=one("admin"))
    assert not Item.objects.search("notebook").exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in ("voices_words", "core_item"):
                cursor.execute(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize("name", ["ops", "pm", "design", "maker", "coach", "sales"])
def test_only_an_administrator_removes_it(sample: None, client: Client, name: str) -> None:
    with pytest.raises(Forbidden):
        remove(by=one(name))
    client.force_login(one(name))
    assert client.post("/sample/remove/").status_code == 403
    assert Item.objects.exists()


def test_the_click_asks_for_the_first_administrator(
    sample: None, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client.force_login(one("admin"))
    assert "/sample/remove/" in client.get("/sample/").content.decode()
    answer = client.post("/sample/remove/")
    assert answer.status_code == 302
    assert answer["Location"] == "/welcome/"
    assert SetupCode.objects.exists()
    assert "/welcome/" in capsys.readouterr().out
    assert client.get("/").status_code == 302


def test_an_administrator_of_their_own_stays_signed_in(sample: None, client: Client) -> None:
    real = User.objects.create_user("root@company.test", "admin", "a long enough password")
    client.force_login(real)
    assert client.post("/sample/remove/").status_code == 302
    assert not SetupCode.objects.exists()
    page = client.get("/").content.decode()
    assert "8,238" in page
    assert "/tour/" not in page
    assert "/sample/remove/" not in client.get("/sample/").content.decode()


def test_it_can_be_loaded_again(sample: None) -> None:
    remove(by=one("admin"))
    assert load(progress=lambda said: None)
