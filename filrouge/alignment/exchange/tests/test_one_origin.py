"""The two tables of origins that there were become one: no row is lost, nor what points from it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from tests.fixtures.cast import Cast

BEFORE = [("exchange", "0003_pointer_asked"), ("decisions", "0004_threshold")]
AFTER = [("exchange", "0004_one_origin"), ("decisions", "0005_one_origin")]

pytestmark = pytest.mark.django_db(transaction=True)


def migrated(to: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


def test_there_and_back_with_rows_in_both(cast: Cast) -> None:
    ink, nib = (Initiative.create(by=cast.pm, title=title).pk for title in ("Ink", "Nib"))
    store, queue = (Decision.create(by=cast.pm, title=title).pk for title in ("Store", "Queue"))
    try:
        apps = migrated(BEFORE)
        plans, decided = apps.get_model("exchange", "Origin"), apps.get_model("decisions", "Origin")
        for number, (source, name, item) in enumerate(
            [("jira", "K-1", ink), ("adr", "0001", nib), ("folder", "decisions/1.md", store)]
        ):
            row = plans.objects.create(
                pk=number + 2, source=source, external_id=name, item_id=item, known={"title": "T"}
            )
            row.pointers.create(relation="blocks", name="K-9", target_id=nib)
        decided.objects.create(
            source="adr", external_id="0001", decision_id=store, status="rejected", digest="d"
        )
        decided.objects.create(source="folder", external_id="0002", decision_id=queue, digest="e")
        origins = migrated(AFTER).get_model("core", "Origin").objects.order_by("item_id", "source")
        T, rejected = {"title": "T"}, {"status": "rejected", "digest": "d"}
        assert list(origins.values_list("source", "external_id", "item_id", "known", "pointers__name")) == [
            ("jira", "K-1", ink, T, "K-9"),
            ("adr", "0001", nib, T, "K-9"),
            ("adr (decisions)", "0001", store, rejected, None),
            ("folder", "decisions/1.md", store, T, "K-9"),
            ("folder (decisions)", "0002", queue, {"status": "", "digest": "e"}, None),
        ]
        apps = migrated(BEFORE)
        plans, decided = apps.get_model("exchange", "Origin"), apps.get_model("decisions", "Origin")
        kept = plans.objects.order_by("item_id").values_list("external_id", "item_id", "pointers__name")
        assert list(kept) == [("K-1", ink, "K-9"), ("0001", nib, "K-9"), ("decisions/1.md", store, "K-9")]
        found = decided.objects.order_by("pk").values_list("external_id", "decision_id", "status", "digest")
        assert list(found) == [("0001", store, "rejected", "d"), ("0002", queue, "", "e")]
    finally:
        migrated(AFTER)
