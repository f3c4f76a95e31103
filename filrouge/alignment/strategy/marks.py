"""The marks of a milestone, written as lines: how much is done when it is reached, and its name."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from filrouge.core.errors import BadInput

DAY = re.compile(r"\s([0-9]{4}-[0-9]{2}-[0-9]{2})")
LINE = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?)\s*%?\s*(.*)")
MOST = 40


def marks_of(text: str) -> tuple[tuple[Fraction, str], ...]:
    """(share, name) pairs, growing up to 1; BadInput says which line is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise BadInput(_("Give at most %(most)s marks.") % {"most": MOST}, "marks")
    found: list[tuple[Fraction, str]] = []
    for line in lines:
        read = LINE.fullmatch(line)
        share = Fraction(read[1].replace(",", ".")) / 100 if read else Fraction(-1)
        if read is None or not (found[-1][0] if found else Fraction(0)) <= share <= 1:
            raise BadInput(
                _("“%(line)s” is no mark: write its share in percent, growing up to 100, then its name.")
                % {"line": line[:80]},
                "marks",
            )
        found.append((share, read[2].strip()))
    return tuple(found)


def dues_of(text: str) -> tuple[date | None, ...]:
    """The day that each mark is due by, where its line ends with one."""
    return tuple(_due(name) for _share, name in marks_of(text))


def _due(name: str) -> date | None:
    ending = DAY.fullmatch(f" {name}"[-11:])
    try:
        return date.fromisoformat(ending[1]) if ending else None
    except ValueError:
        return None
