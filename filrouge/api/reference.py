"""The OpenAPI description arranged for people."""

from __future__ import annotations

from typing import Any


def groups(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by tag: method, path, what it does, its parameters in the address and in the body."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["Other"])[0]
            found.setdefault(tag, []).append(_operation(path, method, operation))
    return [{"name": tag, "operations": operations} for tag, operations in found.items()]


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema", {})
    needed = body.get("required", ())
    return {
        "method": method.upper(),
        "path": path,
        "id": operation["operationId"],
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "query": [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"],
        "body": [
            _parameter(name, shape, name in needed) for name, shape in body.get("properties", {}).items()
        ],
    }


def _parameter(name: str, shape: dict[str, Any], required: bool) -> dict[str, Any]:
    return {"name": name, "kind": _kind(shape), "required": required, "about": shape.get("description", "")}


def _kind(shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(str(value) for value in shape["enum"])
    if "anyOf" in shape:
        return " | ".join(dict.fromkeys(_kind(one) for one in shape["anyOf"]))
    if "const" in shape:
        return str(shape["const"])
    return str(shape.get("format") or shape.get("type", "value"))
