"""Long work that pages start: the files of large exports."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from filrouge.core import lists
from filrouge.core.filters import count
from filrouge.core.kinds import item_type
from filrouge.core.models import Item
from filrouge.core.plain import rows_for_export, written
from filrouge.jobs.run import current_run
from filrouge.people.access import Act, may
from filrouge.people.models import User

KEEP_DAYS = 2
MOST = 10_000_000


@task(queue_name="long", label=_("Write an export"))
def write_export(slug: str, query: str, format: str, reader: int) -> dict[str, Any]:
    """Write the list as its reader may see it now to a file that is complete or absent."""
    person = User.objects.get(pk=reader)
    model = item_type(slug)
    if model is None or not may(person, Act.EXPORT):
        return {"rows": 0}
    clear_old()
    rows = rows_for_export(model, lists.parse(model, QueryDict(query)), person)
    total, _more = count(rows, MOST)
    file = Path(settings.EXPORTS) / f"{current_run().job.pk}.{format}"
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    with translation.override(person.language), unfinished.open("wb") as out:
        for block in written(model, _watched(rows.iterator(chunk_size=500), total), format):
            out.write(block)
    unfinished.replace(file)
    return {"rows": total}


def _watched(rows: Iterator[Item], total: int) -> Iterator[Item]:
    """The rows, while the job says how far it is and stops if a person asks."""
    run = current_run()
    for number, row in enumerate(rows, 1):
        if number % 200 == 0:
            run.progress(number, total)
            run.stop_if_cancelled()
        yield row


def clear_old() -> None:
    """Forget files that nobody fetched for two days."""
    limit = time.time() - KEEP_DAYS * 24 * 3600
    for file in Path(settings.EXPORTS).glob("*"):
        if file.is_file() and file.stat().st_mtime < limit:
            file.unlink(missing_ok=True)
