"""Running the rules: over everything, or over what an act has touched; and keeping what they find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from filrouge.core.checks import Finding, Look, Severity, touched
from filrouge.core.models import Item

from .models import Found, Run
from .rules import Rule, all_rules

Key = tuple[str, int, int | None]
BATCH = 500
FULL_AT_ONCE = 2_000


def findings(look: Look, rules: Iterable[Rule]) -> dict[Key, tuple[Rule, Finding]]:
    """What the rules find, by rule, Item and what it names."""
    return {
        (rule.id, found.item, found.other): (rule, found)
        for rule in rules
        for found in rule.check.findings(look, rule.limits)
    }


def rules_on(rules: Iterable[Rule], types: set[str]) -> list[Rule]:
    """The rules that may find something of Items of these types."""
    return [rule for rule in rules if rule.on and types.intersection(rule.check.on)]


def look_everywhere() -> tuple[datetime, dict[Key, tuple[Rule, Finding]]]:
    """What every rule that is on finds of every Item; takes seconds, and holds up nobody."""
    started = timezone.now()
    return started, findings(Look(), [rule for rule in all_rules() if rule.on])


def keep_all(started: datetime, found: dict[Key, tuple[Rule, Finding]]) -> Run:
    """Keep what a look at everything found; what has changed meanwhile is for the job of that change."""
    recent = set(Item.objects.filter(changed_at__gte=started).values_list("pk", flat=True))
    settled = {key: one for key, one in found.items() if key[1] not in recent}
    keep(settled, Found.objects.filter(gone_at=None).exclude(item__in=recent), started)
    counts = Counter(rule.severity for rule, _finding in found.values())
    return Run.objects.create(
        started_at=started,
        finished_at=timezone.now(),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.INFO],
    )


def check_everything() -> Run:
    started, found = look_everywhere()
    with transaction.atomic():
        return keep_all(started, found)


def check_touched(changed: Iterable[int]) -> int:
    """Run what a change of these Items can touch: themselves and those beside them."""
    now, ids = timezone.now(), touched(set(changed))
    types = set(Item.objects.filter(pk__in=ids).values_list("type", flat=True))
    rules = rules_on(all_rules(), types)
    found = findings(Look(ids), rules)
    with transaction.atomic():
        before = Found.objects.filter(gone_at=None, item__in=ids, rule__in=[rule.id for rule in rules])
        keep(found, before, now)
    return len(found)


def keep(found: dict[Key, tuple[Rule, Finding]], before: Any, now: datetime) -> None:
    """Say of what was found before whether it still is, and write down what is new."""
    held = {(row.rule, row.item_id, row.other_id): row for row in before.select_for_update(of=("self",))}
    _close([row.pk for key, row in held.items() if key not in found], now)
    changed = [row for key, row in held.items() if key in found and _renewed(row, *found[key])]
    Found.objects.bulk_update(changed, ["values", "severity"], batch_size=BATCH)
    _seen([row.pk for key, row in held.items() if key in found], now)
    new = [_row(rule, one, now) for key, (rule, one) in found.items() if key not in held]
    Found.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)


def _close(keys: list[int], now: datetime) -> None:
    for at in range(0, len(keys), BATCH):
        Found.objects.filter(pk__in=keys[at : at + BATCH]).update(gone_at=now)


def _seen(keys: list[int], now: datetime) -> None:
    for at in range(0, len(keys), FULL_AT_ONCE):
        Found.objects.filter(pk__in=keys[at : at + FULL_AT_ONCE]).update(last_seen=now)


def _renewed(row: Found, rule: Rule, found: Finding) -> bool:
    """Whether what is told of a finding has changed; the row then tells it."""
    if row.values == found.values and row.severity == rule.severity:
        return False
    row.values, row.severity = found.values, rule.severity
    return True


def _row(rule: Rule, found: Finding, now: datetime) -> Found:
    return Found(
        rule=rule.id, severity=rule.severity, item_id=found.item, other_id=found.other,
        values=found.values, first_seen=now, last_seen=now,
    )  # fmt: skip
