"""Times the rules of coherence over a filled data folder: everything, and what one change touches."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from filrouge.alignment.roadmap.dependencies import Dependency  # noqa: E402
from filrouge.alignment.strategy.models import Goal, KeyResult, Observation  # noqa: E402
from filrouge.coherence import running  # noqa: E402
from filrouge.coherence.models import Found  # noqa: E402
from filrouge.coherence.rules import all_rules  # noqa: E402
from filrouge.core.models import Face, History, Item, Link  # noqa: E402
from filrouge.people.models import Role, Team, User  # noqa: E402

from .figures import median, percentile  # noqa: E402

CHANGES, ROUNDS, GOALS = 200, 3, 300


def lived_in() -> None:
    """Dates, a past and wordings, so that the rules have something to read and to find."""
    draw, now = random.Random(7), timezone.now()
    today = timezone.localdate()
    plans = list(Item.objects.filter(type="roadmap.Initiative").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        starts = [today + timedelta(days=draw.randrange(-200, 20)) for _pk in plans]
        ends = [day + timedelta(days=draw.randrange(20, 300)) for day in starts]
        dated = "UPDATE roadmap_initiative SET starts = %s, ends = %s WHERE item_ptr_id = %s"
        cursor.executemany(dated, list(zip(starts, ends, plans, strict=True)))
        cursor.execute(
            "UPDATE decisions_decision SET due = %s WHERE item_ptr_id %% 3 = 0", [today - timedelta(days=9)]
        )
    every = Item.objects.values_list("pk", "changed_at")
    past = [History(item_id=pk, verb="create", at=at, revision=1, after={"title": "t"}) for pk, at in every]
    past += [_moved(pk, now - timedelta(days=step), step) for pk in plans for step in (40, 30, 20)]
    History.objects.bulk_create(past, batch_size=2_000)
    told = [
        Face(
            item_id=pk, type="roadmap.Initiative", circle="world", language="en", title="Said",
            text="What it changes for you.", shown_date="Q2 2026", revision=1, approved_at=now,
        )
        for pk in plans[::3]
    ]  # fmt: skip
    Face.objects.bulk_create(told, batch_size=2_000, ignore_conflicts=True)
    aimed(plans)


def aimed(plans: list[int]) -> None:
    """Goals, key results and their log, what the roadmap does for them, what items need of one another."""
    draw, now, today = random.Random(11), timezone.now(), timezone.localdate()
    author = User.objects.get(role=Role.PRODUCT_MANAGER)
    given = {"author": author, "team": Team.objects.get(name="Bench"), "status": "open", "owner": author}
    period = {"starts": today - timedelta(days=60), "ends": today + timedelta(days=30)}
    goals = [_saved(Goal, f"Calm {number}", **given, **period) for number in range(GOALS)]
    measures = [
        _saved(KeyResult, f"{_name(number)} from 0 to 9", start=0, target=9, **given, **period)
        for number in range(3 * GOALS)
    ]
    links = {(one.pk, draw.choice(goals).pk) for one in measures} | {
        (pk, draw.choice(goals).pk) for pk in plans[::2]
    }
    Link.objects.bulk_create(Link(source_id=a, target_id=b, relation="contributes") for a, b in links)
    Observation.objects.bulk_create(
        Observation(key_result=one, value=draw.randrange(9), at=now - timedelta(days=5 * step), confidence=5)
        for one in measures
        for step in range(12)
    )
    pairs = {tuple(draw.sample(plans, 2)) for _number in range(GOALS)}
    Dependency.objects.bulk_create(Dependency(item_id=a, needs_id=b) for a, b in pairs)


def _name(number: int) -> str:
    """A word of its own: letters only, for numbers are no part of what a title measures."""
    return "Share of " + "".join(chr(97 + int(digit)) for digit in f"{number:05}")


def _saved(model: Any, title: str, **fields: Any) -> Any:
    made = model(type=model.type_label(), title=title, **fields)
    made.save()
    return made


def _moved(pk: int, at: object, step: int) -> History:
    before, after = {"ends": f"2027-01-{50 - step:02}"}, {"ends": f"2027-03-{50 - step:02}"}
    return History(item_id=pk, verb="schedule", at=at, revision=2, before=before, after=after)


def spent(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    lived_in()
    everything = [spent(running.check_everything) for _round in range(ROUNDS)]
    keys = list(Item.objects.exclude(type="insights.Quote").values_list("pk", flat=True))
    changed = random.Random(9).sample(keys, min(CHANGES, len(keys)))
    saves = []
    for pk in changed:
        with transaction.atomic():
            saves.append(spent(lambda pk=pk: running.check_touched([pk])) * 1_000)  # type: ignore[misc]
    result = {
        "items": Item.objects.count(),
        "rules": sum(rule.on for rule in all_rules()),
        "findings": Found.objects.filter(gone_at=None).count(),
        "first": everything[0],
        "again": median(everything[1:]),
        "saves": [median(saves), percentile(saves, 0.95), max(saves)],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    sys.exit(main())
