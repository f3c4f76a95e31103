"""What is rendered once for equal values is written anew for another reader, and for what changed."""

import datetime as dt
from collections import namedtuple
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import engines
from django.utils import timezone, translation

from filrouge.ui.jinja import fixed
from filrouge.ui.reader import Look, activate

Row = namedtuple("Row", "pk title status outcome rationale decided_by__name taken_by decided_at")
LATE = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
ROW = Row(7, "Which <b>charts</b>?", "decided", "Line charts", "", "Paula", "", LATE)
ENGLISH, FRENCH = Look(), Look(language="fr", timezone="Europe/Paris")


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> Iterator[None]:
    settings.DEBUG = False
    yield
    translation.deactivate()
    timezone.deactivate()


def written(row: Row, look: Look) -> str:
    activate(look)
    return str(fixed(engines["jinja2"].env, "decisions/decided_row.html", look, row=row))  # type: ignore[attr-defined]


def test_equal_values_are_written_once_and_others_anew() -> None:
    assert written(ROW, ENGLISH) == written(Row(*ROW), ENGLISH)
    assert "Which &lt;b&gt;charts&lt;/b&gt;?" in written(ROW, ENGLISH)
    assert "Bar charts" in written(ROW._replace(outcome="Bar charts"), ENGLISH)
    assert "Line charts" in written(ROW, ENGLISH)


def test_each_reader_has_their_language_and_time_zone() -> None:
    assert "22 Nov 2026" in written(ROW, ENGLISH)
    assert "23 nov. 2026" in written(ROW, FRENCH)
    assert "22 Nov 2026" in written(ROW, ENGLISH)
