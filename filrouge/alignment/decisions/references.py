"""What files say of each other: “superseded by ADR-0005”, “Replaces: 12”. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from .madr import Memo


class Refs:
    """The ids that are known, and what a reference means among them."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = set(ids)
        self.numbered: dict[int, list[str]] = defaultdict(list)
        for id in sorted(self.ids):
            if (number := number_of(id)) is not None:
                self.numbered[number].append(id)

    def find(self, ref: str) -> list[str]:
        """None, one, or several files that a reference may mean."""
        plain = ref.strip().removesuffix(".md")
        if plain in self.ids:
            return [plain]
        number = number_of(plain)
        return self.numbered.get(number, []) if number is not None else []

    def one(self, ref: str) -> str:
        found = self.find(ref)
        return found[0] if len(found) == 1 else ""

    def faults(self, memo: Memo, by_id: Mapping[str, Memo]) -> Iterator[tuple[str, str]]:
        """Dangling, ambiguous and unmirrored references, as (column, sentence)."""
        sides = (
            ("superseded by", memo.superseded_by, "supersedes"),
            ("supersedes", memo.supersedes, "superseded_by"),
        )
        for column, refs, mirror in sides:
            for ref in refs:
                if (sentence := self.dangling(ref)) is not None:
                    yield column, sentence
                elif (other := by_id.get(self.one(ref))) and not self.names(getattr(other, mirror), memo.id):
                    yield (
                        column,
                        _("“%(title)s” does not say the same: the link is drawn all the same.")
                        % {"title": other.title[:120]},
                    )

    def dangling(self, ref: str) -> str | None:
        found = self.find(ref)
        if not found:
            return _("“%(ref)s” is neither in this import nor here: no link was drawn.") % {"ref": ref[:80]}
        if len(found) > 1:
            return _("“%(ref)s” may be any of %(files)s: no link was drawn.") % {
                "ref": ref[:80],
                "files": ", ".join(found[:5]),
            }
        return None

    def names(self, refs: Iterable[str], id: str) -> bool:
        return any(self.one(ref) == id for ref in refs)

    def pairs(self, memos: Iterable[Memo]) -> list[tuple[str, str]]:
        """(former, later) for all that is said on either end."""
        found: dict[tuple[str, str], None] = {}
        for memo in memos:
            found |= {(memo.id, later): None for ref in memo.superseded_by if (later := self.one(ref))}
            found |= {(former, memo.id): None for ref in memo.supersedes if (former := self.one(ref))}
        return [pair for pair in found if pair[0] != pair[1]]


def number_of(text: str) -> int | None:
    found = re.search(r"\d{1,9}", text)
    return int(found[0]) if found else None
