"""The history of an Item, told in sentences."""

import pytest
from django.utils.translation import override

from filrouge.alignment.decisions.models import Decision
from filrouge.core.history import past
from filrouge.core.kinds import all_kinds
from filrouge.core.models import History
from filrouge.core.verbs import verbs_of
from filrouge.evidence.insights.models import Insight, Opportunity

pytestmark = pytest.mark.django_db


def told(item, reader):
    """What was done to it, the latest last."""
    return [entry.sentence for entry in reversed(past(item, reader, 20))]


def test_each_act_is_a_sentence_in_the_past(cast):
    opportunity = Opportunity.create(by=cast.pm, title="Nobody finds the way back")
    insight = Insight.create(by=cast.ops, title="People lose their place")
    insight.link(by=cast.ops, to=opportunity.pk)
    insight.open_to(by=cast.design, circle="company", language="en", title="T", text="T")
    insight.open_to(by=cast.design, circle="world", language="fr", title="T", text="T")
    insight.open_to(by=cast.design, circle="company", language="fr", title="T", text="T")
    insight.close_to(by=cast.design, circle="world")
    assert told(insight, cast.ops) == [
        "Ops wrote it down",
        "Ops linked it to “Nobody finds the way back”",
        "Design opened it to the company",
        "Design opened it to everyone, customers too",
        "Design opened it to the company",
        "Design closed it to everyone, customers too",
    ]
    with override("fr"):
        assert told(insight, cast.ops)[3] == "Design a ouvert cet élément à tout le monde, clients compris"


def test_a_private_item_says_to_whom_it_was_shown(cast):
    insight = Insight.create(by=cast.ops, title="Mine", circle="private")
    insight.show_to(by=cast.ops, person=cast.design.pk)
    insight.hide_from(by=cast.ops, person=cast.design.pk)
    assert told(insight, cast.ops)[1:] == ["Ops showed it to Design", "Ops hid it from Design"]


def test_what_the_reader_may_not_see_is_not_named(cast):
    hidden = Insight.create(by=cast.ops, title="Hidden", circle="private")
    other = Insight.create(by=cast.ops, title="Open")
    History.objects.create(
        item_id=other.pk, other_id=hidden.pk, verb="link", by=cast.ops, at=other.changed_at, revision=2
    )
    assert told(other, cast.pm)[-1] == "Ops linked it to something else"
    assert told(other, cast.ops)[-1] == "Ops linked it to “Hidden”"


def test_what_no_verb_did_is_told_too(cast):
    item = Decision.create(by=cast.pm, title="Build it?")
    for verb, by in (("emergency_opening", cast.admin), ("gone_since", None), ("open_to", cast.pm)):
        History.objects.create(item_id=item.pk, verb=verb, by=by, at=item.changed_at, revision=1)
    assert told(item, cast.pm) == [
        "Pm asked for this decision",
        "Admin opened it in an emergency",
        "Filrouge: Gone since",
        "Pm opened it to a wider circle",
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_verb_has_its_sentence(db, language):
    values = {"by": "Ada", "other": "it", "circle": "all", "person": "Bo"}
    with override(language):
        for model in all_kinds():
            for verb in verbs_of(model).values():
                assert (str(verb.done) % values).startswith("Ada "), f"{model.__name__}.{verb.name}"
