"""Worksheets: inputs and their result, filled by the product manager; no order follows from them."""

from decimal import Decimal

import pytest

from filrouge.alignment.roadmap.models import Initiative
from filrouge.alignment.roadmap.worksheets import Worksheet, read_lines, rice, scorecard
from filrouge.core.errors import BadInput, Forbidden

from .making import make

D = Decimal


def test_rice_is_reach_times_impact_times_confidence_by_effort():
    assert rice(D(500), D(2), D(80), D("0.5")) == 1600


def test_a_scorecard_is_the_mean_by_weights():
    assert scorecard(read_lines("Retention: 4 x 2\nReach: 1\n\nTrust: 2,5 × 1")) == D("2.875")


@pytest.mark.parametrize(
    "lines", ["Retention", "A: 1 x 0", ": 3", "A: x", "A: 1..2", "\n".join(["A: 1"] * 21)]
)
def test_a_scorecard_that_makes_no_sense_is_refused(lines):
    with pytest.raises(BadInput) as refused:
        scorecard(read_lines(lines))
    assert refused.value.field == "lines"


@pytest.mark.django_db
def test_the_product_manager_fills_it_and_everybody_reads_it(cast, client):
    item = make(cast)
    given = {"reach": 500, "impact": "2", "confidence": "80", "effort": "0,5"}
    for person in (cast.other_pm, cast.ops, cast.maker):
        with pytest.raises(Forbidden):
            item.fill_rice(by=person, **given)
    item.fill_rice(by=cast.pm, **given)
    item.fill_value_effort(by=cast.pm, value="9", effort="2")
    item.fill_scorecard(by=cast.pm, lines="Retention: 4 x 2")
    assert [sheet.result for sheet in Worksheet.objects.order_by("method")] == [1600, 4, D("4.5")]
    client.force_login(cast.maker)
    text = client.get(f"/initiatives/{item.pk}/").content.decode()
    assert "RICE: 1,600" in text and "Retention" in text and "Value and effort: 4.5" in text
    assert item.history.first().after == {"worksheet": {"method": "scorecard", "lines": "Retention: 4 x 2"}}
    item.fill_rice(by=cast.pm, reach="956", impact="2", confidence="80", effort="3")
    assert "RICE: 509.9<" in client.get(f"/initiatives/{item.pk}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [("effort", "0"), ("effort", "0.4"), ("effort", "x"), ("reach", "-1"), ("reach", "NaN"),
     ("reach", "1e99"), ("impact", "5"), ("confidence", "70")],
)  # fmt: skip
def test_what_makes_no_result_is_not_kept(cast, name, value):
    given = {"reach": "500", "impact": "2", "confidence": "80", "effort": "1"}
    with pytest.raises(BadInput) as refused:
        make(cast).fill_rice(by=cast.pm, **given | {name: value})
    assert refused.value.field == name and not Worksheet.objects.exists()


@pytest.mark.django_db
def test_filling_anew_takes_the_formers_place_and_it_can_be_thrown_away(cast, client):
    item = make(cast)
    item.fill_value_effort(by=cast.pm, value="9", effort="2")
    item.fill_value_effort(by=cast.pm, value="8", effort="2")
    assert Worksheet.objects.get().result == 4
    client.force_login(cast.pm)
    assert 'value="8"' in client.get(
        f"/initiatives/{item.pk}/fill_value_effort/?{Worksheet.objects.get().query}"
    ).content.decode()  # fmt: skip
    item.clear_worksheet(by=cast.pm, method="value_effort")
    assert not Worksheet.objects.exists()


@pytest.mark.django_db
def test_no_order_follows_from_a_worksheet(cast, client):
    first, second = make(cast, "First"), make(cast, "Second")
    first.fill_value_effort(by=cast.pm, value="1", effort="9")
    second.fill_value_effort(by=cast.pm, value="99", effort="1")
    assert list(Initiative.objects.order_by("position").values_list("title", flat=True)) == [
        "First",
        "Second",
    ]
    client.force_login(cast.maker)
    for sort in ("result", "rice", "score"):
        assert client.get(f"/roadmap/list/?sort={sort}").status_code == 422
