"""Rules of one's own: a file each in the folder `rules` of the data folder. Read as data, never run.

id = "X-01"
title = "In progress without a day"
severity = "warning"                    # error, warning or info
on = "initiatives"                      # what the address of the list says
filter = "status=started&horizon=now"   # what the address says after the question mark
without = "decisions"                   # and that is linked to none of these, either way
unchanged_days = 30                     # and that nobody has touched for so long
says = "It is in progress, and no decision is linked."
about = "What it looks for, and why."
mend = ["schedule"]                     # acts, as the commands name them
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from filrouge.core.checks import CHECKS, Check, Finding, Findings, Look, Severity
from filrouge.core.errors import BadInput
from filrouge.core.kinds import item_type
from filrouge.core.lists import parse
from filrouge.core.models import Item
from filrouge.core.search import matching
from filrouge.core.verbs import verbs_of
from filrouge.lib.numbers import whole

from .rules import Rule

ID = re.compile(r"[A-Z]{1,4}-[0-9]{1,4}")
KEYS = {"id", "title", "severity", "on", "filter", "without", "unchanged_days", "says", "about", "mend"}
BIGGEST, MOST = 20_000, 100
LONGEST = 100_000  # days


@dataclass
class Own:
    """The rules that could be read, and what is wrong with the other files."""

    rules: list[Rule] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def folder() -> Path:
    return Path(settings.DATA) / "rules"


def own_rules() -> Own:
    found = Own()
    for path in sorted(folder().glob("*.toml"))[:MOST]:
        try:
            rule = read(path)
            if rule.id in {one.id for one in found.rules}:
                raise BadInput(_("another file has the id %(id)s already") % {"id": rule.id})
            found.rules.append(rule)
        except BadInput as error:
            found.problems.append((path.name, str(error)))
        except (OSError, ValueError, RecursionError) as error:
            found.problems.append((path.name, _("cannot be read: %(why)s") % {"why": error}))
    return found


def read(path: Path) -> Rule:
    if path.stat().st_size > BIGGEST:
        raise BadInput(_("a rule takes no more than 20 kB"))
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := sorted(set(given) - KEYS):
        raise BadInput(_("“%(name)s” is not known here") % {"name": unknown[0]})
    model, severity = _model(given.get("on")), _severity(given.get("severity", "warning"))
    check = Check(
        _id(given.get("id")), severity, _text(given, "title"), _text(given, "says"), (model.type_label(),),
        _mend(given.get("mend", []), model), str(given.get("about", "")), _function(given, model),
    )  # fmt: skip
    return Rule(check, severity=severity, file=path.name)


def _text(given: dict[str, Any], name: str) -> str:
    text = given.get(name)
    if not isinstance(text, str) or not text.strip():
        raise BadInput(_("“%(name)s” is a sentence, and it is missing") % {"name": name})
    return text.strip()[:300].replace("%", "%%") if name == "says" else text.strip()[:200]


def _id(text: Any) -> str:
    if not isinstance(text, str) or not ID.fullmatch(text) or text in CHECKS:
        raise BadInput(_("“id” is like X-01, and none that Filrouge has itself"))
    return text


def _severity(text: Any) -> Severity:
    if text not in Severity.values:
        raise BadInput(_("“severity” is error, warning or info"))
    return Severity(text)


def _model(slug: Any) -> type[Item]:
    model = item_type(slug) if isinstance(slug, str) else None
    if model is None:
        raise BadInput(_("“on” is one of: %(names)s") % {"names": "initiatives, decisions, opportunities…"})
    return model


def _mend(names: Any, model: type[Item]) -> tuple[str, ...]:
    known = verbs_of(model)
    if not isinstance(names, list) or not all(isinstance(name, str) and name in known for name in names):
        raise BadInput(_("“mend” names acts: %(names)s") % {"names": ", ".join(known)})
    return tuple(names) or ("revise",)


def _function(given: dict[str, Any], model: type[Item]) -> Any:
    asked = given.get("filter", "")
    if not isinstance(asked, str):
        raise BadInput(_("“filter” is what an address says after the question mark"))
    filter = parse(model, QueryDict(asked.lstrip("?")), strict=True)
    filter.where()
    without = _model(given["without"]).type_label() if "without" in given else ""
    days = given.get("unchanged_days")
    if days is not None and (isinstance(days, bool) or whole(str(days), below=LONGEST) is None):
        raise BadInput(_("“unchanged_days” is a whole number, below %(most)s") % {"most": LONGEST})
    label = model.type_label()
    return lambda look: _matching(look, label, filter, without, days)


def _matching(look: Look, label: str, filter: Any, without: str, days: int | None) -> Findings:
    rows = look.all(label) if look.ids is None else look.all(label).filter(pk__in=look.ids)
    rows = rows.filter(filter.where())
    rows = matching(rows, "core_item", filter.query) if filter.q.strip() and filter.query else rows
    if days is not None:
        rows = rows.filter(changed_at__date__lt=look.today - timedelta(days=days))
    tied = {**look.linked(without, back=True), **look.linked(without, back=False)} if without else {}
    return _untied(rows.values_list("pk", flat=True), tied)


def _untied(keys: Any, tied: dict[int, list[int]]) -> Iterator[Finding]:
    return (Finding(pk) for pk in keys if pk not in tied)
