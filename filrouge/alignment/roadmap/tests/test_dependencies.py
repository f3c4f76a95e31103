"""Dependencies: asked of a team, answered by its product manager, never in a circle, held to the dates."""

from datetime import date
from itertools import pairwise

import pytest

from filrouge.alignment.roadmap.dependencies import Dependency, Meant, around, circle, strain
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import BadInput, Conflict, Forbidden, NotFound
from filrouge.core.models import Item
from filrouge.desk.home import home_of

from .making import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(cast):
    return make(cast, "Ours", starts=date(2027, 3, 1), ends=date(2027, 5, 31))


@pytest.fixture
def theirs(cast):
    return make(cast, "Theirs", by=cast.other_pm, starts=date(2027, 1, 1), ends=date(2027, 3, 31))


def state():
    return Dependency.objects.values_list("kind", "state").get()


def test_another_team_is_asked_and_answers(cast, ours, theirs):
    ours.depend(by=cast.pm, needs=theirs.pk, kind="SS", note="We build upon it")
    assert state() == ("SS", "asked")
    theirs.accept_dependency(by=cast.other_pm, dependant=ours.pk)
    assert state() == ("SS", "accepted")
    theirs.decline_dependency(by=cast.other_pm, dependant=ours.pk, reason="Nobody is free")
    assert state() == ("SS", "declined")
    assert Dependency.objects.get().answer == "Nobody is free"
    assert [row.verb for row in theirs.history.all()] == ["decline_dependency", "accept_dependency", "create"]
    assert ours.history.first().other_id == theirs.pk


def test_only_the_asked_teams_product_manager_answers(cast, ours, theirs):
    ours.depend(by=cast.pm, needs=theirs.pk)
    for person in (cast.pm, cast.head, cast.ops, cast.admin, cast.maker):
        with pytest.raises(Forbidden):
            theirs.accept_dependency(by=person, dependant=ours.pk)
    for person in (cast.other_pm, cast.ops, cast.maker):
        with pytest.raises(Forbidden):
            ours.depend(by=person, needs=theirs.pk)
    assert state() == ("FS", "asked")


def test_within_ones_own_team_nobody_is_asked(cast, ours):
    ours.depend(by=cast.pm, needs=make(cast, "Also ours").pk)
    assert state() == ("FS", "accepted")


def test_asking_anew_waits_for_a_new_answer(cast, ours, theirs):
    ours.depend(by=cast.pm, needs=theirs.pk)
    theirs.decline_dependency(by=cast.other_pm, dependant=ours.pk, reason="No")
    ours.depend(by=cast.pm, needs=theirs.pk, kind="FF")
    assert (state(), Dependency.objects.get().answer) == (("FF", "asked"), "")


def test_it_can_be_taken_away(cast, ours, theirs):
    ours.depend(by=cast.pm, needs=theirs.pk)
    ours.drop_dependency(by=cast.pm, needs=theirs.pk)
    assert not Dependency.objects.exists()
    with pytest.raises(Conflict):
        ours.drop_dependency(by=cast.pm, needs=theirs.pk)


def test_an_answer_to_nobody_is_refused(cast, ours, theirs):
    ours.depend(by=cast.pm, needs=theirs.pk)
    other = make(cast, "Asked for nothing")
    with pytest.raises(NotFound):
        theirs.accept_dependency(by=cast.other_pm, dependant=other.pk)


def test_a_circle_is_refused_and_named(cast, ours, theirs):
    third = make(cast, "Third")
    ours.depend(by=cast.pm, needs=theirs.pk)
    theirs.depend(by=cast.other_pm, needs=third.pk)
    with pytest.raises(BadInput) as refused:
        third.depend(by=cast.pm, needs=ours.pk)
    assert "“Third” → “Ours” → “Theirs” → “Third”" in str(refused.value)
    with pytest.raises(BadInput):
        ours.depend(by=cast.pm, needs=ours.pk)
    assert Dependency.objects.count() == 2


def test_a_long_chain_is_asked_for_at_once(cast, django_assert_num_queries):
    chain = [make(cast, f"Link {number}") for number in range(12)]
    Dependency.objects.bulk_create(Dependency(item=a, needs=b) for a, b in pairwise(chain))
    with django_assert_num_queries(1):
        assert circle(chain[-1].pk, chain[0].pk) == [one.pk for one in chain]
    assert circle(chain[0].pk, chain[-1].pk) == []
    Dependency.objects.create(item=chain[-1], needs=chain[3])  # a circle from before, that would never end
    assert circle(chain[0].pk, chain[5].pk) == []


def test_a_circle_does_not_tell_of_what_is_private(cast, ours):
    secret = make(cast, "Secret plan", by=cast.other_pm)
    ours.depend(by=cast.pm, needs=secret.pk)
    third = make(cast, "Third")
    secret.depend(by=cast.other_pm, needs=third.pk)
    Item.objects.filter(pk=secret.pk).update(circle="private")
    with pytest.raises(BadInput) as refused:
        third.depend(by=cast.pm, needs=ours.pk)
    assert "Secret" not in str(refused.value) and "…" in str(refused.value)
    assert around([ours.pk], cast.pm) == {}


def test_what_was_declined_makes_no_circle(cast, ours, theirs):
    ours.depend(by=cast.pm, needs=theirs.pk)
    theirs.decline_dependency(by=cast.other_pm, dependant=ours.pk, reason="No")
    theirs.depend(by=cast.other_pm, needs=ours.pk)
    assert Dependency.objects.count() == 2
    with pytest.raises(BadInput, match="circle"):
        theirs.accept_dependency(by=cast.other_pm, dependant=ours.pk)
    assert Dependency.objects.get(item=ours).state == "declined"


def test_only_what_is_on_a_roadmap_is_needed(cast, ours):
    proposal = Initiative.propose(by=cast.maker, title="An idea", team=cast.other_team.pk)
    with pytest.raises(BadInput):
        ours.depend(by=cast.pm, needs=proposal.pk)
    with pytest.raises(NotFound):
        ours.depend(by=cast.pm, needs=987_654)


@pytest.mark.parametrize(("kind", "level"), [("FS", "conflict"), ("SS", ""), ("FF", ""), ("SF", "")], ids=str)
def test_each_kind_ties_its_own_two_days(cast, ours, theirs, kind, level):
    """Theirs: January to March; ours: March to May."""
    ours.depend(by=cast.pm, needs=theirs.pk, kind=kind)
    (need,) = around([ours.pk], cast.maker)[ours.pk]
    assert need.level == level and bool(need.said) == bool(level)


@pytest.mark.parametrize("kind", ["FS", "SS", "FF", "SF"])
def test_each_kind_breaks_when_the_other_is_a_year_later(cast, ours, theirs, kind):
    ours.depend(by=cast.pm, needs=theirs.pk, kind=kind)
    theirs.schedule(by=cast.other_pm, horizon="later", starts=date(2028, 1, 1), ends=date(2028, 3, 31))
    (need,) = around([ours.pk], cast.maker)[ours.pk]
    assert need.level == "conflict" and "2028" in need.said


@pytest.mark.parametrize(
    ("their", "mine", "level"),
    [
        ((date(2027, 6, 30), "quarter"), (date(2027, 5, 1), "day"), "tight"),
        ((date(2027, 6, 30), "quarter"), (date(2027, 7, 1), "quarter"), ""),
        ((date(2027, 6, 30), "quarter"), (date(2027, 4, 1), "quarter"), "tight"),
        ((date(2027, 9, 30), "quarter"), (date(2027, 4, 1), "quarter"), "conflict"),
        ((date(2027, 5, 1), "day"), (date(2027, 5, 1), "day"), ""),
        ((None, "day"), (date(2027, 5, 1), "day"), ""),
        ((date(2027, 5, 1), "day"), (None, "day"), ""),
    ],
)
def test_a_period_is_no_exacter_than_it_was_said(their, mine, level):
    assert strain(Meant(*their), Meant(*mine)) == level


def test_what_shipped_ended_that_day_and_what_was_dropped_never_will(cast, ours, theirs):
    ours.depend(by=cast.pm, needs=theirs.pk)
    theirs.ship(by=cast.other_pm, shipped_on=date(2026, 1, 1))
    assert around([ours.pk], cast.pm)[ours.pk][0].level == ""
    gone = make(cast, "Gone", by=cast.other_pm)
    ours.depend(by=cast.pm, needs=gone.pk)
    gone.drop(by=cast.other_pm, reason="No")
    assert around([ours.pk], cast.pm)[ours.pk][1].said.startswith("What is needed was taken off")


def test_pages_say_what_does_not_fit(cast, client, ours, theirs):
    ours.depend(by=cast.pm, needs=theirs.pk)
    client.force_login(cast.maker)
    assert "Needs Theirs, which does not fit" in client.get("/roadmap/").content.decode()
    assert "Needs Theirs, which does not fit" in client.get("/roadmap/list/").content.decode()
    timeline = client.get("/roadmap/timeline/?from=2027-01").content.decode()
    assert 'class="conflict"' in timeline and "It ends 31 Mar 2027; this starts 1 Mar 2027." in timeline
    page = client.get(f"/initiatives/{ours.pk}/").content.decode()
    assert "It ends 31 Mar 2027; this starts 1 Mar 2027." in page and "Accept…" not in page
    client.force_login(cast.other_pm)
    assert "Accept…" in client.get(f"/initiatives/{theirs.pk}/").content.decode()


def test_a_line_is_drawn_from_one_bar_to_the_other(cast, ours, theirs):
    from filrouge.alignment.roadmap import board, timeline

    ours.depend(by=cast.pm, needs=theirs.pk)
    chunk = timeline.chunk(
        timeline.placed(board.parse({}), cast.maker, date(2027, 1, 1))[0], cast.maker, date(2027, 1, 1), 0
    )
    assert [line.path for line in chunk.lines] == ["M300 1.5H310V1H190V0.5H200"]
    assert chunk.box == "0 0 1200 2"


def test_the_asked_product_manager_finds_it_at_home(cast, client, ours, theirs):
    def rows(person):
        return [row.title for s in home_of(person) if s.title == "Asked of your teams" for row in s.rows]

    ours.depend(by=cast.pm, needs=theirs.pk)
    assert rows(cast.other_pm) == ["Theirs"] and rows(cast.pm) == []
    client.force_login(cast.other_pm)
    assert "“Ours” needs it" in client.get("/").content.decode()
    theirs.accept_dependency(by=cast.other_pm, dependant=ours.pk)
    assert rows(cast.other_pm) == []


def test_the_dialog_offers_the_four_kinds_in_words(cast, client, ours, theirs):
    client.force_login(cast.pm)
    text = client.get(f"/initiatives/{ours.pk}/depend/?needs={theirs.pk}").content.decode()
    assert "this finishes when that has started" in text and f'value="{theirs.pk}" selected' in text
    answer = client.post(
        f"/initiatives/{ours.pk}/depend/", {"needs": theirs.pk, "kind": "SF", "revision": "1"}
    )
    assert answer.status_code == 302 and state() == ("SF", "asked")
    bad = client.post(f"/initiatives/{ours.pk}/depend/", {"needs": theirs.pk, "kind": "XX"})
    assert bad.status_code == 422


def test_the_words_of_a_crowded_timeline_begin_with_what_does_not_fit(
    cast, client, monkeypatch, ours, theirs
):
    from filrouge.alignment.roadmap import timeline

    monkeypatch.setattr(timeline, "TOLD", 1)
    fits = make(cast, "Fits", starts=date(2027, 8, 1))
    fits.depend(by=cast.pm, needs=theirs.pk)
    ours.depend(by=cast.pm, needs=theirs.pk)
    client.force_login(cast.maker)
    text = client.get("/roadmap/timeline/?from=2027-01").content.decode()
    assert "What needs what: 2 dependencies" in text and "and 1 more" in text
    assert "It ends 31 Mar 2027; this starts 1 Mar 2027." in text
