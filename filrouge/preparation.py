"""What must be done before the first page is served: tables, static files, the sample, the way in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from filrouge.people.models import User
from filrouge.people.tokens import SetupCode

Say = Callable[[str], None]


def prepare(sample: bool, say: Say) -> str:
    """Everything, in order; the lines that tell the reader how to get in."""
    if MigrationExecutor(connection).loader.applied_migrations == {}:
        say("Preparing the data folder for the first time...")
    migrate()
    collect_static()
    if sample:
        load_sample(say)
    return welcome()


def migrate() -> int:
    """Bring the tables to this version; how many migrations it took."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return len(plan)


def migrate_like(manifest: Path) -> int:
    """Bring empty tables to the state in which a backup was made, and no further."""
    applied = {(app, name) for app, name in json.loads(manifest.read_text())["migrations"]}
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    later = {
        parent.key for key in applied for parent in graph.node_map[key].parents if parent.key[0] == key[0]
    }
    targets = sorted(applied - later)
    plan = executor.migration_plan(targets)
    executor.migrate(targets, plan)
    call_command("createcachetable", verbosity=0)
    return len(plan)


def collect_static() -> None:
    """Static files, under names that change with their content; nothing to do if none changed."""
    stamp = Path(settings.STATIC_ROOT) / "filrouge.stamp"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            stat = Path(storage.path(path)).stat()
            found.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return found.hexdigest()


def load_sample(say: Say) -> None:
    """The sample workspace, into an installation that nobody has used; a load that was cut short goes on."""
    state = Path(settings.DATA) / "sample.state"
    begun = state.exists() and state.read_text() == "loading"
    if not find_spec("filrouge.sample.load") or not (begun or _untouched(state)):
        return
    state.write_text("loading")
    say("Loading the sample workspace...")
    import_module("filrouge.sample.load").load(say)
    state.write_text("loaded")


def _untouched(state: Path) -> bool:
    # A sample that was removed does not come back, nor does it mix with what people wrote.
    return not state.exists() and not User.objects.exists()


def welcome() -> str:
    """Where Filrouge is, and how to sign in."""
    url = settings.SITE_URL
    if SetupCode.wanted():
        code = SetupCode.issue()
        how = f"Nobody has an account yet. Open {url}{reverse('welcome')} and enter this code: {code}"
    elif User.objects.filter(sample=True, is_active=True).exists():
        how = "Choose one of the sample people on the first page to sign in (from this machine only)."
    else:
        how = "Sign in with your e-mail address and password."
    return f"Filrouge is at {url}\n{how}\nCtrl-C stops it."
