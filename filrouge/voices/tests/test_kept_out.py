"""What a database that takes another's place must forget again."""

from __future__ import annotations

from typing import Any

import pytest

from filrouge.evidence.feedback.intake import receive_json
from filrouge.evidence.feedback.models import Import, Rejected
from filrouge.people.models import Record
from filrouge.voices.erasure import erase
from filrouge.voices.kept_out import KeptOut, erase_again, kept_out
from filrouge.voices.models import Company, Person, Source, Suppression, Words
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
ZEB = {"text": "My notebook vanished", "external_id": "zx-1", "author": "Zebulon", "company": "Acme"}


def arrive(cast: Cast, *items: dict[str, Any], source: str = "Survey") -> None:
    receive_json({"source": source, "items": list(items)}, cast.ops)


def erased(cast: Cast, *items: dict[str, Any]) -> KeptOut:
    """The digests after these words came and everybody was erased; then the time before, when nobody was."""
    arrive(cast, *items)
    for person in Person.objects.all():
        erase(person, by=cast.ops)
    kept = kept_out()
    Suppression.objects.all().delete()
    Words.objects.all().delete()
    return kept


def test_a_person_and_what_they_said_go_again(cast: Cast) -> None:
    kept = erased(cast, ZEB)
    arrive(cast, ZEB, {"text": "I stay", "external_id": "zx-2", "author": "Other"})
    assert erase_again(kept) == {"people": 1, "words": 1}
    assert [words.text for words in Words.objects.order_by("pk")] == ["", "I stay"]
    assert not Company.objects.exists() and Person.objects.count() == 1
    assert Record.objects.filter(act="erase_person", by=None).count() == 1
    arrive(cast, ZEB)
    assert Words.objects.filter(text__startswith="My").count() == 0
    assert erase_again(kept) == {"people": 0, "words": 0}


def test_a_row_that_had_no_name_yet_goes_by_its_id(cast: Cast) -> None:
    kept = erased(cast, ZEB)
    nameless = {key: value for key, value in ZEB.items() if key != "author"}
    arrive(cast, nameless, {**ZEB, "external_id": "zy", "author": "Other"})
    arrive(cast, nameless, source="Elsewhere")
    assert erase_again(kept) == {"people": 0, "words": 1}
    assert Words.objects.get(source__name="Elsewhere").text and Words.objects.get(external_id="zy").text


def test_whoever_said_nothing_else_under_another_name_goes_too(cast: Cast) -> None:
    kept = erased(cast, ZEB)
    arrive(cast, {**ZEB, "author": "Zeb", "email": "zeb@example.com"})
    assert erase_again(kept) == {"people": 1, "words": 1}
    assert not Person.objects.exists()


def test_rejected_rows_and_waiting_files_go_too(cast: Cast) -> None:
    kept = erased(cast, ZEB)
    arrive(cast, {**ZEB, "rating": "many"}, {"text": "I stay", "external_id": "zy", "rating": "many"})
    Import.objects.create(name="later.csv", path="0123")
    erase_again(kept)
    assert [bool(bytes(row.sealed)) for row in Rejected.objects.order_by("line")] == [False, True]
    assert Import.objects.get().state == Import.State.CANCELLED


def test_sources_made_since_come_along_with_their_numbers(cast: Cast) -> None:
    kept = erased(cast, ZEB)
    number = Source.objects.get().pk
    Source.objects.all().delete()
    erase_again(kept)
    assert Source.objects.get().pk == number
    arrive(cast, ZEB)
    assert not Words.objects.exists()
    arrive(cast, ZEB, source="Another")
    assert Source.objects.count() == 2 and Words.objects.count() == 1


def test_a_number_that_means_another_source_names_no_rows(cast: Cast) -> None:
    kept = erased(cast, ZEB)
    kept["sources"][0]["created_at"] = "2020-01-01 00:00:00+00:00"
    arrive(cast, {**ZEB, "author": "Other"})
    assert erase_again(kept) == {"people": 0, "words": 0}


def test_nothing_travels_where_nobody_was_erased(cast: Cast) -> None:
    arrive(cast, ZEB)
    assert kept_out() == {"digests": [], "sources": []}
