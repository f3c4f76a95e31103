"""What a list counts in one query is what each Item's own page counts step by step."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filrouge.core.models import Item, Link
from filrouge.evidence.insights import tallies as module
from filrouge.evidence.insights.behind import behind
from filrouge.evidence.insights.counting import heard_in, reach
from filrouge.evidence.insights.models import Insight, Opportunity
from filrouge.evidence.insights.tallies import Tally, tallies
from filrouge.voices.models import Words

from .saying import person, quote, say, story

pytestmark = pytest.mark.django_db

NODES, QUOTES = 6, 6
RELATIONS = ("supports", "contradicts", "decided_in")
edges = st.lists(
    st.tuples(st.integers(0, NODES + QUOTES - 1), st.integers(0, NODES - 1), st.sampled_from(RELATIONS)),
    max_size=20,
    unique=True,
)
several = st.frozensets(st.integers(0, NODES + QUOTES - 1), max_size=3)
erased = st.frozensets(st.integers(0, QUOTES - 1), max_size=2)


@pytest.fixture
def items(cast):
    """Claims, then quotes: two people speak twice, nobody knows two speakers, two quotes are of one text."""
    ada, bob = person(), person()
    said = [say("one", ada), say("two", ada, days=3), say("three", bob), say("four"), say("five", days=1)]
    Words.objects.filter(pk=said[1].pk).update(received_at=said[1].said_at)  # its day is not known
    claims = [Insight.create(by=cast.design, title=f"Claim {number}") for number in range(NODES)]
    return [*claims, *(quote(cast.design, words) for words in (*said, said[0]))]


def counted(item, reader):
    """The same figures, by the walk and the sums of the pages of one Item."""
    sides = behind(item, reader).quotes()
    heard = reach(heard_in(list(sides)).values(), [], timezone.now())
    supports, contradicts = (sum(side in held for held in sides.values()) for side in (True, False))
    return Tally(supports, contradicts, heard.people, heard.unknown, heard.last)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=edges, hidden=several, archived=several, erased=erased)
def test_whatever_leads_to_whatever_both_count_the_same(cast, items, edges, hidden, archived, erased):
    with transaction.atomic():
        arranged(items, edges, hidden, archived, erased)
        roots = items[:NODES]
        for reader in (cast.design, cast.pm):
            found = tallies([root.pk for root in roots], reader)
            assert found == {root.pk: counted(root, reader) for root in roots}
        transaction.set_rollback(True)


def arranged(items, edges, hidden, archived, erased):
    ties = {(source, target, relation) for source, target, relation in edges if source != target}
    Link.objects.bulk_create(
        Link(source_id=items[source].pk, target_id=items[target].pk, relation=relation)
        for source, target, relation in sorted(ties)
    )
    _mark(items, hidden, circle="private")
    _mark(items, archived, archived_at=timezone.now())
    gone = [items[NODES + number].version.words_id for number in erased]
    Words.objects.filter(pk__in=gone).update(erased_at=timezone.now(), person=None)


def _mark(items, numbers, **changes):
    Item.objects.filter(pk__in=[items[number].pk for number in numbers]).update(**changes)


def test_a_circle_speaks_on_both_sides(cast, items):
    first, second, said = items[0], items[1], items[NODES]
    edges = [(said, first, "supports"), (first, second, "supports"), (second, first, "contradicts")]
    Link.objects.bulk_create(Link(source=a.item_ptr, target=b.item_ptr, relation=r) for a, b, r in edges)
    for root in (first, second):
        assert tallies([root.pk], cast.pm)[root.pk] == counted(root, cast.pm)
        assert (counted(root, cast.pm).supports, counted(root, cast.pm).contradicts) == (1, 1)


def test_the_story_is_told_as_its_brief_tells_it(cast):
    told = story(cast.pm, cast.design)
    for item in (told.opportunity, told.lost, told.simple):
        assert tallies([item.pk], cast.maker) == {item.pk: counted(item, cast.maker)}
    assert tallies([told.opportunity.pk], cast.maker)[told.opportunity.pk].supports == 4


def test_readers_of_wordings_count_nothing(cast):
    told = story(cast.pm, cast.design)
    for reader in (cast.stakeholder, cast.guest, None):
        assert tallies([told.opportunity.pk], reader) == {told.opportunity.pk: Tally()}


def test_no_items_cost_no_query(cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert tallies([], cast.pm) == {}


def test_a_walk_that_was_cut_says_so_of_every_item(cast, client, monkeypatch):
    told = story(cast.pm, cast.design)
    far = Opportunity.create(by=cast.pm, title="Not reached by then")
    told.simple.link(by=cast.pm, to=far.pk)
    monkeypatch.setattr(module, "MOST", 4)
    found = tallies([told.lost.pk, told.opportunity.pk, far.pk], cast.pm)
    assert all(tally.cut for tally in found.values())
    client.force_login(cast.pm)
    assert "no quotes" not in client.get("/opportunities/").content.decode()
