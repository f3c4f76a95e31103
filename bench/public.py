"""What the rules find in somebody's published plans: a house of its own, the whole file, a table by rule."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

HEAD = "head@example.org"


def filrouge(*words: str) -> str:
    """A command of the house, as whoever types it."""
    command = [str(Path(sys.executable).parent / "filrouge"), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def house(files: list[str]) -> None:
    """A team for each that the files name, in one group, and one product manager of them all."""
    import django

    filrouge("migrate")
    filrouge("user", "create", "--email", HEAD, "--role", "product_manager", "--team", "Everybody")
    django.setup()
    from filrouge.alignment.exchange.importing import Told, survey
    from filrouge.alignment.exchange.receiving import opened
    from filrouge.people.models import Team, User

    head, group = User.objects.get(email=HEAD), Team.objects.get(name="Everybody")
    for file in map(Path, files):
        found = survey(opened(file.name, file.read_bytes(), by=head))
        for name in sorted({row.plan.team for row in found.rows if isinstance(row, Told)} - {""}):
            team, _made = Team.objects.get_or_create(name=name, defaults={"parent": group})
            head.teams.add(team)


def brought_in(file: str) -> dict[str, Any]:
    kind = "goals" if Path(file).suffix in (".json", ".md") else "roadmap"
    receipt = filrouge("import", kind, file, "--as", HEAD, "--json").splitlines()[-1]
    found: dict[str, Any] = json.loads(receipt)
    return found


def on_a_day(day: date) -> list[str]:
    """What the rules would have found on a day: the Items as they are, the calendar as it was."""
    from filrouge.coherence.rules import all_rules
    from filrouge.coherence.running import findings
    from filrouge.core.checks import Look

    found = findings(Look(today=day), [rule for rule in all_rules() if rule.on])
    return [rule for rule, _item, _other in found]


def table(found: Iterable[str]) -> None:
    from filrouge.coherence.rules import all_rules

    counts = Counter(found)
    for rule in all_rules():
        if counts[rule.id]:
            print(f"{rule.id:6} {rule.severity:8} {counts[rule.id]:6}  {rule.title}")
    print(f"{counts.total()} findings")


def main() -> None:
    asked = ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("files", nargs="+")
    asked.add_argument("--on", type=date.fromisoformat, help="also as if it were this day")
    given = asked.parse_args()
    os.environ |= {"FILROUGE_DATA": str(given.folder), "DJANGO_SETTINGS_MODULE": "filrouge.settings"}
    given.folder.mkdir(parents=True)
    house(given.files)
    for file in given.files:
        receipt = brought_in(file)
        print(Path(file).name, {name: value for name, value in receipt.items() if name != "errors"})
    told = json.loads(filrouge("check", "--format", "json", "--as", HEAD))
    table(one["rule"] for one in told["findings"])
    if given.on:
        print(f"On {given.on}:")
        table(on_a_day(given.on))


if __name__ == "__main__":
    main()
