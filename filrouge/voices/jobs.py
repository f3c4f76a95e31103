"""What is done about words behind the pages."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_tasks import task

from filrouge.jobs.run import RetryLater

INDEXED = ("voices_words", "core_item")
HELD = (*INDEXED, "voices_version", "voices_person", "feedback_rejected", "core_face")
BUSY_SECONDS = 20


@task(max_attempts=50, label=_("Remove what was erased from the disk"))
def purge() -> None:
    """Leave no byte of erased words: in the search index, the write-ahead log, or a file of an export.

    SQLite zeroes what is deleted (`secure_delete`), so the tables need no rewriting; the index holds deleted
    words until its parts are merged, and the log until it is emptied.
    """
    for file in Path(settings.EXPORTS).glob("*"):
        file.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"VACUUM {', '.join(HELD)}")
            return
        for table in INDEXED:
            cursor.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('optimize')")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0]:
            raise RetryLater(gettext_noop("somebody reads the database just now"), seconds=BUSY_SECONDS)
