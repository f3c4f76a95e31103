"""What REST and commands tell around one decision, as its memo does."""

from __future__ import annotations

from filrouge.core.plain import Plain, ref_json
from filrouge.people.leading import Leader
from filrouge.people.models import User

from .memo import Weighed, deciders, gave_place, took_its_place, weighed
from .models import Decision


def around(item: Decision, reader: User) -> Plain:
    return {
        "options": [weighed_json(one) for one in weighed(item, reader)],
        "deciders": [decider_json(one) for one in deciders(item.team_id)],
        "supersedes": [ref_json(one) for one in gave_place(item, reader)],
        "superseded_by": [ref_json(one) for one in took_its_place(item, reader)],
    }


def decider_json(one: Leader) -> Plain:
    manager = {"id": one.manager, "name": one.manager_name}
    return {"id": one.id, "name": one.name, "stands_in_for": manager if one.stands_in else None}


def weighed_json(one: Weighed) -> Plain:
    """An option with the evidence for and against it that the reader sees."""
    return one.option.as_json() | {
        "for": [ref_json(item) for item in one.supports],
        "against": [ref_json(item) for item in one.opposes],
    }
