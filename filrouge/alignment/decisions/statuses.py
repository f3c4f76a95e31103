"""What the status of a file means here, as MADR, PEPs and others write it, in English or French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from django.utils.translation import gettext as _

from filrouge.lib.search_text import fold

from .madr import Memo


class Meaning(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    SUPERSEDED = "superseded"


WORDS = {
    Meaning.OPEN: "proposed draft open pending deferred proposee propose brouillon ouverte ouvert reportee",
    Meaning.DECIDED: "accepted decided final active provisional approved adopted implemented rejected "
    "withdrawn acceptee accepte decidee adoptee adopte validee valide rejetee rejete refusee retiree",
    Meaning.SUPERSEDED: "superseded superceded deprecated replaced obsolete remplacee remplace obsoletes",
}  # fmt: skip
MEANS = {word: means for means, words in WORDS.items() for word in words.split()}
SAME = {
    "rejetee": "rejected", "rejete": "rejected", "refusee": "rejected", "retiree": "withdrawn",
}  # fmt: skip


def meaning(status: str, answered: bool) -> tuple[Meaning, str]:
    """What it means, and the word by which; without a word that we know, an answer makes it decided."""
    words = re.findall(r"[a-z]+", fold(status))
    known = next((word for word in words if word in MEANS), "")
    if known:
        return MEANS[known], SAME.get(known, known)
    return (Meaning.DECIDED if answered and not words else Meaning.OPEN), ""


def dirt(memo: Memo, word: str) -> Iterator[str]:
    """What is wrong with a status: said, and still taken as well as can be."""
    plain = fold(memo.status).strip()
    if not plain:
        yield _("No status: an answer makes it decided, without one it is open.")
    elif not word:
        yield _("The status “%(status)s” is none that Filrouge knows: it came in as an open question.") % {
            "status": memo.status[:80]
        }
    elif plain not in MEANS:
        yield _("The status “%(status)s” was taken as “%(word)s”.") % {
            "status": memo.status[:80],
            "word": word,
        }
    superseded = MEANS.get(word) == Meaning.SUPERSEDED
    if superseded and not memo.superseded_by:
        yield _("Superseded, but nothing is named in its place: it came in as decided.")
    if memo.superseded_by and not superseded:
        yield _("Something is named in its place, but its status is “%(status)s”.") % {
            "status": memo.status[:80]
        }
