"""`filrouge ledger-check`: nothing lost, nothing doubled, nothing half-written.

Each app may have a `ledger.py` whose `CHECKS` maps a name to a function that returns what is wrong, or "".
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from filrouge.health import searchable_tables
from filrouge.jobs.models import Job, State


def check() -> dict[str, str]:
    """Every check's name, with what is wrong, or "" if all is well."""
    return {name: _ask(checker) for name, checker in _checks().items()}


def _checks() -> dict[str, Callable[[], str]]:
    found = {"database": _database, "migrations": _migrations, "jobs": _jobs, "search": _search}
    for app in settings.INSTALLED_APPS:
        if app.startswith("filrouge.") and find_spec(f"{app}.ledger"):
            found |= import_module(f"{app}.ledger").CHECKS
    return found


def _ask(checker: Callable[[], str]) -> str:
    try:
        return checker()
    except DatabaseError as error:
        return f"could not be checked: {error}"


def _database() -> str:
    if connection.vendor == "postgresql":
        return _first(
            "SELECT conname FROM pg_constraint WHERE NOT convalidated", "the constraint {} does not hold"
        )
    said = _first("SELECT integrity_check FROM pragma_integrity_check(1) WHERE integrity_check <> 'ok'", "{}")
    return said or _first(
        'SELECT "table" FROM pragma_foreign_key_check', "a row of {} points to a row that does not exist"
    )


def _first(sql: str, sentence: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return sentence.format(*row) if row else ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(plan)} are not applied: filrouge migrate" if plan else ""


def _jobs() -> str:
    """Every job is waiting, running under a lease, or ended with its reason."""
    unleased = Job.objects.filter(state=State.RUNNING, lease_until=None).count()
    silent = Job.objects.filter(state=State.DEAD, last_error="").count()
    unknown = Job.objects.exclude(state__in=State.values).count()
    said = {
        "run without a lease": unleased,
        "died without a reason": silent,
        "are in no known state": unknown,
    }
    return ", ".join(f"{count} {what}" for what, count in said.items() if count)


def _search() -> str:
    """SQLite compares each full-text index with its table; PostgreSQL's follows by construction."""
    if connection.vendor == "postgresql":
        return ""
    for table in searchable_tables():
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)")
        except DatabaseError as error:
            return f"the index of {table} does not match it: {error}"
    return ""
