"""The roadmap of those who read approved wordings."""

import pytest

from filrouge.alignment.roadmap.told import parts
from filrouge.core.traces import Face

from .making import make

pytestmark = pytest.mark.django_db


def tell(item, cast, circle="company", title="Files side by side", **more):
    return item.open_to(by=cast.pm, circle=circle, language="en", title=title, text="Soon.", **more)


def read(client, cast, **query):
    client.force_login(cast.stakeholder)
    return client.get("/roadmap/", query).content.decode()


def test_wordings_stand_under_the_horizon_they_were_approved_with(cast):
    tell(make(cast, horizon="next"), cast)
    shipped = make(cast, "Out", horizon="now")
    shipped.ship(by=cast.pm)
    tell(shipped, cast, title="It is out")
    found = {heading: [one.face.title for one in said] for heading, said in parts(Face.objects.all())}
    assert found == {"Next": ["Files side by side"], "Shipped": ["It is out"]}


def test_a_sales_person_reads_when_and_whether_a_customer_may_hear_it(client, cast):
    tell(make(cast, horizon="next"), cast, circle="company", shown_date="spring 2027")
    assert "spring 2027" in (page := read(client, cast))
    assert "Inside the company only" in page and "You may tell customers" not in page


def test_what_customers_may_hear_is_said_and_a_missing_date_too(client, cast):
    tell(make(cast, horizon="later"), cast, circle="world")
    assert "You may tell customers" in (page := read(client, cast))
    assert "no date to give" in page


def test_the_words_for_customers_stand_beside_those_for_colleagues(client, cast):
    item = make(cast, horizon="now")
    tell(item, cast, shown_date="9 March")
    item.open_to(by=cast.pm, circle="world", language="en", title="Soon", text="We work on it.")
    page = read(client, cast)
    assert "9 March" in page and "You may tell customers" in page and "“We work on it.”" in page


def test_words_that_no_wording_holds_lead_to_writing_the_question_down(client, cast):
    tell(make(cast), cast)
    page = read(client, cast, q="teleport")
    assert "Nothing approved says that" in page and "Files side by side" not in page


def test_every_page_of_wordings_says_what_customers_read(client, cast):
    item = make(cast, horizon="now")
    tell(item, cast)
    client.force_login(cast.stakeholder)
    for page in ("/told/", f"/initiatives/{item.pk}/", "/"):
        assert "inside the company" in client.get(page).content.decode()
    item.open_to(by=cast.pm, circle="world", language="en", title="Soon", text="We work on it.")
    for page in ("/told/", f"/initiatives/{item.pk}/", "/"):
        text = client.get(page).content.decode()
        assert "inside the company" not in text and "customers too" in text
        assert page == "/" or "To customers, say: “We work on it.”" in text


def test_a_wording_of_what_is_over_names_no_horizon(client, cast):
    item = make(cast, horizon="now")
    tell(item, cast)
    client.force_login(cast.stakeholder)
    assert "Horizon" in client.get(f"/initiatives/{item.pk}/").content.decode()
    item.ship(by=cast.pm)
    tell(item, cast)
    assert "Horizon" not in client.get(f"/initiatives/{item.pk}/").content.decode()


@pytest.mark.parametrize("address", ["/roadmap/list/", "/decisions/", "/objectives/", "/insights/"])
def test_an_address_that_a_colleague_shared_keeps_to_the_order_of_wordings(cast, client, address):
    client.force_login(cast.stakeholder)
    cursor = "MX4yMDI2LTAxLTAx"
    for shared in ("?sort=ends", f"?sort=ends&cursor={cursor}", "?sort=title&team=1&status=started"):
        assert client.get(address + shared).status_code == 200
