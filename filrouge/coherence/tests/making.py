"""Items as a rule may find them, made past the Verbs that refuse some of them; and what a rule finds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from filrouge.coherence.models import Found
from filrouge.coherence.rules import rule_named
from filrouge.coherence.telling import Teller
from filrouge.core.checks import Finding, Look, all_checks
from filrouge.core.kinds import by_label
from filrouge.core.models import Face, History, Item, Link
from filrouge.people.models import User
from filrouge.voices.models import Source, Words

ITEM, OPPORTUNITY, DECISION = "roadmap.Initiative", "insights.Opportunity", "decisions.Decision"
GOAL, KEY_RESULT = "strategy.Goal", "strategy.KeyResult"


def today() -> date:
    return timezone.localdate()


def day(number: int) -> date:
    """So many days from today."""
    return today() + timedelta(days=number)


def moment(number: int) -> datetime:
    return timezone.now() + timedelta(days=number)


def make(label: str, cast: Any, **fields: Any) -> Any:
    """An Item with its first trace; `changed` says when somebody last touched it."""
    model, changed = by_label(label), fields.pop("changed", None)
    given = {"title": "Something", "author": cast.pm, "team": cast.team, "status": model.starts_as} | fields
    made = model(type=model.type_label(), **given)
    made.remember("create", by=given["author"], before={})
    if changed is not None:
        Item.objects.filter(pk=made.pk).update(changed_at=changed)
    return made


def link(source: Any, target: Any, relation: str) -> Link:
    return Link.objects.create(source_id=source.pk, target_id=target.pk, relation=relation)


def told(item: Any, circle: str = "world", language: str = "en", days: int = 0, **fields: Any) -> Face:
    given = {"title": "A wording", "text": "What it changes for you.", "revision": item.revision} | fields
    face: Face = Face.objects.create(
        item_id=item.pk, type=item.type, circle=circle, language=language, approved_at=moment(days), **given
    )
    return face


def acted(item: Any, verb: str, days: int = 0, before: Any = None, after: Any = None) -> None:
    """A trace of an act as it would stand in the history."""
    History.objects.create(
        item_id=item.pk, verb=verb, at=moment(days), revision=1, before=before or {}, after=after or {}
    )


def quote(cast: Any, days: int = -10, text: str = "I lose my place.", person: Any = None) -> Any:
    source = Source.objects.get_or_create(name="Survey")[0]
    number = Words.objects.count()
    said = Words.objects.create(
        source=source, external_id=str(number), text=text, language="en", said_at=moment(days), person=person
    )
    return make("insights.Quote", cast, version=said.frozen(), start=0, end=4)


def behind(item: Any, cast: Any, people: int = 2, days: int = -10) -> None:
    """An opportunity that the item answers, with as many voices behind it."""
    problem = make(OPPORTUNITY, cast, title="A problem")
    link(problem, item, "answered_by")
    for _number in range(people):
        link(quote(cast, days), problem, "supports")


def finds(rule: str, **limits: int) -> list[int]:
    """The Items of which a rule finds something; over everything, and item by item, it must be the same."""
    check = next(one for one in all_checks() if one.id == rule)
    told = list(check.findings(Look(), limits))
    everything = [found.item for found in told]
    for found in told[:1]:
        _can_be_mended(check.id, found)
    one_by_one = _one_by_one(check, Item.objects.values_list("pk", flat=True), limits)
    assert sorted(everything) == sorted(one_by_one), "a change of the Item alone shows something else"
    return everything


def ways_to_mend(rule: str, item: Any, by: User) -> Any:
    """What somebody is offered against the one finding of a rule."""
    check = next(one for one in all_checks() if one.id == rule)
    (found,) = check.findings(Look([item.pk]), {})
    return _as_told(rule, found, by).ways


def _as_told(rule: str, found: Finding, by: User) -> Any:
    seen = Found(rule=rule, item_id=found.item, other_id=found.other, values=found.values)
    seen.first_seen = seen.last_seen = timezone.now()
    (told,) = Teller(by).tell([seen])
    return told


def _can_be_mended(rule: str, found: Finding) -> None:
    """Whoever may mend it is offered a dialog on the Item, and it opens."""
    item = Item.objects.get(pk=found.item).specific
    known = rule_named(rule)
    assert known is not None
    able = [one for one in User.objects.filter(is_active=True) if known.may_mend(one, item)]
    assert able, "nobody may mend it"
    as_told = _as_told(rule, found, able[0])
    assert as_told.ways, "no way to mend it"
    client = Client()
    client.force_login(able[0])
    for way in as_told.ways:
        assert client.get(way.url).status_code == 200, way.url


def _one_by_one(check: Any, keys: Iterable[int], limits: dict[str, int]) -> list[int]:
    return [found.item for pk in keys for found in check.findings(Look([pk]), limits)]
