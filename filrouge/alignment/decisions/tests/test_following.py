"""Adding, moving and cutting an item each ask which decision it follows."""

import pytest

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.deciding import followed
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.errors import BadInput, Forbidden, NotFound
from filrouge.core.models import Link
from filrouge.core.traces import History
from filrouge.evidence.insights.models import Insight

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(cast):
    made = Decision.create(by=cast.pm, title="Files first")
    made.decide(by=cast.pm, rationale="Heard often")
    return made


@pytest.fixture
def item(cast):
    return Initiative.create(by=cast.pm, title="Files next to notebooks")


@pytest.mark.parametrize(
    ("act", "given"), [("schedule", {"horizon": "now"}), ("drop", {"reason": "Too late"})], ids=str
)
def test_the_act_draws_the_link_and_its_history_names_it(cast, item, decision, act, given):
    getattr(item, act)(by=cast.pm, decision=decision.pk, **given)
    assert [one.pk for one in followed(item, cast.maker)] == [decision.pk]
    row = History.objects.filter(item_id=item.pk, verb=act).get()
    assert row.other_id == decision.pk and row.by == cast.pm


def test_a_new_item_and_an_accepted_proposal_say_it_too(cast, decision):
    made = Initiative.create(by=cast.pm, title="New", decision=decision.pk)
    proposed = Initiative.propose(by=cast.maker, title="Proposed", team=cast.team.pk)
    proposed.accept(by=cast.pm, decision=decision.pk)
    assert Link.objects.filter(target_id=decision.pk, relation="decided_in").count() == 2
    assert followed(made, cast.pm) and followed(proposed, cast.pm)


def test_a_new_item_may_say_why_none_is_needed_in_its_first_revision(cast, decision, client):
    made = Initiative.create(by=cast.pm, title="New", horizon="now", no_decision="A repair")
    row = History.objects.get(item_id=made.pk)
    assert (row.verb, row.revision, row.after["no_decision"]) == ("create", 1, "A repair")
    with pytest.raises(BadInput, match="not both"):
        Initiative.create(by=cast.pm, title="Both", no_decision="None", decision=decision.pk)
    assert not Initiative.objects.filter(title="Both").exists()
    client.force_login(cast.pm)
    assert "None is needed: A repair" in client.get(made.get_absolute_url()).content.decode()
    assert 'name="no_decision"' in client.get("/initiatives/new/create/").content.decode()


def test_saying_nothing_is_allowed(cast, item):
    item.schedule(by=cast.pm, horizon="next")
    assert followed(item, cast.pm) == []


def test_a_decision_of_the_group_is_followed_by_its_teams(cast, item):
    theirs = Decision.create(by=cast.head, title="One editor", team=cast.group.pk)
    item.schedule(by=cast.pm, horizon="next", decision=theirs.pk)
    assert len(followed(item, cast.pm)) == 1


def test_what_is_no_decision_or_not_to_be_seen_moves_nothing(cast, item):
    insight = Insight.create(by=cast.design, title="No decision")
    secret = Decision.create(by=cast.other_pm, title="Secret", circle="private")
    for wrong, refused in ((insight.pk, BadInput), (secret.pk, NotFound), (987_654, NotFound)):
        with pytest.raises(refused):
            item.schedule(by=cast.pm, horizon="now", decision=wrong)
    item.refresh_from_db()
    assert item.horizon == "later"


def test_the_dialogs_ask_and_the_pages_tell(cast, item, decision, client):
    client.force_login(cast.pm)
    page = client.get(f"/initiatives/{item.pk}/").content.decode()
    assert "Which decision it follows" in page and "None is named yet" in page
    asked = client.get(f"/initiatives/{item.pk}/schedule/").content.decode()
    assert "Which decision does it follow?" in asked and f'value="{decision.pk}"' in asked
    item.schedule(by=cast.pm, horizon="now", decision=decision.pk)
    assert "Files first" in client.get(f"/initiatives/{item.pk}/").content.decode()
    assert "Files first" in client.get(f"/initiatives/{item.pk}/history/").content.decode()
    assert "Files next to notebooks" in client.get(f"/decisions/{decision.pk}/thread/").content.decode()


def test_a_private_decision_is_not_told_in_the_history(cast, item, client):
    secret = Decision.create(by=cast.pm, title="Secret", circle="private")
    item.schedule(by=cast.pm, horizon="now", decision=secret.pk)
    client.force_login(cast.maker)
    for page in ("", "history/"):
        assert b"Secret" not in client.get(f"/initiatives/{item.pk}/{page}").content


def test_a_move_may_say_why_no_decision_stands_behind_it(cast, item, decision, client):
    item.schedule(by=cast.pm, horizon="now", no_decision="A mistake of mine put right")
    row = History.objects.get(item_id=item.pk, verb="schedule")
    assert row.after["no_decision"] == "A mistake of mine put right" and row.other_id is None
    with pytest.raises(BadInput, match="not both"):
        item.schedule(by=cast.pm, horizon="next", no_decision="None", decision=decision.pk)
    client.force_login(cast.pm)
    for page in ("", "history/"):
        assert "A mistake of mine" in client.get(f"/initiatives/{item.pk}/{page}").content.decode()


def test_what_is_dropped_may_say_why_no_decision_is_needed(cast, item, client):
    client.force_login(cast.pm)
    assert 'name="no_decision"' in client.get(f"/initiatives/{item.pk}/drop/").content.decode()
    item.drop(by=cast.pm, reason="Nobody asked", no_decision="It was there twice")
    assert History.objects.get(item_id=item.pk, verb="drop").after["no_decision"] == "It was there twice"


def test_archiving_asks_as_well(cast, item, decision, client):
    client.force_login(cast.pm)
    assert "Which decision does it follow?" in client.get(f"/initiatives/{item.pk}/archive/").content.decode()
    item.archive(by=cast.pm, decision=decision.pk)
    item.refresh_from_db()
    assert item.archived_at and History.objects.get(item_id=item.pk, verb="archive").other_id == decision.pk


def test_what_it_follows_can_be_said_afterwards(cast, item, decision):
    item.schedule(by=cast.pm, horizon="now")
    with pytest.raises(BadInput, match="Choose a decision, or say why"):
        item.follow(by=cast.pm)
    item.follow(by=cast.pm, no_decision="Nothing to decide")
    item.follow(by=cast.pm, decision=decision.pk)
    assert [one.pk for one in followed(item, cast.pm)] == [decision.pk]
    with pytest.raises(Forbidden):
        item.follow(by=cast.maker, no_decision="I say so")


def move(client, item, **more):
    given = {"horizon": "now", "revision": item.revision} | more
    return client.post(f"/roadmap/{item.pk}/move/?q=files", given)


def test_the_boards_menu_asks_after_the_move(cast, item, decision, client):
    client.force_login(cast.pm)
    answer = move(client, item)
    assert answer["Location"] == f"/roadmap/?q=files&asks={item.pk}"
    page = client.get(answer["Location"]).content.decode()
    assert "Which decision does this follow?" in page and "Files first" in page
    given = {"decision": decision.pk, "no_decision": ""}
    answer = client.post(f"/roadmap/{item.pk}/follow/?q=files", given)
    assert answer["Location"] == "/roadmap/?q=files"
    assert followed(item, cast.pm)


def test_the_boards_sheet_says_what_is_missing_and_keeps_asking(cast, item, client):
    client.force_login(cast.pm)
    answer = client.post(f"/roadmap/{item.pk}/follow/", {"decision": "", "no_decision": " "})
    assert answer["Location"] == f"/roadmap/?asks={item.pk}"
    assert "Choose a decision, or say why" in client.get(answer["Location"]).content.decode()
    answer = client.post(f"/roadmap/{item.pk}/follow/", {}, headers={"X-Board": "1"})
    assert answer.status_code == 422 and "Choose a decision" in answer.content.decode()


def test_a_drag_is_asked_in_the_same_answer(cast, item, client):
    client.force_login(cast.pm)
    path, given = f"/roadmap/{item.pk}/move/", {"horizon": "next"}
    page = client.post(path, given, headers={"X-Board": "1"}).content.decode()
    assert (
        "Which decision does this follow?" in page and f"/decisions/new/create/?from_items={item.pk}" in page
    )


def test_nobody_is_asked_about_what_they_cannot_move(cast, item, client):
    client.force_login(cast.other_pm)
    page = client.get(f"/roadmap/?asks={item.pk}").content.decode()
    assert "Which decision does this follow?" not in page
    assert client.post(f"/roadmap/{item.pk}/follow/", {"no_decision": "Mine"}).status_code == 403
