"""Dates, ages and numbers as an English and a French reader write them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone, translation
from markupsafe import Markup

from filrouge.ui import writing
from filrouge.ui.jinja import initials, marked, nl2br

NOON = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


def test_a_moment_is_shown_in_the_readers_time_zone(language: str) -> None:
    with timezone.override(ZoneInfo("Europe/Paris")):
        assert writing.date(NOON) == {"en": "23 Nov 2026", "fr": "23 nov. 2026"}[language]
        assert writing.datetime(NOON) == {"en": "23 Nov 2026, 00:30", "fr": "23 nov. 2026, 00:30"}[language]
    with timezone.override(dt.UTC):
        assert writing.date(NOON, "long") == {"en": "22 November 2026", "fr": "22 novembre 2026"}[language]


@pytest.mark.parametrize(
    ("before", "english", "french"),
    [
        (dt.timedelta(minutes=1), "1 minute ago", "il y a 1 minute"),
        (dt.timedelta(hours=5, minutes=59), "5 hours ago", "il y a 5 heures"),
        (dt.timedelta(hours=-5), "just now", "à l’instant"),
        (dt.timedelta(days=1), "1 day ago", "il y a 1 jour"),
        (dt.timedelta(days=800), "2 years ago", "il y a 2 ans"),
        (dt.timedelta(days=-3), "in 3 days", "dans 3 jours"),
    ],
)
def test_ages_in_words(language: str, before: dt.timedelta, english: str, french: str) -> None:
    assert writing.ago(NOON - before, NOON) == {"en": english, "fr": french}[language]


def test_nothing_is_written_for_nothing() -> None:
    assert [writing.date(None), writing.age(None), writing.ago(None), writing.number(None)] == [""] * 4


def test_numbers(language: str) -> None:
    english = ["1,234.5", "42%", "1,000+", "1,000", "999"]
    french = ["1\u202f234,5", "42\u202f%", "1\u202f000+", "1\u202f000", "999"]
    written = [
        writing.number(1234.5),
        writing.percent(0.42),
        writing.count(1001),
        writing.count(1000),
        writing.count(999, more=True),
    ]
    assert written == {"en": english, "fr": french}[language]


def test_marks_fall_on_the_characters_they_name() -> None:
    assert marked("a <b> 😀 é", [(6, 7)]) == "a &lt;b&gt; <mark>😀</mark> é"
    assert marked("abcdef", [(3, 5), (0, 4), (9, 12)]) == "<mark>abcd</mark><mark>e</mark>f"
    assert marked("abc") == "abc"


def test_sizes() -> None:
    written = [writing.size(value) for value in (0, 999, 12_345, 3_400_000, 10**10)]
    assert [size.replace("\u00a0", " ") for size in written] == [
        "0 bytes",
        "999 bytes",
        "12 kB",
        "3.4 MB",
        "10 GB",
    ]


def test_line_breaks_and_initials() -> None:
    assert nl2br("a<b\nc") == "a&lt;b<br>\nc"
    assert [initials(name) for name in ("Inès Moreau", "ada", "Jean-Luc le Goff", "", "@ x")] == [
        "IM",
        "A",
        "JG",
        "?",
        "X",
    ]


def said(template: str, **values: object) -> str:
    engine: Any = engines["jinja2"]
    return str(engine.env.from_string(template).render(**values))


def test_what_a_message_holds_is_escaped_unless_it_is_markup() -> None:
    assert said('{{ _("%(n)s heard", n=x) }}', x="<i>") == "&lt;i&gt; heard"
    assert said('{{ _("%(n)s heard", n=x) }}', x=Markup("<i>")) == "<i> heard"
    assert said('{{ ngettext("%(n)s a", "%(n)s b", 2, n=x) }}', x="<i>") == "&lt;i&gt; b"
    assert said("{% trans n=x %}{{ n }} heard{% endtrans %}", x="<i>") == "&lt;i&gt; heard"


def test_a_percent_sign_in_a_message_or_in_its_value_is_itself() -> None:
    assert said('{{ _("100%% of %(n)s", n="5%(n)s") }}') == "100% of 5%(n)s"
    assert said("{% trans %}100% of them{% endtrans %}") == "100% of them"


def test_the_first_of_a_month(language: str) -> None:
    day, moment = dt.date(2026, 11, 1), dt.datetime(2026, 11, 1, 9, 5, tzinfo=dt.UTC)
    assert writing.date(day, "long") == {"en": "1 November 2026", "fr": "1er novembre 2026"}[language]
    assert (
        writing.date(day, "full")
        == {"en": "Sunday, 1 November 2026", "fr": "dimanche 1er novembre 2026"}[language]
    )
    assert writing.date(day, "short") == {"en": "01/11/2026", "fr": "01/11/2026"}[language]
    with timezone.override(dt.UTC):
        assert writing.datetime(moment) == {"en": "1 Nov 2026, 09:05", "fr": "1er nov. 2026, 09:05"}[language]
    assert (
        writing.date(day.replace(day=11), "long")
        == {"en": "11 November 2026", "fr": "11 novembre 2026"}[language]
    )
