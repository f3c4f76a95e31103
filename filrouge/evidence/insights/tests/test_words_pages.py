"""The pages of words: who reads what, how words become a quote, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from filrouge.evidence.insights.changes import difference
from filrouge.evidence.insights.models import Insight, Quote
from filrouge.evidence.insights.spots import Mark, marked
from filrouge.people.models import User
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Person, Segment, Source, Words
from filrouge.voices.rules import Arrival
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
TEXT = "Hello, I am Ann Lee. <script>alert(1)</script> The notebook loses my files 🙂 every day."


@pytest.fixture
def said(cast: Cast) -> Words:
    source = Source.objects.create(name="Survey", url="javascript:alert(1)")
    one = Arrival(
        1,
        TEXT,
        "1",
        author="Ann Lee",
        email="ann@example.com",
        company="Acme",
        segments=(("role", "teacher"),),
    )
    receive(source, [one], by=cast.ops)
    return Words.objects.get()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(user: User, place: str, status: int = 200) -> str:
    answer = as_(user).get(place)
    assert answer.status_code == status, place
    return answer.content.decode()


def test_everyone_reads_what_their_role_may(cast: Cast, said: Words) -> None:
    person = said.person
    assert person is not None
    for place in ("/inbox/", f"/words/{said.pk}/", f"/words/{said.pk}/pane/", person.get_absolute_url()):
        assert "Ann Lee" in body(cast.ops, place)
        masked = body(cast.stakeholder, place)
        assert "Ann" not in masked and "ann@" not in masked and "[name]" in masked
        assert "notebook loses" in masked
        body(cast.guest, place, 403)
        assert Client().get(place).status_code == 302
        assert "<script>alert" not in body(cast.ops, place)


def test_makers_read_words_but_not_who_said_them(cast: Cast, said: Words) -> None:
    person = body(cast.maker, said.person.get_absolute_url())  # type: ignore[union-attr]
    assert "ann@example.com" not in person and "<h1>P-" in person
    assert "ann@example.com" in body(cast.design, said.person.get_absolute_url())  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "place",
    ["/words/999/", "/words/999/pane/", "/words/999/quote/", "/voices/people/999/", "/voices/companies/999/"],
)
def test_what_is_not_there_is_a_404(place: str, cast: Cast) -> None:
    body(cast.ops, place, 404)


@pytest.mark.parametrize("query", ["source=none", "cursor=x", "limit=0", "since=x", "sort=x", "person=x"])
def test_a_bad_address_shows_the_page_and_says_what_is_wrong(query: str, cast: Cast, said: Words) -> None:
    for place in ("/inbox/", "/search/"):
        assert "notice warning" in body(cast.ops, f"{place}?{query}", 422)


def test_selected_words_become_a_quote_for_a_new_insight(cast: Cast, said: Words) -> None:
    start = TEXT.index("The notebook")
    end = TEXT.index(" every")
    given = {
        "words": said.pk,
        "version": 1,
        "start": start,
        "end": end,
        "insight": "Files get lost",
        "side": "supports",
    }
    answer = as_(cast.pm).post("/words/quote/", given)
    assert answer["Location"] == f"/words/{said.pk}/?start={start}&end={end}#quote"
    quote = Quote.objects.get()
    assert quote.text == "The notebook loses my files 🙂"
    assert quote.links_out.get().target_id == Insight.objects.get().pk
    page = body(cast.pm, answer["Location"])
    assert 'id="quote"' in page and f'href="/quotes/{quote.pk}/"' in page
    insight = f'<strong>For</strong> <a href="/insights/{Insight.objects.get().pk}/">Files get lost</a>'
    assert insight in page and insight in body(cast.pm, f"/words/{said.pk}/pane/")
    again = given | {"start": 0, "end": 5, "insight": "  files GET lost ", "side": "contradicts"}
    as_(cast.pm).post("/words/quote/", again)
    assert Insight.objects.count() == 1
    assert set(Insight.objects.get().links_in.values_list("relation", flat=True)) == {
        "supports",
        "contradicts",
    }
    assert "Files get lost" in body(cast.pm, said.person.get_absolute_url())  # type: ignore[union-attr]


def test_words_can_be_quoted_without_selecting(cast: Cast, said: Words) -> None:
    place = f"/words/{said.pk}/quote/"
    assert "The notebook loses" in body(cast.pm, place)
    as_(cast.pm).post(
        place, {"kept": "The notebook loses my files", "version": "1", "insight": "", "side": "supports"}
    )
    assert Quote.objects.get().text == "The notebook loses my files"


@pytest.mark.parametrize(
    "given",
    [
        {"kept": "words that nobody said"}, {"kept": ""}, {"start": "5", "end": "5"},
        {"start": "0", "end": "99999"},
        {"start": "-1", "end": "3"}, {"start": "x", "end": "3"}, {"start": "0", "end": "5", "version": "7"},
        {"start": "0", "end": "5", "insight": "It", "side": "above"},
        {"start": "9" * 30, "end": "9" * 31}, {},
    ],
)  # fmt: skip
def test_a_quote_of_nothing_is_refused_and_leaves_nothing(
    given: dict[str, str], cast: Cast, said: Words
) -> None:
    answer = as_(cast.pm).post(f"/words/{said.pk}/quote/", given)
    assert answer.status_code == 422
    assert "form-errors" in answer.content.decode()
    assert not Quote.objects.exists() and not Insight.objects.exists()


def test_only_those_who_bring_evidence_quote(cast: Cast, said: Words) -> None:
    for user in (cast.stakeholder, cast.guest, cast.coach, cast.admin):
        assert as_(user).post("/words/quote/", {"words": said.pk, "start": 0, "end": 5}).status_code == 403
    assert "data-quote-dialog" not in body(cast.coach, "/inbox/")


def test_former_texts_say_what_changed_and_keep_their_quotes(cast: Cast, said: Words) -> None:
    Quote.create(by=cast.pm, words=said.pk, start=0, end=5)
    receive(
        said.source,
        [Arrival(1, TEXT.replace("loses", "hides"), "1", author="Ann Lee", email="ann@example.com")],
        by=cast.ops,
    )
    page = body(cast.pm, f"/words/{said.pk}/")
    assert "<del>loses</del><ins>hides</ins>" in page and "hides my files" in page
    former = body(cast.pm, f"/words/{said.pk}/?version=1&start=0&end=5")
    assert "loses my files" in former and 'id="quote"' in former
    assert "loses" not in body(cast.stakeholder, f"/words/{said.pk}/?version=1")


def test_marking_words_read_is_for_those_who_read_them(cast: Cast, said: Words) -> None:
    assert as_(cast.stakeholder).post("/words/read/", {"words": said.pk}).status_code == 403
    assert as_(cast.maker).post("/words/read/", {"words": [said.pk, "x", "9" * 40]}).status_code == 302
    said.refresh_from_db()
    assert said.read_at is not None
    assert (
        as_(cast.maker)
        .post("/words/read/", {"words": said.pk, "as": "unread"}, headers={"X-Quiet": "1"})
        .status_code
        == 204
    )
    said.refresh_from_db()
    assert said.read_at is None


def test_erasing_asks_first_and_leaves_nothing_readable(cast: Cast, said: Words) -> None:
    person = said.person
    assert person is not None
    Quote.create(by=cast.pm, words=said.pk, start=7, end=20)
    place = f"{person.get_absolute_url()}erase/"
    assert "for good" in body(cast.ops, place)
    body(cast.pm, place, 403)
    assert as_(cast.ops).post(place).status_code == 302
    assert not Person.objects.filter(pk=person.pk).exists()
    page = body(cast.pm, f"/words/{said.pk}/")
    assert "erased" in page and "Ann" not in page and "notebook" not in page


def test_the_search_answers_first_and_helps_when_nothing_matches(cast: Cast, said: Words) -> None:
    answer = body(cast.pm, "/search/answer/?q=notebooks")
    assert "<strong>1</strong>" in answer and "teacher" in answer
    page = body(cast.pm, "/search/?q=notebooks&answer=1")
    assert "<mark>notebook</mark>" in page and "<strong>1</strong>" in page
    helped = body(cast.pm, "/search/?q=notebokk+files")
    assert "notebo*" in helped.replace("%2A", "*") and "Only “files”" in helped
    assert body(cast.guest, "/search/?q=notebooks").count("data-words=") == 0
    body(cast.guest, "/search/answer/?q=notebooks", 403)
    body(cast.pm, "/search/answer/?since=x", 422)


def test_how_many_exist_is_said_by_those_who_run_the_place(cast: Cast, said: Words) -> None:
    segment = Segment.objects.get()
    given = {"segment": segment.pk, "population": "400"}
    assert as_(cast.pm).post("/voices/segments/", given).status_code == 403
    for population, kept in (("400", 400), ("many", 400), ("99999999999", 400), ("", None)):
        as_(cast.ops).post("/voices/segments/", {**given, "population": population})
        segment.refresh_from_db()
        assert segment.population == kept
    assert as_(cast.ops).post("/voices/segments/", {"segment": "x"}).status_code == 404


def test_sources_never_lead_to_a_script(cast: Cast, said: Words) -> None:
    page = body(cast.ops, "/sources/")
    assert "Survey" in page and "javascript:alert" not in page


def test_people_are_found_by_number_and_by_address(cast: Cast, said: Words) -> None:
    assert said.person is not None
    for user, typed, seen in (
        (cast.ops, "ann@example.com", True), (cast.maker, "ann@example.com", False),
        (cast.maker, said.person.pseudonym, True), (cast.ops, "Nobody", False),
    ):  # fmt: skip
        assert (said.person.get_absolute_url() in body(user, f"/voices/people/?q={typed}")) is seen


def test_half_known_people_have_pages(cast: Cast, said: Words) -> None:
    named, addressed = Arrival(2, "one", "2", author="Bo"), Arrival(3, "two", "3", email="bo@example.com")
    receive(said.source, [named, addressed], by=cast.ops)
    assert "Bo" in body(cast.ops, "/voices/people/")
    for person in Person.objects.all():
        body(cast.ops, person.get_absolute_url())


def test_lists_cost_a_bounded_number_of_queries(
    cast: Cast, said: Words, django_assert_max_num_queries: Any
) -> None:
    more = [
        Arrival(at, f"the notebook {at}", f"n{at}", author=f"P {at}", company=f"C {at}")
        for at in range(2, 62)
    ]
    receive(said.source, more, by=cast.ops)
    client = as_(cast.pm)
    for place, most in (
        ("/inbox/", 20), ("/inbox/?q=notebook", 24), ("/search/?q=notebook", 25), ("/voices/people/", 16),
        ("/voices/companies/", 14), ("/voices/segments/", 12), (f"/words/{said.pk}/pane/", 12),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert client.get(place).status_code == 200


def test_marks_keep_every_character_in_its_place() -> None:
    text = 'a <b> & "c"\r\nend'
    page = marked(text, [Mark(0, 5, "/quotes/1/", "x"), Mark(2, 5, "/quotes/2/", "x")], (2, 9), [(12, 13)])
    assert "&#13;" in page and 'href="/quotes/2/"' in page and page.count('id="quote"') == 1
    assert marked("", (), None) == ""


def test_changes_are_told_word_by_word_unless_there_are_too_many() -> None:
    assert difference("one <two> three", "one three") == "one <del>&lt;two&gt; </del>three"
    assert difference("a " * 5_000, "b") == "a " * 5_000


def test_a_quote_opened_as_written_names_nobody_to_the_company(cast: Cast, said: Words) -> None:
    quote = Quote.create(by=cast.design, words=said.pk, start=0, end=20)
    assert "Ann Lee" in quote.title
    quote.open_as_written(by=cast.design)
    page = as_(cast.stakeholder).get(f"/quotes/{quote.pk}/").content.decode()
    assert "Hello, I am" in page and "Ann" not in page and "Lee" not in page


@pytest.mark.parametrize("words", ["", "x", "-1", "9" * 30, "\x00", "²"])
def test_words_that_are_none_are_not_found(cast: Cast, words: str) -> None:
    given = {"words": words, "start": "0", "end": "5"}
    assert as_(cast.pm).post("/words/quote/", given).status_code == 404
