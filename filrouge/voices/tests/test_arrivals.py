"""One door for users' words: what comes in once, twice, changed, from somebody, or not at all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from filrouge.core.errors import Forbidden
from filrouge.people.models import User
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Company, Person, PersonSegment, Segment, Source, Version, Words
from filrouge.voices.receipts import Receipt
from filrouge.voices.rules import Arrival, Unfit, arrival

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 4, 10, tzinfo=UTC)


def read_date(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def row(text: str, line: int = 1, segments: dict[str, str] | None = None, **values: str) -> Arrival:
    return arrival({"text": text, **values}, segments or {}, line, read_date)


@pytest.fixture
def source() -> Source:
    return Source.objects.create(name="Survey")


@pytest.fixture
def by() -> User:
    return User.objects.create_user("ops@example.org", "product_ops")


def counts(receipt: Receipt) -> tuple[int, int, int, int]:
    assert receipt.read == receipt.new + receipt.updated + receipt.unchanged + receipt.rejected
    return receipt.new, receipt.updated, receipt.unchanged, receipt.rejected


def test_words_come_in_with_all_that_is_known_of_them(source: Source, by: User) -> None:
    one = row(
        "Je perds toujours mes fichiers dans cette fenêtre", external_id="a", created_at="2026-03-04T10:00",
        author="Ann", email="ann@example.com", company="Acme", rating="4/5", url="https://example.com/1",
        segments={"role": "teacher"},
    )  # fmt: skip
    assert counts(receive(source, [one], by=by, at=DAY)) == (1, 0, 0, 0)
    words = Words.objects.get()
    segment = Segment.objects.get(name="role", value="teacher")
    assert (words.language, words.rating, words.said_at, words.version) == ("fr", 4, DAY, 1)
    assert words.facets == f"src{source.pk} lngfr seg{segment.pk} rat4"
    assert words.person is not None and words.company == Company.objects.get(name="Acme")
    assert words.person.identity == {"name": "Ann", "email": "ann@example.com"}
    assert b"ann" not in bytes(words.person.sealed)
    assert PersonSegment.objects.get().segment == segment
    assert "fenetr" in words.stems and words.captured_by is None


def test_the_same_rows_twice_change_nothing(source: Source, by: User) -> None:
    rows = [row(f"The export fails {n}", n, external_id=str(n), author="Ann") for n in range(700)]
    assert counts(receive(source, rows, by=by)) == (700, 0, 0, 0)
    before = list(Words.objects.values().order_by("pk"))
    again = [row(f"The export fails {n}", n, external_id=str(n), author="Ann") for n in range(700)]
    assert counts(receive(source, again, by=by)) == (0, 0, 700, 0)
    assert list(Words.objects.values().order_by("pk")) == before


def test_a_changed_text_keeps_the_former_one(source: Source, by: User) -> None:
    receive(source, [row("The button is green", external_id="a")], by=by)
    assert counts(receive(source, [row("The lever is blue", external_id="a")], by=by)) == (0, 1, 0, 0)
    words = Words.objects.get()
    assert (words.text, words.version) == ("The lever is blue", 2)
    assert list(Version.objects.values_list("number", "text")) == [(1, "The button is green")]
    assert "lever" in words.stems and "button" not in words.stems


def test_a_text_of_signs_leaves_no_old_word_in_the_index(source: Source, by: User) -> None:
    receive(source, [row("The button is green", external_id="a")], by=by)
    receive(source, [row("!!!", external_id="a")], by=by)
    assert Words.objects.get().stems == ""


def test_a_changed_field_is_an_update_of_the_same_version(source: Source, by: User) -> None:
    receive(source, [row("Good", external_id="a", rating="3")], by=by)
    assert counts(receive(source, [row("Good", external_id="a", rating="4")], by=by)) == (0, 1, 0, 0)
    words = Words.objects.get()
    assert (words.rating, words.version, Version.objects.count()) == (4, 1, 0)
    assert "rat4" in words.facets and words.stems == "good"


def test_of_the_same_id_the_last_stands_and_the_receipt_says_so(source: Source, by: User) -> None:
    rows = [
        row("first", 2, external_id="a"),
        row("other", 3, external_id="b"),
        row("last", 4, external_id="a"),
    ]
    receipt = receive(source, rows, by=by)
    assert counts(receipt) == (2, 0, 1, 0)
    assert Words.objects.get(external_id="a").text == "last" and not Version.objects.exists()
    (error,) = receipt.as_json()["errors"]
    assert error["line"] == 2 and "4" in error["reason"]


def test_a_row_without_an_id_gets_one_from_its_content(source: Source, by: User) -> None:
    assert counts(receive(source, [row("Same words", author="Ann")], by=by)) == (1, 0, 0, 0)
    assert counts(receive(source, [row("Same words", author="Ann")], by=by)) == (0, 0, 1, 0)
    assert counts(receive(source, [row("Same words", author="Bob")], by=by)) == (1, 0, 0, 0)


def test_a_person_is_one_by_address_everywhere_and_by_name_within_a_source(source: Source, by: User) -> None:
    other = Source.objects.create(name="Shop")
    rows = [row("one", external_id="1", email="A@example.com"), row("two", external_id="2", author="Ann")]
    receive(source, rows, by=by)
    pair = [row("one", external_id="1", email="a@example.com"), row("x", external_id="2", author="Ann")]
    receive(other, pair, by=by)
    assert Person.objects.count() == 3


def test_a_trait_is_one_however_it_is_spelt_and_the_first_spelling_stands(source: Source, by: User) -> None:
    twice = {"Métier": "teacher", "metier ": "teacher"}
    rows = [row("One", segments={"Plan": "free"}), row("Two", segments=twice), row("Three", segments={})]
    receive(source, rows, by=by)
    again = [row("Four", author="Ann", segments={"plan": "free"}), row("Five", segments={"PLAN ": "team"})]
    receive(source, again, by=by)
    names = Segment.objects.order_by("pk").values_list("name", "value")
    assert set(names) == {("Plan", "free"), ("Plan", "team"), ("Métier", "teacher")}
    free = Segment.objects.get(value="free")
    assert {words.text for words in Words.objects.filter(facets__contains=free.token)} == {"One", "Four"}
    assert PersonSegment.objects.get().segment == free
    job = Segment.objects.get(value="teacher").token
    assert Words.objects.get(text="Two").facets.split().count(job) == 1


@pytest.mark.parametrize("role", ["maker", "coach", "stakeholder", "guest"])
def test_only_those_who_may_import_do(source: Source, role: str) -> None:
    with pytest.raises(Forbidden):
        receive(source, [row("Hello")], by=User.objects.create_user("x@example.org", role))
    assert not Words.objects.exists()


BAD = [
    ("text", " \n\t", "empty"), ("text", "é" * 500_001, "1 MB"), ("text", "a\0b", "NUL"),
    ("text", "a\ud800b", "no text"), ("created_at", "1601-01-01", "date"), ("external_id", "x" * 201, "201"),
    ("email", "nobody", "e-mail"), ("url", "javascript:alert(1)", "http"), ("rating", "many", "rating"),
    ("rating", "4.5", "rating"), ("language", "!", "language"), ("author", "a\0b", "NUL"),
    ("title", "x" * 301, "301"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "why"), BAD, ids=[f"{name}-{why}" for name, _value, why in BAD])
def test_a_broken_rule_names_its_field(name: str, value: str, why: str) -> None:
    def refuses(value: str) -> datetime:
        raise ValueError("no date")

    with pytest.raises(Unfit) as unfit:
        arrival({"text": "Hello", name: value}, {}, 1, refuses)
    assert unfit.value.name == name and why in str(unfit.value.reason)


def test_what_is_at_the_limit_comes_in() -> None:
    assert len(row("x" * 1_000_000, external_id="y" * 200, title="t" * 300, rating="4,0").text) == 1_000_000


def test_one_kind_of_line_end(source: Source, by: User) -> None:
    assert row(" one\r\ntwo\rthree \n").text == "one\ntwo\nthree"


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_source_at_once(source: Source, by: User) -> None:
    people = [(f"p{n % 40}@example.com", f"company {n % 9}") for n in range(400)]
    failures: list[BaseException] = []
    receipts: list[Receipt] = []

    def import_(order: int) -> None:
        rows = [
            row(f"text {n}", n, {"role": f"r{n % 7}"}, external_id=str(n), email=email, company=company)
            for n, (email, company) in list(enumerate(people))[::order]
        ]
        try:
            for start in range(0, len(rows), 50):
                receipts.append(receive(source, rows[start : start + 50], by=by))
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=import_, args=(order,)) for order in (1, -1, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Words.objects.count() == sum(receipt.new for receipt in receipts) == 400
    assert sum(receipt.read for receipt in receipts) == 1200
    assert (Person.objects.count(), Company.objects.count(), Segment.objects.count()) == (40, 9, 7)
