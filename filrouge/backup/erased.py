"""Whoever was erased since a backup was made must not come back with it."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from filrouge.voices.kept_out import KeptOut, kept_out
from filrouge.voices.models import Suppression

FILE = "erased.json"


def note_erased(stage: Path) -> str:
    """Keep beside the unpacked backup who was erased here; or say why that cannot be known."""
    try:
        kept = _kept_out()
    except DatabaseError as error:
        return f"the database that stood here cannot be read ({error})"
    if kept is None:
        return "no database stood here"
    if kept["digests"] and (stage / "secret.key").read_bytes().strip() != settings.SEALING_KEY:
        return "the backup has another key than what stood here, so nobody in it can be told"
    (stage / FILE).write_text(json.dumps(kept))
    return ""


def _kept_out() -> KeptOut | None:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return None
    tables = connection.introspection.table_names()
    return kept_out() if Suppression._meta.db_table in tables else None
