"""Who sees what: Items for product roles, private ones for those named, approved wordings for the rest."""

import pytest
from django.utils import translation

from filrouge.alignment.decisions.models import Decision
from filrouge.core import lists
from filrouge.core.errors import BadInput, Forbidden
from filrouge.core.models import Face, Item
from filrouge.core.thread import thread
from filrouge.evidence.insights.models import Insight, Opportunity

pytestmark = pytest.mark.django_db


def test_product_roles_read_items_and_others_do_not(cast):
    insight = Insight.create(by=cast.ops, title="Shared")
    for reader in (cast.admin, cast.ops, cast.pm, cast.design, cast.maker, cast.coach):
        assert insight in Insight.objects.visible_to(reader)
    for reader in (cast.stakeholder, cast.guest, None):
        assert not Insight.objects.visible_to(reader).exists()


def test_a_private_item_is_for_its_author_and_those_named(cast):
    insight = Insight.create(by=cast.design, title="Mine", circle="private")
    insight.named.add(cast.maker)
    seen = {
        person.pk
        for person in (cast.admin, cast.ops, cast.pm, cast.design, cast.maker)
        if Insight.objects.visible_to(person).exists()
    }
    assert seen == {cast.design.pk, cast.maker.pk}


def test_the_author_names_who_reads_a_private_item_and_takes_it_back(cast):
    insight = Insight.create(by=cast.design, title="Mine", circle="private")
    insight.show_to(by=cast.design, person=cast.maker.pk)
    assert Insight.objects.visible_to(cast.maker).exists()
    with pytest.raises(BadInput):
        insight.show_to(by=cast.design, person=cast.stakeholder.pk)
    insight.hide_from(by=cast.design, person=cast.maker.pk)
    assert not Insight.objects.visible_to(cast.maker).exists()


def test_who_was_named_on_a_private_item_neither_shares_it_nor_names_others(cast):
    insight = Insight.create(by=cast.design, title="Mine", circle="private")
    insight.show_to(by=cast.design, person=cast.maker.pk)
    for act, given in (("share", {}), ("show_to", {"person": cast.coach.pk}), ("hide_from", {"person": 1})):
        with pytest.raises(Forbidden):
            getattr(insight, act)(by=cast.maker, **given)
    insight.share(by=cast.design)
    assert Insight.objects.visible_to(cast.coach).exists()


def test_no_face_no_access_and_a_face_shows_only_what_the_kind_opens(cast):
    insight = Insight.create(by=cast.ops, title="Inside words", confidence="high", unknowns="Secret doubts")
    assert not Face.objects.visible_to(cast.stakeholder).exists()
    insight.open_to(
        by=cast.ops, circle="company", language="en", title="Outside words", text="What we learnt"
    )
    face = Face.objects.visible_to(cast.stakeholder).get()
    assert (face.title, face.fields) == ("Outside words", {"confidence": "high"})
    assert not Face.objects.visible_to(None).exists()
    insight.open_to(
        by=cast.ops, circle="world", language="fr", title="Pour tous", text="Ce que nous avons appris"
    )
    assert Face.objects.visible_to(None).get().title == "Pour tous"
    assert insight.circle == "world"
    insight.close_to(by=cast.ops, circle="world")
    assert not Face.objects.visible_to(None).exists() and insight.circle == "company"


def test_a_later_edit_does_not_change_an_approved_wording(cast):
    insight = Insight.create(by=cast.ops, title="As it was", claim="Text")
    insight.open_as_written(by=cast.ops)
    insight.revise(by=cast.ops, title="As it is")
    assert Face.objects.get().title == "As it was"


def test_a_private_item_cannot_be_opened(cast):
    insight = Insight.create(by=cast.ops, title="Mine", circle="private")
    with pytest.raises(BadInput):
        insight.open_as_written(by=cast.ops)


def test_an_archived_item_leaves_the_outer_circles(cast):
    insight = Insight.create(by=cast.ops, title="Gone")
    insight.open_as_written(by=cast.ops)
    insight.archive(by=cast.ops)
    assert not Face.objects.visible_to(cast.stakeholder).exists()


def test_a_thread_leads_only_through_what_the_reader_sees(cast):
    first = Insight.create(by=cast.design, title="Hidden", circle="private")
    opportunity = Opportunity.create(by=cast.pm, title="Seen")
    first.link(by=cast.design, to=opportunity.pk)
    assert [node.title for node in thread(opportunity, cast.design).before] == ["Hidden"]
    assert not thread(opportunity, cast.pm).before
    assert not thread(opportunity, cast.stakeholder).before


def test_search_finds_titles_in_either_language_and_only_what_is_seen(cast):
    Insight.create(by=cast.design, title="Synchronisation perdue", circle="private")
    Insight.create(by=cast.ops, title="Lost synchronisations")
    assert [i.title for i in Item.objects.visible_to(cast.ops).search("synchronisation")] == [
        "Lost synchronisations"
    ]
    assert Item.objects.visible_to(cast.design).search("perdues").count() == 1


def test_a_thread_shows_outer_circles_no_state_that_was_not_opened_to_them(cast):
    opportunity = Opportunity.create(by=cast.pm, title="Lost work", team=cast.team.pk)
    decision = Decision.create(by=cast.pm, title="Keep drafts?", team=cast.team.pk)
    opportunity.link(by=cast.pm, to=decision.pk)
    for item in (opportunity, decision):
        item.open_to(by=cast.pm, circle="world", language="en", title="For all", text="Told")
    decision.open_to(by=cast.pm, circle="company", language="en", title="Inside", text="Told")
    decision.decide(by=cast.pm, rationale="Secret", outcome="Yes")
    (told,) = thread(opportunity, None).after
    assert (told.title, told.state) == ("For all", "")
    assert thread(opportunity, cast.maker).after[0].state == "Decided"
    assert Face.objects.get(item=decision, circle="company").status_label == "To decide"


def _opened_in_both_languages(item, by):
    for circle in ("world", "company"):
        for language in ("fr", "en"):
            item.open_to(by=by, circle=circle, language=language, title=f"{circle} {language}", text="Told")


def test_an_item_counts_once_however_many_wordings_it_has(cast):
    _opened_in_both_languages(Insight.create(by=cast.ops, title="Inside"), cast.ops)
    for typed in ("", "told"):
        filter = lists.face_filter({"q": [typed]})
        assert lists.count_faces(Insight, filter, cast.stakeholder) == (1, False)


def test_a_thread_is_told_in_the_language_and_circle_of_its_reader(cast):
    insight = Insight.create(by=cast.ops, title="Inside")
    opportunity = Opportunity.create(by=cast.pm, title="Seen")
    insight.link(by=cast.pm, to=opportunity.pk)
    _opened_in_both_languages(insight, cast.ops)
    for language in ("en", "fr"):
        with translation.override(language):
            titles = [thread(opportunity, reader).before[0].title for reader in (cast.stakeholder, None)]
            assert titles == [f"company {language}", f"world {language}"]
