"""Whoever reads words masked finds nobody by what is masked."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from filrouge.people.models import User
from filrouge.voices.arrivals import receive
from filrouge.voices.asked import asked
from filrouge.voices.models import Source, Words
from filrouge.voices.reading import count, list_words, parse, words_page
from filrouge.voices.rules import Arrival

pytestmark = pytest.mark.django_db


def number(query: str, reader: User) -> int:
    return len(words_page(parse(QueryDict(query)), reader).rows)


def masked_pair(ops: User) -> None:
    """The same complaint twice: once its author signs, and writes a machine's address."""
    source = Source.objects.create(name="Support")
    signed = "The laptop fails, regards Camille Dupont, machine 192.168.7.44"
    other = "A laptop fails after the Dupont conference in room 44"
    receive(source, [Arrival(1, signed, "1", author="Camille Dupont", language="en")], by=ops)
    receive(source, [Arrival(2, other, "2", author="Ann Lee", language="en")], by=ops)


@pytest.mark.parametrize(
    "typed", ["camille", "Camille*", '"camille dupont"', "192", "7.44", "laptop camille", "Dupont laptop"]
)
def test_a_masked_reader_finds_nobody_by_what_is_masked(typed: str, ops: User, sales: User) -> None:
    masked_pair(ops)
    params = QueryDict(mutable=True)
    params["q"] = typed
    seen = words_page(parse(params), sales, whole=True).rows
    assert all("Camille" not in row.opening and "192.168" not in row.opening for row in seen)
    assert [row.external_id for row in seen] == (["2"] if "laptop" in typed and "Dupont" in typed else [])
    assert count(parse(params), sales)[0] == len(seen) == asked(parse(params), sales).words
    assert len(list_words(params, sales)["items"]) == len(seen)


def test_a_masked_reader_learns_nothing_by_leaving_a_word_out(ops: User, sales: User) -> None:
    masked_pair(ops)
    assert number("q=laptop+-camille", sales) == 2
    assert number("q=laptop+-camille", ops) == 1


def test_an_address_at_the_end_of_an_opening_is_not_shown_in_part(ops: User, sales: User) -> None:
    text = "so " * 1_325 + "write to camille.dupont@example.org about it " + "so " * 200
    receive(Source.objects.create(name="Mail"), [Arrival(1, text, "1", language="en")], by=ops)
    everything = parse(QueryDict(""))
    (masked,), (plain,) = words_page(everything, sales).rows, words_page(everything, ops).rows
    assert "camille" not in masked.opening and "so so" in masked.opening
    assert "camille" in plain.opening


@pytest.mark.parametrize("facet", ["source=Support", "language=en", "source=Support&language=en"])
def test_nor_by_leaving_it_out_of_a_filter_alone(facet: str, ops: User, sales: User) -> None:
    masked_pair(ops)
    assert number(f"q=-camille&{facet}", sales) == 2 == number(facet, sales)
    assert count(parse(QueryDict(f"q=-camille&{facet}")), sales)[0] == 2
    assert asked(parse(QueryDict(f"q=-camille&{facet}")), sales).words == 2
    assert number(f"q=-camille&{facet}", ops) == 1


def test_a_company_called_as_its_one_person_is_masked_too(ops: User, sales: User, client: Client) -> None:
    source = Source.objects.create(name="Support")
    row = Arrival(1, "The laptop fails", "1", author="Camille Dupont", company="Camille Dupont EI")
    receive(source, [row], by=ops)
    words = Words.objects.get()
    assert words.company is not None
    addresses = [
        "/inbox/", f"/inbox/?company={words.company.pk}", f"/words/{words.pk}/", "/voices/companies/",
        f"/voices/companies/{words.company.pk}/", words.person.get_absolute_url(),  # type: ignore[union-attr]
    ]  # fmt: skip
    for reader, told in ((ops, True), (sales, False)):
        client.force_login(reader)
        for address in addresses:
            assert ("Dupont EI" in client.get(address).content.decode()) is told, (reader, address)
    assert list_words(QueryDict(), sales)["items"][0]["company"] == "[name] EI"
