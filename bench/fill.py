"""Fills a data folder for measuring: people with open sessions, 200,000 Items. Run inside its environment."""

from __future__ import annotations

import json
import random
import sys
from datetime import timedelta

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from filrouge.core.models import Face, Item, Link  # noqa: E402
from filrouge.lib.search_text import stems_and_forms  # noqa: E402
from filrouge.people.models import Role, Team, User  # noqa: E402
from filrouge.people.sessions import SessionStore  # noqa: E402
from filrouge.voices.arrivals import receive  # noqa: E402
from filrouge.voices.models import Source  # noqa: E402
from filrouge.voices.rules import Arrival  # noqa: E402

from .corpus import texts  # noqa: E402

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SHARE = {
    "insights.Quote": 0.3,
    "insights.Insight": 0.25,
    "insights.Opportunity": 0.2,
    "roadmap.Initiative": 0.15,
    "decisions.Decision": 0.1,
}
STATUS = {
    "insights.Quote": [""],
    "insights.Insight": [""],
    "insights.Opportunity": ["open", "open", "closed", "proposed"],
    "roadmap.Initiative": ["planned", "started", "shipped"],
    "decisions.Decision": ["open", "decided"],
}
OWN = {
    "insights.Insight": ("insights_insight", "claim, confidence, unknowns", "title, 'medium', ''"),
    "insights.Opportunity": (
        "insights_opportunity",
        "problem, audience, unknowns, reason, framed_at",
        "title, 'analysts', '', '', created_at",
    ),
    "roadmap.Initiative": (
        "roadmap_initiative",
        "outcome, horizon, shipped_on, version, notes, reason, address, position, "
        "starts_precision, ends_precision",
        "title, 'next', NULL, '', '', '', '', id, 'day', 'day'",
    ),
    "decisions.Decision": (
        "decisions_decision",
        "context, due, outcome, rationale, brief, decided_at, decided_by_id, change_mind, address, taken_by, "
        "reopened_for, reopened_why, breaks",
        "title, NULL, '', title, '{}', CASE WHEN status = 'decided' THEN changed_at END, author_id, "
        "'', '', '', '', '', ''",
    ),
}


def people() -> dict[str, str]:
    """One person a role, each with a session: role -> cookie."""
    team, _new = Team.objects.get_or_create(name="Bench")
    cookies = {}
    for role in Role.values:
        user = User.objects.filter(role=role).first() or User.objects.create_user(
            f"{role}@bench.example", role
        )
        user.team_ids or user.memberships.create(team=team)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies[role] = f"sessionid={session.session_key}"
    return cookies


def items(number: int) -> None:
    draw, now = random.Random(3), timezone.now()
    author, team = User.objects.filter(role=Role.PRODUCT_MANAGER).get(), Team.objects.get(name="Bench")
    kinds = draw.choices(list(SHARE), list(SHARE.values()), k=number)
    batch = []
    for index, ((language, text), kind) in enumerate(zip(texts(number, 4), kinds, strict=True)):
        title = text[:70].strip() or "Untitled"
        stems, forms = stems_and_forms(title, language)
        at = now - timedelta(minutes=number - index)
        batch.append(
            Item(
                type=kind,
                title=title,
                status=draw.choice(STATUS[kind]),
                author=author,
                team=team,
                circle="private" if index % 50 == 0 else "team",
                created_at=at,
                changed_at=at,
                stems=stems,
                forms=forms,
            )
        )
        if len(batch) == 2_000:
            Item.objects.bulk_create(batch)
            batch.clear()
    Item.objects.bulk_create(batch)
    own_columns()
    quotes(draw)
    edges(draw)


def own_columns() -> None:
    with connection.cursor() as cursor:
        for kind, (table, columns, values) in OWN.items():
            cursor.execute(
                f"INSERT INTO {table} (item_ptr_id, {columns}) "
                f"SELECT id, {values} FROM core_item WHERE type = %s",
                [kind],
            )


def quotes(draw: random.Random) -> None:
    """Each quote has its words, said by one of so many people, and their version."""
    keys = _keys("insights.Quote")
    said = zip(keys, texts(len(keys), 5), strict=True)
    arrivals = [
        Arrival(pk, text, str(pk), author=f"user {draw.randrange(len(keys) // 3 + 1)}", language=language)
        for pk, (language, text) in said
    ]
    source = Source.objects.create(name="Bench quotes")
    receive(source, arrivals, by=User.objects.filter(role=Role.PRODUCT_OPS).get())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO voices_version (words_id, number, text, kept_at) "
            "SELECT id, 1, text, received_at FROM voices_words"
        )
        cursor.execute(
            'INSERT INTO insights_quote (item_ptr_id, version_id, start, "end") '
            "SELECT CAST(w.external_id AS bigint), v.id, 0, 20 "
            "FROM voices_version v JOIN voices_words w ON w.id = v.words_id"
        )


def _keys(label: str) -> list[int]:
    return list(Item.objects.filter(type=label).order_by("pk").values_list("pk", flat=True))


def edges(draw: random.Random) -> None:
    """Three insights an opportunity, every quote for or against an insight, some wordings for the company."""
    insights, opportunities = _keys("insights.Insight"), _keys("insights.Opportunity")
    pairs = {(draw.choice(insights), target, "supports") for target in opportunities for _n in range(3)}
    sides = ("supports", "supports", "supports", "contradicts")
    pairs |= {(quote, draw.choice(insights), draw.choice(sides)) for quote in _keys("insights.Quote")}
    links = [Link(source_id=a, target_id=b, relation=relation) for a, b, relation in sorted(pairs)]
    Link.objects.bulk_create(links, batch_size=2_000)
    opened = Item.objects.filter(pk__in=insights[::100] + opportunities[::100])
    faces = [
        Face(
            item=item,
            type=item.type,
            circle="company",
            language="en",
            title=item.title,
            text=item.title,
            revision=1,
            approved_at=item.created_at,
        )
        for item in opened
    ]
    Face.objects.bulk_create(faces, batch_size=2_000)


if __name__ == "__main__":
    found = people()
    if len(sys.argv) > 1:
        items(int(sys.argv[1]))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(json.dumps(found))
