"""The list of quotes reads as users' words: who, where, when, and what each serves."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from filrouge.evidence.insights.models import Insight, Quote
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Source, Words
from filrouge.voices.rules import Arrival
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
TEXT = "We gave up. Setting up a server 🙂 stops my colleagues. Twice."


@pytest.fixture
def kept(cast: Cast) -> Quote:
    source = Source.objects.create(name="Spring survey")
    receive(source, [Arrival(1, TEXT, "1", author="Ann Teacher")], by=cast.ops)
    words = Words.objects.get()
    said = "Setting up a server 🙂 stops my colleagues."
    quote: Quote = Quote.create(by=cast.design, words=words.pk, text=said)
    return quote


def read(client: Client, person: object, query: str = "") -> str:
    client.force_login(person)  # type: ignore[arg-type]
    return re.sub(r"\s+", " ", client.get(f"/quotes/{query}").content.decode())


def test_a_quote_is_shown_with_its_source_its_speaker_and_what_it_serves(
    client: Client, cast: Cast, kept: Quote
) -> None:
    for title, side in (("People give up", "supports"), ("Setting up is easy", "contradicts")):
        kept.link(by=cast.design, to=Insight.create(by=cast.design, title=title).pk, relation=side)
    html = read(client, cast.ops)
    assert ">Setting up a server 🙂 stops my colleagues.</a></blockquote>" in html
    assert "Spring survey" in html and "Ann Teacher" in html and "kept by Design" in html
    assert re.search(r"For</strong> <a href=\"/insights/\d+/\">People give up", html)
    assert re.search(r"Against</strong> <a href=\"/insights/\d+/\">Setting up is easy", html)
    assert f"/words/{kept.version.words_id}/?start=12&amp;end=54#quote" in html


def test_who_spoke_is_a_number_for_those_who_may_not_know(client: Client, cast: Cast, kept: Quote) -> None:
    html = read(client, cast.maker)
    assert "Ann Teacher" not in html and f"P-{kept.version.words.person_id:04d}" in html


def test_what_a_reader_may_not_see_is_not_served(client: Client, cast: Cast, kept: Quote) -> None:
    hidden = Insight.create(by=cast.design, title="Between us", circle="private")
    kept.link(by=cast.design, to=hidden.pk)
    assert "Between us" not in read(client, cast.ops) and "Between us" in read(client, cast.design)


def test_by_author(client: Client, cast: Cast, kept: Quote) -> None:
    assert "<blockquote" in read(client, cast.ops, f"?author={cast.design.pk}")
    assert "No quote matches" in read(client, cast.ops, f"?author={cast.ops.pk}")


def test_quotes_can_be_read_by_team(client: Client, cast: Cast, kept: Quote) -> None:
    assert f'href="?team={cast.team.pk}"' in read(client, cast.pm)
    assert "stops my colleagues" in read(client, cast.pm, f"?team={cast.team.pk}")
