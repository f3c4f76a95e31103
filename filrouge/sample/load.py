"""Loads the sample workspace: people, real words, and what its people made of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from filrouge.core.models import Item
from filrouge.people.models import Product, Team, User
from filrouge.voices.arrivals import receive
from filrouge.voices.models import Source

from .files import workspace
from .models import Footstep
from .words import ARRIVALS
from .writing import Desk

Say = Callable[[str], object]
Told = Mapping[str, Any]


def load(progress: Say = print) -> bool:
    """Load the sample; False where it is loaded already, or where somebody's own work stands in its place.

    Each step can be done again: a load that was cut short is completed by the next.
    """
    told, started = workspace(), time.monotonic()
    if loaded() or in_the_way(told):
        return False
    with transaction.atomic():
        desk = _house(told)
    for key, arrivals in ARRIVALS.items():
        source = desk.sources[key]
        receipt = receive(source, arrivals(), by=desk.people["ops"])
        progress(f"  {source.name}: {receipt.read:,} texts")
    with transaction.atomic():  # the Items come last and all at once: where they are, everything is
        desk.write(told)
        mine = Item.objects.filter(author__in=[person.pk for person in desk.people.values()])
        number = mine.update(sample=True)
        arrived = [Footstep(user=person, step=Footstep.ARRIVED) for person in desk.people.values()]
        Footstep.objects.bulk_create(arrived)
    progress(f"  {number} items around them, in {time.monotonic() - started:.0f} s")
    return True


def loaded() -> bool:
    return bool(Item.objects.filter(sample=True).exists())


def in_the_way(told: Told) -> bool:
    """Whether an account, team or source of somebody's own has a name that the sample needs."""
    emails = [address(one) for one in told["people"]]
    teams, sources = ([one["name"] for one in told[name]] for name in ("teams", "sources"))
    return (
        User.objects.filter(email__in=emails, sample=False).exists()
        or Team.objects.filter(name__in=teams, sample=False).exists()
        or Source.objects.filter(name__in=sources, sample=False).exists()
    )


def address(told: Told) -> str:
    return f"{told['key']}@example.org"


def _house(told: Told) -> Desk:
    teams: dict[str, Team] = {}
    for one in told["teams"]:
        fields = {
            "country": one.get("country", ""),
            "parent": teams.get(one.get("part_of", "")),
            "sample": True,
        }
        teams[one["key"]] = Team.objects.get_or_create(name=one["name"], defaults=fields)[0]
    products: dict[str, Product] = {}
    for one in told["products"]:
        place = {"name": one["name"], "parent": products.get(one.get("part_of", ""))}
        fields = {"team": teams[one["team"]], "sample": True}
        products[one["key"]] = Product.objects.get_or_create(**place, defaults=fields)[0]
    people = {one["key"]: _person(one, teams) for one in told["people"]}
    sources = {one["key"]: _source(one) for one in told["sources"]}
    return Desk(people, teams, products, sources)


def _person(told: Told, teams: Mapping[str, Team]) -> User:
    fields = {"name": told["name"], "language": told.get("language", "en"), "timezone": told["timezone"]}
    person = User.objects.filter(email=address(told)).first() or User.objects.create_user(
        address(told), told["role"], None, sample=True, **fields
    )
    for key in told.get("teams", ()):
        person.memberships.get_or_create(team=teams[key])
    return person


def _source(told: Told) -> Source:
    fields = {"licence": told["licence"], "url": told["url"], "about": told["about"].strip(), "sample": True}
    return Source.objects.get_or_create(name=told["name"], defaults=fields)[0]
