"""The home of each role: what it shows, to whom, at what price."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.desk.home import Section, home_of
from filrouge.desk.upkeep import last_backup, note_backup
from filrouge.evidence.feedback.models import Import, Rejected
from filrouge.evidence.insights.models import Insight, Opportunity, Quote
from filrouge.jobs.models import Job, State
from filrouge.people.models import User
from filrouge.voices.models import Person, PersonSegment, Segment, Source, Words
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_anew() -> None:
    caches["process"].clear()


def sections(reader: User) -> dict[str, Section]:
    return {str(part.title): part for part in home_of(User.objects.get(pk=reader.pk))}


def titles(part: Section) -> list[str]:
    return [str(row.title) for row in part.rows]


def said(text: str, segment: Segment | None = None) -> Words:
    source = Source.objects.get_or_create(name="Survey")[0]
    number = Words.objects.count()
    person = Person.objects.create(digest=str(number))
    if segment:
        PersonSegment.objects.create(person=person, segment=segment)
    return Words.objects.create(
        source=source,
        external_id=str(number),
        person=person,
        text=text,
        language="en",
        said_at=timezone.now(),
    )


def quoted(cast: Cast, text: str = "files far away", **sides: int) -> Quote:
    quote: Quote = Quote.create(by=cast.design, words=said(text).pk, start=0, end=5, **sides)
    return quote


@pytest.fixture
def opportunity(cast: Cast) -> Opportunity:
    found: Opportunity = Opportunity.create(by=cast.pm, title="Files live apart")
    return found


def test_every_role_has_a_home_that_says_what_to_do_first(client: Client, cast: Cast) -> None:
    for person in cast.everyone:
        client.force_login(person)
        response = client.get("/")
        html = response.content.decode()
        assert response.status_code == 200, person
        assert html.count('class="home-section') >= 1, person
        assert not re.search(r'class="home-advice">\s*</p>', html)


def test_a_stranger_is_asked_to_sign_in(client: Client, cast: Cast) -> None:
    assert client.get("/")["Location"].startswith("/sign-in/")


def fill(cast: Cast, opportunity: Opportunity) -> None:
    for n in range(8):
        insight = Insight.create(by=cast.design, title=f"Claim {n}")
        insight.link(by=cast.design, to=opportunity.pk, relation="supports")
        quoted(cast, f"words {n}", supports=insight.pk)
        quoted(cast, f"loose {n}")
        made = Initiative.create(by=cast.pm, title=f"Item {n}")
        opportunity.link(by=cast.pm, to=made.pk)
        made.start(by=cast.pm)
        Initiative.propose(by=cast.maker, title=f"Idea {n}", team=cast.team.pk)
        Opportunity.propose(by=cast.stakeholder, title=f"Wish {n}", team=cast.team.pk)
        decision = Decision.create(by=cast.pm, title=f"Question {n}")
        opportunity.link(by=cast.pm, to=decision.pk)
        if n % 2:
            decision.decide(by=cast.pm, rationale="Because.")
            made.open_as_written(by=cast.pm)


def test_no_home_asks_more_than_a_few_questions(
    client: Client, cast: Cast, opportunity: Opportunity, django_assert_max_num_queries: Any
) -> None:
    fill(cast, opportunity)
    for person in cast.everyone:
        client.force_login(person)
        client.get("/")
        # Those who build, and their coaches, see most sections.
        with django_assert_max_num_queries(25 if person.role in ("maker", "coach") else 14):
            home_of(User.objects.get(pk=person.pk))


def test_a_product_manager_sees_new_evidence_on_each_side(cast: Cast, opportunity: Opportunity) -> None:
    insight = Insight.create(by=cast.design, title="They search by hand")
    insight.link(by=cast.design, to=opportunity.pk, relation="contradicts")
    quoted(cast, supports=insight.pk)
    quoted(cast, supports=opportunity.pk)
    quoted(cast, contradicts=insight.pk)
    row = next(iter(sections(cast.pm)["New evidence on your opportunities"].rows))
    assert (row.title, row.fact) == ("Files live apart", "2 for, 1 against")
    assert sections(cast.other_pm)["New evidence on your opportunities"].nothing


def test_evidence_of_last_month_is_not_new(cast: Cast, opportunity: Opportunity) -> None:
    quote = quoted(cast, supports=opportunity.pk)
    quote.links_out.update(at=timezone.now() - timedelta(days=15))
    assert sections(cast.pm)["New evidence on your opportunities"].nothing


def test_a_private_quote_of_somebody_else_does_not_count(cast: Cast, opportunity: Opportunity) -> None:
    quote = quoted(cast, supports=opportunity.pk)
    Quote.objects.filter(pk=quote.pk).update(circle="private")
    assert sections(cast.pm)["New evidence on your opportunities"].nothing


def test_decisions_come_by_their_day_to_whoever_decides(cast: Cast) -> None:
    today = timezone.localdate()
    Decision.create(by=cast.pm, title="No date")
    Decision.create(by=cast.pm, title="Next week", due=today + timedelta(7))
    Decision.create(by=cast.pm, title="Last week", due=today - timedelta(7))
    part = sections(cast.pm)["Yours to decide"]
    assert titles(part) == ["Last week", "Next week", "No date"]
    assert [row.fact for row in part.rows] == ["overdue since", "due", "no date"]
    assert sections(cast.other_pm)["Yours to decide"].nothing


def test_the_tray_is_on_the_home_of_the_team_it_belongs_to(cast: Cast) -> None:
    Opportunity.propose(by=cast.stakeholder, title="A wish", team=cast.team.pk)
    Initiative.propose(by=cast.maker, title="An idea", team=cast.team.pk)
    mine = sections(cast.pm)
    assert titles(mine["Proposed to you"]) == ["A wish", "An idea"]
    assert sections(cast.other_pm)["Proposed to you"].nothing


def test_a_proposer_learns_what_became_of_it(cast: Cast) -> None:
    wish = Opportunity.propose(by=cast.stakeholder, title="A wish", team=cast.team.pk)
    wish.decline(by=cast.pm, reason="We removed it.")
    row = next(iter(sections(cast.stakeholder)["What became of your proposals"].rows))
    assert (row.title, row.fact, row.url) == ("A wish", "Declined", "")
    assert "We removed it." in str(row.note)
    assert "What became of your proposals" not in sections(cast.coach)


def test_a_proposer_outside_reads_no_words_but_their_own(cast: Cast) -> None:
    wish = Opportunity.propose(by=cast.stakeholder, title="A wish", team=cast.team.pk)
    wish.accept(by=cast.pm)
    wish.revise(by=cast.pm, title="What the team calls it")
    assert titles(sections(cast.stakeholder)["What became of your proposals"]) == ["A wish"]


def test_a_maker_sees_the_way_to_what_the_team_builds(cast: Cast, opportunity: Opportunity) -> None:
    insight = Insight.create(by=cast.design, title="They search by hand")
    insight.link(by=cast.design, to=opportunity.pk, relation="supports")
    quoted(cast, supports=insight.pk)
    quoted(cast, supports=insight.pk)
    files = Initiative.create(by=cast.pm, title="Files beside the notebook")
    opportunity.link(by=cast.pm, to=files.pk)
    decision = Decision.create(by=cast.pm, title="Do we?")
    files.link(by=cast.pm, to=decision.pk)
    files.start(by=cast.pm)
    row = next(iter(sections(cast.maker)["What we build now, and why"].rows))
    assert [stop["title"] for stop in row.stops] == [
        "2 quotes", "They search by hand", "Files live apart", "Roadmap item", "Do we?",
    ]  # fmt: skip


def test_what_nothing_leads_to_says_so(cast: Cast) -> None:
    Initiative.create(by=cast.pm, title="Because we can").start(by=cast.pm)
    row = next(iter(sections(cast.maker)["What we build now, and why"].rows))
    assert [stop.get("state") for stop in row.stops] == ["yet", "current"]


def test_a_way_hides_what_the_reader_may_not_see(cast: Cast, opportunity: Opportunity) -> None:
    files = Initiative.create(by=cast.pm, title="Files")
    opportunity.link(by=cast.pm, to=files.pk)
    files.start(by=cast.pm)
    Opportunity.objects.filter(pk=opportunity.pk).update(circle="private")
    row = next(iter(sections(cast.maker)["What we build now, and why"].rows))
    assert "Files live apart" not in str(row.stops)


def test_a_researcher_sees_loose_quotes_and_who_is_unheard(cast: Cast, opportunity: Opportunity) -> None:
    teachers = Segment.objects.create(name="role", value="teacher", population=9)
    heard = Segment.objects.create(name="role", value="scientist")
    said("nobody quoted me", teachers)
    Quote.create(by=cast.design, words=said("quote me", heard).pk, start=0, end=5)
    quoted(cast, "tied already", supports=opportunity.pk)
    part = sections(cast.design)
    assert titles(part["Quotes that speak for nothing yet"]) == ["quote"]
    assert [(row.title, row.fact) for row in part["Nobody of these was quoted"].rows] == [
        ("teacher", "9 people")
    ]


def test_ops_sees_new_words_rejected_rows_and_failed_work(cast: Cast) -> None:
    said("one"), said("two")
    Words.objects.filter(text="one").update(read_at=timezone.now())
    done = Import.objects.create(name="survey.csv", state=Import.State.DONE, rejected=1, new=4)
    Rejected.objects.create(
        import_of=done, source_name="Survey", line=3, reason={"message": "", "values": {}}
    )
    Import.objects.create(name="mended.csv", state=Import.State.DONE, rejected=1)
    Job.objects.create(task="x.y", state=State.DEAD, last_error="OSError: no", finished_at=timezone.now())
    part = sections(cast.ops)
    assert titles(part["New words"]) == ["two"]
    assert part["New words"].lead == "1 text that nobody has read."
    assert titles(part["Rows that could not come in"]) == ["survey.csv"]
    assert len(part["Failed background work"].rows) == 1


def test_use_names_its_number_and_its_period(cast: Cast, opportunity: Opportunity) -> None:
    quoted(cast)
    part = sections(cast.ops)["Teams that use it"]
    use = {team.team: (team.active, team.members, team.acts) for team in part.context["teams"]}
    assert use["Notebook"] == (2, 3, 2)
    assert use["Terminal"] == (0, 1, 0)
    assert "30" in str(part.lead)


def test_the_administrator_sees_what_is_not_set_up(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.EMAIL_HOST = tmp_path, ""
    facts = {f["name"]: f["todo"] for f in sections(cast.admin)["The installation"].context["facts"]}
    assert facts["Mail"] and facts["Last backup"] and facts["Users' words"]
    said("one")
    note_backup()
    settings.EMAIL_HOST = "mail.example.org"
    facts = {f["name"]: f["todo"] for f in sections(cast.admin)["The installation"].context["facts"]}
    assert not (facts["Mail"] or facts["Last backup"] or facts["Users' words"])


def test_a_damaged_note_of_the_backup_counts_as_none(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    (tmp_path / "backup.state").write_text("yesterday")
    assert last_backup() is None


def test_outside_readers_find_what_they_may_tell(client: Client, cast: Cast) -> None:
    shipped = Initiative.create(by=cast.pm, title="Inside name")
    shipped.open_to(
        by=cast.pm, circle="company", language="en", title="Find and replace", text="It works across cells."
    )
    for person in (cast.stakeholder, cast.guest):
        client.force_login(person)
        html = client.get("/").content.decode()
        assert "Find and replace" in html and "Inside name" not in html
        assert "Find and replace" in client.get("/told/?q=cells").content.decode()
        assert "Nothing approved says that" in client.get("/told/?q=kernel").content.decode()
    assert client.get("/told/?cursor=nonsense").status_code == 302


@pytest.mark.parametrize("who", ["maker", "coach"])
def test_those_who_build_see_what_is_open_new_and_next(
    cast: Cast, opportunity: Opportunity, who: str
) -> None:
    reader = getattr(cast, who)
    assert {"To be decided", "What comes next", "Shipped"}.isdisjoint(sections(reader))
    Decision.create(by=cast.pm, title="Save without asking?", due=timezone.localdate())
    Initiative.create(by=cast.pm, title="Save by itself", horizon="next")
    Initiative.create(by=cast.pm, title="One day", horizon="later")
    Initiative.create(by=cast.pm, title="Open faster").ship(by=cast.pm, version="4.2")
    quoted(cast, "I lost a day", supports=opportunity.pk)
    found = sections(reader)
    assert [row.title for row in found["To be decided"].rows] == ["Save without asking?"]
    assert [row.title for row in found["What comes next"].rows] == ["Save by itself"]
    assert [(row.title, row.fact) for row in found["Shipped"].rows] == [("Open faster", "4.2")]
    evidence = found["New evidence on your teams’ opportunities"]
    assert [(row.title, row.fact) for row in evidence.rows] == [("Files live apart", "1 for")]
