"""Words are found the same on both databases, whichever way leads to them, and only by those who may."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filrouge.core.errors import BadInput
from filrouge.lib.search_text import Query
from filrouge.people.models import User
from filrouge.voices import finding
from filrouge.voices.arrivals import receive
from filrouge.voices.asked import asked
from filrouge.voices.masked import holds
from filrouge.voices.models import Person, Segment, Source, Words
from filrouge.voices.reading import count, heard_from, list_words, parse, words_page
from filrouge.voices.rules import Arrival

pytestmark = pytest.mark.django_db

EN = """
the notebook crashes when I open a large file
please keep the keyboard shortcuts of the file browser
it never connects to my watch since the update
I love the notebook and its widgets
exporting to PDF fails
we gave up twice: the server never starts in that folder
synchronization is slow, syncing again does not help
""".strip().splitlines()
FR = """
l'application ne se connecte plus à ma montre depuis la mise à jour
je suis connectée mais rien ne se synchronise
j'aime beaucoup l'éditeur, très pratique
les élèves perdent leurs fichiers
ça plante dès que j'ouvre un gros fichier
la synchronisation de l'été dernier était meilleure
où sont passés mes cahiers
""".strip().splitlines()
TEXTS = [(text, "en") for text in EN] + [(text, "fr") for text in FR]
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def corpus(ops: User) -> list[Words]:
    """Every text three times, from two sources, by people of two roles and by nobody known, day after day."""
    sources = [Source.objects.create(name="Survey"), Source.objects.create(name="Store")]
    for at, (text, language) in enumerate(TEXTS * 3):
        receive(sources[at % 2], [arrival(at, text, language)], by=ops)
    return list(Words.objects.select_related("source").order_by("id"))


def arrival(at: int, text: str, language: str) -> Arrival:
    known = at % 4 != 3
    return Arrival(
        at + 1,
        text,
        f"x{at}",
        START + timedelta(days=(at * 7) % 40),
        author=f"Person {at % 6}" if known else "",
        company="Acme" if at % 5 == 0 else "",
        language=language,
        rating=at % 5 + 1,
        segments=(("role", "teacher" if at % 2 else "student"),) if known else (),
    )


def found(query: str, reader: User, **settings: Any) -> list[int]:
    return [row.pk for row in words_page(parse(QueryDict(f"limit=1000&{query}")), reader).rows]


def expected(typed: str, corpus: list[Words]) -> set[int]:
    query = Query.parse(typed)
    for words in corpus:
        words.heading, words.opening = words.title, words.text
    return {words.pk for words in corpus if holds(query, words)}


WORDS = sorted({word.strip(",:") for text, _language in TEXTS for word in text.split()})
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(str.upper),
    st.sampled_from(WORDS).map(lambda word: f"{word[:4]}*"),
    st.sampled_from([" ".join(text.split()[at : at + 2]) for text, _l in TEXTS for at in (0, 2)]).map(
        lambda p: f'"{p}"'
    ),
    st.sampled_from(WORDS).map(lambda word: f"-{word}"),
    st.sampled_from(["OR", "OU", "connecte", "connectee", "ete", "fichier", "zzz", "<b>", "%", "'", "a\\b"]),
)


def test_any_query_finds_the_same_as_reading_every_text(corpus: list[Words], ops: User) -> None:
    @settings(max_examples=150, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(PIECES, min_size=1, max_size=4).map(" ".join))
    def check(typed: str) -> None:
        params = QueryDict(mutable=True)
        params.update({"q": typed, "limit": "1000"})
        for order in ("best", "received", "said"):
            params["sort"] = order
            rows = {row.pk for row in words_page(parse(params), ops).rows}
            assert rows == (expected(typed, corpus) if Query.parse(typed) else {words.pk for words in corpus})

    check()


@pytest.mark.parametrize(
    "facets",
    [
        "source=Survey",
        "source=Survey&source=Store",
        "language=fr",
        "segment=role=teacher",
        "rating=3&rating=5",
        "company=Acme",
        "since=2026-01-10",
        "until=2026-01-10",
        "since=2026-01-05&until=2026-01-20",
        "unread=1",
        "by_hand=1",
        "language=en&rating=2&since=2026-01-03",
        "person=1",
    ],
)
@pytest.mark.parametrize("typed", ["", "fichier", "notebook OR montre", '"mise à jour"'])
def test_both_ways_to_the_rows_agree(
    facets: str, typed: str, corpus: list[Words], ops: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    facets = facets.replace("person=1", f"person={Person.objects.order_by('pk')[0].pk}").replace(
        "role=", "role%3D"
    )
    wanted = [words.pk for words in corpus if _has(words, facets)]
    wanted = [pk for pk in wanted if not typed or pk in expected(typed, corpus)]
    by_said = {words.pk: (words.said_at, words.pk) for words in corpus}
    for few in (finding.FEW, 0):
        monkeypatch.setattr(finding, "FEW", few)
        query = f"q={typed}&{facets}"
        assert found(f"{query}&sort=received", ops) == sorted(wanted, reverse=True)
        assert found(f"{query}&sort=said", ops) == sorted(wanted, key=lambda pk: by_said[pk], reverse=True)
        assert sorted(found(f"{query}&sort=best", ops)) == wanted
        assert count(parse(QueryDict(query)), ops) == (len(wanted), False)


def _has(words: Words, facets: str) -> bool:
    given = QueryDict(facets)
    tokens, day = words.facets.split(), words.said_at.date().isoformat()
    segment = Segment.objects.get(value="teacher").token
    return all(
        [
            "source" not in given or words.source.name in given.getlist("source"),
            "language" not in given or words.language in given.getlist("language"),
            "segment" not in given or segment in tokens,
            "rating" not in given or str(words.rating) in given.getlist("rating"),
            "company" not in given or words.company_id is not None,
            "person" not in given or str(words.person_id) == given["person"],
            "since" not in given or day >= given["since"],
            "until" not in given or day <= given["until"],
            "unread" not in given or words.read_at is None,
            "by_hand" not in given or words.captured_by_id is not None,
        ]
    )


@pytest.mark.parametrize(
    "query", ["", "q=fichier", "sort=said", "q=notebook&sort=said", "language=fr", "since=2026-01-05"]
)
def test_pages_follow_each_other_without_gap_or_repeat(query: str, corpus: list[Words], ops: User) -> None:
    whole, walked = found(query, ops), []
    filter = parse(QueryDict(f"{query}&limit=4"))
    for _page in range(50):
        page = words_page(filter, ops)
        walked += [row.pk for row in page.rows]
        if page.next is None:
            break
        filter = parse(QueryDict(page.next.query_string()))
    assert walked == whole


def test_common_words_come_newest_first_and_rare_ones_best_first(
    corpus: list[Words], ops: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words_page(parse(QueryDict("q=notebook")), ops).sort.name == "best"
    monkeypatch.setattr(finding.Hunt, "rankable", False)
    assert words_page(parse(QueryDict("q=notebook")), ops).sort.name == "received"
    assert words_page(parse(QueryDict("since=2026-01-02")), ops).sort.name == "said"


@pytest.mark.parametrize(
    "query",
    [
        "source=Nowhere",
        "segment=role",
        "segment=role%3Dnobody",
        "since=yesterday",
        "since=0001-01-01",
        "until=9999-12-31",
        "rating=five",
        "rating=-1",
        "person=x",
        "company=99999999999999999999",
        "unread=maybe",
        "cursor=%ff",
        "cursor=YQ",
        "language=%00",
        "sort=worst",
        "limit=0",
        "sort=said&cursor=MX5hYmM",
        "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5fjE",
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(query: str, corpus: list[Words], ops: User) -> None:
    with pytest.raises(BadInput) as refused:
        words_page(parse(QueryDict(query)), ops)
    assert str(refused.value)


def test_segments_of_one_name_are_alternatives_and_of_two_add_up(ops: User) -> None:
    source = Source.objects.create(name="Survey")
    for at, (role, plan) in enumerate([("teacher", "free"), ("student", "free"), ("teacher", "paid")]):
        both = (("role", role), ("plan", plan))
        receive(source, [Arrival(1, f"text {at}", str(at), author=str(at), segments=both)], by=ops)
    assert len(found("segment=role%3Dteacher&segment=role%3Dstudent", ops)) == 3
    assert len(found("segment=role%3Dteacher&segment=plan%3Dfree", ops)) == 1


def test_nobody_outside_reads_words(corpus: list[Words], sales: User) -> None:
    guest = User.objects.create_user("guest@example.org", "guest")
    gone = User.objects.create_user("gone@example.org", "product_ops", is_active=False)
    for reader in (None, guest, gone):
        assert words_page(parse(QueryDict("")), reader).rows == []
        assert count(parse(QueryDict("")), reader) == (0, False)
        assert asked(parse(QueryDict("q=notebook")), reader).words == 0
    item = list_words(QueryDict(""), sales)["items"][0]
    assert item["author"] is None and item["external_id"] is None and item["url"] == ""


def test_the_answer_counts_people_once_and_unknown_speakers_apart(ops: User) -> None:
    source = Source.objects.create(name="Survey")
    said = [("Ann", 1), ("Ann", 2), ("Bob", 3), ("", 4), ("", 5)]
    now = timezone.now()
    for at, (author, days) in enumerate(said):
        traits = (("role", "teacher"),) if author else ()
        one = Arrival(
            1, "the notebook crashes", str(at), now - timedelta(days=days), author=author, segments=traits
        )
        receive(source, [one], by=ops)
    receive(source, [Arrival(9, "all is well", "9", author="Zoe", segments=(("role", "teacher"),))], by=ops)
    answer = asked(parse(QueryDict("q=crash")), ops)
    assert (answer.words, answer.people, answer.unknown, answer.more) == (5, 2, 2, False)
    assert answer.last is not None and answer.first is not None
    assert (now - answer.last).days == 1 and (now - answer.first).days == 5
    assert sum(answer.trend) == 5 and not answer.yearly
    [reach] = answer.segments
    assert (reach.heard, reach.exist, reach.estimated) == (2, 3, True)
    Segment.objects.update(population=400)
    [reach] = asked(parse(QueryDict("q=crash")), ops).segments
    assert (reach.heard, reach.exist, reach.estimated) == (2, 400, False)


def test_the_answer_says_when_it_stopped_counting(
    corpus: list[Words], ops: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("filrouge.voices.asked.EXACT", 5)
    answer = asked(parse(QueryDict("language=fr")), ops)
    assert (answer.words, answer.more) == (5, True)


def test_sources_are_counted_in_as_many_queries_as_one(
    corpus: list[Words], ops: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    silent = Source.objects.create(name="Silent")
    sources = list(Source.objects.all())
    newest = {words.source_id: words.received_at for words in corpus}
    numbers = Counter(words.source_id for words in corpus)
    for few in (finding.FEW, 0):
        monkeypatch.setattr(finding, "FEW", few)
        with django_assert_num_queries(2):
            told = heard_from(sources, ops)
        assert told == [(one, numbers[one.pk], False, newest.get(one.pk)) for one in sources]
        assert (silent, 0, False, None) in told
    monkeypatch.setattr("filrouge.voices.reading.EXACT", 5)
    assert {(number, more) for _source, number, more, _last in heard_from(sources, ops)} == {
        (5, True),
        (0, False),
    }
    assert heard_from(sources, None) == []


def test_a_page_costs_the_same_queries_for_one_row_and_for_many(
    corpus: list[Words], ops: User, sales: User, django_assert_max_num_queries: Any
) -> None:
    for query in (
        "limit=2",
        "limit=50",
        "q=fichier&limit=50",
        "q=fichier&sort=said",
        "since=2026-01-02&q=montre",
    ):
        with django_assert_max_num_queries(6):
            words_page(parse(QueryDict(query)), ops)
        with django_assert_max_num_queries(9):
            words_page(parse(QueryDict(query)), sales)


def test_a_ranking_is_kept_until_words_arrive(
    corpus: list[Words], ops: User, sales: User, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.KEPT_SECONDS = 60
    caches["process"].clear()
    try:
        filter = parse(QueryDict("q=fichier"))
        before = {reader: (found("q=fichier", reader), count(filter, reader)) for reader in (ops, sales)}
        with django_assert_num_queries(2):  # the newest id, the rows
            assert found("q=fichier", ops) == before[ops][0]
        with django_assert_num_queries(1):
            assert count(filter, sales) == before[sales][1]
        receive(corpus[0].source, [arrival(900, "encore un fichier perdu", "fr")], by=ops)
        for reader in (ops, sales):
            assert len(found("q=fichier", reader)) == len(before[reader][0]) + 1
            assert count(filter, reader)[0] == before[reader][1][0] + 1
        read = Words.objects.filter(pk=before[ops][0][0])
        assert found("q=fichier&unread=1", ops)
        read.update(read_at=timezone.now())
        assert before[ops][0][0] not in found("q=fichier&unread=1", ops)
    finally:
        caches["process"].clear()
