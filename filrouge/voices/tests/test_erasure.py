"""Erasing a person: what is gone, what stays out, and what the disk still holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from filrouge.core.circles import Circle
from filrouge.core.errors import Forbidden
from filrouge.core.models import Face, History
from filrouge.evidence.feedback.intake import receive_json
from filrouge.evidence.feedback.models import Rejected
from filrouge.evidence.insights.models import Quote
from filrouge.jobs.worker import drain
from filrouge.people.models import Record
from filrouge.voices.erasure import ERASED, erase
from filrouge.voices.models import Company, Person, PersonSegment, Segment, Version, Words
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
ITEM = {
    "text": "My zanzibar notebook vanished", "external_id": "zx-1", "author": "Zebulon Quixote",
    "email": "zebulon@example.com", "company": "Acme", "role": "teacher",
    "url": "https://example.com/zebulon",
}  # fmt: skip
SECRETS = (b"zanzibar", b"Zebulon", b"zebulon", b"quixot")


def arrive(cast: Cast, **changes: Any) -> dict[str, Any]:
    return receive_json({"source": "Survey", "items": [{**ITEM, **changes}]}, cast.ops)


def test_words_identity_quotes_and_rejected_rows_are_gone(cast: Cast) -> None:
    arrive(cast)
    arrive(cast, text="My zanzibar notebook came back")
    arrive(cast, external_id="zx-2", rating="many")
    words = Words.objects.get()
    quote = Quote.create(by=cast.design, words=words.pk, start=3, end=11)
    quote.open_as_written(by=cast.design)
    person = words.person
    assert person is not None
    counts = erase(person, by=cast.ops)
    assert counts == {
        "words": 1, "versions": 2, "quotes": 1, "faces": 1, "rejected_rows": 1, "segments": 1,
    }  # fmt: skip
    words.refresh_from_db()
    assert (words.text, words.title, words.url, words.stems, words.forms) == ("", "", "", "", "")
    assert (
        words.erased_at
        and words.person is None
        and "zx" not in words.external_id
        and "seg" not in words.facets
    )
    assert set(Version.objects.values_list("text", flat=True)) == {""}
    assert not Company.objects.exists()
    assert not Person.objects.exists() and not PersonSegment.objects.exists() and not Face.objects.exists()
    quote = Quote.objects.get()
    assert (quote.title, quote.text, quote.circle) == (
        ERASED,
        "",
        Circle.TEAM,
    ) and "zanzibar" not in quote.stems
    assert History.objects.filter(item_id=quote.pk, verb="erase", by=cast.ops).exists()
    assert bytes(Rejected.objects.get().sealed) == b""
    record = Record.objects.get(act="erase_person")
    assert record.detail["words"] == 1 and "zebulon" not in str(record.detail).lower()


def test_the_same_rows_stay_out(cast: Cast) -> None:
    arrive(cast)
    erase(Person.objects.get(), by=cast.admin)
    for again in (
        {},
        {"external_id": "zx-9"},
        {"email": "", "author": "Zebulon Quixote", "external_id": "zx-8"},
    ):
        receipt = arrive(cast, **again)
        assert (receipt["rejected"], receipt["new"]) == (1, 0), again
        assert "erased" in receipt["errors"][0]["reason"]
    assert Words.objects.count() == 1 and not Person.objects.exists()
    assert not Rejected.objects.exclude(sealed=b"").exists()
    assert arrive(cast, external_id="zy", email="other@example.com", author="Other")["new"] == 1


def test_a_row_of_theirs_that_breaks_a_rule_is_not_kept_either(cast: Cast) -> None:
    arrive(cast)
    erase(Person.objects.get(), by=cast.ops)
    receipt = arrive(cast, external_id="zx-3", created_at="garbage", author=" Zebulon  Quixote ", email="")
    assert "asked to be erased" in receipt["errors"][0]["reason"]
    assert not Rejected.objects.exclude(sealed=b"").exists()


def test_why_a_row_was_rejected_repeats_nothing_of_theirs(cast: Cast) -> None:
    arrive(cast)
    arrive(cast, external_id="zx-2", created_at="Zebulon Quixote")
    arrive(cast, external_id="zx-4", created_at="1951-02-03")
    assert "1951-02-03" in str(Rejected.objects.get(line=1, reason__values__value="1951-02-03").why)
    erase(Person.objects.get(), by=cast.ops)
    why = "".join(row.why for row in Rejected.objects.all())
    assert "Quixote" not in why and "1951" not in why and "before 1970" in why


def test_a_trait_that_nobody_else_has_goes_with_them(cast: Cast) -> None:
    arrive(cast)
    arrive(cast, external_id="n", author="", email="", role="nurse")
    arrive(cast, external_id="b", author="Zebulon Quixote", role="nurse", text="Again")
    erase(Person.objects.get(), by=cast.ops)
    assert set(Segment.objects.values_list("value", flat=True)) == {"nurse"}


@pytest.mark.parametrize("name", ["pm", "design", "maker", "coach", "stakeholder", "guest"])
def test_only_operators_erase(cast: Cast, name: str) -> None:
    arrive(cast)
    with pytest.raises(Forbidden):
        erase(Person.objects.get(), by=getattr(cast, name))
    assert Words.objects.get().text


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_no_byte_of_it_is_left_in_the_data_folder(cast: Cast) -> None:
    arrive(cast)
    for number in range(300):
        items = [{"text": f"Somebody else {number}", "external_id": str(number)}]
        receive_json({"source": "Survey", "items": items}, cast.ops)
    arrive(cast, text="My zanzibar notebook came back")
    Quote.create(by=cast.design, words=Words.objects.get(external_id="zx-1").pk, start=3, end=11)
    settings.EXPORTS.mkdir(exist_ok=True)
    (settings.EXPORTS / "quotes.csv").write_text("zanzibar")
    assert held() > {b"zanzibar"}
    erase(Person.objects.get(), by=cast.ops)
    connection.close()
    drain(["default"])
    connection.close()
    assert held() == set()


def held() -> set[bytes]:
    """Which of the secrets some file of the data folder holds."""
    database = Path(connection.settings_dict["NAME"])
    files = [*settings.EXPORTS.glob("*"), *database.parent.glob(f"{database.name}*")]
    files += [file for file in settings.UPLOADS.rglob("*") if file.is_file()]
    return {secret for file in files for secret in SECRETS if secret in file.read_bytes()}


def test_moments_are_kept(cast: Cast) -> None:
    arrive(cast, created_at="2026-01-02T03:04:05Z")
    erase(Person.objects.get(), by=cast.ops)
    assert Words.objects.get().said_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
