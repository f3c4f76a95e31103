"""A folder and a house to read it back into."""

from __future__ import annotations

from pathlib import Path

from filrouge.alignment.exchange.folder.contents import labels
from filrouge.alignment.exchange.folder.outside import around, export, taken, write_again
from filrouge.alignment.exchange.folder.reading import Reading
from filrouge.alignment.roadmap.scenarios import Scenario
from filrouge.core.models import History, Item
from filrouge.people.models import User
from filrouge.voices.receipts import Receipt


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def read(folder: Path, by: User, dry_run: bool = False) -> Receipt:
    reading = Reading(by, taken(folder), dry_run, around(folder))
    receipt = reading.go()
    assert receipt.read == len(taken(folder))
    if not dry_run:
        write_again(folder, reading.changed, by)
    return receipt


def counts(receipt: Receipt) -> tuple[int, ...]:
    return receipt.new, receipt.updated, receipt.unchanged, receipt.rejected


def why(receipt: Receipt) -> str:
    return "\n".join(f"{one.column}: {one.reason}" for one in receipt.remarks)


def emptied() -> None:
    """Nothing of this wing is left; evidence stays, as an export leaves it where it is."""
    ours = Item.objects.filter(type__in=labels())
    History.objects.filter(item__in=ours).delete()
    ours.delete()
    Scenario.objects.all().delete()


def file(folder: Path, name: str) -> Path:
    (found,) = folder.rglob(f"*{name}*.md")
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new, 1))


def there_and_back(folder: Path, by: User) -> str:
    """Written, read into an emptied house and written again: what was said of it, and nothing differs."""
    export(folder, by)
    before = content(folder)
    emptied()
    said = why(read(folder, User.objects.get(role="admin")))
    export(folder, by)
    assert content(folder) == before
    return said
