"""docs/coherence.md names every rule of the reference, and says of each truly whether it is built."""

from __future__ import annotations

import re

from filrouge.coherence.rules import WAITING
from filrouge.core.checks import all_checks
from tests.fixtures.shell import ROOT

ROW = re.compile(r"^\| ([A-Z]+-\d\d) \| (\w*) \| [^|]+ \| (built|waiting|dropped)\b", re.MULTILINE)


def test_every_rule_stands_in_the_table() -> None:
    rows = ROW.findall((ROOT / "docs" / "coherence.md").read_text())
    assert len(rows) == len({id for id, _severity, _state in rows}) == 77
    built = {(check.id, check.severity.value) for check in all_checks()}
    assert {(id, severity) for id, severity, state in rows if state == "built"} == built
    assert {id for id, _severity, state in rows if state == "waiting"} == set(WAITING)
