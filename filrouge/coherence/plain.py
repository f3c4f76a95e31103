"""Findings and rules as plain values, for the command and for REST."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from filrouge.core.kinds import by_label

from .rules import Rule
from .telling import Told


def address(one: Told) -> str:
    return f"{by_label(one.item.type).kind.slug}/{one.item.pk}/"


def finding_json(one: Told) -> dict[str, Any]:
    return {
        "rule": one.rule.id,
        "item": one.item.pk,
        "message": one.message,
        "who": one.who,
        "severity": one.rule.severity.value,
        "title": one.item.title,
        "url": f"{settings.SITE_URL}/{address(one)}",
    }


def rule_json(rule: Rule) -> dict[str, Any]:
    return {"id": rule.id, "severity": rule.severity.value, "title": rule.title}
