"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

MOST = 4_000
"""Words beyond which the texts are not compared: the comparison costs the square of their number."""


def difference(before: str, after: str) -> Markup:
    """The former text, with what was taken away and what came in its place."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if len(old) > MOST or len(new) > MOST:
        return escape(before)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return Markup("").join(
        _piece(tag, "".join(old[a:b]), "".join(new[c:d])) for tag, a, b, c, d in matcher.get_opcodes()
    )


def _piece(tag: str, gone: str, come: str) -> Markup:
    if tag == "equal":
        return escape(gone)
    taken = Markup("<del>{}</del>").format(gone) if gone else Markup("")
    return taken + (Markup("<ins>{}</ins>").format(come) if come else Markup(""))
