"""The OpenAPI description arranged for people, in their language; the description itself is in English."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from filrouge.core.kinds import all_kinds
from filrouge.core.verbs import verbs_of


def groups(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by tag: method, path, what it does, its parameters in the address and in the body."""
    headings, told = _headings(), _told()
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["Other"])[0]
            found.setdefault(headings.get(tag) or _(tag), []).append(
                _operation(path, method, operation, told)
            )
    return [{"name": heading, "operations": sorted(each, key=_turn)} for heading, each in found.items()]


def _turn(operation: dict[str, Any]) -> tuple[bool, bool, bool]:
    """Reading and making first, what is done to one after, to put it away last."""
    archives = operation["path"].endswith("archive")
    return archives, "{id}" in operation["path"], operation["method"] != "GET"


def tag_of(model: Any) -> str:
    """What a Kind's operations stand under, in the language that is active."""
    return str(model._meta.verbose_name_plural).capitalize()


def _headings() -> dict[str, str]:
    with override("en"):
        english = [tag_of(model) for model in all_kinds()]
    return dict(zip(english, map(tag_of, all_kinds()), strict=True))


def _told() -> dict[str, tuple[str, str]]:
    """Summary and description of every operation of a Kind, by its name."""
    found: dict[str, tuple[str, str]] = {}
    for slug, model in ((model.kind.slug, model) for model in all_kinds()):
        found |= {
            f"list_{slug}": (_("List"), ""), f"get_{slug}": (_("Read one"), ""),
            f"thread_{slug}": (_("The red thread of one"), ""),
            f"history_{slug}": (_("The history of one"), ""),
        }  # fmt: skip
        for verb in verbs_of(model).values():
            found[f"{verb.name}_{slug}"] = str(verb.label).rstrip("…"), verb.about
    return found


def _operation(
    path: str, method: str, operation: dict[str, Any], told: dict[str, tuple[str, str]]
) -> dict[str, Any]:
    name, content = operation["operationId"], operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema", {})
    english = _said(operation.get("summary")), _said(operation.get("description"))
    summary, description = told.get(name) or english
    needed = body.get("required", ())
    return {
        "method": method.upper(), "path": path, "id": name, "summary": summary, "description": description,
        "query": [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"],
        "body": [
            _parameter(name, shape, name in needed) for name, shape in body.get("properties", {}).items()
        ],
    }  # fmt: skip


def _said(english: str | None) -> str:
    return _(english) if english else ""


def _parameter(name: str, shape: dict[str, Any], required: bool) -> dict[str, Any]:
    about = _said(shape.get("description"))
    return {"name": name, "kind": _kind(shape), "required": required, "about": about}


def _kind(shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(str(value) for value in shape["enum"])
    if "anyOf" in shape:
        return " | ".join(dict.fromkeys(_kind(one) for one in shape["anyOf"]))
    if "const" in shape:
        return str(shape["const"])
    return str(shape.get("format") or shape.get("type", "value"))
