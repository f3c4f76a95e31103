"""Dates are meant as exactly as they were said, and told no more exactly."""

from datetime import date

import pytest
from django.utils import translation

from filrouge.alignment.roadmap.precision import closes, named, opens
from filrouge.core.errors import BadInput

from .making import make

MAY = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("precision", "first", "last", "said"),
    [
        ("day", MAY, MAY, "20 May 2026"),
        ("month", date(2026, 5, 1), date(2026, 5, 31), "May 2026"),
        ("quarter", date(2026, 4, 1), date(2026, 6, 30), "Q2 2026"),
        ("half", date(2026, 1, 1), date(2026, 6, 30), "H1 2026"),
        ("year", date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_a_day_stands_for_its_period(precision, first, last, said):
    assert (opens(MAY, precision), closes(MAY, precision), named(MAY, precision)) == (first, last, said)


def test_the_last_year_that_a_date_can_hold_is_no_failure():
    assert closes(date(9999, 10, 1), "quarter") == date(9999, 12, 31)


def test_a_french_reader_reads_a_french_period():
    with translation.override("fr"):
        assert (named(MAY, "quarter"), named(MAY, "half")) == ("T2 2026", "S1 2026")


@pytest.mark.django_db
def test_scheduling_to_the_quarter_means_the_whole_quarter(cast):
    item = make(cast)
    item.schedule(
        by=cast.pm, horizon="next", starts=MAY, starts_precision="quarter", ends=MAY, ends_precision="quarter"
    )
    item.refresh_from_db()
    assert (item.starts, item.ends) == (date(2026, 4, 1), date(2026, 6, 30))
    assert (item.starts_label, item.ends_label) == ("Q2 2026", "Q2 2026")


@pytest.mark.django_db
def test_pages_tell_no_day_that_was_not_said(cast, client):
    item = make(cast, ends=MAY, ends_precision="quarter", starts=MAY, starts_precision="month")
    client.force_login(cast.maker)
    for page in ("/roadmap/", "/roadmap/list/", f"/initiatives/{item.pk}/"):
        text = client.get(page).content.decode()
        assert "Q2 2026" in text and "30 Jun" not in text and "2026-06-30" not in text, page


@pytest.mark.django_db
def test_the_wording_for_a_wider_circle_is_offered_the_same_date(cast, client):
    item = make(cast, ends=MAY, ends_precision="half")
    client.force_login(cast.pm)
    assert 'value="H1 2026"' in client.get(f"/initiatives/{item.pk}/open_to/").content.decode()


@pytest.mark.django_db
def test_moving_a_card_keeps_how_exactly_its_dates_are_meant(cast, client):
    item = make(cast, ends=MAY, ends_precision="half")
    client.force_login(cast.pm)
    client.post(f"/roadmap/{item.pk}/move/", {"horizon": "now"})
    item.refresh_from_db()
    assert (item.horizon, item.ends_precision, item.ends_label) == ("now", "half", "H1 2026")


@pytest.mark.django_db
def test_an_item_that_ends_after_its_hard_date_says_so(cast, client):
    item = make(cast, ends=MAY, hard_due=date(2026, 5, 19))
    client.force_login(cast.maker)
    for page in ("/roadmap/", "/roadmap/list/", f"/initiatives/{item.pk}/"):
        assert "Ends after 19 May 2026, by which it must be done" in client.get(page).content.decode()


@pytest.mark.django_db
def test_an_owner_who_does_not_exist_is_refused(cast):
    with pytest.raises(BadInput) as refused:
        make(cast, owner=987_654)
    assert refused.value.field == "owner"
    item = make(cast, owner=cast.maker.pk)
    assert item.owner == cast.maker
