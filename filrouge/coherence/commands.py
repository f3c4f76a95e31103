"""`filrouge check`: the findings for a terminal, a program, or a review of code."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import click
from django.conf import settings
from django.utils import translation

from filrouge.core.checks import Severity
from filrouge.people.access import Act, may, refusal
from filrouge.people.commands import as_option
from filrouge.people.models import Team, User

from . import reading
from .own import own_rules
from .plain import address, finding_json, rule_json
from .rules import Rule, all_rules
from .running import check_everything
from .telling import Teller, Told

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def register(cli: click.Group) -> None:
    cli.add_command(check)


@click.command()
@click.option("--team", help="Only this team's Items, and those of the teams in it.")
@click.option(
    "--format", "shape", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)
@click.option("--fail-on", type=click.Choice(Severity.values), help="Exit with 1 if any is as grave as this.")
@as_option
def check(team: str | None, shape: str, fail_on: str | None, by: User) -> None:
    """Check that goals, roadmaps, decisions and what was told hold together. Changes none of them."""
    if not may(by, Act.SEE_ITEMS):
        raise click.ClickException(refusal(Act.SEE_ITEMS))
    with translation.override("en"):
        teams = Team.within(_team(team).pk) if team else None
        check_everything()
        rules = [rule for rule in all_rules() if rule.on]
        rows = reading.open_findings(by, teams).order_by("rule", "item_id", "pk")
        told = Teller(by, rules).tell(rows, ways=False)
        click.echo({"text": as_text, "json": as_json, "sarif": as_sarif}[shape](told, rules))
        for name, problem in own_rules().problems:
            click.echo(f"rules/{name}: {problem}", err=True)
    grave = list(Severity.values).index(fail_on) if fail_on else -1
    sys.exit(int(any(list(Severity.values).index(one.rule.severity) <= grave for one in told)))


def _team(name: str) -> Team:
    found = Team.objects.filter(name__iexact=name.strip()).first()
    if found is None:
        known = ", ".join(Team.objects.values_list("name", flat=True)[:20])
        raise click.ClickException(f"there is no team {name!r}. There are: {known or 'none yet'}.")
    return found


def as_text(told: list[Told], rules: list[Rule]) -> str:
    lines = []
    for rule in rules:
        found = [one for one in told if one.rule.id == rule.id]
        if found:
            lines += ["", f"{rule.id} {rule.severity}: {rule.title} ({len(found)})"]
            lines += [
                f"  {address(one)} {one.item.title}\n    {one.message} Who: {one.who}." for one in found
            ]
    counts = Counter(one.rule.severity for one in told)
    summary = ", ".join(f"{counts[severity]} {severity.value}" for severity in Severity)
    return "\n".join([*lines[1:], "", f"{len(rules)} rules, {len(told)} findings: {summary}."]).lstrip("\n")


def as_json(told: list[Told], rules: list[Rule]) -> str:
    found = {"rules": [*map(rule_json, rules)], "findings": [*map(finding_json, told)]}
    return json.dumps(found, ensure_ascii=False)


def as_sarif(told: list[Told], rules: list[Rule]) -> str:
    driver = {
        "name": "Filrouge",
        "rules": [_sarif_rule(rule) for rule in rules],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "results": [_sarif_result(one) for one in told],
        "originalUriBaseIds": {"SITE": {"uri": f"{settings.SITE_URL}/"}},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False)


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.about or rule.title},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _sarif_result(one: Told) -> dict[str, Any]:
    where = {"artifactLocation": {"uri": address(one), "uriBaseId": "SITE"}}
    named = {"fullyQualifiedName": one.item.title, "kind": one.item.type}
    return {
        "ruleId": one.rule.id,
        "level": LEVELS[one.rule.severity],
        "message": {"text": f"{one.item.title}: {one.message} Who can mend it: {one.who}."},
        "locations": [{"physicalLocation": where, "logicalLocations": [named]}],
        "partialFingerprints": {"filrouge/v1": f"{one.rule.id}/{one.item.pk}/{one.found.other_id or ''}"},
    }
