"""The log as plain text: each decision a file, Markdown or with PEP headers, to take elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.text import slugify
from django.utils.translation import gettext as _

from filrouge.core.circles import Circle
from filrouge.core.errors import Refused
from filrouge.core.models import Link
from filrouge.people.models import User

from . import madr, pep
from .assumption import plain
from .madr import Choice, Memo
from .models import SUPERSEDED_BY, Decision
from .options import Option, Part
from .statuses import meaning

STATUS = {"open": "proposed", "decided": "accepted", "superseded": "superseded"}
KEPT = {
    "madr": {"rejected", "withdrawn"},
    "pep": {"rejected", "withdrawn", "final", "active", "provisional", "deferred"},
}
"""Words of its own file that say more than ours."""
WRITERS: dict[str, Callable[[Memo], str]] = {"madr": madr.write, "pep": pep.write}
TYPES = {"madr": "text/markdown; charset=utf-8", "pep": "text/x-rst; charset=utf-8"}
MOST = 10_000


def home(pk: int) -> str:
    """Tells this workspace's files from those of another one."""
    return salted_hmac("filrouge.decisions.home", str(pk)).hexdigest()[:16]


def memo_of(item: Decision, places: dict[int, tuple[list[str], list[str]]], format: str = "madr") -> Memo:
    """What stands on its page, as a file tells it; a reopened question tells no former answer."""
    options = list(item.options.all())
    answered = item.status != Decision.Status.OPEN
    later, former = places.get(item.pk, ([], []))
    taken = item.decided_at.date() if answered and item.decided_at else None
    return Memo(
        id=str(item.pk), title=item.title, status=_status(item, format),
        author=_author(item), created=min(day for day in (item.created_at.date(), taken) if day),
        decided_on=taken, makers=_makers(item),
        consulted=_names(item, Part.As.CONTRIBUTOR), informed=_names(item, Part.As.INFORMED),
        driver=item.driver.name if item.driver else "", team=item.team.name if item.team else "",
        due=item.due, review=item.review_on, address=item.address, context=item.context,
        options=tuple(_choice(option) for option in options), change_mind=item.change_mind,
        chosen=next((one.title for one in options if one.chosen), "") if answered else "",
        outcome=item.outcome if answered else "", rationale=item.rationale if answered else "",
        superseded_by=tuple(later), supersedes=tuple(former), home=home(item.pk),
        **_rests_on(item),
    )  # fmt: skip


def _rests_on(item: Decision) -> dict[str, Any]:
    """The threshold; a private key result is not named in a file."""
    if item.threshold is None or item.key_result is None or item.key_result.circle == Circle.PRIVATE:
        return {}
    return {"key_result": item.key_result.title, "breaks": item.breaks, "threshold": plain(item.threshold)}


def _author(item: Decision) -> str:
    """Who wrote it, as PEPs name them: who contributed, else who drives it, else who asked."""
    asked = item.driver or item.author
    return ", ".join(_names(item, Part.As.CONTRIBUTOR)) or (asked.name if asked else "")


def _status(item: Decision, format: str) -> str:
    """As its own file said it, where that still means the same: “rejected” is more than “accepted”."""
    written = next(
        (str(one.known.get("status", "")).lower() for one in item.origins.all() if "digest" in one.known), ""
    )
    means, word = meaning(written, answered=False)
    return word if word in KEPT[format] and item.status == means else STATUS[item.status]


def _makers(item: Decision) -> str:
    if item.status == Decision.Status.OPEN:
        return ""
    return item.decided_by.name if item.decided_by else item.taken_by


def _names(item: Decision, part: str) -> tuple[str, ...]:
    return tuple(one.who for one in item.parts.all() if one.part == part)


def _choice(option: Option) -> Choice:
    return Choice(
        option.title, option.about, tuple(option.pros.splitlines()), tuple(option.cons.splitlines())
    )


def written(rows: Any, reader: User | None, format: str = "madr") -> Iterator[tuple[str, str]]:
    """(file name, text) of each decision, in the order of their numbers."""
    related = ("team", "author", "driver", "decided_by", "key_result")
    found = list(rows.select_related(*related).prefetch_related("origins").order_by("pk")[:MOST])
    places = _places([item.pk for item in found], reader)
    for item in found:
        yield file_name(item, format), WRITERS[format](memo_of(item, places, format))


def text_of(item: Decision, reader: User | None, format: str = "madr") -> str:
    return next(text for _name, text in written(Decision.objects.filter(pk=item.pk), reader, format))


def file_name(item: Decision, format: str = "madr") -> str:
    if format == "pep":
        return f"pep-{item.pk:04d}.rst"
    return f"{item.pk:04d}-{slugify(item.title)[:60] or 'decision'}.md"


def shareable(rows: Any) -> Any:
    """A private decision is not part of the log."""
    return rows.exclude(circle=Circle.PRIVATE)


def zipped(rows: Any, reader: User | None, format: str = "madr") -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in written(shareable(rows), reader, format):
            archive.writestr(f"decisions/{name}", text)
    return out.getvalue()


def write_into(folder: Path, rows: Any, reader: User | None, format: str = "madr") -> int:
    """One file a decision; what was written before under a former title goes, what others wrote stays."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, text in written(shareable(rows), reader, format):
        if format == "madr":  # only its names hold the title
            _forget_former(folder, name)
        if (folder / name).is_symlink():  # laid by others, it would lead this text somewhere else
            (folder / name).unlink()
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        count += 1
    return count


def _forget_former(folder: Path, name: str) -> None:
    number = name.split("-", 1)[0]
    ours = f"home: {home(int(number))}"
    for former in folder.glob(f"{number}-*.md"):
        if former.name != name and ours in former.read_text(encoding="utf-8", errors="replace"):
            former.unlink()


def _places(pks: list[int], reader: User | None) -> dict[int, tuple[list[str], list[str]]]:
    """What superseded each, and what each supersedes, as far as the reader sees it."""
    seen = Decision.objects.visible_to(reader).values("pk")
    edges = Link.objects.filter(relation=SUPERSEDED_BY, source_id__in=seen, target_id__in=seen)
    edges = edges.filter(Q(source_id__in=pks) | Q(target_id__in=pks))
    found: dict[int, tuple[list[str], list[str]]] = {pk: ([], []) for pk in pks}
    for former, later in edges.order_by("id").values_list("source_id", "target_id"):
        if former in found:
            found[former][0].append(str(later))
        if later in found:
            found[later][1].append(str(former))
    return found


def at_home(memo: Memo, reader: User, format: str) -> str | None:
    """A file of this very workspace makes no second decision; None for all others."""
    pk = int(memo.id) if re.fullmatch(r"\d{1,18}", memo.id) else 0
    if not memo.home or memo.home != home(pk):
        return None
    item = Decision.objects.visible_to(reader).filter(pk=pk).first()
    if item is None:
        return None
    if text_of(item, reader, format) == WRITERS[format](memo):
        return "unchanged"
    raise Refused(_("This decision lives here: change it on its page, not in the file."), "id")
